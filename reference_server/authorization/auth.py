"""The endpoint as an OAuth protected resource, with --auth: who speaks, what they may do, and what a refusal says.

Every request shows a token, which is verified before anything else is looked at, and the scope that its message
needs is known before anything is done (basic/authorization, RFC 6750, RFC 9728).
"""

from typing import TYPE_CHECKING

from reference_server.authorization.granting import Granting
from reference_server.authorization.issuer import READ, TOOLS, Document
from reference_server.exchange import Exchange, Grant, Refusal
from reference_server.jsonrpc import Json, JsonObject, Message, Notification, Request
from reference_server.options import Options

if TYPE_CHECKING:
    from jwt.types import Options as Checks

METADATA = "/.well-known/oauth-protected-resource"
INCLUDED = {TOOLS: {TOOLS, READ}}  # what a broader scope stands for


class ProtectedResource(Granting):
    """Reads tokens, validates them, weighs their scopes, and says what is missing."""

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        if options.auth and (options.bearer or options.http_sse):
            raise ValueError("--auth goes neither with --bearer nor with --http-sse")
        if self.is_open(options.paths[0]):
            raise ValueError(f"--path {options.paths[0]} is taken: with --auth something else is there")

    # Metadata

    def documents(self) -> dict[str, Document]:
        """Both places where a client looks by itself: the one for the endpoint, and the root."""
        places = dict.fromkeys(self.metadata_places(), self.resource_metadata)
        return {**super().documents(), **places}

    def metadata_places(self) -> list[str]:
        """The endpoint's path goes behind the well-known part of the address."""
        return [METADATA + self.options.paths[0], METADATA]

    def resource_metadata(self) -> JsonObject:
        """RFC 9728: which resource, who issues tokens for it, and how they are shown."""
        return {
            "resource": self.resource(),
            "resource_name": "Reference server: for tests only, as its issuer gives everybody a token",
            "authorization_servers": self.authorization_servers(),
            "scopes_supported": self.scopes_supported(),
            "bearer_methods_supported": ["header"],
        }

    def authorization_servers(self) -> list[Json]:
        """There is at least one."""
        return [self.origin]

    def scopes_supported(self) -> list[Json]:
        """What can be asked for here; whether tokens can be renewed is none of a resource's business."""
        return [READ, TOOLS]

    # Tokens

    def check_bearer(self, http: Exchange) -> None:
        """Every request shows its token, also in a session that has begun."""
        if not self.options.auth:
            super().check_bearer(http)
            return
        token = self.token_in(http)
        if token is None:
            raise self.missing_token()
        grant = self.grant_of(token)
        if grant is None:
            raise self.invalid_token()
        http.grant = grant
        self.check_scopes(http, {READ})

    def token_in(self, http: Exchange) -> str | None:
        """A token is in the Authorization header and nowhere else."""
        scheme, _, token = (http.header("authorization") or "").partition(" ")
        return token.strip() or None if scheme.lower() == "bearer" else None

    def grant_of(self, token: str) -> Grant | None:
        """What a token stands for, if it is valid."""
        claims = self.key.claims_in(token, issuer=self.origin, audience=self.audiences(), checks=self.token_checks())
        return None if claims is None else Grant(str(claims["sub"]), frozenset(str(claims["scope"]).split()))

    def audiences(self) -> list[str]:
        """Tokens are for this resource, whatever else there is on the same host."""
        return [self.resource()]

    def token_checks(self) -> "Checks":
        """Signature, time, issuer and audience are all verified."""
        return {"verify_signature": True, "verify_exp": True, "verify_iss": True, "verify_aud": True}

    def principal_of(self, http: Exchange) -> str:
        """A token says whose it is; two tokens of the same principal are as good as one."""
        return super().principal_of(http) if http.grant is None else http.grant.principal

    # Scopes

    def check_message_scope(self, http: Exchange, message: Message | list[Message]) -> None:
        """What a message needs is known before anything is done; a batch needs all that its messages need."""
        messages = message if isinstance(message, list) else [message]
        self.check_scopes(http, {scope for each in messages for scope in self.scopes_for(each)})

    def scopes_for(self, message: Message) -> set[str]:
        """Calling tools, and all that comes of it, takes more than looking around."""
        method = message.method if isinstance(message, Request | Notification) else ""
        return {TOOLS} if method == "tools/call" or method.startswith("tasks/") else {READ}

    def check_scopes(self, http: Exchange, needed: set[str]) -> None:
        """A token that is too small draws 403."""
        if http.grant is not None and not self.is_enough(http.grant, needed):
            raise self.insufficient_scope(needed)

    def is_enough(self, grant: Grant, needed: set[str]) -> bool:
        """A broader scope includes the narrower ones."""
        return needed <= {scope for held in grant.scopes for scope in INCLUDED.get(held, {held})}

    # Refusals

    def missing_token(self) -> Refusal:
        """Who shows no token has made no error, and is told where to get one and what for."""
        reason = "This server wants a bearer token."
        return self.refusal_of_token(self.status_for_missing_token(), reason, self.guidance({READ}))

    def status_for_missing_token(self) -> int:
        """Where authorization is required and none is shown, that is 401."""
        return 401

    def invalid_token(self) -> Refusal:
        """A token that is not valid is an error, and what is wrong with it is nobody's business."""
        reason = "The access token is not valid here."
        said = self.error("invalid_token", reason) | self.guidance({READ})
        return self.refusal_of_token(self.status_for_invalid_token(), reason, said)

    def status_for_invalid_token(self) -> int:
        """A token that was altered, has expired or is for somebody else draws 401."""
        return 401

    def insufficient_scope(self, needed: set[str]) -> Refusal:
        """All that the request needs is named at once."""
        reason = "The access token is valid, but not for this."
        said = self.error("insufficient_scope", reason) | self.guidance(needed)
        return self.refusal_of_token(self.status_for_small_scope(), reason, said)

    def status_for_small_scope(self) -> int:
        """A valid token that is not good for this draws 403."""
        return 403

    def error(self, error: str, description: str) -> dict[str, str]:
        """What is wrong with a token that was shown, in OAuth's words and in ours."""
        return {"error": error, "error_description": description}

    def guidance(self, needed: set[str]) -> dict[str, str]:
        """Where the metadata is, and which scopes the request takes."""
        return {"resource_metadata": self.metadata_url(), "scope": " ".join(sorted(needed))}

    def metadata_url(self) -> str:
        """A refusal names the metadata of this very endpoint."""
        return f"{self.origin}{METADATA}{self.options.paths[0]}"

    def refusal_of_token(self, status: int, reason: str, said: dict[str, str]) -> Refusal:
        """The challenge is in WWW-Authenticate, and its scheme is Bearer."""
        challenge = "Bearer " + ", ".join(f'{name}="{value}"' for name, value in said.items())
        return Refusal(status, reason, headers=[("www-authenticate", challenge)])

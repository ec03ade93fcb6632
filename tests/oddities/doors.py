"""What is left open about authorization: other schemes, other places, other words; basic/authorization."""

from typing import ClassVar

from reference_server.authorization.auth import METADATA
from reference_server.authorization.issuer import Document
from reference_server.exchange import Exchange, Grant, Refusal
from reference_server.jsonrpc import Json, Message
from reference_server.options import Options
from tests.oddities.odd import Odd

GUARDED = Options(auth=True, tasks=False)


class ApiKeysAreWanted(Odd):
    """Trap 94: authentication of one's own is allowed, and what OAuth asks is not asked of it."""

    asked_with: ClassVar = {"X-Api-Key": "k-0123456789"}

    def check_bearer(self, http: Exchange) -> None:
        if http.header("x-api-key") != "k-0123456789":
            raise Refusal(401, "This server wants a key.", headers=[("www-authenticate", 'ApiKey realm="tests"')])


class StrangersAreForbidden(Odd):
    """Trap 3: 403 may have other reasons than a token; here a gateway denies access, and says no word about them."""

    asked_with: ClassVar = {"X-Gateway": "inside"}

    def check_bearer(self, http: Exchange) -> None:
        if http.header("x-gateway") != "inside":
            raise Refusal(403, "Not from here.")


class TokensAreOpaque(Odd):
    """RFC 6750, 1.1: what a token looks like is between a server and its issuer. Here it is a number on a list."""

    settings: ClassVar = GUARDED

    def open_at(self, origin: str) -> None:
        super().open_at(origin)
        self.grants = {f"opaque-{number:012}": role for number, role in enumerate(self.tokens)}
        self.tokens = {role: token for token, role in self.grants.items()}

    def grant_of(self, token: str) -> Grant | None:
        scopes = {"full": "mcp:tools", "narrow": "mcp:read", "second": "mcp:tools"}
        role = self.grants.get(token, "")
        return Grant("bob" if role == "second" else "alice", frozenset({scopes[role]})) if role in scopes else None


class LookingAroundIsFree(Odd):
    """Authorization is optional (basic/authorization), for some requests as for all: only calls take a token."""

    settings: ClassVar = GUARDED

    def check_bearer(self, http: Exchange) -> None:
        if http.header("authorization") is not None:
            super().check_bearer(http)

    def check_message_scope(self, http: Exchange, message: Message | list[Message]) -> None:
        messages = message if isinstance(message, list) else [message]
        if http.grant is None and any(getattr(each, "method", "") == "tools/call" for each in messages):
            raise self.missing_token()
        super().check_message_scope(http, message)

    def may_use(self, session: object, http: Exchange) -> bool:
        return True


class MetadataIsAtTheRootOnly(Odd):
    """Trap 95: one of the places is enough, and no challenge has to name it."""

    settings: ClassVar = GUARDED
    warned: ClassVar = frozenset({"rs.403-scope"})  # which wants it named where a token is too small

    def documents(self) -> dict[str, Document]:
        return {path: said for path, said in super().documents().items() if path != METADATA + "/mcp"}

    def guidance(self, needed: set[str]) -> dict[str, str]:
        return {"scope": super().guidance(needed)["scope"]}


class ChallengesComeInManyForms(Odd):
    """RFC 9110, 11.6.1: several challenges, in any order and case, with white space, quotes and without."""

    settings: ClassVar = GUARDED

    def refusal_of_token(self, status: int, reason: str, said: dict[str, str]) -> Refusal:
        params = " ,\t".join(f'{name.upper()} = "{value}"' for name, value in reversed(said.items()))
        other = ("www-authenticate", 'Negotiate b3RoZXI=, Basic realm="a, \\"b\\"", charset=UTF-8')
        return Refusal(status, reason, headers=[other, ("www-authenticate", f"bEaReR   {params} , Digest nonce=n")])


class ScopesAreUnknownHere(Odd):
    """RFC 6750, 3 has `scope` as optional in a challenge: a server without scopes has none to name."""

    settings: ClassVar = GUARDED

    def guidance(self, needed: set[str]) -> dict[str, str]:
        return {"resource_metadata": self.metadata_url()}

    def scopes_supported(self) -> list[Json]:
        return []

    def is_enough(self, grant: Grant, needed: set[str]) -> bool:
        return True


class MetadataIsWhereTheChallengeSays(Odd):
    """Trap 95: the address in the challenge may be anywhere on the host, and relative to nothing else."""

    settings: ClassVar = GUARDED

    def metadata_places(self) -> list[str]:
        return ["/oauth/about-this-resource"]

    def metadata_url(self) -> str:
        return self.origin + self.metadata_places()[0]


class SessionsOfOthersAreForbidden(Odd):
    """Trap 3: in which order authorization and session are looked at is nowhere said."""

    settings: ClassVar = GUARDED

    def check_bearer(self, http: Exchange) -> None:
        if http.header("mcp-session-id") and http.header("authorization") is None:
            raise Refusal(404, "There is no such session for you.")
        super().check_bearer(http)

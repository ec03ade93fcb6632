"""Faults of the protected resource, which show with --auth only: who is let in, and what a refusal says."""

from typing import TYPE_CHECKING, ClassVar

from reference_server.authorization.issuer import READ
from reference_server.exchange import Exchange, Refusal
from reference_server.jsonrpc import Json, Message, Request, RequestId, parse
from reference_server.options import R2025_03
from reference_server.server import ReferenceServer
from reference_server.state import Call, passing_session

if TYPE_CHECKING:
    from jwt.types import Options as Checks


class NoTokenIsForbidden(ReferenceServer):
    """A request without a token draws 403, which tells nobody to get one."""

    breaks: ClassVar = "rs.401"
    also: ClassVar = {"rs.statuses": "which wants 401 there as well"}
    revision: ClassVar = R2025_03
    with_auth: ClassVar = True

    def status_for_missing_token(self) -> int:
        return 403


class ScopesAreKeptSecret(ReferenceServer):
    """A 401 does not say which scopes to ask for."""

    breaks: ClassVar = "rs.scope"
    with_auth: ClassVar = True

    def missing_token(self) -> Refusal:
        challenge = {"resource_metadata": self.metadata_url()}
        return self.refusal_of_token(401, "This server wants a bearer token.", challenge)


class EveryRefusalWantsOtherScopes(ReferenceServer):
    """Every challenge names a scope that no other names."""

    breaks: ClassVar = "rs.scope-consistent"
    with_auth: ClassVar = True
    asked = 0

    def guidance(self, needed: set[str]) -> dict[str, str]:
        self.asked += 1
        return super().guidance({*needed, f"request:{self.asked}"})


class SignaturesAreNotVerified(ReferenceServer):
    """A token that was altered on the way is as good as before."""

    breaks: ClassVar = "rs.validate"
    with_auth: ClassVar = True

    def token_checks(self) -> "Checks":
        return {**super().token_checks(), "verify_signature": False}


class ExpiredTokensAreGood(ReferenceServer):
    """A token is good for ever."""

    breaks: ClassVar = "rs.validate"
    with_auth: ClassVar = True

    def token_checks(self) -> "Checks":
        return {**super().token_checks(), "verify_exp": False}


class TokensForOthersAreGood(ReferenceServer):
    """A token for another resource is as good as one for this."""

    breaks: ClassVar = "rs.audience"
    also: ClassVar = {"rs.no-other-tokens": "a token for another resource is one of the other tokens"}
    with_auth: ClassVar = True

    def token_checks(self) -> "Checks":
        return {**super().token_checks(), "verify_aud": False}


class TokensForTheHostAreGood(ReferenceServer):
    """A token for anything else on the same host is as good as one for this resource."""

    breaks: ClassVar = "rs.no-other-tokens"
    also: ClassVar = {"rs.audience": "what is next door is another audience"}
    with_auth: ClassVar = True

    def audiences(self) -> list[str]:
        return [self.resource(), f"{self.origin}/elsewhere"]


class RefusalsAreNoChallenges(ReferenceServer):
    """A token that is not valid draws 401 without WWW-Authenticate."""

    breaks: ClassVar = "rs.error-5-3"
    with_auth: ClassVar = True

    def invalid_token(self) -> Refusal:
        return Refusal(401, "The access token is not valid here.")


class InvalidTokensAreForbidden(ReferenceServer):
    """A token that is not valid draws 403, as if another scope could help."""

    breaks: ClassVar = "rs.invalid-401"
    with_auth: ClassVar = True

    def status_for_invalid_token(self) -> int:
        return 403


class TokensCanBeRenewedHere(ReferenceServer):
    """The resource lists offline_access among its scopes."""

    breaks: ClassVar = "rs.no-offline"
    with_auth: ClassVar = True

    def scopes_supported(self) -> list[Json]:
        return [*super().scopes_supported(), "offline_access"]


class SmallTokensAreUnauthorized(ReferenceServer):
    """A valid token that is not good for this draws 401."""

    breaks: ClassVar = "rs.statuses"
    also: ClassVar = {"rs.403-scope": "which wants 403 there as well"}
    with_auth: ClassVar = True

    def status_for_small_scope(self) -> int:
        return 401


class SmallTokensAreRefusedWithoutAWord(ReferenceServer):
    """A valid token that is not good for this draws 403 without a challenge."""

    breaks: ClassVar = "rs.403-scope"
    with_auth: ClassVar = True

    def insufficient_scope(self, needed: set[str]) -> Refusal:
        return Refusal(403, "The access token is valid, but not for this.")


class TheMissingScopeIsNotNamed(ReferenceServer):
    """A challenge for too small a token does not say which scopes would do."""

    breaks: ClassVar = "rs.403-scope-list"
    with_auth: ClassVar = True

    def insufficient_scope(self, needed: set[str]) -> Refusal:
        said = self.error("insufficient_scope", "This token will not do.")
        return self.refusal_of_token(
            403, "This token will not do.", said | {"resource_metadata": self.metadata_url()}
        )


class TheToolsAreListedBesidesTheRefusal(ReferenceServer):
    """Who asks for the tools without a valid token draws 401, and gets them all the same."""

    breaks: ClassVar = "rs.validate-first"
    with_auth: ClassVar = True

    async def refuse(self, http: Exchange, refusal: Refusal, request_id: RequestId | None = None) -> None:
        message = parse(await http.body(self.options.max_body) or b"") if refusal.status == 401 else None
        if not isinstance(message, Request) or message.method != "tools/list":
            await super().refuse(http, refusal, request_id)
            return
        call = Call(passing_session(http.header("mcp-protocol-version") or R2025_03), message)
        call.session.calls[message.id] = call
        await self.answer_json(http, await self.perform(call), refusal.headers, refusal.status)


class TheNarrowScopeHasToBeSpeltOut(ReferenceServer):
    """Resources are listed only for those who have the narrower scope in so many words."""

    breaks: ClassVar = "rs.scope-hierarchy"
    with_auth: ClassVar = True

    def check_message_scope(self, http: Exchange, message: Message | list[Message]) -> None:
        super().check_message_scope(http, message)
        lists = isinstance(message, Request) and message.method == "resources/list"
        if lists and http.grant is not None and READ not in http.grant.scopes:
            raise self.insufficient_scope({READ})

"""Faults in how the access token is shown."""

from conformance.evidence.trace import JSON
from tests.clients.modern import RightModernClient
from tests.clients.sessions import RightClient
from tests.clients.talking import Headers, as_object


class TokensWithoutScheme(RightClient):
    """The token is sent without saying what it is."""

    breaks = "token.header"

    def authorization(self, method: str) -> Headers:
        return {"Authorization": super().authorization(method)["Authorization"].removeprefix("Bearer ")}


class ModernTokensWithoutScheme(RightModernClient):
    """The token is sent without saying what it is."""

    breaks = "token.header"

    def authorization(self, method: str) -> Headers:
        return {"Authorization": super().authorization(method)["Authorization"].removeprefix("Bearer ")}


class NoTokenOnGet(RightClient):
    """GET comes without the token."""

    breaks = "token.every-request"

    def authorization(self, method: str) -> Headers:
        return {} if method == "GET" else super().authorization(method)


class NoTokenOnNotifications(RightModernClient):
    """Notifications come without the token."""

    breaks = "token.every-request"

    def headers_for(self, method: str, body: JSON = None) -> Headers:
        return super().headers_for(method, body) if "id" in as_object(body) else self.without_token(body)


class TokensInTheAddress(RightClient):
    """The token is in the address too."""

    breaks = "token.not-in-query"

    def address(self) -> str:
        return f"{self.url}?access_token=a-token"


class ModernTokensInTheAddress(RightModernClient):
    """The token is in the address too."""

    breaks = "token.not-in-query"

    def address(self) -> str:
        return f"{self.url}?access_token=a-token"

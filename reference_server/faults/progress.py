"""Faults in progress notifications and tokens."""

from collections.abc import Iterable
from typing import ClassVar

from reference_server.jsonrpc import Json, JsonObject
from reference_server.server import ReferenceServer
from reference_server.state import Call, Session


class ProgressStandsStill(ReferenceServer):
    """Every progress notification of a call has the same value."""

    breaks: ClassVar = "progress.increases"

    def progress_value(self, call: Call, value: float) -> float:
        return 1


class ProgressCountsDown(ReferenceServer):
    """Progress tells what is left to do, so it shrinks."""

    breaks: ClassVar = "progress.increases"

    def progress_value(self, call: Call, value: float) -> float:
        return 100 - value


class ProgressNamesTheRequest(ReferenceServer):
    """Progress names the request's id where it should name the token, and so comes unasked too."""

    breaks: ClassVar = "progress.known-token"

    def progress_token(self, call: Call) -> Json:
        return f"request-{call.request.id}"


class NumericTokensBecomeText(ReferenceServer):
    """Progress names the token as text, although the client gave a number."""

    breaks: ClassVar = "progress.known-token"

    def progress_token(self, call: Call) -> Json:
        token = super().progress_token(call)
        return None if token is None else str(token)


class ProgressIsReportedToAll(ReferenceServer):
    """A client that gave no token gets progress with a token that the server made up."""

    breaks: ClassVar = "progress.known-token"

    def progress_token(self, call: Call) -> Json:
        return super().progress_token(call) or "anybody"


class ProgressFollowsTheResponse(ReferenceServer):
    """After the response comes a last progress notification."""

    breaks: ClassVar = "progress.stops"

    def messages_after_response(self, call: Call) -> Iterable[JsonObject]:
        token = self.progress_token(call)
        if token is not None:
            yield self.notification("notifications/progress", {"progressToken": token, "progress": 1000})


class TokensAreFractions(ReferenceServer):
    """The server's own progress tokens are numbers with a fraction."""

    breaks: ClassVar = "progress.token-type"
    also: ClassVar = {"schema.message": "the schema wants a string or an integer too"}

    def next_progress_token(self, session: Session) -> Json:
        session.tokens_given += 1
        return session.tokens_given + 0.5


class AllQuestionsShareOneToken(ReferenceServer):
    """All requests of the server have the same progress token."""

    breaks: ClassVar = "progress.token-unique"

    def next_progress_token(self, session: Session) -> Json:
        return "token"

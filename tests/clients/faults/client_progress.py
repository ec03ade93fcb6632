"""Faults in progress tokens."""

from conformance.evidence.trace import JSON
from tests.clients.modern import RightModernClient
from tests.clients.sessions import RightClient


class TokensAreLists(RightClient):
    """A progress token is a list."""

    breaks = "progress.token-type"

    def new_token(self) -> JSON:
        self._tokens += 1
        return [self._tokens]


class ModernTokensAreLists(RightModernClient):
    """A progress token is a list."""

    breaks = "progress.token-type"

    def new_token(self) -> JSON:
        self._tokens += 1
        return [self._tokens]


class TokensRepeat(RightClient):
    """All calls have one progress token."""

    breaks = "progress.token-unique"

    def new_token(self) -> JSON:
        return "the-token"


class ModernTokensRepeat(RightModernClient):
    """All calls have one progress token."""

    breaks = "progress.token-unique"

    def new_token(self) -> JSON:
        return "the-token"


class ProgressOfNobodysToken(RightClient):
    """Progress names a token that the server never gave."""

    breaks = "progress.known-token"

    def token_for_progress(self, given: JSON) -> JSON:
        return "never-given"

"""Traces of a server that takes tokens, for tests: what is refused and why, and the documents beside the endpoint."""

from typing import Any

from conformance.evidence.trace import JSON
from tests.tape import Tape, complete, request, result

ORIGIN = "http://127.0.0.1:8000"
METADATA = f"{ORIGIN}/.well-known/oauth-protected-resource"
BEARER = f'Bearer resource_metadata="{METADATA}", scope="read"'
INVALID = f'Bearer error="invalid_token", resource_metadata="{METADATA}", scope="read"'
SMALL = f'Bearer error="insufficient_scope", resource_metadata="{METADATA}", scope="write"'


class Door(Tape):
    """A tape on which requests are let in or turned away."""

    def knock(
        self,
        token: str | None = None,
        status: int = 401,
        challenge: str | None = BEARER,
        method: str = "initialize",
        **options: Any,
    ) -> int:
        """One request, with a token of this role or none; with status 200 it is served."""
        headers = {"WWW-Authenticate": challenge} if challenge is not None and status != 200 else {}
        done = (complete if self.revision > "2026" else result)(1)
        options = {"response_headers": headers, "token": token, "status": status} | options
        if status == 200:
            options = {"answer": done} | options
        if self.revision > "2026":
            return self.ask(method, **options)
        return self.post(request(1, method), **options)

    def look_up(self, path: str, said: JSON = None, status: int = 200) -> int:
        """A document at a path of the same host; nobody is there unless something is said."""
        status = 404 if said is None else status
        headers = {"Accept": "application/json"}
        return self.exchange("GET", url=ORIGIN + path, headers=headers, answer=said, status=status)

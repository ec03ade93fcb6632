"""Traces of live traffic made by hand, and what is said of the client in them."""

from typing import Any

from conformance.evidence.recorder import Recorder
from conformance.evidence.trace import JSON, Trace
from conformance.judging.judge import judge
from tests.tape import URL, Tape, request, result


class Live(Tape):
    """A tape that was told in no revision: each session says its own."""

    def __init__(self, revision: str = "2025-11-25", client: str = "client") -> None:
        super().__init__(revision, client)
        self.recorder = Recorder(target=URL, clock=lambda: self.now)

    def ask_for(self, method: str, *, id: JSON = 2, answer: JSON = None, **options: Any) -> int:
        """A request of the session era with the version header, answered with a result unless told otherwise."""
        version = {"MCP-Protocol-Version": self.revision}
        headers = version | options.pop("headers", {})
        told = result(id) if answer is None else answer
        return self.post(request(id, method), answer=told, headers=headers, **options)

    def said(self, key: str) -> list[str]:
        """What the check of the client's duty said, occasion by occasion."""
        return outcomes(self.trace, self.revision, key)


def outcomes(trace: Trace, revision: str, key: str) -> list[str]:
    (judgement,) = judge(trace, revision, [key], party="client")
    assert judgement.verdict.value != "error", judgement.why
    return [finding.outcome for finding in judgement.findings]

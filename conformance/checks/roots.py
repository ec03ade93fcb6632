"""What the server asks about the client's roots: client/roots."""

from conformance.checks.asked import questions
from conformance.evidence.views import Session
from conformance.judging.check import Findings, check, expect


@check("roots.capability")
def roots_are_asked_for_only_if_declared(session: Session) -> Findings:
    """A client is asked for its roots only if it declared that it has some."""
    if session.handshake is None:
        return
    has = "roots" in session.client_capabilities
    for question in questions(session):
        if question.request.method == "roots/list":
            said = "declared" if has else "did not declare"
            yield expect(has, question.request, f"roots/list was asked, and the client {said} roots")

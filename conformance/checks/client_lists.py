"""How a client goes through lists: server/utilities/pagination."""

from conformance.checks.clientside import is_whole, said
from conformance.checks.reading import shown
from conformance.evidence.trace import Message
from conformance.evidence.views import Session
from conformance.judging.check import Findings, check, expect, undecided

LISTS = ("tools/list", "resources/list", "resources/templates/list", "prompts/list")


@check("pagination.opaque", party="client")
def cursors_of_lists_come_back_as_they_were_given(session: Session) -> Findings:
    """The cursor of a list is one that the server gave in this session, unchanged."""
    given = [(m.at, m.result["nextCursor"]) for m in session.messages() if _has_cursor(m)]
    for request in (request for method in LISTS for request in said(session, method)):
        cursor = request.params.get("cursor")
        if cursor is None:
            continue
        before = [value for at, value in given if at <= request.at]
        if cursor in before:
            yield expect(True, request, f"the cursor {shown(cursor)} was given before")
        elif is_whole(session):
            yield expect(False, request, f"the cursor {shown(cursor)} was never given in this session")
        else:
            yield undecided(request, f"the cursor {shown(cursor)} may have been given before the recording")


def _has_cursor(message: Message) -> bool:
    return message.sender == "server" and message.kind == "result" and "nextCursor" in message.result

"""Lists on several pages: server/utilities/pagination."""

import json
from collections.abc import Iterator

from conformance.checks.deciding import other_cause
from conformance.checks.listens import LISTS as WANTED
from conformance.checks.listens import asks_for, listenings
from conformance.checks.offers import entries, next_cursor, walks
from conformance.checks.reading import shown
from conformance.evidence.jsonrpc import INVALID_PARAMS
from conformance.evidence.trace import Message
from conformance.evidence.views import Call, Session
from conformance.judging.check import Findings, check, expect, moot, undecided

LISTS = {
    "tools/list": "tools",
    "resources/list": "resources",
    "resources/templates/list": "resourceTemplates",
    "prompts/list": "prompts",
}


@check("pagination.cursor-invalid")
def a_cursor_that_was_never_given_is_refused(session: Session) -> Findings:
    """A cursor that the server never gave draws -32602. Where a list has one page only, cursors may be ignored."""
    given, paged = _given(session)
    for call in _pages(session):
        cursor, response = call.request.params.get("cursor"), call.response
        if not isinstance(cursor, str) or cursor in given:
            continue
        seen = f"{call.request.method} with the cursor {shown(cursor)}, which was never given, was answered with"
        if response is None:
            seen = f"{seen} {call.exchange.status} and no response"
            why = other_cause(session, call.exchange)
            yield undecided(call, why or seen) if why or not call.exchange.refused else expect(False, call, seen)
        elif response.kind == "error":
            code = response.error.get("code")
            reason = other_cause(session, call.exchange) if code != INVALID_PARAMS else None
            yield (
                undecided(response, reason)
                if reason
                else expect(code == INVALID_PARAMS, response, f"{seen} the error {shown(code)}")
            )
        elif call.request.method in paged:
            yield expect(False, response, f"{seen} a page")
        else:
            yield moot(response, f"{call.request.method} gives no cursors, and looks at none")


@check("pagination.stable")
def cursors_are_stable(session: Session) -> Findings:
    """A cursor that is used twice leads to the same page, unless the list has changed; none leads back."""
    first: dict[tuple[str, str], Call] = {}
    given, paged = _given(session)
    for call in _pages(session):
        cursor = call.request.params.get("cursor")
        if not isinstance(cursor, str) or cursor not in given or call.response is None:
            continue
        seen = f"the cursor {shown(cursor)} of {call.request.method} was used twice"
        earlier = first.setdefault((call.request.method, cursor), call)
        if earlier is call or earlier.response is None or earlier.response.kind != "result":
            continue
        same = _content(earlier) == _content(call)
        if not same and (reason := other_cause(session, call.exchange)):
            yield undecided(call.response, reason)
        elif same or not _may_have_changed(session, earlier, call):
            told = "led to the same page" if same else f"then led to {_outcome(call)}"
            yield expect(same, call.response, f"{seen} and {told}")
        else:
            yield undecided(call.response, f"{seen}, while lists changed")
    yield from _circles(session)
    if not paged and any(call.response is not None and call.response.kind == "result" for call in _pages(session)):
        yield moot(session, "every list of the server came on one page")


def _circles(session: Session) -> Findings:
    """The walks through lists that come back to where they were."""
    for walk in (walk for method in LISTS for walk in walks(session, method)):
        if walk.goes_round:
            last = walk.calls[-1]
            seen = f"page {len(walk.calls)} of {last.request.method} names the cursor {shown(next_cursor(last))}"
            yield expect(False, last, f"{seen}, which led to a page that was had already: the list has no end")


def _pages(session: Session) -> Iterator[Call]:
    yield from (call for call in session.calls if call.request.method in LISTS)


def _given(session: Session) -> tuple[set[str], set[str]]:
    """The cursors that the server gave to anybody, and the methods of the lists that this session saw them in."""
    cursors, methods = set(), set()
    for call in _pages(session):
        if next_cursor(call) is not None:
            methods.add(call.request.method)
    for message in _results(session):
        cursor = message.result.get("nextCursor")
        if isinstance(cursor, str):
            cursors.add(cursor)
    return cursors, methods


def _results(session: Session) -> Iterator[Message]:
    if any("cursor" in call.request.params for call in _pages(session)):
        yield from (m for m in session.trace.messages() if isinstance(m, Message) and m.kind == "result")


def _content(call: Call) -> list[str] | None:
    """What stands on a page, in any order, None if no page came. Members of an object have no order either."""
    if call.response is None or call.response.kind != "result":
        return None
    return sorted(json.dumps(entry, sort_keys=True) for entry in entries(call, LISTS[call.request.method]))


def _outcome(call: Call) -> str:
    if call.response is not None and call.response.kind == "error":
        return f"the error {shown(call.response.error.get('code'))}"
    return f"{len(_content(call) or ())} other entries"


def _may_have_changed(session: Session, earlier: Call, later: Call) -> bool:
    """Whether the client was told that the list had changed; without a stream to be told on, whether anybody was.

    In live traffic nobody knows what a client that does not listen would have been told.
    """
    kind = later.request.method.partition("/")[0]
    notice = f"notifications/{kind}/list_changed"
    listens = _listens(session, kind, earlier)
    if not listens and session.trace.revision is None:
        return True
    messages = session.messages() if listens else session.trace.messages()
    return any(isinstance(m, Message) and m.method == notice for m in messages)


def _listens(session: Session, kind: str, earlier: Call) -> bool:
    """Whether a stream of the client's brought such news."""
    if not session.modern:
        return any(x.method == "GET" and x.ok and x.is_stream for x in session.exchanges)
    agreed = (x for x in listenings(session) if asks_for(x.agreed, WANTED[kind]))
    return any(listening.was_open(earlier.request.at) for listening in agreed)

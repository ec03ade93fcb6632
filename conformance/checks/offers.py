"""What a server declared beside what it did: capabilities, and lists that change. No checks here."""

from collections.abc import Iterator
from itertools import pairwise

from conformance.check import Finding, expect, moot, undecided
from conformance.checks.reading import shown
from conformance.trace import JSON, Exchange, Message
from conformance.views import Call, Session

METHOD_NOT_FOUND = -32601


def entries(call: Call, member: str) -> list[dict[str, JSON]]:
    """The objects in a list that a call was answered with."""
    found = call.response.result.get(member) if call.response is not None else None
    return [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []


def answered(session: Session, method: str) -> Iterator[Call]:
    """The calls of a method that got a result."""
    return (c for c in session.calls if c.request.method == method and c.response and c.response.kind == "result")


def notified(session: Session, method: str) -> list[Message]:
    """The notifications of a method that the server sent, in order of time."""
    return [m for m in session.messages() if m.sender == "server" and m.method == method]


def is_whole(call: Call) -> bool:
    """Whether a list came on one page."""
    result = call.response.result if call.response is not None else {}
    return "cursor" not in call.request.params and result.get("nextCursor") is None


def declared_if_served(session: Session, capability: str) -> Iterator[Finding]:
    """A server that serves something declares the capability; one that declares nothing has nothing."""
    if not session.initialized:
        return
    declared, undeclared = capability in session.server_capabilities, False
    for seen, where in _served(session, capability):
        undeclared = undeclared or not declared
        yield expect(declared, where, f"{seen}, and {capability} {'is' if declared else 'is not'} declared")
    if not declared and not undeclared:
        yield moot(session, f"the server does not declare {capability}, and served none")


def _served(session: Session, capability: str) -> Iterator[tuple[str, Message]]:
    """What of a capability's the server gave away; an empty list gives nothing away."""
    for call in session.calls:
        if call.request.method.startswith(f"{capability}/") and call.response is not None and _is_full(call.response):
            yield f"{call.request.method} was served", call.response
    for message in session.messages():
        if message.sender == "server" and message.method.startswith(f"notifications/{capability}/"):
            yield f"{message.method} came", message


def _is_full(response: Message) -> bool:
    return any(isinstance(value, list) and value for value in response.result.values())


def served_if_declared(
    session: Session, capability: str, method: str, feature: str | None = None
) -> Iterator[Finding]:
    """What is declared is there: its method is not answered with -32601. Any other error is about something else."""
    if not session.initialized:
        return
    if reason := not_declared(session, capability, feature):
        yield moot(session, reason)
        return
    for call in session.calls:
        if call.request.method != method or call.response is None:
            continue
        code = call.response.error.get("code")
        if call.response.kind == "result":
            yield expect(True, call.response, f"{method} is served, as declared")
        elif code == METHOD_NOT_FOUND:
            yield expect(False, call.response, f"{_path(capability, feature)} is declared, but {method} drew -32601")
        else:
            yield undecided(call.response, f"{method} drew the error {shown(code)}")


def not_declared(session: Session, capability: str, feature: str | None = None) -> str | None:
    """Why a server owes nothing of a capability, or of a feature of it, in words."""
    declared = session.server_capabilities.get(capability)
    has = isinstance(declared, dict) and (feature is None or declared.get(feature) is True)
    return None if has else f"the server does not declare {_path(capability, feature)}"


def declines(call: Call, capability: str) -> Iterator[Finding]:
    """That the server does not declare a capability, said once a session, for checks that look at calls."""
    if (
        call is call.session.handshake
        and call.session.initialized
        and (reason := not_declared(call.session, capability))
    ):
        yield moot(call, reason)


def _path(capability: str, feature: str | None) -> str:
    return f"{capability}.{feature}" if feature else capability


def told_of_changes(session: Session, capability: str, key: str) -> Iterator[Finding]:
    """A list that was another one when it was asked for again: was the client told in between or later?"""
    if not session.initialized:
        return
    if reason := not_declared(session, capability, "listChanged"):
        yield moot(session, reason)
        return
    notice = f"notifications/{capability}/list_changed"
    told = notified(session, notice)
    lists = [call for call in answered(session, f"{capability}/list") if is_whole(call)]
    for earlier, later in pairwise(sorted(lists, key=lambda call: call.request.at)):
        if _names(earlier, capability, key) == _names(later, capability, key):
            continue
        if any(message.at > earlier.request.at for message in told):
            yield expect(True, later, f"the list of {capability} changed, and the client was told")
        elif listener(session, earlier, later):
            yield expect(False, later, f"the list of {capability} changed, and {notice} did not come")
        else:
            yield undecided(later, f"the list of {capability} changed while nobody listened")
    if not told and (refused := get_refused(session)):
        yield moot(refused, "the server offers no GET stream (405) on which it could tell of a changed list")


def _names(call: Call, member: str, key: str) -> frozenset[str]:
    return frozenset(repr(entry.get(key)) for entry in entries(call, member))


def listener(session: Session, earlier: Call, later: Call) -> bool:
    """Whether a GET stream was open from the earlier call to the later one."""
    begin, end = earlier.request.at, later.response.at if later.response is not None else later.request.at
    return any(
        x.method == "GET"
        and x.ok
        and x.is_stream
        and x.head_at is not None
        and x.head_at < begin
        and (x.ended is None or x.ended > end)
        for x in session.exchanges
    )


def get_refused(session: Session) -> Exchange | None:
    """The answer by which the server said that it offers no GET stream."""
    return next((x for x in session.exchanges if x.method == "GET" and x.status == 405), None)

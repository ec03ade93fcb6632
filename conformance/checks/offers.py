"""What a server declared beside what it did: capabilities, and lists that change. No checks here."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from conformance.checks.deciding import is_right, lives_on, says_nothing
from conformance.checks.listens import LISTS, asks_for, listenings
from conformance.checks.reading import shown
from conformance.evidence.jsonrpc import METHOD_NOT_FOUND
from conformance.evidence.trace import JSON, Exchange, Message
from conformance.evidence.views import Call, Session
from conformance.judging.check import Finding, expect, moot, undecided


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


@dataclass(frozen=True, slots=True)
class Walk:
    """One walk through a list: the first page, and those to which the cursors led."""

    calls: list[Call]

    @property
    def is_complete(self) -> bool:
        """Whether the last page was seen."""
        return next_cursor(self.calls[-1]) is None

    @property
    def goes_round(self) -> bool:
        """Whether the last cursor leads back to a page that was seen already: such a list has no end."""
        used = [call.request.params.get("cursor") for call in self.calls]
        return next_cursor(self.calls[-1]) in [cursor for cursor in used if isinstance(cursor, str)]


def next_cursor(call: Call) -> JSON:
    """The cursor that an answer gave for what follows, None if nothing does."""
    return call.response.result.get("nextCursor") if call.response is not None else None


def walks(session: Session, method: str) -> list[Walk]:
    """All walks through a list. A cursor that is used again belongs to none."""
    found: list[Walk] = []
    for call in sorted(answered(session, method), key=lambda call: call.request.at):
        if "cursor" not in call.request.params:
            found.append(Walk([call]))
            continue
        cursor = call.request.params["cursor"]
        open_ends = (w for w in reversed(found) if cursor is not None and next_cursor(w.calls[-1]) == cursor)
        walk = next(open_ends, None)
        if walk is not None:
            walk.calls.append(call)
    return found


def seen_whole(session: Session, method: str) -> bool:
    """Whether a list was seen to its end."""
    seen = walks(session, method)
    return bool(seen) and all(walk.is_complete for walk in seen)


def declared_if_served(session: Session, capability: str) -> Iterator[Finding]:
    """A server that serves something declares the capability; one that declares nothing has nothing."""
    if not has_introduced_itself(session):
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
    if not has_introduced_itself(session):
        return
    if reason := not_declared(session, capability, feature):
        yield moot(session, reason)
        return
    for call in session.calls:
        if call.request.method != method or call.response is None:
            continue
        if session.modern and not is_right(session, call.exchange):
            continue  # whatever came, it may be about the headers
        code = call.response.error.get("code")
        if call.response.kind == "result":
            yield expect(True, call.response, f"{method} is served, as declared")
        elif code == METHOD_NOT_FOUND:
            yield expect(False, call.response, f"{_path(capability, feature)} is declared, but {method} drew -32601")
        else:
            yield undecided(call.response, f"{method} drew the error {shown(code)}")


def has_introduced_itself(session: Session) -> bool:
    """Whether the server was heard to say what it can do."""
    return bool(session.discovered if session.modern else session.initialized)


def not_declared(session: Session, capability: str, feature: str | None = None) -> str | None:
    """Why a server owes nothing of a capability, or of a feature of it, in words."""
    declared = session.server_capabilities.get(capability)
    has = isinstance(declared, dict) and (feature is None or declared.get(feature) is True)
    return None if has else f"the server does not declare {_path(capability, feature)}"


def refused_before(call: Call) -> str | None:
    """Why an error is not about what the request asked for, in words: a session may end at any time."""
    if call.response is None or call.response.kind != "error":
        return None
    if call.session.modern and not is_right(call.session, call.exchange):
        return f"{call.request.method} drew an error, which may be about the headers"
    if not call.session.modern and call.exchange.status == 404 and not lives_on(call.session, call.exchange):
        return f"{call.request.method} was answered with 404, and nothing later shows that the session was alive"
    return says_nothing(call.exchange)


def declines(call: Call, capability: str) -> Iterator[Finding]:
    """That the server does not declare a capability, said once a session, for checks that look at calls."""
    session = call.session
    introduced = call in (session.handshake, session.discovery) and has_introduced_itself(session)
    if introduced and (reason := not_declared(session, capability)):
        yield moot(call, reason)


def _path(capability: str, feature: str | None) -> str:
    return f"{capability}.{feature}" if feature else capability


def told_of_changes(session: Session, capability: str, key: str) -> Iterator[Finding]:
    """A list that was another one when it was asked for again: was the client told in between or later?"""
    if not has_introduced_itself(session):
        return
    if reason := not_declared(session, capability, "listChanged"):
        yield moot(session, reason)
        return
    notice = f"notifications/{capability}/list_changed"
    told = notified(session, notice)
    lists = [walk for walk in walks(session, f"{capability}/list") if walk.is_complete]
    for earlier, later in pairwise(lists):
        if _names(earlier, capability, key) == _names(later, capability, key):
            yield undecided(later.calls[0], f"the list of {capability} stayed the same")
        elif any(message.at > earlier.calls[0].request.at for message in told):
            yield expect(True, later.calls[0], f"the list of {capability} changed, and the client was told")
        elif _somebody_listens(session, capability, earlier.calls[0], later.calls[-1]):
            yield expect(False, later.calls[0], f"the list of {capability} changed, and {notice} did not come")
        else:
            yield undecided(later.calls[0], f"the list of {capability} changed while nobody listened")
    if not told and not session.modern and (refused := get_refused(session)):
        yield moot(refused, "the server offers no GET stream (405) on which it could tell of a changed list")


def _names(walk: Walk, member: str, key: str) -> frozenset[str]:
    return frozenset(repr(entry.get(key)) for call in walk.calls for entry in entries(call, member))


def _somebody_listens(session: Session, capability: str, earlier: Call, later: Call) -> bool:
    """Whether the client could have been told all the time between two calls."""
    if not session.modern:
        return listener(session, earlier, later)
    begin, end = earlier.request.at, later.response.at if later.response is not None else later.request.at
    agreed = (x for x in listenings(session) if asks_for(x.agreed, LISTS[capability]))
    return any(listening.was_open(begin) and listening.was_open(end) for listening in agreed)


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

"""The commands that show an exchange again from the beginning.

What a run got from the server and used afterwards is different the next time: a session's id, a task's, a cursor, the
id of an event. So the commands get it again, in shell variables, by the same requests.
"""

import re
from collections.abc import Iterator

from conformance.evidence.trace import Exchange, Message, Trace
from conformance.evidence.views import Call, Session, same_id, sessions
from conformance.judging.check import Finding
from conformance.report.curl import SESSION, curl

_TAKEN = {"taskId": "MCP_TASK", "nextCursor": "MCP_CURSOR", "requestState": "MCP_STATE"}
_VALUE = r'"%s" *: *"([A-Za-z0-9._~:/+=-]{4,})"'  # what stands there without an escape, in JSON as in a shell
_EVENT = "MCP_EVENT"
_QUIET = "--silent --no-buffer --max-time 10"
_SHOWN = "--include --no-buffer"
_DEEP = 4  # answers that build upon each other
_MOST = 4  # earlier requests about the same task, cursor or state


def steps(trace: Trace, finding: Finding, *, fold: bool = False) -> list[str]:
    """Commands for a shell, one each, the last of which shows what the finding is about; none if it has no place."""
    numbers = {exchange.number: exchange for exchange in trace.exchanges}
    exchange = numbers.get(finding.place.exchange) if finding.place else None
    if exchange is None:
        return []
    session = next((s for s in sessions(trace) if any(x.number == exchange.number for x in s.exchanges)), None)
    if session is None:  # a document beside the endpoint
        return [curl(exchange, fold=fold, options=_SHOWN)]
    at = finding.place.event if finding.place else None
    return list(_Steps(session, fold).lead_to(exchange, at))


class _Steps:
    """The way to one exchange of a session."""

    def __init__(self, session: Session, fold: bool) -> None:
        self._session = session
        self._fold = fold
        self._variables: dict[str, str] = {}

    def lead_to(self, exchange: Exchange, event: int | None) -> Iterator[str]:
        if self._session.names(exchange):
            yield from self._opened(exchange)
        yield from self._taken(exchange, _DEEP)
        for other in self._uses_between(exchange):
            yield self._curl(other, _SHOWN)
        if exchange.last_event_id and exchange.last_event_id not in self._variables:
            yield "# the event id below is of the run, and of another session or of none: see the story"
        if any(isinstance(m, Message) and m.is_response for m in exchange.sent):
            yield "# this answers a question that the server asks during another request: see there"
        asked = self._asked_meanwhile(exchange, event)
        endless = " --max-time 10" if exchange.is_stream else ""
        yield self._curl(exchange, _SHOWN + endless) + (" &" if asked else "")
        if asked:
            yield f"sleep 1; {self._curl(asked, _SHOWN)}; wait"

    def _opened(self, exchange: Exchange) -> Iterator[str]:
        """The handshake, and the session's end if it had ended by then."""
        opening = self._session.handshake
        if opening is not None and opening.exchange.number < exchange.number:
            pick = "grep -i '^mcp-session-id:' | sed 's/^[^:]*: *//' | tr -d '\\r'"
            begin = self._curl(opening.exchange, "--silent --max-time 10 --dump-header - --output /dev/null")
            yield f"{SESSION}=$({begin} | {pick})"
        for other in self._session.exchanges:
            if other.number < exchange.number and (_announces(other) or other is self._session.deleted):
                yield self._curl(other, _SHOWN)

    def _taken(self, exchange: Exchange, deep: int) -> Iterator[str]:
        """What the request took from earlier answers, by the requests that got it."""
        body = exchange.request_body.decode("utf-8", "replace")
        after = exchange.last_event_id
        for earlier in self._session.exchanges:
            if earlier.number >= exchange.number or not deep:
                return
            ids = [event.id for event in earlier.events if event.id]
            if after in ids and after not in self._variables:
                yield from self._taken(earlier, deep - 1)
                lines = f"grep -m {ids.index(after) + 1} '^id:' | tail -n 1 | sed 's/^id: *//' | tr -d '\\r'"
                yield f"{_EVENT}=$({self._curl(earlier, _QUIET)} | {lines})"
                self._variables[after] = _EVENT
            for field, value in _fields(earlier):
                if f'"{value}"' in body and value not in self._variables and _TAKEN[field] not in self._named():
                    yield from self._taken(earlier, deep - 1)
                    pick = f'grep -o \'"{field}" *: *"[^"]*"\' | head -n 1 | cut -d \'"\' -f 4'
                    yield f"{_TAKEN[field]}=$({self._curl(earlier, _QUIET)} | {pick})"
                    self._variables[value] = _TAKEN[field]

    def _uses_between(self, exchange: Exchange) -> list[Exchange]:
        """What was done before with the same task, cursor or state: the last of those that ask the same, in order."""
        uses: dict[str, Exchange] = {}
        for other in self._session.exchanges:
            body = other.request_body.decode("utf-8", "replace")
            if other.number < exchange.number and any(f'"{value}"' in body for value in self._variables):
                said = "".join(f"{m.method} {m.params}" for m in other.sent if isinstance(m, Message))
                uses.pop(said, None)
                uses[said] = other
        return list(uses.values())[-_MOST:]

    def _named(self) -> set[str]:
        return set(self._variables.values())

    def _asked_meanwhile(self, exchange: Exchange, event: int | None) -> Exchange | None:
        """On a stream that a GET opened: the last request before the event, which may have led to it."""
        if exchange.method != "GET" or exchange.last_event_id or event is None or event >= len(exchange.events):
            return None
        at = exchange.events[event].at
        asked = [call for call in self._session.calls if exchange.started <= call.exchange.started <= at]
        told = [m for m in exchange.received if isinstance(m, Message) and m.place.event == event]
        meant = [call for call in asked if any(_is_about(message, call) for message in told)]
        return next((call.exchange for call in reversed(meant or asked)), None)

    def _curl(self, exchange: Exchange, options: str) -> str:
        id = self._session.id or ""
        return curl(exchange, id, fold=self._fold, variables=self._variables, options=options)


def _is_about(message: Message, call: Call) -> bool:
    """Whether a message of the server's is the response to a call, or progress of it."""
    if message.is_response:
        return same_id(message.id, call.request.id)
    token = message.params.get("progressToken")
    return token is not None and same_id(token, call.progress_token)


def _announces(exchange: Exchange) -> bool:
    return any(isinstance(m, Message) and m.method == "notifications/initialized" for m in exchange.sent)


def _fields(exchange: Exchange) -> Iterator[tuple[str, str]]:
    """What an answer names that later requests may use, with the name of its field."""
    raw = b"\n".join([exchange.body, *(event.raw for event in exchange.events)]).decode("utf-8", "replace")
    for field in _TAKEN:
        first = re.search(_VALUE % field, raw)
        if first:
            yield field, first[1]

"""Whose answer a response is, whatever its id says: a tool that answers with the text it was given tells.

No checks here.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from conformance.checks.reading import requests
from conformance.evidence.trace import JSON, Exchange, Message, Trace
from conformance.evidence.views import Session, once_per_trace, same_id


@dataclass(frozen=True, slots=True)
class Echo:
    """A call with one text as argument, and the texts of its result."""

    exchange: Exchange
    request: Message
    response: Message
    said: str
    heard: frozenset[str]

    def beside(self, other: "Echo") -> bool:
        """Whether both were under way at once."""
        return self.request.at < other.response.at and other.request.at < self.response.at


def mixed_up(session: Session) -> Iterator[tuple[Message, Message, Message]]:
    """Requests of this session whose response says what another request asked for that was under way beside it.

    Only of tools whose every answer in the trace is one of the texts that they were given.
    """
    mine = {exchange.number for exchange in session.exchanges}
    names = {str(call.request.params.get("name")) for call in session.calls}
    for echoes in (echoes for name, echoes in _by_tool(session.trace).items() if name in names):
        given = {echo.said for echo in echoes}
        if any(given.isdisjoint(echo.heard) for echo in echoes):
            continue
        for echo in echoes:
            others = [e for e in echoes if e.said in echo.heard and e.beside(echo)]
            if echo.exchange.number in mine and echo.said not in echo.heard and others:
                yield echo.request, echo.response, others[0].request


@once_per_trace
def _by_tool(trace: Trace) -> dict[str, list[Echo]]:
    """The calls with one text, by the name of their tool."""
    found: dict[str, list[Echo]] = {}
    for exchange in trace.exchanges:
        for request in requests(exchange):
            name = str(request.params.get("name"))
            if request.method == "tools/call" and (echo := _echo(exchange, request)):
                found.setdefault(name, []).append(echo)
    return found


def _echo(exchange: Exchange, request: Message) -> Echo | None:
    arguments = request.params.get("arguments")
    values = list(arguments.values()) if isinstance(arguments, dict) else []
    answers = (m for m in exchange.received if isinstance(m, Message) and m.kind == "result")
    response = next((m for m in answers if same_id(m.id, request.id)), None)
    if len(values) != 1 or not isinstance(values[0], str) or response is None:
        return None
    return Echo(exchange, request, response, values[0], frozenset(_texts(response.result.get("content"))))


def _texts(content: JSON) -> Iterator[str]:
    for block in content if isinstance(content, list) else ():
        if isinstance(block, dict) and isinstance(text := block.get("text"), str):
            yield text

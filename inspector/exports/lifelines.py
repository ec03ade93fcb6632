"""Who stands in a sequence diagram: few clients, and few lifelines that streams share one after another."""

from collections.abc import Iterator, Sequence

from conformance.evidence.trace import Exchange, Message, Trace
from conformance.evidence.views import sessions
from inspector.exports.steps import Step

_CLIENTS = 4
_STREAMS = 6
SERVER = "s"


class Lifelines:
    """The participants of a diagram. `clients` has their names, by alias.

    A stream has a lifeline while it is open, and what finds none free is drawn from the server.
    """

    def __init__(self, trace: Trace, shown: Sequence[Exchange]) -> None:
        names = list(dict.fromkeys(exchange.client for exchange in shown))
        few = names if len(names) <= _CLIENTS else names[: _CLIENTS - 1]
        self._aliases = {name: f"c{number}" for number, name in enumerate(few)}
        self.clients = {alias: name for name, alias in self._aliases.items()}
        if len(names) > len(few):
            self.clients["others"] = f"{len(names) - len(few)} other clients"
        self._stream_of = {
            leg.number: stream.first
            for session in sessions(trace)
            for stream in session.streams
            for leg in stream.legs
        }
        self._kinds: dict[str, str] = {}  # of streams, by alias
        self._taken: dict[str, Exchange] = {}
        self._last: dict[int, str] = {}  # where a stream was, by its first leg

    @property
    def streams(self) -> dict[str, str]:
        """The names of the lifelines of streams, by alias."""
        names: dict[str, str] = {}
        for alias, kind in self._kinds.items():
            alike = [other for other, its in self._kinds.items() if its == kind]
            names[alias] = f"{kind} {alike.index(alias) + 1}" if len(alike) > 1 else kind
        return names

    def ends_of(self, step: Step) -> tuple[str, str]:
        """Between whom the arrow of a step is drawn: a client, and a stream or the server."""
        exchange = step.exchange
        if step.kind == "request":
            self._begin(exchange)
        lifeline = next((alias for alias, taken in self._taken.items() if taken is exchange), SERVER)
        return self._aliases.get(exchange.client, "others"), lifeline

    def after(self, step: Step) -> Iterator[str]:
        """The bar that shows that a stream is open begins or ends after this step."""
        for alias in [alias for alias, taken in self._taken.items() if taken is step.exchange]:
            if step.kind == "request":
                yield f"activate {alias}"
            elif step.kind in ("ended", "broken"):
                yield self._leave(alias)

    def over_before(self, at: float) -> Iterator[str]:
        """The bars of what has ended in a gap."""
        for alias, taken in list(self._taken.items()):
            if taken.ended is not None and taken.ended < at:
                yield self._leave(alias)

    def rest(self) -> Iterator[str]:
        """The bars of what is still open."""
        yield from (f"deactivate {alias}" for alias in self._taken)

    def _leave(self, alias: str) -> str:
        del self._taken[alias]
        return f"deactivate {alias}"

    def _begin(self, exchange: Exchange) -> None:
        first = self._stream_of.get(exchange.number)
        if first is None:
            return
        kind = _kind(first)
        free = [alias for alias, its in self._kinds.items() if its == kind and alias not in self._taken]
        before = self._last.get(first.number)
        alias = before if before in free else free[0] if free else None
        if alias is None and len(self._kinds) < _STREAMS:
            alias = f"e{len(self._kinds)}"
            self._kinds[alias] = kind
        if alias is not None:
            self._taken[alias] = exchange
            self._last[first.number] = alias


def _kind(first: Exchange) -> str:
    """What a stream is for, by the exchange that opened it."""
    if first.method == "GET":
        return "GET stream"
    listens = any(isinstance(m, Message) and m.method == "subscriptions/listen" for m in first.sent)
    return "subscription" if listens else "stream"

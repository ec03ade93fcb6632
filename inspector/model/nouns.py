"""What the screens show: sessions, streams, calls and rows, as they stand at this moment.

These are the nouns; `feed` is the verb that builds them from records. Nothing here knows a screen or a proxy. Times
are in seconds since the recording began.
"""

import json
from bisect import bisect_right
from collections import deque
from dataclasses import dataclass, field

from conformance.evidence.sse import EventReader
from conformance.evidence.trace import JSON, Event, Exchange, Malformed, Message, Party
from conformance.judging.check import Level
from conformance.report.labels import answered, asked, happened, said
from conformance.report.text import duration, short
from inspector.model.calls import Calls
from inspector.model.kinds import RowKind, Sender, StreamState
from inspector.model.ledger import Again, Ledger
from inspector.model.rates import Pulse

_WIDEST = 400  # columns of the words of a row
_SHOWN_ID = 60  # columns


@dataclass(eq=False, slots=True)
class LiveExchange:
    """One HTTP request and its answer. `facts` has no body and no events: rows have what is shown of them."""

    facts: Exchange
    session: "LiveSession"
    reader: EventReader | None = None
    body: bytearray = field(default_factory=bytearray)
    stream: "LiveStream | None" = None
    call: "LiveCall | None" = None
    asked_row: int = 0
    size: int = 0
    events: int = 0  # blocks of its stream, comments included
    said: int = 0  # those that are events
    leg: int = 1  # which one of its stream's, from 1
    waiting: int = 0  # requests in its body that were not answered yet
    ended: bool = False

    @property
    def number(self) -> int:
        return self.facts.number


@dataclass(eq=False, slots=True)
class Row:
    """One thing that happened. `number` counts all rows there ever were.

    `owner` is the call that a message belongs to, `partner` the row of the request that a response answers, or of
    the response that answered.
    """

    number: int
    at: float
    kind: RowKind
    sender: Sender
    exchange: LiveExchange
    deed: str = ""
    stream: "LiveStream | None" = None
    message: Message | Malformed | None = None
    event: Event | None = None
    position: int | None = None
    owner: "LiveCall | None" = None
    partner: int | None = None
    outcome: str = ""
    again: Again = ""  # an event that had come before
    size: int = 0  # bytes that it stands for
    marks: "list[Violation]" = field(default_factory=list)

    @property
    def session(self) -> "LiveSession":
        return self.exchange.session

    @property
    def words(self) -> str:
        """What happened, in one line that is safe for a terminal."""
        return short(self._said(), _WIDEST)

    @property
    def weight(self) -> Level | None:
        """The gravest rule that was broken here."""
        levels = {mark.level for mark in self.marks}
        return "MUST" if "MUST" in levels else "SHOULD" if levels else None

    def _said(self) -> str:
        facts = self.exchange.facts
        if isinstance(self.message, Message):
            return _phrase(self.message, self.owner)
        match self.kind:
            case "malformed" if self.message is not None:
                return said(self.message)
            case "asked":
                return asked(facts)
            case "opened" if self.stream is not None:
                unknown = f", after {facts.last_event_id}, which was not seen here" if facts.last_event_id else ""
                return f"{self.stream.name} {answered(facts)}{unknown}"
            case "resumed" if self.stream is not None:
                return f"{self.stream.name} resumed after {facts.last_event_id}, leg {self.exchange.leg}"
            case "ended" if self.stream is not None:
                return f"{self.stream.name} stream ended"
            case "cut":
                name = self.stream.name if self.stream is not None else facts.method
                return f"{name} {facts.ending}{': ' if facts.trouble else ''}{facts.trouble}"
            case "opened" | "resumed" | "ended" | "answered":
                return f"{facts.method} {answered(facts)}"
            case "deed":
                return self.deed
        return happened(self.event, []) if self.event is not None else self.kind


@dataclass(eq=False, slots=True)
class Hold:
    """The rows for which a stream has a column; `last` is None as long as it has it."""

    stream: "LiveStream"
    lane: int
    first: int
    last: int | None = None


@dataclass(eq=False, slots=True)
class LiveStream:
    """An event stream and its legs. `lane` is its column: 0 for what no request of the client's is answered on.

    `legs` has the first, and the newest of the others; `gaps` the rows between which it had no connection.
    """

    session: "LiveSession"
    legs: list[LiveExchange]
    lane: int
    opened_row: int
    gaps: list[list[int]] = field(default_factory=list)
    holds: list[Hold] = field(default_factory=list)
    state: StreamState = "open"
    call: "LiveCall | None" = None
    ledger: Ledger = field(default_factory=Ledger)
    shown: int = 1  # legs that have a row, or are open
    bytes: int = 0
    events: int = 0
    last_at: float = 0.0
    said_at: float = 0.0  # when the last event came, or the stream itself; comments do not count
    last_id: str | None = None
    pulse: Pulse = field(default_factory=Pulse)

    @property
    def number(self) -> int:
        return self.legs[0].number

    @property
    def leg_count(self) -> int:
        """How many legs there were."""
        return self.legs[-1].leg

    @property
    def primary(self) -> bool:
        """Whether it is the session's GET stream, or a subscription: a stream that answers no single request."""
        return self.lane == 0

    def severed_at(self, row: int) -> bool:
        """Whether the stream had no connection when a row was written."""
        return any(gap[0] < row and (len(gap) == 1 or row <= gap[1]) for gap in self.gaps)

    @property
    def name(self) -> str:
        if self.call is not None:
            return f"#{self.call.shown_id}" if self.lane else "listen"
        return "GET"


@dataclass(eq=False, slots=True)
class LiveCall:
    """A request of either side, until its response and beyond."""

    asker: Party
    id: JSON
    method: str
    subject: str
    row: int
    exchange: LiveExchange
    started: float
    token: JSON = None
    progress: int = 0
    progress_words: str = ""
    questions: "list[LiveCall]" = field(default_factory=list)  # that came on its stream and wait for an answer
    round: int = 1  # 2 if the first attempt was answered with a wish for input, and so on
    response_row: int | None = None
    answered_at: float | None = None
    failed: bool = False
    cancelled: bool = False
    waits_for_input: bool = False

    @property
    def shown_id(self) -> str:
        return short(str(self.id) if isinstance(self.id, str | int) else repr(self.id), _SHOWN_ID)

    @property
    def title(self) -> str:
        return f"{self.method} {self.subject}".strip()

    @property
    def may_be_answered(self) -> bool:
        """Whether a response is owed, and there is still a way for it to come."""
        over = self.exchange.ended and not self.exchange.session.place
        if self.asker == "client" and self.exchange.stream is not None:
            over = self.exchange.stream.state == "ended"
        return self.answered_at is None and not self.cancelled and (self.asker == "server" or not over)

    @property
    def latency(self) -> float | None:
        return None if self.answered_at is None else self.answered_at - self.started


@dataclass(eq=False, slots=True)
class LiveSession:
    """What one `initialize` began; in the modern era, and without session ids, what one client does."""

    number: int
    client: str
    modern: bool
    began: float
    id: str | None = None
    place: str = ""  # of HTTP+SSE: where its stream says that messages go
    revision: str = ""
    client_name: str = ""
    names: set[str] = field(default_factory=set)  # of the client, by which what it says was found to belong here
    server_name: str = ""
    rows: deque[int] = field(default_factory=deque)
    streams: list[LiveStream] = field(default_factory=list)
    lanes: list[list[Hold]] = field(default_factory=list)
    in_lane: dict[int, LiveStream] = field(default_factory=dict)  # those that have a column now
    pending: "Calls[LiveCall]" = field(default_factory=Calls)
    done: "Calls[LiveCall]" = field(default_factory=Calls)
    tokens: dict[tuple[str, JSON], LiveCall] = field(default_factory=dict)
    violations: "list[Violation]" = field(default_factory=list)
    kept: int = 0  # exchanges that are open, or of which something is shown
    messages: int = 0
    bytes: int = 0
    last_at: float = 0.0
    ended: bool = False

    @property
    def shown_id(self) -> str:
        """The id as far as it may be shown."""
        return short(f"{self.id[:4]}…", _SHOWN_ID) if self.id else "no id"

    def at_lane(self, lane: int, row: int) -> LiveStream | None:
        """The stream that has a column at a row, its severed time included."""
        holds = self.lanes[lane] if lane < len(self.lanes) else []
        place = bisect_right(holds, row, key=lambda hold: hold.first) - 1
        if place < 0:
            return None
        hold = holds[place]
        return hold.stream if hold.last is None or row <= hold.last else None


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that was broken, by whom and where; `event` is a position in the exchange's answer."""

    key: str
    party: Party
    level: Level
    revision: str
    rule: str
    url: str
    seen: str
    at: float
    exchange: int
    event: int | None = None
    row: int | None = None

    @property
    def found(self) -> tuple[object, ...]:
        """What tells it from others, wherever it is shown."""
        return self.key, self.party, self.exchange, self.event, self.seen


def _phrase(message: Message, owner: LiveCall | None) -> str:
    """A message in a few words, by the name of its call."""
    if message.kind == "notification":
        words = said(message).removeprefix("notifications/")
        return f"{words}  of #{owner.shown_id}" if owner is not None else words
    number = f"#{message.id}" if isinstance(message.id, str | int) else f"#{json.dumps(message.id)}"
    if message.kind == "request":
        return f"{number} {owner.title if owner is not None else message.method}"
    took = f"  {duration(owner.latency)}" if owner is not None and owner.latency is not None else ""
    if message.kind == "result":
        return f"{number} result{took}"
    return f"{number} error {message.error.get('code')} {message.error.get('message')}{took}"

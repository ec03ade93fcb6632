"""The live model: takes records one by one and keeps what the screens show.

It reads bytes with the readers that judge them elsewhere, but judges nothing itself: violations come from outside
(`found`). The cost of a record does not depend on how much came before, and what is kept is bounded: the oldest rows
go first.
"""

from collections import Counter, deque
from dataclasses import replace

from conformance.evidence.era import LISTEN, speaks_modern
from conformance.evidence.recorder import messages_of_body, messages_of_event, messages_sent
from conformance.evidence.recording import About, Asked, Chunk, Deed, End, Head, Kept, Lost, Record
from conformance.evidence.sse import EventReader
from conformance.evidence.trace import Event, Exchange, Malformed, Message, Place
from conformance.judging.check import Level
from inspector.model.kinds import RowKind, Sender
from inspector.model.ledger import Again
from inspector.model.linking import join
from inspector.model.nouns import LiveCall, LiveExchange, Row, Violation
from inspector.model.rates import Rates
from inspector.model.rows import Rows
from inspector.model.sessions import Sessions, learn
from inspector.model.streams import close, count, give_up, go_on, open_stream, to_resume

_LONGEST_BODY = 2 * 1024 * 1024  # bytes of an answer that is no stream, which is read as a whole
_REMARKS = 100
_VIOLATIONS = 5_000  # kept of all; the tallies of the judge count further


class Feed:
    """Everything there is to see at this moment."""

    def __init__(self, about: About, rows: Rows | None = None) -> None:
        self.about = about
        self.rows = Rows() if rows is None else rows
        self.sessions = Sessions()
        self.rates = Rates()
        self.violations: list[Violation] = []
        self.remarks: deque[str] = deque(maxlen=_REMARKS)  # what the observer did that concerns no single exchange
        self.broken: Counter[Level] = Counter()  # how often, also where the violation is kept no more
        self.verdicts = 0  # violations found or withdrawn, ever
        self.now = 0.0
        self._exchanges: dict[int, LiveExchange] = {}

    def take(self, record: Record) -> None:
        """Let one more thing have happened. Time does not go back, whatever a file says."""
        if record.at < self.now:
            record = replace(record, at=self.now)
        self.now = record.at
        if isinstance(record, Asked):
            self._asked(record)
            return
        exchange = self._exchanges.get(record.number)
        if exchange is None:
            if isinstance(record, Deed) and record.number < 0:
                self.remarks.append(record.what)
            return
        exchange.session.last_at = self.now
        match record:
            case Head():
                self._head(exchange, record)
            case Chunk():
                self._chunk(exchange, record)
            case End():
                self._end(exchange, record)
                self._let_go(exchange)
            case Lost():
                self._lost(exchange, record)
            case Deed():
                self._add(exchange, "deed", "observer", record.at, len(record.what), record.what)
            case Kept() if exchange.stream is not None:
                exchange.stream.ledger.kept_back(record.event_id)

    def found(self, violation: Violation) -> None:
        """A rule was broken: mark the row where it shows, and the session."""
        exchange = self._exchanges.get(violation.exchange)
        row = self._row_of(violation)
        placed = replace(violation, row=row.number if row else None)
        if row is not None:
            row.marks.append(placed)
        if exchange is not None:
            exchange.session.violations.append(placed)
            del exchange.session.violations[:-_VIOLATIONS]
        self.violations.append(placed)
        self.broken[placed.level] += 1
        self.verdicts += 1
        del self.violations[:-_VIOLATIONS]

    def withdrawn(self, violation: Violation) -> None:
        """What came later showed that the rule was kept."""
        self.verdicts += 1
        self.broken[violation.level] -= 1
        for row in self.rows.around(violation.exchange, violation.event):
            row.marks = [mark for mark in row.marks if mark.found != violation.found]
        if (exchange := self._exchanges.get(violation.exchange)) is not None:
            kept = [mark for mark in exchange.session.violations if mark.found != violation.found]
            exchange.session.violations = kept
        self.violations = [mark for mark in self.violations if mark.found != violation.found]

    def exchange(self, number: int) -> LiveExchange | None:
        """An exchange, as long as it is open or one of its rows is kept."""
        return self._exchanges.get(number)

    def _asked(self, record: Asked) -> None:
        facts = Exchange(
            number=record.number,
            client=record.client,
            method=record.method,
            url=record.url,
            request_headers=record.headers,
            request_body=record.body,
            started=record.at,
        )
        facts = replace(facts, messages=messages_sent(facts))
        session = self.sessions.of(facts, modern=speaks_modern(facts))
        session.last_at = self.now
        session.kept += 1
        exchange = LiveExchange(facts, session)
        self._exchanges[record.number] = exchange
        exchange.asked_row = self.rows.next_number
        size = _size_of(record) // (len(facts.messages) or 1)
        for message in facts.messages:
            self._say(exchange, message, "client", record.at, size)
        if not facts.messages:
            self._add(exchange, "asked", "client", record.at, size)
        self._forget()

    def _head(self, exchange: LiveExchange, record: Head) -> None:
        facts = replace(exchange.facts, head_at=record.at, status=record.status, response_headers=record.headers)
        exchange.facts = facts
        self.sessions.answered(exchange.session, facts)
        if exchange.session.ended:
            give_up(exchange.session, self.rows.next_number)
        if row := self.rows.get(exchange.asked_row):
            row.outcome = str(record.status)
        if facts.is_stream and facts.ok:
            exchange.reader = EventReader()
            self._open(exchange, record.at)

    def _open(self, exchange: LiveExchange, at: float) -> None:
        """An answer is a stream: a new one, or another leg of one that broke off."""
        session, number = exchange.session, self.rows.next_number
        after = exchange.facts.last_event_id
        stream = to_resume(session, after)
        if stream is not None:
            go_on(stream, exchange)
        else:
            stream = open_stream(exchange, number, at)
        exchange.stream = stream
        self._add(exchange, "resumed" if exchange.leg > 1 else "opened", "server", at)

    def _chunk(self, exchange: LiveExchange, record: Chunk) -> None:
        size = len(record.data)
        exchange.size += size
        exchange.session.bytes += size
        self.rates.bytes(record.at, size)
        if exchange.reader is None:
            if exchange.size <= _LONGEST_BODY:
                exchange.body += record.data
            return
        if exchange.stream is not None:
            exchange.stream.bytes += size
        for event in exchange.reader.feed(record.data, record.at):
            self._event(exchange, event)

    def _event(self, exchange: LiveExchange, event: Event) -> None:
        position = exchange.events
        exchange.events += 1
        again = count(exchange.stream, exchange, event) if exchange.stream is not None else ""
        if _says_where_to_send(exchange, event):
            rows = [row.number for row in self.rows if row.exchange is exchange]
            self.sessions.begins_over_http_sse(exchange, event.data or "", rows)
        messages = messages_of_event(event, Place(exchange.number, position))
        size = len(event.raw) // (len(messages) or 1)
        for message in messages:
            self._say(exchange, message, "server", event.at, size, event, again)
        if not messages:
            self._add(exchange, _kind_of(event), "server", event.at, size, event=event, again=again)

    def _end(self, exchange: LiveExchange, record: End) -> None:
        exchange.facts = replace(exchange.facts, ended=record.at, ending="complete")
        exchange.ended = True
        if exchange.reader is not None:
            self._close(exchange, record.at, "ended")
            return
        whole = exchange.size <= _LONGEST_BODY
        read = messages_of_body(replace(exchange.facts, body=bytes(exchange.body))) if whole else []
        size = len(exchange.body) // (len(read) or 1)
        for message in read:
            self._say(exchange, message, "server", record.at, size)
        if not read and exchange.facts.status != 202:
            self._add(exchange, "answered", "server", record.at, size)

    def _lost(self, exchange: LiveExchange, record: Lost) -> None:
        exchange.facts = replace(exchange.facts, ended=record.at, ending=record.ending, trouble=record.why)
        exchange.ended = True
        self._close(exchange, record.at, "cut")

    def _close(self, exchange: LiveExchange, at: float, kind: RowKind) -> None:
        sender: Sender = "client" if exchange.facts.ending == "hung up" else "server"
        by = "observer" if exchange.facts.ending == "cut off" else sender
        row = self._add(exchange, kind, by, at, len(exchange.body))
        if exchange.stream is not None:
            close(exchange.stream, row)

    def _say(
        self,
        exchange: LiveExchange,
        message: Message | Malformed,
        sender: Sender,
        at: float,
        size: int,
        event: Event | None = None,
        again: Again = "",
    ) -> Row:
        if isinstance(message, Malformed):
            return self._add(exchange, "malformed", sender, at, size, message=message, event=event, again=again)
        kind = _kind_of_message(message)
        row = self._add(exchange, kind, sender, at, size, message=message, event=event, again=again)
        exchange.session.messages += 1
        self.rates.message(at)
        call = join(row, message, self.rows)
        if call is not None and call.latency is not None and _says_how_fast(call, row):
            self.rates.latency(call.latency)
        learn(exchange.session, message, call)
        return row

    def _add(
        self,
        exchange: LiveExchange,
        kind: RowKind,
        sender: Sender,
        at: float,
        size: int = 0,
        deed: str = "",
        message: Message | Malformed | None = None,
        event: Event | None = None,
        again: Again = "",
    ) -> Row:
        row = Row(self.rows.next_number, at, kind, sender, exchange, deed, exchange.stream, message, event)
        row.position = exchange.events - 1 if event is not None else None
        row.size, row.again = size, again
        self.rows.add(row)
        return row

    def _row_of(self, violation: Violation) -> Row | None:
        """The row of a violation: of its event, else of the answer, else of the request."""
        found = self.rows.around(violation.exchange, violation.event)
        wanted = [row for row in found if row.sender == violation.party] or found
        return wanted[0] if wanted else None

    def _forget(self) -> None:
        """Drop exchanges that are over and have no row left."""
        for number in self.rows.dropped_exchanges():
            if (exchange := self._exchanges.get(number)) is not None:
                self._let_go(exchange)

    def _let_go(self, exchange: LiveExchange) -> None:
        """Drop an exchange, if it is over and nothing of it is shown."""
        if exchange.ended and not self.rows.show(exchange.number):
            del self._exchanges[exchange.number]
            if exchange.waiting:
                exchange.facts = replace(exchange.facts, request_body=b"", messages=())
            self.sessions.forget(exchange)


def _kind_of(event: Event) -> RowKind:
    if event.data is None:
        return "comment"
    return "prime" if event.data == "" and event.id is not None else "event"


def _kind_of_message(message: Message) -> RowKind:
    if message.kind == "request":
        return "request" if message.sender == "client" else "question"
    return "notification" if message.kind == "notification" else "response"


def _says_where_to_send(exchange: LiveExchange, event: Event) -> bool:
    """Whether an event is the first of a stream of HTTP+SSE (2024-11-05)."""
    stream = exchange.stream
    is_first = stream is not None and stream.ledger.sent == 1 and exchange.facts.method == "GET"
    return is_first and event.name == "endpoint" and bool(event.data)


def _size_of(record: Asked) -> int:
    return len(record.body) + sum(len(name) + len(value) for name, value in record.headers)


def _says_how_fast(call: LiveCall, row: Row) -> bool:
    """Whether a response says how fast the server is: the first to a request, but for one that lasts on purpose."""
    return call.asker == "client" and call.response_row == row.number and call.method != LISTEN

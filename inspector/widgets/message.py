"""The message under the cursor: where it came, whose it is, what it broke, parsed and in its raw bytes."""

import json
import re
from collections.abc import Iterator

from conformance.evidence.secret import PLAIN_HEADERS
from conformance.evidence.trace import Headers, Malformed, Message
from conformance.judging import shapes
from conformance.report.text import duration, short, visible
from inspector.glyphs import UNICODE, Glyphs
from inspector.model.nouns import LiveStream, Row, Violation
from inspector.ways import belongs_on
from inspector.widgets.flat import hue
from inspector.widgets.lines import Part
from inspector.widgets.prose import Prose

_LONGEST = 20_000  # characters of a message that are shown
_RAW = 4_000  # bytes of an event, or of a body that is no message
_HEADER = 100  # columns of a header's value
_SECRET = ("authorization", "cookie", "set-cookie", "x-api-key", "proxy-authorization")
_TOKEN = re.compile(r'("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d[\d.eE+-]*|true|false|null)')


class MessagePane(Prose):
    """All that is known about one row."""

    def __init__(self, glyphs: Glyphs = UNICODE, id: str | None = None) -> None:
        super().__init__(id=id)
        self.glyphs = glyphs
        self.row: Row | None = None
        self._as_of: tuple[object, ...] = ()

    def show(self, row: Row | None) -> None:
        """Show a row, if it is another one or has changed."""
        as_of = _state_of(row)
        if row is self.row and as_of == self._as_of:
            return
        same, self.row, self._as_of = row is self.row, row, as_of
        self.tell(_parts(row, self.glyphs) if row is not None else (), stay=same)


def _state_of(row: Row | None) -> tuple[object, ...]:
    """What of a row may change after it was written."""
    if row is None:
        return ()
    answered = row.owner.answered_at if row.owner is not None else None
    legs = row.stream.leg_count if row.stream is not None else 0
    return len(row.marks), row.partner, row.exchange.facts.status, answered, legs


def _parts(row: Row, glyphs: Glyphs) -> Iterator[Part]:
    yield f"{row.words}\n", "title"
    yield from _place(row)
    for mark in row.marks:
        yield "\n", ""
        yield from violation_parts(mark, glyphs)
    yield from _body(row, glyphs)
    raw = row.event.raw if row.event is not None else bytes(row.exchange.body)
    if raw and (row.event is not None or row.sender == "server"):
        yield "\nraw\n", "head"
        yield f"{visible(repr(raw[:_RAW])[2:-1])}\n".replace("\\n", "\\n\n"), "dim"
    yield from _headers("request headers", row.exchange.facts.request_headers)
    yield from _headers("response headers", row.exchange.facts.response_headers)


def violation_parts(mark: Violation, glyphs: Glyphs) -> Iterator[Part]:
    """A rule that was broken: by whom, what it asks, what was seen, and where it stands."""
    must = mark.level == "MUST"
    yield f"{glyphs.must if must else glyphs.should} {mark.key}", "must" if must else "should"
    yield f"  {mark.level}, broken by the {mark.party}\n", "dim"
    yield f"{visible(mark.rule)}\n", "text"
    yield "seen  ", "dim"
    yield f"{visible(mark.seen)}\n", "text"
    yield f"{mark.url}\n", "link"


def _place(row: Row) -> Iterator[Part]:
    facts, stream, owner = row.exchange.facts, row.stream, row.owner
    sender = "the inspector" if row.sender == "observer" else f"the {row.sender}"
    yield f"from {sender} at {row.at:.3f} s\n", "dim"
    yield "exchange  ", "dim"
    yield f"{facts.number}: {facts.method} {facts.status if facts.status is not None else 'not answered'}\n", "text"
    if stream is not None:
        yield from _stream(row, stream)
    if owner is not None and row.message is not None:
        yield "owner  ", "dim"
        turn = f", round {owner.round}" if owner.round > 1 else ""
        state = f"answered after {duration(owner.latency)}" if owner.latency is not None else "not answered"
        yield f"#{owner.shown_id} {owner.title}{turn}, {state}\n", "text"
    if row.partner is not None:
        yield "partner  ", "dim"
        yield f"row {row.partner:,} (p goes there)\n", "text"


def _stream(row: Row, stream: LiveStream) -> Iterator[Part]:
    yield "stream  ", "dim"
    place = f", event {row.position}" if row.position is not None else ""
    event_id = f", id {short(row.event.id, 40)}" if row.event is not None and row.event.id is not None else ""
    yield f"{stream.name}", hue(stream.number, stream.primary)
    leg = f", leg {row.exchange.leg} of {stream.leg_count}" if stream.leg_count > 1 else ""
    yield f"{place}{event_id}{leg}\n", "text"
    home = belongs_on(row)
    if home is not None:
        yield "belongs on  ", "dim"
        yield f"{home.name}", hue(home.number, home.primary)
        yield f", which answers {home.call.title}\n" if home.call is not None else "\n", "text"
    if stream.leg_count > 1 or stream.state == "severed":
        yield "ledger  ", "dim"
        yield f"{stream.ledger}\n", "text"


def _body(row: Row, glyphs: Glyphs) -> Iterator[Part]:
    if isinstance(row.message, Message):
        revision = row.session.revision
        if revision:
            wrong = shapes.explain(row.message, revision)
            yield "\nschema  ", "dim"
            yield (
                f"{glyphs.must} {short(wrong, 500)}\n" if wrong else f"{glyphs.kept} as it should be\n",
                ("should" if wrong else "kept"),
            )
        yield "\n", ""
        yield from _json(_pretty(row.message))
        yield "\n", ""
    elif isinstance(row.message, Malformed):
        yield f"\n{glyphs.malformed} no message: {visible(row.message.why)}\n", "must"


def _pretty(message: Message) -> str:
    text = json.dumps(message.body, indent=2, ensure_ascii=False)
    more = len(text) - _LONGEST
    return visible(text if more <= 0 else f"{text[:_LONGEST]}\n… {more:,} more characters")


def _json(text: str) -> Iterator[Part]:
    """JSON in colours: names, strings, and other values."""
    end = 0
    for found in _TOKEN.finditer(text):
        yield text[end : found.start()], "dim"
        if found[1] is not None:
            yield found[1], "stream-0" if found[2] else "stream-1"
            yield found[2] or "", "dim"
        else:
            yield found[3], "stream-2"
        end = found.end()
    yield text[end:], "dim"


def _headers(title: str, headers: Headers) -> Iterator[Part]:
    if not headers:
        return
    yield f"\n{title}\n", "head"
    for name, value in headers:
        yield f"{short(name, 60)}: ", "dim"
        yield f"{_masked(name, value)}\n", "text"


def _masked(name: str, value: str) -> str:
    """Headers of the protocol as they are; of those that open doors only as much as tells them apart."""
    low = name.lower()
    if low in PLAIN_HEADERS or len(value) < 8 or ("-id" not in low and low not in _SECRET):
        return short(value, _HEADER)
    return f"{short(value[:4], 8)}…"

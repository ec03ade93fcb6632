"""The message under the cursor: where it came, whose it is, what it broke, parsed and in its raw bytes."""

import json
from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.syntax import Syntax
from rich.text import Text
from textual.containers import VerticalScroll
from textual.widgets import Static

from conformance import shapes
from conformance.report.text import duration, short, visible
from conformance.secret import PLAIN_HEADERS
from conformance.trace import Headers, Malformed, Message
from inspector.model import Row

_LONGEST = 20_000  # characters of a message that are shown
_HEADER = 100  # columns of a header's value


class MessagePane(VerticalScroll, can_focus=True):
    """All that is known about one row."""

    DEFAULT_CSS = """
    MessagePane { background: $surface; padding: 0 1; }
    MessagePane Static { width: 1fr; }
    """

    def __init__(self, **rest: str) -> None:
        super().__init__(**rest)  # type: ignore[arg-type]
        self.row: Row | None = None
        self._text = Static()

    def compose(self) -> Iterator[Static]:
        yield self._text

    def show(self, row: Row | None) -> None:
        """Show another row, or none."""
        self.row = row
        self.scroll_home(animate=False)
        self._text.update(Group(*_parts(row)) if row is not None else "")


def _parts(row: Row) -> Iterator[RenderableType]:
    yield Text(row.words, "bold")
    yield from _facts(row)
    for mark in row.marks:
        yield Text(
            f"\n{mark.level} {mark.key}  broken by the {mark.party}", "bold red" if mark.level == "MUST" else "yellow"
        )
        yield Text(f"{mark.rule}\nseen: {visible(mark.seen)}\n{mark.url}")
    if isinstance(row.message, Message):
        wrong = shapes.explain(row.message, row.session.revision) if row.session.revision else None
        yield Text(f"\nschema: {short(wrong, 500) if wrong else 'as it should be'}", "yellow" if wrong else "green")
        yield Syntax(_pretty(row.message), "json", word_wrap=True, background_color="default")
    elif isinstance(row.message, Malformed):
        yield Text(f"\nno message: {visible(row.message.why)}", "bold red")
    if row.event is not None:
        yield Text("\nraw", "bold")
        yield Text(visible(repr(row.event.raw[:_LONGEST])[2:-1]), "dim")
    yield from _headers("request", row.exchange.facts.request_headers)
    yield from _headers("response", row.exchange.facts.response_headers)


def _facts(row: Row) -> Iterator[Text]:
    exchange, stream = row.exchange, row.stream
    facts = exchange.facts
    yield Text(
        f"{row.sender}, {row.at:.3f} s, exchange {exchange.number}: {facts.method} {facts.status or ''}", "dim"
    )
    if stream is not None:
        place = f"stream {stream.name}, event {row.position}" if row.position is not None else f"stream {stream.name}"
        yield Text(f"{place}, leg {stream.legs.index(exchange) + 1} of {len(stream.legs)}", "dim")
        ledger = stream.ledger
        yield Text(
            f"ledger: {ledger.sent} sent, {ledger.delivered} delivered, {ledger.replayed} replayed, "
            f"{ledger.lost} lost, {ledger.duplicated} twice",
            "dim",
        )
    if row.owner is not None and row.message is not None:
        owner = row.owner
        state = f"answered after {duration(owner.latency)}" if owner.latency is not None else "not answered"
        yield Text(f"call #{owner.shown_id} {owner.title}: {state}", "dim")


def _headers(title: str, headers: Headers) -> Iterator[Text]:
    if not headers:
        return
    yield Text(f"\n{title} headers", "bold")
    for name, value in headers:
        yield Text(f"{short(name, 60)}: {_masked(name, value)}", "dim")


def _masked(name: str, value: str) -> str:
    """Headers of the protocol as they are; of others only as much as tells them apart."""
    if name.lower() in PLAIN_HEADERS or len(value) < 8 or ("-id" not in name.lower() and name.lower() not in _SECRET):
        return short(value, _HEADER)
    return f"{short(value[:4], 8)}…"


_SECRET = ("authorization", "cookie", "set-cookie", "x-api-key", "proxy-authorization")


def _pretty(message: Message) -> str:
    text = json.dumps(message.body, indent=2, ensure_ascii=False)
    return visible(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}\n… {len(text) - _LONGEST:,} more")

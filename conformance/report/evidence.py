"""Exchanges as a person reads them: HTTP as text, JSON laid out, long things folded, and everything bounded."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from conformance.evidence.trace import Event, Exchange, Headers, Malformed, Message
from conformance.report import labels
from conformance.report.pretty import pretty
from conformance.report.text import count, cut, duration, size

_HEADER, _HEADERS = 300, 24  # characters of one header, and how many of them
_USUAL = {
    "host", "connection", "accept-encoding", "user-agent", "content-length", "date", "server", "transfer-encoding",
    "keep-alive", "x-powered-by", "cache-control",
}  # fmt: skip
_FOLD = 22  # lines of a body that are shown without being asked


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much of an exchange a page shows: characters of a body, events, and whether all headers."""

    body: int
    events: int
    usual: bool = True


@dataclass(frozen=True, slots=True)
class Body:
    """A body or an event's data, for reading. `folded` says that it is long."""

    text: str
    about: str
    folded: bool


@dataclass(frozen=True, slots=True)
class EventView:
    """An event, or so many left out if `position` is None."""

    position: int | None
    when: str
    about: str
    body: Body | None = None


@dataclass(frozen=True, slots=True)
class ExchangeView:
    """An exchange in words, as a page shows it; each field is empty where there is nothing to say."""

    number: int
    asked: str
    answered: str
    when: str
    story: str
    client: str
    intent: str
    request: str
    request_headers: str
    request_body: Body | None
    status: str
    headers: str
    body: Body | None
    events: tuple[EventView, ...]
    ending: str


def viewed(exchange: Exchange, bounds: Bounds, cited: Collection[int] = ()) -> ExchangeView:
    """An exchange within bounds; `cited` are positions of events that must not be left out."""
    took = "" if exchange.ended is None else f", took {duration(exchange.ended - exchange.started)}"
    status = "no answer" if exchange.status is None else labels.phrase(exchange.status)
    return ExchangeView(
        number=exchange.number,
        asked=labels.asked(exchange),
        answered=labels.answered(exchange),
        when=f"at {exchange.started:.3f} s{took}",
        story=exchange.story or "",
        client=exchange.client,
        intent=cut(exchange.intent or "", _HEADER),
        request=cut(f"{exchange.method} {exchange.url}", _HEADER),
        request_headers=_headers(exchange.request_headers, bounds.usual),
        request_body=_body(exchange.request_body, bounds.body),
        status=status,
        headers=_headers(exchange.response_headers, bounds.usual),
        body=None if exchange.events else _body(exchange.body or exchange.tail, bounds.body),
        events=tuple(_events(exchange, bounds, cited)),
        ending=cut(labels.ended(exchange), _HEADER) if exchange.ending != "complete" else "",
    )


def _headers(headers: Headers, usual: bool) -> str:
    wanted = [header for header in headers if usual or header[0].lower() not in _USUAL]
    lines = [cut(f"{name}: {value}", _HEADER) for name, value in wanted[:_HEADERS]]
    if missing := len(headers) - len(lines):
        lines.append(f"… {count(missing, 'more header')}")
    return "\n".join(lines)


def _body(raw: bytes, bound: int) -> Body | None:
    if not raw:
        return None
    text = raw[: 4 * bound].decode("utf-8", "backslashreplace")
    return _readable(text[:bound], len(raw), len(raw) - len(text[:bound].encode("utf-8", "surrogatepass")))


def _readable(text: str, length: int, missing: int) -> Body:
    laid_out = pretty(text)
    lines = laid_out.count("\n") + 1
    about = f"{size(length)}, {count(lines, 'line')}"
    if missing > 0:
        laid_out += f"\n[cut here: {missing:,} more bytes]"
        about = f"{size(length)}, cut"
    folded = lines > _FOLD or len(text) > 100 * _FOLD
    return Body(laid_out, about, folded)


def _events(exchange: Exchange, bounds: Bounds, cited: Collection[int]) -> Iterator[EventView]:
    messages, total = labels.by_event(exchange), len(exchange.events)
    hidden = 0
    for position, event in enumerate(exchange.events):
        if bounds.events - 2 <= position < total - 2 and position not in cited:
            hidden += 1
            continue
        if hidden:
            yield EventView(None, "", f"… {count(hidden, 'more event')}")
            hidden = 0
        yield _event(exchange, position, event, messages.get(position, []), bounds.body)


def _event(
    exchange: Exchange, position: int, event: Event, messages: list[Message | Malformed], bound: int
) -> EventView:
    body = None
    if event.data:
        text = event.data[:bound]
        body = _readable(text, len(event.data), len(event.data) - len(text))
    when = f"{event.at - exchange.started:+.3f} s"
    name = "" if event.name is None else f"event {event.name!r}, "
    return EventView(position, when, name + labels.happened(event, messages), body)

"""What was sent and what came back, in a few lines, for those who read no pages."""

from collections.abc import Iterator

from conformance.evidence.trace import Event, Exchange, Place, Trace
from conformance.judging.judge import Judgement
from conformance.report import labels
from conformance.report.text import count

_EVENTS = 3  # that are told in words
_QUOTED = 200  # characters of a message
_ENDS = {"complete": "the end", "open": "it stayed open", "hung up": "our client closed the connection"}


def account(judgement: Judgement, trace: Trace) -> Iterator[str]:
    """The exchange that the first decisive finding is about, from the client's side and from the server's."""
    place = next((finding.place for finding in judgement.decisive if finding.place is not None), None)
    exchange = next((x for x in trace.exchanges if place is not None and x.number == place.exchange), None)
    if place is None or exchange is None:
        return
    why = f"on purpose: {exchange.intent}; " if exchange.intent else ""
    story = f" of the story {exchange.story}" if exchange.story else ""
    yield f"sent: {labels.asked(exchange)} ({why}exchange {exchange.number}{story})"
    yield f"came back: {_head(exchange)}{_more(exchange, place)}"


def _head(exchange: Exchange) -> str:
    if exchange.body and not exchange.is_stream and exchange.status is not None:
        return f"{exchange.status} {exchange.media_type or 'without a media type'}"
    return labels.answered(exchange)


def _more(exchange: Exchange, place: Place) -> str:
    """What the finding is about, in the server's own words."""
    if place.event is not None and place.event < len(exchange.events):
        event = exchange.events[place.event]
        others = count(len(exchange.events), "event")
        return f" of {others}, among them: {_quoted(event)}"
    if exchange.events:
        by_event = labels.by_event(exchange)
        told = [labels.happened(e, by_event.get(n, [])) for n, e in enumerate(exchange.events[:_EVENTS])]
        left = len(exchange.events) - len(told)
        told += [f"and {count(left, 'more event')}"] if left else []
        return f": {'; '.join(told)}; then {_ENDS.get(exchange.ending, labels.ended(exchange))}"
    return f": {_cut(exchange.body.decode('utf-8', 'backslashreplace'))}" if exchange.body else ""


def _quoted(event: Event) -> str:
    return _cut(event.data if event.data is not None else event.raw.decode("utf-8", "backslashreplace"))


def _cut(text: str) -> str:
    line = " ".join(text[: 4 * _QUOTED].split())
    return line if len(line) <= _QUOTED else f"{line[:_QUOTED]}…"

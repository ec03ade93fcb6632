"""The transport of 2024-11-05, basic/transports "HTTP with SSE": a stream that says where to send, and that place."""

from urllib.parse import urljoin, urlsplit

from conformance.checks.deciding import says_nothing
from conformance.checks.reading import requests, shown, what
from conformance.evidence.trace import Event, Exchange
from conformance.evidence.views import Session
from conformance.judging.check import Findings, check, expect, undecided

_NO_SUCH_PLACE = (404, 405, 410, 501)


@check("sse.endpoint")
def the_stream_says_where_to_send(exchange: Exchange) -> Findings:
    """A client that connects is told in an `endpoint` event where its messages go.

    Comments and other events may come before it. What the recording cut off or the client left early decides nothing.
    """
    if exchange.method != "GET" or not (exchange.ok and exchange.is_stream):
        return
    told = next((event for event in exchange.events if event.name == "endpoint" and event.data), None)
    others = [event for event in exchange.events if event.data]
    if told is not None:
        seen = f"the stream names the endpoint {_without_query(told.data or '')}"
        yield expect(_is_address(exchange, told), exchange, seen)
    elif exchange.ending in ("open", "hung up", "cut off"):
        yield undecided(exchange, "the stream did not say where to send as long as it was watched")
    elif others:
        names = ", ".join(dict.fromkeys(shown(event.name or "message") for event in others[:5]))
        yield expect(False, exchange, f"the stream carries events ({names}), and none says where to send")
    else:
        yield undecided(exchange, "no event came on the stream, so maybe it is none of this transport")


@check("sse.two-endpoints")
def the_endpoint_takes_messages(session: Session) -> Findings:
    """Beside the stream there is an endpoint that takes what the client posts.

    Which statuses it uses is nowhere said: only that there is no such place, or none to post to, is a breach, and
    only as long as the stream is open, because nobody is known any more after its end.
    """
    for exchange in session.exchanges:
        if exchange.method != "POST" or not requests(exchange):
            continue
        seen = f"POST of {what(exchange)} to {_without_query(exchange.url)} was answered with {exchange.status}"
        if reason := says_nothing(exchange):
            yield undecided(exchange, reason)
        elif exchange.ok:
            yield expect(True, exchange, seen)
        elif exchange.status not in _NO_SUCH_PLACE or requests(exchange)[0].method not in ("initialize", "ping"):
            yield undecided(exchange, f"{seen}: there may be reasons to refuse this very message")
        elif not _is_listening(session, exchange):
            yield undecided(exchange, f"{seen}: no stream was open")
        else:
            yield expect(False, exchange, seen)


def _is_listening(session: Session, exchange: Exchange) -> bool:
    """Whether the client had a stream that was open before the POST and after its answer."""
    answered = exchange.started if exchange.head_at is None else exchange.head_at
    return any(
        stream.first.method == "GET"
        and stream.first.started < exchange.started
        and (stream.first.ended is None or stream.first.ended > answered)
        for stream in session.streams
    )


def _without_query(address: str) -> str:
    """An address in which nothing opens a door."""
    return shown(address.partition("?")[0])


def _is_address(exchange: Exchange, told: Event) -> bool:
    try:
        return urlsplit(urljoin(exchange.url, told.data or "")).scheme in ("http", "https")
    except ValueError:
        return False

"""The transport of 2024-11-05, basic/transports "HTTP with SSE": a stream that says where to send, and that place."""

from urllib.parse import urljoin, urlsplit

from conformance.check import Findings, check, expect, undecided
from conformance.checks.deciding import says_nothing
from conformance.checks.reading import requests
from conformance.trace import Event, Exchange
from conformance.views import Session


@check("sse.endpoint")
def the_stream_says_where_to_send(exchange: Exchange) -> Findings:
    """A client that connects is told in an `endpoint` event where its messages go.

    Comments may come before it. What the recording cut off or the client left early decides nothing.
    """
    if exchange.method != "GET" or not (exchange.ok and exchange.is_stream):
        return
    told = next((event for event in exchange.events if event.name == "endpoint"), None)
    if told is not None:
        seen = f"the stream names the endpoint {(told.data or '')[:200]!r}"
        yield expect(_is_address(exchange, told), exchange, seen)
    elif any(event.data for event in exchange.events):
        yield expect(False, exchange, "the stream carries events, and none says where to send")
    else:
        yield undecided(exchange, "nothing came on the stream as long as it was watched")


@check("sse.two-endpoints")
def the_endpoint_takes_messages(session: Session) -> Findings:
    """Beside the stream there is an endpoint that takes what the client posts."""
    for exchange in session.exchanges:
        if exchange.method == "POST" and requests(exchange):
            seen = f"POST to {urlsplit(exchange.url).path!r} was answered with {exchange.status}"
            if reason := says_nothing(exchange):
                yield undecided(exchange, reason)
            else:
                yield expect(exchange.ok, exchange, seen)


def _is_address(exchange: Exchange, told: Event) -> bool:
    try:
        return bool(told.data) and urlsplit(urljoin(exchange.url, told.data or "")).scheme in ("http", "https")
    except ValueError:
        return False

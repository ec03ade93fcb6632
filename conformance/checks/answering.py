"""The stream that answers a request: what may be on it, when it ends, and how it gets through proxies.

basic/transports "Sending Messages to the Server", from 2026-07-28 on basic/transports/streamable-http "Receiving
Messages".
"""

from collections.abc import Iterator

from conformance.checks.legs import (
    ends_with_session,
    no_stream,
    owners_of_progress,
    post_streams,
    requests_of,
    response_on,
    words_for_end,
)
from conformance.checks.origin import host_of, is_private
from conformance.evidence.era import LISTEN, SUBSCRIPTION, meta_of
from conformance.evidence.trace import Exchange, Message
from conformance.evidence.views import Session, Stream, same_id
from conformance.judging.check import Findings, check, expect, undecided

GRACE = 2.0  # seconds; the specification gives no number for what is to come soon
PROXIES = ("nginx", "openresty", "cloudflare", "envoy", "varnish", "caddy", "akamai", "cloudfront")


@check("stream.related")
def messages_on_a_stream_concern_its_request(session: Session) -> Findings:
    """Messages on a request's stream concern that request.

    Only progress says in its token which request it is about, and a response in its id. What a resumed connection
    replays is judged elsewhere, and progress of a task may come by any way. In the modern era a message may also say
    that it belongs to a subscription.
    """
    yield from no_stream(session)
    owners_of = owners_of_progress(session)
    for stream in post_streams(session):
        for message in stream.first.received:
            if not isinstance(message, Message):
                continue
            if session.modern and _is_of_a_subscription(message, stream):
                yield expect(False, message, f"{message.method} of a subscription came on a request's stream")
            if message.is_response and (other := _owner_elsewhere(message, stream)) is not None:
                seen = f"the response to {other.method} ({message.id!r}) came on the stream of another request"
                yield expect(False, message, f"{seen}, {requests_of(stream)[0].method}")
            if message.method != "notifications/progress":
                continue
            owners = owners_of(message)
            if any(call.stream is stream for call in owners):
                yield expect(True, message, "progress came on the stream of the request that it is about")
            elif owners and not any("task" in call.request.params for call in owners):
                about, method = owners[-1].request, requests_of(stream)[0].method
                seen = f"progress of request {about.id!r} came on the stream of another request, {method}"
                yield expect(False, message, seen)


def _owner_elsewhere(response: Message, stream: Stream) -> Message | None:
    """The request of another stream that a response answers, if it answers none of this one's."""
    if any(same_id(request.id, response.id) for request in requests_of(stream)):
        return None
    asked = (call.request for call in stream.session.calls if call.stream is not stream)
    return next((request for request in asked if same_id(request.id, response.id)), None)


@check("stream.closes")
def the_stream_ends_after_the_response(session: Session) -> Findings:
    """A stream ends after it has carried the response, be it once more on a resumed connection.

    How soon is not said: two seconds are granted, and a client that leaves before decides nothing.
    """
    yield from no_stream(session)
    for leg, answer in (end for stream in post_streams(session) for end in _last_answers(stream)):
        over = session.deleted.started if session.deleted and ends_with_session(session, leg) else leg.ended
        stayed = (over if over is not None else answer.at) - answer.at
        if leg.ending == "complete" and not ends_with_session(session, leg):
            yield expect(True, answer, "the stream ended after the response")
        elif leg.ending != "lost" and stayed >= GRACE:
            yield expect(False, answer, f"the stream was still open {stayed:.1f} s after the response")
        else:
            yield undecided(answer, f"the stream {words_for_end(leg)} too soon after the response to tell")


@check("stream.no-buffering")
def a_stream_tells_proxies_not_to_buffer(session: Session) -> Findings:
    """An event stream comes with `X-Accel-Buffering: no`.

    The header is for proxies, and nginx takes it away: its absence counts only where nothing stands between.
    """
    yield from no_stream(session)
    for exchange in session.exchanges if session.modern else ():
        if exchange.ok and exchange.is_stream:
            value = exchange.response_header("x-accel-buffering")
            seen = f"an event stream came with X-Accel-Buffering {value!r}"
            if value is not None and value.lower() == "no":
                yield expect(True, exchange, seen)
            elif _is_direct(exchange):
                yield expect(False, exchange, seen)
            else:
                yield undecided(exchange, f"{seen}, which may be a proxy's doing")


def _is_direct(exchange: Exchange) -> bool:
    """Whether the server itself was asked, as far as one can tell: it is near, and no proxy has left its name."""
    server = (exchange.response_header("server") or "").lower()
    named = exchange.response_header("via") is not None or any(proxy in server for proxy in PROXIES)
    return is_private(host_of(exchange.url)) and not named


def _is_of_a_subscription(message: Message, stream: Stream) -> bool:
    listens = any(request.method == LISTEN for request in requests_of(stream))
    return message.kind == "notification" and SUBSCRIPTION in meta_of(message) and not listens


def _last_answers(stream: Stream) -> Iterator[tuple[Exchange, Message]]:
    """The connections on which a response came when none was due any more, and the last response on each."""
    answers = [response_on(stream, request) for request in requests_of(stream)]
    ids = [request.id for request in requests_of(stream)]
    for leg in stream.legs:
        here = [m for m in leg.received if isinstance(m, Message) and m.is_response]
        last = next((m for m in reversed(here) if any(same_id(m.id, id) for id in ids)), None)
        if last is not None and all(a is not None and a.place.exchange <= leg.number for a in answers):
            yield leg, last

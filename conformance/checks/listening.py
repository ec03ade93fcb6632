"""basic/transports: the stream that a client opens with GET ("Listening for Messages from the Server")."""

from collections.abc import Iterator

from conformance.checks.deciding import is_right, says_nothing
from conformance.checks.legs import INCONCLUSIVE, drops, drops_are_announced, is_open, is_progress_of
from conformance.evidence.trace import Exchange, Message
from conformance.evidence.views import Call, Session, Stream
from conformance.judging.check import Findings, check, expect, moot, undecided

HEADER_SINCE = "2025-06-18"  # the first revision that knows the MCP-Protocol-Version header


@check("endpoint.single")
def one_address_serves_post_and_get(session: Session) -> Findings:
    """One endpoint address serves both POST and GET; in the modern era, every request.

    405 says that the address knows of GET and offers no stream. 404 says that nothing is there, provided that the
    session had not ended: it must answer a later POST. Whether there are more addresses is nobody's concern.
    """
    if session.modern:
        yield from _one_address_for_all_requests(session)
        return
    for exchange in _plain_gets(session):
        if exchange.status == 404 and not _lives_on(session, exchange):
            yield undecided(exchange, "GET was answered with 404, and no later POST shows that the session was alive")
        elif exchange.status == 404:
            yield expect(False, exchange, "GET was answered with 404 at the address that answers POST")
        elif exchange.status == 405 or (exchange.ok and exchange.is_stream):
            yield expect(True, exchange, f"GET was answered with {exchange.status} at the address that answers POST")
        else:
            yield undecided(exchange, _answer_in_words(exchange))


def _one_address_for_all_requests(session: Session) -> Findings:
    """A 404 that no JSON-RPC error comes with says that this method is served elsewhere, or nowhere."""
    for call in session.calls:
        exchange = call.exchange
        if not is_right(session, exchange) or says_nothing(exchange):
            continue
        seen = f"{call.request.method} was answered with {exchange.status}"
        if call.response is not None:
            yield expect(True, call, seen)
        elif exchange.status in (404, 405) and exchange.media_type != "application/json" and _is_declared(call):
            yield expect(False, call, f"{seen} and no JSON-RPC response, at the address that answers other requests")


def _is_declared(call: Call) -> bool:
    """Whether the server said that it has what the method is about."""
    return call.request.method.partition("/")[0] in call.session.server_capabilities


@check("get.sse-or-405")
def get_yields_an_event_stream_or_405(session: Session) -> Findings:
    """GET is answered with an event stream, or with 405 if the server offers none.

    Judged on the head of the answer, and only where the request was right in every other respect. A second stream
    beside one that is open, or that the client left without the server's knowledge, may be refused.
    """
    for exchange in _plain_gets(session):
        if exchange.status is None:
            yield undecided(exchange, "GET got no head of an answer: some servers hold it back until the first event")
        elif exchange.status in INCONCLUSIVE or 300 <= exchange.status < 400:
            yield undecided(exchange, _answer_in_words(exchange))
        elif exchange.refused and _is_second(session, exchange):
            yield undecided(exchange, f"a further GET was answered with {exchange.status}; the first was accepted")
        elif exchange.status == 404 and not _lives_on(session, exchange):
            yield undecided(exchange, "GET was answered with 404, and no later POST shows that the session was alive")
        else:
            right = exchange.status == 405 or (exchange.ok and exchange.is_stream)
            yield expect(right, exchange, _answer_in_words(exchange))


@check("get.unrelated")
def messages_on_a_get_stream_concern_no_running_request(session: Session) -> Findings:
    """Messages on a GET stream have nothing to do with requests that are still running.

    Only progress says which request it is about; that of a task may come by any way.
    """
    yield from _no_stream(session)
    streams = list(_get_streams(session))
    for stream in streams:
        for message in _progress_on(stream.first):
            call = _running(session, message)
            if call is not None and "task" not in call.request.params:
                seen = f"progress of {call.request.method} came on a GET stream while the request was running"
                yield expect(False, message, seen)
    for call in session.calls:
        for message in _progress_on(call.exchange) if call.stream else ():
            if is_progress_of(message, call) and any(is_open(stream.first, message.at) for stream in streams):
                yield expect(True, message, "progress came on its request's own stream while a GET stream was open")


@check("get.no-response")
def a_get_stream_carries_no_response(session: Session) -> Findings:
    """A GET stream carries no JSON-RPC response, unless it resumes the stream of an earlier request."""
    yield from _no_stream(session)
    streams = list(_get_streams(session))
    for stream in streams:
        for message in stream.first.received:
            if isinstance(message, Message) and message.is_response:
                yield expect(False, message, f"the response {message.id!r} came on a GET stream")
    for call in session.calls:
        answer = call.response
        elsewhere = answer is not None and all(answer.place.exchange != s.first.number for s in streams)
        if answer is not None and elsewhere and any(is_open(s.first, answer.at) for s in streams):
            yield expect(True, answer, f"{call.request.method} was answered elsewhere while a GET stream was open")


@check("get.polling")
def a_closed_get_connection_is_announced_with_retry(session: Session) -> Findings:
    """A server that drops the connection of a GET stream sends `retry` first and lets the client come back.

    A server may also end the stream itself at any time: only where more follows on return was it the connection
    alone. One such close may be the doing of something in between; a repeated one is the server's.
    """
    yield from _no_stream(session)
    streams = list(_get_streams(session))
    yield from drops_are_announced(streams)
    if streams and not any(drops(stream) for stream in streams):
        yield undecided(session, "no connection of a GET stream was closed by the server before the stream was over")


def _plain_gets(session: Session) -> Iterator[Exchange]:
    """GETs that ask for a new stream as a right client does, in a session that has begun and not ended."""
    begin = session.handshake.exchange if session.handshake else None
    if begin is None or not session.initialized:
        return
    announced = (m.at for x in session.exchanges for m in x.sent if _is_initialized(m))
    ready = next(announced, None)
    for exchange in session.exchanges:
        if exchange.method == "DELETE":
            return
        in_order = ready is not None and ready < exchange.started
        if exchange.method == "GET" and in_order and _asks_rightly(session, exchange, begin):
            yield exchange


def _is_initialized(message: object) -> bool:
    return isinstance(message, Message) and message.method == "notifications/initialized"


def _asks_rightly(session: Session, exchange: Exchange, begin: Exchange) -> bool:
    """Whether nothing but the wish for a stream can be the cause of the answer."""
    version = exchange.request_header("mcp-protocol-version")
    versions = (session.revision,) if session.revision >= HEADER_SINCE else (None, session.revision)
    alike = all(exchange.request_header(name) == begin.request_header(name) for name in ("host", "origin"))
    return (
        exchange.url == begin.url
        and "text/event-stream" in (exchange.request_header("accept") or "").lower()
        and exchange.request_header("mcp-session-id") == session.id
        and exchange.request_header("last-event-id") is None
        and version in versions
        and alike
    )


def _lives_on(session: Session, exchange: Exchange) -> bool:
    """Whether the server still answered a POST in this session after that exchange."""
    later = (x for x in session.exchanges if x.method == "POST" and x.number > exchange.number and x.ok)
    return any(session.id is None or session.names(x) for x in later)


def _is_second(session: Session, exchange: Exchange) -> bool:
    """Whether an earlier GET stream may still be open in the eyes of the server."""
    earlier = [s.last for s in _get_streams(session) if s.first.number < exchange.number]
    return any(leg.ending == "hung up" or is_open(leg, exchange.started) for leg in earlier)


def _answer_in_words(exchange: Exchange) -> str:
    kind = f" and {exchange.media_type}" if exchange.media_type else ""
    return f"GET was answered with {exchange.status or 'nothing'}{kind}"


def _get_streams(session: Session) -> Iterator[Stream]:
    """The streams that began with a GET; one that names a last event may be anything that came before."""
    streams = (s for s in session.streams if s.opened_by == "GET")
    return (s for s in streams if s.first.request_header("last-event-id") is None)


def _no_stream(session: Session) -> Findings:
    for exchange in _plain_gets(session):
        if exchange.status == 405:
            yield moot(exchange, "GET was answered with 405: the server offers no stream to listen on")


def _progress_on(exchange: Exchange) -> Iterator[Message]:
    messages = (m for m in exchange.received if isinstance(m, Message))
    return (m for m in messages if m.method == "notifications/progress")


def _running(session: Session, message: Message) -> Call | None:
    """The request that a progress notification is about, if it was not answered yet."""
    return next(
        (call for call in session.calls if is_progress_of(message, call) and _runs_at(call, message.at)),
        None,
    )


def _runs_at(call: Call, at: float) -> bool:
    return call.request.at <= at and (call.response is None or call.response.at >= at)

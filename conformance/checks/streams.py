"""basic/transports: the streams that answer a POST ("Sending Messages to the Server", 6; "Multiple Connections").

A server chooses for each request between a stream and one JSON document. Where progress was asked for and JSON came,
the server has no use for streams, and what they have to be like does not apply.
"""

from collections import Counter
from collections.abc import Hashable, Iterator

from conformance.checks import unanswered
from conformance.checks.legs import (
    drops,
    drops_are_announced,
    ends_with_session,
    event_ids,
    is_cancelled,
    is_gone,
    is_open,
    is_progress_of,
    is_shared,
    is_taken_over,
    no_stream,
    plain,
    post_streams,
    refusal_to_resume,
    requests_of,
    response_on,
    words_for_end,
    words_for_tail,
)
from conformance.evidence.trace import Event, Exchange, Message
from conformance.evidence.views import Call, Session, Stream, id_key
from conformance.judging.check import Findings, check, expect, moot, undecided

NAMES = (str, int, float)  # of a request or of its progress
GRACE = 2.0  # seconds; the specification gives no number for what is to come soon


@check("stream.prime")
def the_first_event_primes_the_client(session: Session) -> Findings:
    """The first event of a request's stream has an id and empty data, so that the client can come back.

    Comments and a bare `retry` may precede it. An id without any data line primes a client as well, though not in
    the words of the rule. A request that does not name the revision in its header may be answered by older rules;
    `initialize` is one. A server that keeps no session and gives no event ids says that nothing can be resumed.
    """
    yield from no_stream(session)
    forgetful = session.id is None and not any(event_ids(stream) for stream in session.streams)
    for stream in post_streams(session):
        event = next((e for e in stream.first.events if e.id is not None or e.data), None)
        if event is None or stream.first.request_header("mcp-protocol-version") != session.revision:
            continue
        if forgetful:
            yield moot(stream, "the server gives neither a session id nor event ids: nothing can be resumed")
        elif event.id and event.data is None:
            yield undecided(stream, f"the first event has the id {event.id!r} and no data line at all")
        else:
            yield expect(bool(event.id) and event.data == "", stream, f"the first event {_words_for(event)}")


@check("stream.retry")
def a_closed_connection_is_announced_with_retry(session: Session) -> Findings:
    """A server that closes the connection before the stream is over sends `retry` first.

    That the stream was not over shows when a client comes back and more follows. One such close may be the doing
    of something between server and client, so only a repeated one is held against the server.
    """
    yield from no_stream(session)
    streams = list(post_streams(session))
    yield from drops_are_announced(streams)
    if streams and not any(drops(stream) for stream in streams):
        yield undecided(session, "no connection was closed by the server before its stream was over")


@check("stream.has-response")
def the_stream_carries_the_response(session: Session) -> Findings:
    """A stream that a request opened carries the response in the end, be it on a resumed connection.

    A stream that the client left, cancelled or ended with its session decides nothing, nor does a connection that
    broke; one that ended in order counts only when coming back to it brings nothing more. In the modern era, where
    nobody can come back, it counts only if it was not the only one.
    """
    yield from no_stream(session)
    for stream in post_streams(session):
        if session.modern:
            yield from unanswered.response_in_modern_era(stream)
            continue
        for request in requests_of(stream):
            if response_on(stream, request) is not None:
                yield expect(True, request, f"the response to {request.method} came on its stream")
            elif not is_cancelled(session, request) and not ends_with_session(session, stream.last):
                yield from _without_response(stream, request)


@check("stream.not-early-close")
def the_stream_stays_open_until_the_response(session: Session) -> Findings:
    """A stream stays open until the response is out, unless the session ends.

    A proxy's cut can look the same, so only a repeated early end is held against the server.
    """
    yield from no_stream(session)
    early: list[tuple[Message, str]] = []
    for stream in post_streams(session):
        end = next((leg for leg in stream.legs if leg.ending in ("complete", "lost")), stream.last)
        excused = ends_with_session(session, end) or is_taken_over(stream, end)
        for request in requests_of(stream):
            answer = response_on(stream, request)
            if answer is not None and answer.place.exchange <= end.number:
                yield expect(True, request, f"the response to {request.method} came before the stream was closed")
            elif end.ending != "complete":
                yield undecided(request, f"the stream of {request.method} {words_for_end(end)} before the response")
            elif _has_a_nameless_error(stream):
                yield undecided(request, f"the stream of {request.method} was closed after an error without an id")
            elif not excused and not is_cancelled(session, request):
                seen = f"the stream of {request.method} was closed before the response"
                early.append((request, seen + words_for_tail(end)))
    for request, seen in early:
        yield expect(False, request, seen) if len(early) > 1 else undecided(request, f"{seen}; it was seen only once")


@check("disconnect.not-cancel")
def a_dropped_connection_cancels_nothing(session: Session) -> Findings:
    """A dropped connection does not cancel the request.

    The response on the resumed stream, or later progress elsewhere, shows that the work went on. That it did not
    shows only beside an equal call that was left alone: it had its result, and the dropped one still has none.
    """
    yield from no_stream(session)
    for call in session.calls:
        dropped = next((leg for leg in call.stream.legs if leg.ending == "hung up"), None) if call.stream else None
        if call.stream is None or dropped is None or dropped.ended is None or is_cancelled(session, call.request):
            continue
        answer = response_on(call.stream, call.request)
        if answer is None:
            yield from _left_without_response(call, call.stream, dropped.ended)
        elif answer.kind == "result" and answer.at > dropped.ended:
            yield expect(True, call, "the connection was dropped, and the result came on the resumed stream")
        elif answer.at > dropped.ended:
            seen = f"after its connection was dropped {call.request.method} was answered with an error"
            equal = _equal_call(call)
            yield expect(False, call, f"{seen}, an equal call with a result") if equal else undecided(call, seen)


@check("streams.once")
def each_message_goes_to_one_stream_only(session: Session) -> Findings:
    """Each message of the server goes to one stream only.

    Two equal messages may be two: a copy is proved by what occurs once in a session, the id of a request or
    response and a value of progress. What comes again after its connection was lost is no copy.
    """
    yield from no_stream(session)
    fresh = [s for s in session.streams if s.first.request_header("last-event-id") is None]
    sent: dict[Hashable, list[tuple[Stream, Message]]] = {}
    for stream, message, mark in _marked(session, fresh):
        sent.setdefault(mark, []).append((stream, message))
    for copies in sent.values():
        stream, message = min(copies, key=lambda copy: copy[1].at)
        equal = [(s, m) for s, m in copies if s is not stream and m.body == message.body]
        others = [m for s, m in equal if not _ask_alike(s, stream, m) and not _is_lost(stream.first, m.at)]
        what = message.method or f"the response {message.id!r}"
        if others:
            yield expect(False, others[0], f"{what} was sent on {1 + len(others)} streams; first in {message.place}")
        elif any(s is not stream and is_open(s.first, message.at) for s in fresh):
            yield expect(True, message, f"{what} came on one stream while others were open")


def _words_for(event: Event) -> str:
    named = f"has the id {event.id!r}" if event.id else "has no id"
    return f"{named} and {'a message' if event.data else 'empty data'}"


def _without_response(stream: Stream, request: Message) -> Findings:
    seen = f"the stream of {request.method} ended without the response{words_for_tail(stream.last)}"
    if any(leg.ending == "hung up" for leg in stream.legs) or stream.last.ending != "complete":
        yield undecided(request, f"the stream of {request.method} {words_for_end(stream.last)} before the response")
    elif _has_a_nameless_error(stream):
        yield undecided(request, f"the stream of {request.method} ended after an error without an id")
    elif not event_ids(stream):
        yield expect(False, request, f"{seen}, and without an event id to come back with")
    elif is_shared(stream):
        yield undecided(request, f"{seen}; its event ids stand for events of other streams as well")
    elif len(stream.legs) > 1:
        more = any(event.id or event.retry is not None for event in stream.last.events)
        yield undecided(request, f"{seen} yet") if more else expect(False, request, f"{seen}, even when resumed")
    elif (refusal := refusal_to_resume(stream)) is not None and is_gone(stream.session, refusal.started):
        yield undecided(request, f"{seen}, and the session was gone when the client came back for it")
    elif refusal is not None and stream.session.id is not None and not stream.session.names(refusal):
        yield undecided(request, f"{seen}, and the client came back for it without the session's id")
    elif refusal is not None:
        yield expect(False, request, f"{seen}, and coming back was answered with {refusal.status}")
    else:
        yield undecided(request, f"{seen}, and was not resumed")


def _has_a_nameless_error(stream: Stream) -> bool:
    """Whether an error came that names no request: it may be the response, and its id is a rule of its own."""
    heard = (m for leg in stream.legs for m in leg.received if isinstance(m, Message))
    return any(m.kind == "error" and m.id is None for m in heard)


def _left_without_response(call: Call, stream: Stream, dropped: float) -> Findings:
    """No response came after the client had left: did the work stop, or does nothing show it?

    A server need not replay anything, so a resumed stream speaks only where it has brought something back.
    """
    seen = f"the connection of {call.request.method} was dropped"
    last, equal = stream.last, _equal_call(call)
    elsewhere = (m for s in call.session.streams if s is not stream for m in s.first.received)
    if any(isinstance(m, Message) and m.at > dropped and is_progress_of(m, call) for m in elsewhere):
        yield expect(True, call, f"{seen}, and progress came later on")
    elif not event_ids(stream):
        yield undecided(call, f"{seen}; without event ids nothing shows whether the work went on")
    elif ends_with_session(call.session, last):
        yield undecided(call, f"{seen}, and the session ended before the work could show that it went on")
    elif is_shared(stream) or not _is_brought_back(call, stream, dropped):
        yield undecided(call, f"{seen}; nothing was replayed on return, so nothing shows whether the work went on")
    elif equal is None or equal.response is None:
        yield undecided(call, f"{seen}; no equal call shows how long the work takes")
    else:
        over = call.request.at + (equal.response.at - equal.request.at)
        gone = last.ending == "complete" and last.started >= over and all(e.retry is None for e in last.events)
        silent = last.ending in ("hung up", "timed out") and (last.ended or 0) >= over + GRACE
        late = f"{seen}; an equal call had its result, and this one has none on the resumed stream"
        yield expect(False, call, late) if gone or silent else undecided(call, f"{seen}; nobody waited long enough")


def _is_brought_back(call: Call, stream: Stream, dropped: float) -> bool:
    """Whether a return brought something of the call's own stream: an event known from before, or its progress.

    A server that does not know what was meant may take the return for a new stream, and say something else there.
    """
    back = [leg for leg in stream.legs if leg.started >= dropped]
    known = {event.id for leg in stream.legs if leg.started < dropped for event in leg.events if event.id}
    again = any(event.id in known for leg in back for event in leg.events if event.data)
    return again or any(isinstance(m, Message) and is_progress_of(m, call) for leg in back for m in leg.received)


def _equal_call(call: Call) -> Call | None:
    """A call of the same session that asks the same, was left alone, and has its result."""
    return next((other for other in call.session.calls if _has_result(other) and _asks_the_same(other, call)), None)


def _has_result(call: Call) -> bool:
    left_alone = call.exchange.ending == "complete"
    return left_alone and call.response is not None and call.response.kind == "result"


def _asks_the_same(left: Call, right: Call) -> bool:
    return left is not right and plain(left.request) == plain(right.request)


def _marked(session: Session, streams: list[Stream]) -> Iterator[tuple[Stream, Message, Hashable]]:
    """The messages that can be told from all others, with what tells them."""
    ids = Counter(id_key(call.request.id) for call in session.calls if isinstance(call.request.id, NAMES))
    uses = Counter(id_key(call.progress_token) for call in session.calls if isinstance(call.progress_token, NAMES))
    for stream in streams:
        for message in stream.first.received:
            if not isinstance(message, Message):
                continue
            name = message.params.get("progressToken") if message.kind == "notification" else message.id
            if not isinstance(name, NAMES):
                continue
            mark = id_key(name)
            value = message.params.get("progress")
            if message.method == "notifications/progress" and uses[mark] == 1 and isinstance(value, int | float):
                yield stream, message, (mark, message.kind, value)
            elif (message.is_response and ids[mark] == 1) or (message.kind == "request" and message.params):
                yield stream, message, (mark, message.kind, None)


def _is_lost(leg: Exchange, at: float) -> bool:
    return leg.ending != "complete" and leg.ended is not None and leg.ended < at


def _ask_alike(left: Stream, right: Stream, message: Message) -> bool:
    """Whether two streams answer equal requests: a server that counts its ids anew asks the same on both."""
    equal = [plain(r) for r in requests_of(left)] == [plain(r) for r in requests_of(right)] != []
    return message.kind == "request" and equal

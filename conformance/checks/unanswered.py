"""Streams of the modern era that ended without the response. No checks here.

A stream there cannot be resumed, so its end is the end. One that was closed early may be the doing of something
between server and client; when it happens again, the server is meant.
"""

from conformance.checks.legs import (
    is_cancelled,
    post_streams,
    requests_of,
    response_on,
    words_for_end,
    words_for_tail,
)
from conformance.evidence.era import LISTEN
from conformance.evidence.trace import Malformed, Message, Trace
from conformance.evidence.views import Stream, once_per_trace, sessions
from conformance.judging.check import Findings, expect, undecided


def response_in_modern_era(stream: Stream) -> Findings:
    """Whether a stream carried the response; subscriptions, which end otherwise, have rules of their own."""
    request = requests_of(stream)[0]
    if request.method == LISTEN:
        return
    answer, seen = response_on(stream, request), f"the stream of {request.method}"
    if answer is not None:
        yield expect(True, request, f"the response to {request.method} came on its stream")
    elif stream.last.ending != "complete" or is_cancelled(stream.session, request):
        yield undecided(request, f"{seen} {words_for_end(stream.last)} before the response")
    elif not _is_silent(stream):
        yield undecided(request, f"{seen} ended with something that other rules judge in place of the response")
    else:
        often = len(_ended_in_silence(stream.session.trace)) > 1
        told = f"{seen} ended without the response{words_for_tail(stream.last)}"
        yield expect(False, request, told) if often else undecided(request, f"{told}; that was seen only once")


@once_per_trace
def _ended_in_silence(trace: Trace) -> list[Stream]:
    """The streams that the server closed in order, with nothing on them that could be meant as the response."""
    streams = (stream for session in sessions(trace) if session.modern for stream in post_streams(session))
    return [stream for stream in streams if _is_over(stream) and _is_silent(stream)]


def _is_over(stream: Stream) -> bool:
    request = requests_of(stream)[0]
    return request.method != LISTEN and stream.last.ending == "complete" and not is_cancelled(stream.session, request)


def _is_silent(stream: Stream) -> bool:
    """Whether there is neither a response, whatever its id, nor anything that is no message."""
    heard = stream.first.received
    return not any(isinstance(m, Malformed) or (isinstance(m, Message) and m.is_response) for m in heard)

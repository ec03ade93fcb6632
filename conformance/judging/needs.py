"""What a target must offer so that some requirements can be kept or broken at all, and how it says that it does not.

A ledger row names such a need. Where nothing was seen of a requirement and the target declined what it needs, the
verdict is NOT APPLICABLE instead of NOT SEEN, with the words of `declined`.
"""

from collections.abc import Callable
from typing import get_args

from conformance.evidence.era import LISTEN
from conformance.evidence.views import Session
from conformance.judging.check import Finding, Need, moot


def declined(need: Need, found: list[Session]) -> Finding | None:
    """What the target said, if it declined; None if it did not, or was not asked."""
    return _BY_NEED[need](found)


def _no_streams(found: list[Session]) -> Finding | None:
    """Tool calls were answered with JSON, and no request with an event stream; a subscription is always one."""
    calls = [call for session in found for call in session.calls]
    if any(call.exchange.is_stream and call.request.method != LISTEN for call in calls):
        return None
    answered = (c for c in calls if c.request.method == "tools/call" and c.exchange.ok and c.response)
    call = next(answered, None)
    words = "requests are answered with JSON, so nothing of the server's can come before a response"
    return moot(call, words) if call else None


def _no_questions(found: list[Session]) -> Finding | None:
    """Without a stream there is no way to ask, without a session none to answer."""
    greeted = [s.handshake for s in found if s.handshake and s.handshake.response]
    if not greeted or any(call.session.id is not None for call in greeted):
        return _no_streams(found)
    return moot(greeted[0], "the server gives no session id, so an answer could not find its question")


def _no_resumption(found: list[Session]) -> Finding | None:
    """Streams were opened, and none of their events has an id."""
    streams = [stream for session in found for stream in session.streams]
    if not streams or any(event.id for stream in streams for _, _, event in stream.events()):
        return _no_streams(found)
    return moot(streams[0], "no event has an id, so no stream can be resumed")


_BY_NEED: dict[Need, Callable[[list[Session]], Finding | None]] = {
    "streams": _no_streams,
    "questions": _no_questions,
    "resumption": _no_resumption,
}
assert set(_BY_NEED) == set(get_args(Need))

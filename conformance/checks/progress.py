"""Progress notifications and the tokens that they name: basic/utilities/progress."""

import math
from collections.abc import Iterator

from conformance.checks.asked import Key, Question, key_of, questions
from conformance.checks.reading import shown
from conformance.evidence.trace import JSON, Message
from conformance.evidence.views import Call, Session, Stream
from conformance.judging.check import Findings, check, expect, moot, undecided


@check("progress.token-type")
def tokens_of_the_server_are_strings_or_integers(message: Message) -> Findings:
    """A progress token of the server is a string or an integer."""
    meta = message.params.get("_meta")
    if message.kind != "request" or not isinstance(meta, dict) or "progressToken" not in meta:
        return
    token = meta["progressToken"]
    whole = isinstance(token, float) and token.is_integer()
    good = isinstance(token, str | int) and not isinstance(token, bool)
    yield expect(good or whole, message, f"{message.method} came with the progress token {shown(token)}")


@check("progress.token-unique")
def running_requests_of_the_server_have_different_tokens(session: Session) -> Findings:
    """Progress tokens of the server's running requests differ. One request alone shows nothing."""
    latest: dict[Key, Question] = {}
    before: Question | None = None
    for question in questions(session):
        if not question.has_token:
            continue
        now, other = question.request.at, latest.get(key_of(question.token))
        seen = f"{question.request.method} has the token {shown(question.token)}"
        if other is not None and _runs_at(other, now):
            yield expect(False, question.request, f"{seen}, which a request that is still running has too")
        elif before is not None and _runs_at(before, now):
            yield expect(True, question.request, f"{seen}, unlike another request that was still running")
        else:
            yield undecided(question.request, f"{seen}, and no other request with a token was running")
        latest[key_of(question.token)] = before = question


def _runs_at(question: Question, time: float) -> bool:
    """Whether a question was open: not answered, not cancelled, and its call not over."""
    ends = [question.answer, question.cancelled, question.call.response if question.call else None]
    return not any(end is not None and end.at <= time for end in ends)


@check("progress.increases")
def progress_grows(session: Session) -> Findings:
    """Progress values of one token increase with each notification; equal values break it.

    Judged within one stream, because two connections have no common order, and without what a resumed stream
    repeats. To report nothing is allowed.
    """
    repeated = _tokens_used_again(session)
    for stream in session.streams:
        last: dict[Key, float] = {}
        for message in _progress_on(stream):
            token, value = message.params.get("progressToken"), message.params.get("progress")
            if not isinstance(value, int | float) or isinstance(value, bool) or key_of(token) in repeated:
                continue
            before = last.get(key_of(token))
            last[key_of(token)] = value
            if before is not None:
                seen = f"progress of token {shown(token)} went from {shown(before)} to {shown(value)}"
                yield expect(value > before, message, seen)
    for call in session.calls:
        if call.progress_token is not None and call.response is not None:
            yield from _silent(call)


def _silent(call: Call) -> Findings:
    """What follows from a call that wanted progress and got none on its own answer."""
    if call.stream is None:
        yield moot(call, "a call that wanted progress was answered with JSON, where none can be reported")
    elif not any(_progress_on(call.stream)):
        yield undecided(call, "a call that wanted progress got none, which is allowed")


@check("progress.known-token")
def progress_names_a_token_that_was_given(session: Session) -> Findings:
    """Progress names only tokens that a request of the client has given before, in value and type.

    The request has to be running still: it is not for certain where the progress came in the answer to another one,
    which was sent when the response was there.
    """
    if session.handshake is None and not session.modern:
        return
    finished = _answered_at(session)
    began = {x.number: x.started for x in session.exchanges if x.method == "POST"}
    given: set[Key] = set()
    for message in session.messages():
        if message.sender == "client" and message.kind == "request":
            meta = message.params.get("_meta")
            token = meta.get("progressToken") if isinstance(meta, dict) else None
            given |= {key_of(token)} if token is not None else set()
        elif message.sender == "server" and message.method == "notifications/progress":
            named = message.params.get("progressToken")
            seen = f"progress names the token {shown(named)}"
            known = key_of(named) in given
            late = began.get(message.place.exchange, 0.0) > finished.get(key_of(named), math.inf)
            told = "whose request was answered before" if known else "which no request had given"
            yield expect(known and not late, message, f"{seen}, {told}" if late or not known else seen)


@check("progress.stops")
def progress_ends_with_the_response(session: Session) -> Findings:
    """No progress is reported after the response. Judged on the stream that carried both, where order is certain."""
    for call in session.calls:
        token = call.progress_token
        if token is None or call.stream is None or call.response is None or "task" in call.response.result:
            continue
        answered, late, early = False, 0, 0
        for message in _fresh(call.stream):
            answered = answered or (message.is_response and key_of(message.id) == key_of(call.request.id))
            if message.method == "notifications/progress" and _names(message, token):
                late, early = late + answered, early + (not answered)
        seen = f"{early} progress notifications before the response, {late} after it"
        if answered and (late or early):
            yield expect(not late, call, seen)
        else:
            yield undecided(call, "a call that wanted progress got none on the stream of its response")


def _names(message: Message, token: JSON) -> bool:
    return key_of(message.params.get("progressToken")) == key_of(token)


def _progress_on(stream: Stream) -> Iterator[Message]:
    return (m for m in _fresh(stream) if m.method == "notifications/progress")


def _fresh(stream: Stream) -> Iterator[Message]:
    """The messages on a stream in order, each once: a resumed stream may repeat what came after the last id.

    Not every event needs an id; one that has none is known again by what it says.
    """
    seen: set[str] = set()
    for leg in stream.legs:
        marks = [f"id {event.id}" if event.id else f"data {event.data}" for event in leg.events]
        for message in leg.received:
            repeated = message.place.event is not None and marks[message.place.event] in seen
            if isinstance(message, Message) and not repeated:
                yield message
        seen |= set(marks)


def _answered_at(session: Session) -> dict[Key, float]:
    """When the request that gave a token had its response, where only one gave it; a task's progress may go on."""
    again = _tokens_used_again(session)
    return {
        key_of(call.progress_token): call.response.at
        for call in session.calls
        if call.progress_token is not None and call.response is not None and "task" not in call.request.params
        if key_of(call.progress_token) not in again
    }


def _tokens_used_again(session: Session) -> set[Key]:
    """Tokens that several requests gave: which of them a notification is about cannot be told."""
    once: set[Key] = set()
    again: set[Key] = set()
    for call in session.calls:
        if call.progress_token is not None:
            token = key_of(call.progress_token)
            (again if token in once else once).add(token)
    return again

"""Sessions and their streams as lines: who speaks, in which revision, and how each stream is doing."""

from collections.abc import Iterable, Iterator

from conformance.report.text import count, duration, short, size
from inspector.glyphs import Glyphs
from inspector.model.feed import Feed
from inspector.model.nouns import LiveSession, LiveStream
from inspector.widgets.flat import hue
from inspector.widgets.lines import Part, fit
from inspector.widgets.listing import Line

_SESSIONS = 300  # that are listed; the newest
_STREAMS = 100  # of a session; the newest, and those that are open
_MIDDLE, _TITLE = 9, 21  # columns of what is wrong with a session, and of whose it is
_STREAMS_ASIDE = 12  # the same beside the lanes


def tree_lines(feed: Feed, glyphs: Glyphs, chosen: LiveSession | None) -> Iterator[Line]:
    """All sessions in the order in which they began, with the streams of the chosen one: for a narrow pane."""
    for session in list(feed.sessions)[-_SESSIONS:]:
        unfolded = session is chosen
        sign = glyphs.unfolded if unfolded else glyphs.folded if session.streams else " "
        ink = "dim" if session.ended else "title" if unfolded else "text"
        title = f"{sign} {fit(session.shown_id, 6) if session.id else ''}"
        yield Line(session, ((title, ink), *_broken(session, glyphs), (who(session), ink)))
        if unfolded:
            revision = session.revision or "revision unknown"
            state = ", over" if session.ended else ""
            yield Line(None, ((f"  {revision}, {count(session.messages, 'message')}{state}", "dim"),))
            for stream in _streams(session, _STREAMS_ASIDE):
                yield Line(stream, tuple(_stream_aside(stream, glyphs)))


def session_lines(feed: Feed, glyphs: Glyphs) -> Iterator[Line]:
    """All sessions with all their streams: for a wide pane."""
    for session in list(feed.sessions)[-_SESSIONS:]:
        yield Line(session, tuple(_session(session, glyphs)))
        for stream in _streams(session, _STREAMS):
            yield Line(stream, tuple(_stream(stream, glyphs)))


def who(session: LiveSession) -> str:
    """The client of a session, as it calls itself if it does."""
    return session.client_name or short(session.client, 60)


def about_session(session: LiveSession) -> Iterator[Part]:
    """What is known of a session."""
    yield f"session {session.number}\n", "title"
    facts = {
        "id": session.shown_id,
        "client": session.client_name or "it has not said",
        "from": short(session.client, 60),
        "server": session.server_name or "it has not said",
        "revision": session.revision or "not agreed on yet",
        "state": "over" if session.ended else "going on",
        "began": f"{session.began:.3f} s",
        "last heard": f"{session.last_at:.3f} s",
        "messages": f"{session.messages:,}",
        "answers": size(session.bytes),
        "streams": f"{len(session.streams)}, {len(session.in_lane)} open or severed",
        "pending": count(sum(call.may_be_answered for call in session.pending), "call"),
        "broken": count(len(session.violations), "rule"),
    }
    for name, value in facts.items():
        yield f"{name:<11}", "dim"
        yield f"{value}\n", "text"
    if session.modern:
        yield "\nNothing begins a session in this revision: it is what this client says.\n", "dim"


def about_stream(stream: LiveStream) -> Iterator[Part]:
    """What is known of a stream, leg by leg."""
    yield f"stream {stream.name}\n", hue(stream.number, stream.primary)
    call = stream.call
    yield f"{f'answers {call.title}' if call is not None else 'opened by GET'}, {stream.state}\n\n", "text"
    yield "ledger\n", "head"
    for name, amount in stream.ledger.amounts.items():
        bad = name in ("lost", "twice") and not amount.endswith(" 0") and amount != "0"
        yield f"{amount:>12} ", "should" if bad else "text"
        yield f"{name}\n", "dim"
    yield f"\n{count(stream.events, 'event')}, {size(stream.bytes)}\n", "text"
    yield f"last event {short(stream.last_id or 'without an id', 60)}\n\n", "text"
    for leg in stream.legs:
        facts = leg.facts
        yield f"leg {leg.leg}  ", "head"
        yield f"exchange {facts.number}, {facts.method} at {facts.started:.3f} s\n", "text"
        if facts.last_event_id is not None:
            yield f"       after {short(facts.last_event_id, 60)}\n", "dim"
        end = f"{facts.ending} after {duration(facts.ended - facts.started)}" if facts.ended is not None else "open"
        yield f"       {count(leg.said, 'event')}, {size(leg.size)}, {end}\n", "dim"


def _session(session: LiveSession, glyphs: Glyphs) -> Iterator[Part]:
    ink = "dim" if session.ended else "title"
    yield f"{glyphs.ended if session.ended else glyphs.unfolded} {fit(session.shown_id, 8)}", ink
    broken = list(_broken(session, glyphs))
    yield from broken
    yield " " * (_MIDDLE - sum(len(text) for text, _ in broken)), ""
    yield fit(who(session), _TITLE), ink
    yield f"{session.revision or 'unknown':<11}", "dim"
    yield f"{_amount(session.messages, 'message')}{size(session.bytes):>10}", "dim"


def _stream(stream: LiveStream, glyphs: Glyphs) -> Iterator[Part]:
    ink = hue(stream.number, stream.primary)
    yield f"  {_state_sign(stream, glyphs)} {fit(stream.name, 9)}", ink
    yield f"{_legs(stream, glyphs):<{_MIDDLE - 3}}", "text" if stream.ledger.is_clean else "should"
    title = stream.call.title if stream.call is not None else "answers no request"
    yield fit(title, _TITLE), "text" if stream.state == "open" else "dim"
    yield f"{stream.state:<11}{_amount(stream.events, 'event')}{size(stream.bytes):>10}", "dim"
    if not stream.ledger.is_clean:
        amounts = stream.ledger.amounts
        yield f"  {amounts['lost']} lost, {amounts['twice']} twice", "should"


def _stream_aside(stream: LiveStream, glyphs: Glyphs) -> Iterator[Part]:
    ink = hue(stream.number, stream.primary)
    yield f"  {_state_sign(stream, glyphs)} {fit(stream.name, 7)}", ink
    yield f"{_legs(stream, glyphs):<3}", "text" if stream.ledger.is_clean else "should"
    events = f"{stream.events:>5,} {'event' if stream.events == 1 else 'events'}"
    yield events, "text" if stream.state == "open" else "dim"


def _legs(stream: LiveStream, glyphs: Glyphs) -> str:
    """How often a stream was resumed, and whether anything was lost or came twice."""
    often = f"{glyphs.resumed}{stream.leg_count - 1}" if stream.leg_count > 1 else ""
    return often if stream.ledger.is_clean else f"{often}{glyphs.should}"


def _amount(number: int, thing: str) -> str:
    """How many, with the numbers of all lines below each other."""
    return f"{number:>5,} {thing if number == 1 else thing + 's':<8}"


def _state_sign(stream: LiveStream, glyphs: Glyphs) -> str:
    return {"open": glyphs.live, "ended": glyphs.ended, "severed": glyphs.severed}[stream.state]


def _streams(session: LiveSession, most: int) -> Iterable[LiveStream]:
    """The newest streams, and those that are not over."""
    newest = session.streams[-most:]
    older = [each for _, each in sorted(session.in_lane.items()) if each.number < newest[0].number] if newest else []
    return [*older[:most], *newest]


def _broken(session: LiveSession, glyphs: Glyphs) -> Iterator[Part]:
    """How many rules were broken in a session."""
    must = sum(violation.level == "MUST" for violation in session.violations)
    should = len(session.violations) - must
    if must:
        yield f"{glyphs.must}{must} ", "must"
    if should:
        yield f"{glyphs.should}{should} ", "should"

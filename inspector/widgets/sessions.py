"""Sessions and their streams as lines: who speaks, in which revision, and how each stream is doing."""

from collections.abc import Iterable, Iterator

from conformance.report.text import count, duration, short, size
from inspector.glyphs import Glyphs
from inspector.model.feed import Feed
from inspector.model.nouns import LiveSession, LiveStream
from inspector.widgets.flat import hue
from inspector.widgets.lines import Part, fit
from inspector.widgets.listing import Line
from inspector.widgets.message import ledger_words

_SESSIONS = 300  # that are listed; the newest
_STREAMS = 100  # of a session; the newest, and those that are open
_STREAMS_ASIDE = 12  # the same beside the lanes


def tree_lines(feed: Feed, glyphs: Glyphs, chosen: LiveSession | None) -> Iterator[Line]:
    """All sessions in the order in which they began, with the streams of the chosen one: for a narrow pane."""
    for session in list(feed.sessions)[-_SESSIONS:]:
        unfolded = session is chosen
        name = session.client_name.partition(" ")[0] or short(session.client, 20)
        sign = glyphs.unfolded if unfolded else glyphs.folded if session.streams else " "
        ink = "dim" if session.ended else "title" if unfolded else "text"
        title = f"{sign} {fit(session.shown_id, 6)}"
        yield Line(session, ((title, ink), *_broken(session, glyphs), (name, ink)))
        if unfolded:
            revision = session.revision or "revision unknown"
            state = ", over" if session.ended else ""
            yield Line(None, ((f"    {revision}, {count(session.messages, 'message')}{state}", "dim"),))
            for stream in _streams(session, _STREAMS_ASIDE):
                yield Line(stream, tuple(_stream_aside(stream, glyphs)))


def session_lines(feed: Feed, glyphs: Glyphs) -> Iterator[Line]:
    """All sessions with all their streams: for a wide pane."""
    for session in list(feed.sessions)[-_SESSIONS:]:
        yield Line(session, tuple(_session(session, glyphs)))
        for stream in _streams(session, _STREAMS):
            yield Line(stream, tuple(_stream(stream, glyphs)))


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
        "streams": f"{len(session.streams)}, {len(session.in_lane)} of them open or severed",
        "pending": count(len(session.pending), "call"),
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
    for each in ledger_words(stream).split(", "):
        times, _, name = each.partition(" ")
        bad = name in ("lost", "twice") and times != "0"
        yield f"{times:>8} ", "should" if bad else "text"
        yield f"{name}\n", "dim"
    yield f"\n{count(stream.events, 'event')}, {size(stream.bytes)}\n", "text"
    yield f"last event {short(stream.last_id or 'without an id', 60)}\n\n", "text"
    for number, leg in enumerate(stream.legs, 1):
        facts = leg.facts
        yield f"leg {number}  ", "head"
        yield f"exchange {facts.number}, {facts.method} at {facts.started:.3f} s\n", "text"
        if facts.last_event_id is not None:
            yield f"       after {short(facts.last_event_id, 60)}\n", "dim"
        end = f"{facts.ending} after {duration(facts.ended - facts.started)}" if facts.ended is not None else "open"
        yield f"       {count(leg.events, 'event')}, {size(leg.size)}, {end}\n", "dim"


def _session(session: LiveSession, glyphs: Glyphs) -> Iterator[Part]:
    ink = "dim" if session.ended else "title"
    yield f"{glyphs.unfolded} {fit(session.shown_id, 8)}", ink
    yield f"{fit(session.client_name or session.client, 24)}", ink
    yield f"{session.revision or 'unknown':<11}", "dim"
    yield f"{count(session.messages, 'message'):>14} {size(session.bytes):>10}  ", "dim"
    yield ("over  ", "dim") if session.ended else ("", "")
    yield from _broken(session, glyphs)


def _stream(stream: LiveStream, glyphs: Glyphs) -> Iterator[Part]:
    ink = hue(stream.number, stream.primary)
    yield f"  {_state_sign(stream, glyphs)} {fit(stream.name, 10)}", ink
    title = stream.call.title if stream.call is not None else "no request's"
    yield fit(title, 31), "text" if stream.state == "open" else "dim"
    yield f"{count(stream.events, 'event'):>10} {size(stream.bytes):>10}  {stream.state:<8}", "dim"
    if len(stream.legs) > 1:
        yield f" {glyphs.resumed} {count(len(stream.legs), 'leg')}", "text"
    ledger = stream.ledger
    if ledger.lost or ledger.duplicated:
        yield f" {ledger.lost} lost, {ledger.duplicated} twice", "should"


def _stream_aside(stream: LiveStream, glyphs: Glyphs) -> Iterator[Part]:
    ink = hue(stream.number, stream.primary)
    yield f"  {_state_sign(stream, glyphs)} {fit(stream.name, 10)}", ink
    yield f"{count(stream.events, 'event'):>10}", "text" if stream.state == "open" else "dim"
    if len(stream.legs) > 1:
        yield f" {glyphs.resumed}{len(stream.legs) - 1}", "text"


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

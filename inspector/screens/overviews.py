"""Sessions and streams, violations, rules, hung calls: a list of each, and what is to be read about one."""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence

from conformance.report.text import count, duration, visible
from inspector.hung import Hung, hung_calls
from inspector.model.nouns import LiveCall, LiveSession, LiveStream, Violation
from inspector.rulebook import STATES, Chapter, RuleLine, State, chapters
from inspector.screens.overview import Overview
from inspector.widgets.lines import Part
from inspector.widgets.listing import Line
from inspector.widgets.message import violation_parts
from inspector.widgets.sessions import about_session, about_stream, session_lines, who
from inspector.widgets.violations import by_rule


class SessionsView(Overview):
    """Sessions, and the streams of each."""

    caption = "Sessions and streams"
    vacant = ("no session yet",)

    def entries(self) -> Sequence[Line]:
        """All of them."""
        return list(session_lines(self.source.feed, self.glyphs))

    def about(self, key: Hashable) -> Iterable[Part]:
        """A session or a stream."""
        if isinstance(key, LiveStream):
            return about_stream(key)
        return about_session(key) if isinstance(key, LiveSession) else ()

    def row_of(self, key: Hashable) -> int | None:
        """Where it begins."""
        if isinstance(key, LiveStream):
            return key.opened_row
        return key.rows[0] if isinstance(key, LiveSession) and key.rows else None


class ViolationsView(Overview):
    """What broke which rule."""

    caption = "Violations by rule"
    vacant = ("no rule was broken",)

    def state(self) -> object:
        """They change only when the judge has news."""
        return self.source.epoch, self.source.feed.verdicts

    def entries(self) -> Sequence[Line]:
        """By rule."""
        return list(by_rule(self.source.feed, self.glyphs))

    def subtitle(self) -> str:
        """How many there are."""
        broken = self.source.feed.violations
        return f"{count(len(broken), 'violation')} of {count(len({v.key for v in broken}), 'rule')}"

    def about(self, key: Hashable) -> Iterator[Part]:
        """The rule, and what was seen."""
        violation = self._first(key)
        if violation is not None:
            yield from violation_parts(violation, self.glyphs)
            yield f"\nat {violation.at:.3f} s, exchange {violation.exchange}", "dim"
            yield f", event {violation.event}\n" if violation.event is not None else "\n", "dim"
            yield "enter goes there\n", "dim"

    def row_of(self, key: Hashable) -> int | None:
        """Where it was."""
        violation = self._first(key)
        return violation.row if violation is not None else None

    def _first(self, key: Hashable) -> Violation | None:
        if isinstance(key, Violation):
            return key
        found = (v for v in self.source.feed.violations if (v.key, v.party, v.revision, v.level) == key)
        return next(found, None)


class RulesView(Overview):
    """How each rule stands in this traffic."""

    caption = "Rules of the revisions that are spoken"
    vacant = ("no revision is spoken yet",)
    _chapters: Sequence[Chapter] = ()

    def state(self) -> object:
        """They change only when the judge has news."""
        return tuple(self.source.rules.values())

    def entries(self) -> Sequence[Line]:
        """By revision and party, the broken ones first."""
        self._chapters = chapters(self.source.rules)
        return [line for chapter in self._chapters for line in self._chapter(chapter)]

    def subtitle(self) -> str:
        """How much was exercised, of each party in the newest revision."""
        newest = [each for each in self._chapters if each.revision == self._chapters[0].revision]
        shares = ", ".join(f"{each.share} rules of the {each.party}" for each in newest)
        return f"{shares} exercised" if newest else ""

    def about(self, key: Hashable) -> Iterator[Part]:
        """What a rule asks, and how it stands."""
        if isinstance(key, RuleLine):
            yield f"{key.key}\n", "title"
            yield f"{key.level} for the {key.party}, {key.revision}\n\n", "dim"
            yield f"{visible(key.text)}\n\n", "text"
            yield f"{key.state}\n", _ink(key)
            yield f"{visible(key.why)}\n" if key.why else "", "dim"
            yield f"{count(key.broken, 'violation')}\n" if key.broken else "", "text"
            yield f"\n{key.url}\n", "link"

    def row_of(self, key: Hashable) -> int | None:
        """Where it was broken first."""
        found = (
            violation.row
            for violation in self.source.feed.violations
            if isinstance(key, RuleLine)
            and (violation.key, violation.party, violation.revision) == (key.key, key.party, key.revision)
        )
        return next(found, None)

    def _chapter(self, chapter: Chapter) -> Iterator[Line]:
        tally = chapter.tally
        signs = dict(zip(STATES, self._signs(), strict=True))
        counts = "  ".join(f"{signs[state]} {tally[state]} {_SHORT[state]}" for state in STATES if tally[state])
        yield Line(None, ((f"{chapter.revision} {chapter.party}  ", "title"), (counts, "dim")))
        for line in chapter.lines:
            times = f"{line.broken} times: " if line.broken > 1 else ""
            sign = self.glyphs.should if _ink(line) == "should" else signs[line.state]
            parts: tuple[Part, ...] = (
                (f"  {sign} {line.key:<26} ", _ink(line)),
                (f"{line.level:<7}", "dim"),
                (times, _ink(line)),
                (line.text, "text" if line.state in ("kept", "broken") else "dim"),
            )
            yield Line(line, parts)
        yield Line(None, (("", ""),))

    def _signs(self) -> tuple[str, ...]:
        glyphs = self.glyphs
        return glyphs.must, glyphs.kept, glyphs.rule, glyphs.never, glyphs.blind


def _ink(line: RuleLine) -> str:
    return "should" if line.state == "broken" and line.level == "SHOULD" else _INK[line.state]


_SHORT: Mapping[State, str] = {
    "broken": "broken",
    "kept": "kept",
    "not applicable": "n/a",
    "never seen": "unseen",
    "not observable": "blind",
}
_INK = {"broken": "must", "kept": "kept", "not applicable": "dim", "never seen": "dim", "not observable": "dim"}


class HungView(Overview):
    """Calls that nobody has answered, and why."""

    caption = "Calls that hang, and why"
    vacant = ("every call was answered",)
    _found: Sequence[Hung] = ()

    def entries(self) -> Sequence[Line]:
        """The oldest first."""
        now = self.source.now()
        self._found = hung_calls(self.source.feed.sessions, self.source.feed.rows, now)
        return [line for hung in self._found for line in self._lines(hung, now)]

    def subtitle(self) -> str:
        """How many there are."""
        return count(len(self._found), "call") if self._found else ""

    def about(self, key: Hashable) -> Iterator[Part]:
        """The call, its session, its stream."""
        hung = next((hung for hung in self._found if hung.call is key), None)
        if hung is None:
            return
        call, stream = hung.call, hung.call.exchange.stream
        yield f"#{call.shown_id} {call.title}\n", "title"
        yield f"asked by the {call.asker} at {call.started:.3f} s in session {hung.session.shown_id}\n\n", "dim"
        yield f"{hung.why}\n\n", "should" if hung.cause not in ("cancelled", "open") else "text"
        if stream is not None:
            yield from about_stream(stream)

    def row_of(self, key: Hashable) -> int | None:
        """Where it was asked."""
        return key.row if isinstance(key, LiveCall) else None

    def _lines(self, hung: Hung, now: float) -> Iterator[Line]:
        """The call, and below it why it hangs."""
        yield Line(hung.call, tuple(self._line(hung, now)))
        yield Line(None, ((f"{'':>12}{hung.why}", "text"),))

    def _line(self, hung: Hung, now: float) -> Iterator[Part]:
        glyphs, call = self.glyphs, hung.call
        sign = {"cancelled": glyphs.rule, "open": glyphs.waiting}.get(hung.cause, glyphs.should)
        yield f"{sign} {duration(now - hung.since):>8}  ", "dim" if hung.cause == "cancelled" else "title"
        yield f"#{call.shown_id} {call.title}", "client" if call.asker == "client" else "text"
        yield f"  {hung.session.shown_id if hung.session.id else who(hung.session)}", "dim"

"""The pages of one revision: one per requirement and one per story."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from jinja2 import Environment
from markupsafe import Markup

from conformance.evidence.trace import Exchange, Place
from conformance.evidence.views import Session, sessions
from conformance.judging.check import CHECKS, Check, Finding, Verdict
from conformance.judging.judge import Judgement
from conformance.judging.ledger import Requirement
from conformance.report.evidence import Bounds, viewed
from conformance.report.overview import accusing
from conformance.report.sights import Sight, grouped, numbered
from conformance.report.steps import steps
from conformance.report.swimlane import Note, swimlane
from conformance.report.text import duration, file_name
from conformance.run import RevisionRun

_OTHER = "other"  # exchanges of no story
_BAD = (Verdict.FAIL, Verdict.WARN)
_CITED = 60  # findings whose events are shown in any case
_SIGHTS = {True: 20, False: 8}  # sentences about what was seen, on a requirement's page: broken or not
_PLACES = {True: 6, False: 3}  # where it was seen, for each of them
_SESSIONS = 4  # breaches that are drawn in one picture, whatever their sessions
_DRAWN, _CONTEXT = 2, 14  # exchanges in the picture of a requirement: kept, broken
_SHOWN = {True: 6, False: 0}  # and those that are shown in full; what is kept can be read with its story
_BOUNDS = {True: Bounds(body=4_000, events=16), False: Bounds(body=1_000, events=5, usual=False)}
_STORY = Bounds(body=400, events=3, usual=False)
_STORY_LENGTH = 90  # exchanges


class RevisionPages:
    """What the pages of one revision have in common: its sessions, its streams and what was rendered before."""

    def __init__(
        self, revision: RevisionRun, environment: Environment, sources: dict[str, str], trace: str = ""
    ) -> None:
        self.revision = revision
        self.trace = trace
        self._sources = sources
        self._exchange = environment.get_template("exchange.html")
        self._requirement = environment.get_template("requirement.html")
        self._story = environment.get_template("story.html")
        self._by_number = {exchange.number: exchange for exchange in revision.trace.exchanges}
        self._session: dict[int, Session] = {}
        self._legs: dict[int, list[int]] = {}
        self._joined: dict[int, int] = {}
        self._rendered: dict[tuple[int, bool, frozenset[int]], Markup] = {}
        self._told = {telling.story: telling for telling in revision.tellings}
        self._accused: dict[int, list[Note]] = {}
        self._by_story: dict[str, list[Exchange]] = {story: [] for story in self._told}
        self._in_story: set[int] = set()  # those that have a place on their story's page
        self._look_through()

    def requirement(self, judgement: Judgement, everywhere: list[Judgement], fault: str) -> str:
        """The page of a requirement. `everywhere` holds its verdicts in all revisions."""
        row = judgement.requirement
        check = CHECKS.get((row.key, row.party))
        return self._requirement.render(
            self._seen(judgement),
            root="../../",
            judgement=judgement,
            row=row,
            everywhere=everywhere,
            sections=_sections(row),
            crash=judgement.why if judgement.verdict is Verdict.ERROR else "",
            why=judgement.why or _silence(judgement.verdict),
            kept=sum(finding.outcome == "ok" for finding in judgement.findings),
            trace=self.trace,
            source=self._source(check) if check else "",
            fault=fault if check else "",
        )

    def _seen(self, judgement: Judgement) -> dict[str, object]:
        """What was seen, and the evidence: more of it where something is broken."""
        broken, decisive = judgement.verdict in _BAD, judgement.decisive
        sights = grouped(decisive)
        told = sights[: _SIGHTS[broken]]
        concerned = self._concerned(decisive)
        shown = concerned[: _SHOWN[broken]]
        drawn = self._in_context(concerned) if broken else concerned[:_DRAWN]
        notes = numbered(told, broken)
        return {
            "broken": broken,
            "sights": [self._sight(sight, shown, _PLACES[broken]) for sight in told],
            "more": sum(len(sight.findings) for sight in sights[len(told) :]),
            "picture": self._picture(drawn, notes, "The exchanges concerned", shown) if drawn else "",
            "curl": "\n".join(self._again(decisive)),
            "exchanges": [self._view(x, broken, _cited(decisive, x.number), link=True) for x in shown],
            "hidden": len(concerned) - len(shown) if shown else 0,
        }

    def stories(self, having: Mapping[str, list[str]]) -> Iterator[tuple[str, str]]:
        """Name and page of every story, and of what was sent beside them. `having`: who else tells a story."""
        for story, exchanges in self._by_story.items():
            others = [name for name in having.get(story, ()) if name != self.revision.revision]
            yield story, self._story_page(story, exchanges, others)

    def _story_page(self, story: str, exchanges: list[Exchange], others: list[str]) -> str:
        telling = self._told.get(story)
        drawn = exchanges[:_STORY_LENGTH]
        notes = [note for exchange in drawn for note in self._accused.get(exchange.number, ())]
        title = telling.title if telling else "What was sent before and beside the stories."
        return self._story.render(
            root="../../",
            story=story,
            title=title,
            revision=self.revision.revision,
            others=others,
            telling=telling,
            took=duration(telling.ended - telling.began) if telling else "",
            picture=self._picture(drawn, notes, title, drawn) if drawn else "",
            exchanges=[self._view(x, False, frozenset(), link=False) for x in drawn],
            hidden=len(exchanges) - len(drawn),
            trace=self.trace,
        )

    def _look_through(self) -> None:
        """Find out whose session each exchange is in, which legs make a stream, and what is held against whom."""
        for session in sessions(self.revision.trace):
            self._session.update({exchange.number: session for exchange in session.exchanges})
            for stream in session.streams:
                numbers = [leg.number for leg in stream.legs]
                self._legs.update(dict.fromkeys(numbers, numbers))
                self._joined.update(zip(numbers[1:], numbers, strict=False))
        for exchange in self.revision.trace.exchanges:
            told = self._by_story.setdefault(exchange.story or _OTHER, [])
            told.append(exchange)
            if len(told) <= _STORY_LENGTH:
                self._in_story.add(exchange.number)
        for judgement, finding in accusing(self.revision):
            if finding.place is not None:
                key = judgement.key
                href = f"../../r/{file_name(self.revision.revision)}/{file_name(key)}.html"
                note = Note(finding.place, True, f"{key}: {finding.seen}", href)
                self._accused.setdefault(finding.place.exchange, []).append(note)

    def _concerned(self, findings: tuple[Finding, ...]) -> list[Exchange]:
        """The exchanges that findings are about, with all legs of their streams, in the order of the findings."""
        numbers: dict[int, None] = {}
        for finding in findings[:400]:
            if finding.place is not None:
                number = finding.place.exchange
                numbers.update(dict.fromkeys(self._legs.get(number, [number])))
        return [self._by_number[number] for number in numbers if number in self._by_number]

    def _in_context(self, concerned: list[Exchange]) -> list[Exchange]:
        """What is concerned and what happened around it: all of a short session, else what was under way as well.

        Many breaches in many sessions are told by the session of the first.
        """
        first = self._session.get(concerned[0].number) if len(concerned) > _SESSIONS else None
        if first is not None:
            concerned = [exchange for exchange in concerned if self._session.get(exchange.number) is first]
        numbers = {exchange.number for exchange in concerned[:_CONTEXT]}
        for exchange in concerned[:_CONTEXT]:
            session = self._session.get(exchange.number)
            around = {other.number for other in session.exchanges} if session else set()
            if len(numbers | around) > _CONTEXT:
                around = {number for number in around if _overlap(self._by_number[number], exchange)}
            if len(numbers | around) <= _CONTEXT:
                numbers |= around
        return [self._by_number[number] for number in numbers]

    def _picture(self, exchanges: list[Exchange], notes: list[Note], title: str, shown: list[Exchange]) -> Markup:
        in_order = sorted(exchanges, key=lambda exchange: exchange.number)
        links = {exchange.number: self._href(exchange.place, shown) for exchange in in_order}
        return swimlane(in_order, notes, joined=self._joined, title=title, links=links)

    def _view(self, exchange: Exchange, broken: bool, cited: frozenset[int], *, link: bool) -> Markup:
        key = (exchange.number, broken, cited)
        if link and key in self._rendered:
            return self._rendered[key]
        bounds = _BOUNDS[broken] if link else _STORY
        view = viewed(exchange, bounds, cited)
        rendered = Markup(
            self._exchange.render(x=view, story_link=self._story_of(exchange) if link else "", folded=not link)
        )
        if link:
            self._rendered[key] = rendered
        return rendered

    def _again(self, findings: tuple[Finding, ...]) -> list[str]:
        """The commands that show what the first finding is about."""
        placed = next((finding for finding in findings if finding.place is not None), None)
        return steps(self.revision.trace, placed, fold=True) if placed else []

    def _sight(self, sight: Sight, shown: list[Exchange], most: int) -> dict[str, object]:
        places = list(dict.fromkeys(finding.place for finding in sight.findings if finding.place is not None))
        links = [(str(place), self._href(place, shown)) for place in places[:most]]
        times = len(sight.findings) if len(sight.findings) > len(places) else 0
        return {"seen": sight.seen, "places": links, "more": len(places) - len(links), "times": times}

    def _href(self, place: Place, shown: list[Exchange]) -> str:
        """Where an exchange can be read: on this page, else on its story's."""
        exchange = self._by_number.get(place.exchange)
        if exchange is None:
            return ""
        if any(other.number == exchange.number for other in shown):
            return f"#x{exchange.number}"
        anchor = f"#x{exchange.number}" if exchange.number in self._in_story else ""
        return self._story_of(exchange) + anchor

    def _story_of(self, exchange: Exchange) -> str:
        return f"../../s/{file_name(self.revision.revision)}/{file_name(exchange.story or _OTHER)}.html"

    def _source(self, check: Check) -> str:
        if check.key not in self._sources:
            self._sources[check.key] = check.source
        return self._sources[check.key]


def _overlap(one: Exchange, other: Exchange) -> bool:
    """Whether both were under way at some moment."""
    ends = [x.started if x.ended is None else x.ended for x in (one, other)]
    return one.started <= ends[1] and other.started <= ends[0]


def _cited(findings: tuple[Finding, ...], number: int) -> frozenset[int]:
    """Positions of events in an exchange that findings are about."""
    places: Collection[Place] = [f.place for f in findings[:_CITED] if f.place is not None]
    return frozenset(p.event for p in places if p.exchange == number and p.event is not None)


def _sections(row: Requirement) -> dict[str, str]:
    """Addresses of the sections that ask for it, by their names: basic/transports, sending messages."""
    found: dict[str, str] = {}
    for section in row.sections:
        page, _, anchor = section.partition("#")
        heading = anchor.partition("/")[0].replace("-", " ")
        name = f"{page}, {heading}" if heading and heading != "top" else page
        found[name] = replace(row, sections=(section,)).url
    return found


def _silence(verdict: Verdict) -> str:
    return "There is no check of it yet." if verdict is Verdict.UNCHECKED else "Nothing."

"""pytest glue: items, letters and exit codes. What is judged, and how, is decided elsewhere.

Pre-flight happens before collection, the stories are told after selection and only those that the selected items
need, and each item then finds its verdict in memory: so -k, -m, -x, --lf and --junitxml work as everywhere.
"""

import sys
from collections.abc import Generator, Iterable
from pathlib import Path

import anyio
import pytest

from conformance import suite
from conformance.driving.telling import Telling
from conformance.evidence.trace import Trace
from conformance.judging.check import Verdict
from conformance.judging.judge import Judgement
from conformance.judging.ledger import Requirement
from conformance.plugin_html import HtmlRows
from conformance.report.overview import page_of
from conformance.report.summary import again, brief, full, headline, summary, verdict_sentence, warned
from conformance.run import Run

UNJUDGEABLE = pytest.ExitCode.USAGE_ERROR  # 4: the target could not be judged
_LETTERS = {Verdict.WARN: ("warned", "w", "WARN"), Verdict.NOT_SEEN: ("not seen", "?", "NOT SEEN")}


class Violated(Exception):
    """The target breaks a requirement. The text is what the terminal shows."""


class OurMistake(Exception):
    """A check or story of ours crashed. It says nothing about the target."""


class Root(pytest.Collector):
    """All that is judged."""

    def collect(self) -> Iterable[pytest.Collector]:
        owner = self.config.pluginmanager.get_plugin("mcp-http-conformance")
        assert isinstance(owner, Suite)
        for revision in owner.revisions:
            yield RevisionNode.from_parent(self, name=revision)


class RevisionNode(pytest.Collector):
    """The requirements of one revision that have a check."""

    def collect(self) -> Iterable[pytest.Item]:
        for requirement in suite.checked(self.name):
            yield RequirementItem.from_parent(self, name=requirement.key, requirement=requirement)


class RequirementItem(pytest.Item):
    """One requirement of one revision."""

    def __init__(self, *, requirement: Requirement, **rest: object) -> None:
        super().__init__(**rest)  # type: ignore[arg-type]
        self.requirement = requirement
        self.judgement: Judgement | None = None
        self.trace = Trace()
        self.page: Path | None = None
        self.strict = bool(self.config.getoption("mcp_strict"))
        self.add_marker(requirement.level.lower())
        self.add_marker(requirement.topic)

    def setup(self) -> None:
        assert self.judgement is not None, "the stories have not been told"
        if self.judgement.verdict is Verdict.ERROR:
            raise OurMistake(self.judgement.why)

    def runtest(self) -> None:
        assert self.judgement is not None
        verdict, text = self.judgement.verdict, full(self.judgement, self.trace)
        self.user_properties += self._properties(self.judgement, text)
        known = self.get_closest_marker("xfail") is not None
        if verdict is Verdict.FAIL or (verdict is Verdict.WARN and (known or self.strict)):
            raise Violated(f"{text}\nmore, and how to see it again: {self.page}")
        if verdict is Verdict.NOT_SEEN and self.strict:
            raise Violated(f"not seen: {text}")
        if verdict in (Verdict.NOT_SEEN, Verdict.NOT_APPLICABLE):
            pytest.skip(text)

    def _properties(self, judgement: Judgement, text: str) -> list[tuple[str, object]]:
        """What JUnit's readers get of every item, and of one that warns or fails beside it."""
        found: list[tuple[str, object]] = [("mcp_verdict", judgement.verdict.value)]
        if judgement.verdict in (Verdict.FAIL, Verdict.WARN):
            found += [("mcp_seen", text), ("mcp_again", "\n".join(again(judgement, self.trace)))]
        return found

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *_: object) -> str:
        return str(excinfo.value)

    def reportinfo(self) -> tuple[Path, None, str]:
        return Path("mcp"), None, f"{self.requirement.revision} {self.requirement.key}"


class Suite:
    """The plugin: one target, one run."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.revisions: tuple[str, ...] = ()
        self.run: Run | None = None
        self.report: Path | None = None
        given = config.args if config.args_source is pytest.Config.ArgsSource.ARGS else []
        self._named = [name for name in given if name.startswith("mcp::")]  # our items, as pytest prints them
        config.args[:] = [path for path in given if path not in self._named]
        self._paths_given = bool(config.args)
        if config.getoption("numprocesses", None):
            raise pytest.UsageError("--target does not go with -n: the stories are told side by side already")
        try:
            self.session = suite.SuiteSession(config.getoption)
        except suite.BAD_OPTION as error:
            raise pytest.UsageError(str(error)) from None
        self.html = HtmlRows(config)
        config.pluginmanager.register(self.html, "mcp-http-conformance-html")
        for marker in ("must", "should", *suite.topics()):
            config.addinivalue_line("markers", f"{marker}: MCP requirements of this level or topic")

    def pytest_report_header(self) -> str:
        return f"mcp: {self.session.describe()}"

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self) -> None:
        """Ask the target what it speaks, unless only the list of items is wanted."""
        if self.config.option.collectonly:
            self.revisions = self.session.wanted
            return
        try:
            self.revisions = anyio.run(self.session.prepare)
        except suite.CANNOT_JUDGE as error:
            raise pytest.UsageError(f"cannot judge {self.session.shown}: {error}") from None

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(
        self, collector: pytest.Collector
    ) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        report = yield
        if isinstance(collector, pytest.Session):
            ours = Root.from_parent(collector, name="mcp", nodeid="mcp")
            report.result = [*report.result, ours] if self._paths_given else [ours]
        return report

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        if left_out := [item for item in _ours(items) if not self._wants(item)]:
            self.config.hook.pytest_deselected(items=left_out)
            items[:] = [item for item in items if item not in left_out]
        for item in _ours(items):
            reason = self.session.known.get((item.requirement.revision, item.requirement.key))
            if reason:
                item.add_marker(pytest.mark.xfail(reason=reason, strict=True, raises=Violated))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> None:
        """Tell the stories that the selected items need, write the report, and hand out the verdicts."""
        items = _ours(session.items)
        if self.config.option.collectonly or not items:
            return
        selected = {item.requirement.key for item in items}
        everything = {row.key for revision in self.revisions for row in suite.checked(revision)}
        keys = None if selected == everything else selected
        self.run = anyio.run(self.session.drive, keys, self._show_progress)
        try:
            self.report = self.html.report = self.session.write_report(self.run)
        except OSError as error:
            raise pytest.UsageError(f"the report cannot be written: {error}") from None
        self.html.answers = [verdict_sentence(revision) for revision in self.run.revisions]
        judgements = {(r.revision, j.key): (r.trace, j) for r in self.run.revisions for j in r.judgements}
        for item in items:
            item.trace, item.judgement = judgements[item.requirement.revision, item.requirement.key]
            item.page = self.report.parent / page_of(item.judgement)

    def pytest_report_teststatus(
        self, report: pytest.TestReport
    ) -> tuple[str, str, tuple[str, dict[str, bool]]] | None:
        verdict = dict(report.user_properties).get("mcp_verdict")
        for known, (category, letter, word) in _LETTERS.items():
            if (
                report.when == "call"
                and verdict == known.value
                and report.outcome != "failed"
                and not _xfailed(report)
            ):
                return category, letter, (word, {"yellow": True})
        return None

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """A target that let nobody in, or that broke down, was not judged, however well it did what it did."""
        if self.run is None or session.exitstatus not in (0, pytest.ExitCode.NO_TESTS_COLLECTED):
            return
        if self.run.locked or any(revision.down for revision in self.run.revisions):
            session.exitstatus = UNJUDGEABLE

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.run is None:
            return
        terminalreporter.section(headline(self.run))
        for line in summary(self.run):
            terminalreporter.write_line(line)
        if self.report is not None:
            terminalreporter.write_line(f"report: {self.report}")
        if set("waA") & set(self.config.option.reportchars):
            for revision, judgement in warned(self.run):
                seen = brief(judgement).partition("\n")[0]
                terminalreporter.write_line(f"WARN mcp::{revision}::{judgement.key} - {seen}")

    def pytest_unconfigure(self) -> None:
        self.session.close()

    def _wants(self, item: pytest.Item) -> bool:
        """Whether an item, or what it belongs to, was named on the command line, or nothing was."""
        return not self._named or f"{item.nodeid}::".startswith(tuple(f"{name}::" for name in self._named))

    def _show_progress(self, telling: Telling, done: int, total: int) -> None:
        """One line that rewrites itself, on a terminal; nothing in a log file."""
        if sys.stderr.isatty():
            end = "\r\x1b[K" if done == total else ""
            print(
                f"\r\x1b[Ktelling stories {done}/{total}: {telling.story}{end}", end="", file=sys.stderr, flush=True
            )


def _ours(items: Iterable[pytest.Item]) -> list[RequirementItem]:
    return [item for item in items if isinstance(item, RequirementItem)]


def _xfailed(report: pytest.TestReport) -> bool:
    return hasattr(report, "wasxfail")

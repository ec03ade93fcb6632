"""`pytest --target URL` as people use it: in other projects' folders, with the options they know."""

import gzip
import json
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest

from reference_server.faults import find
from reference_server.http_sse import SSE_PATH
from reference_server.options import Options
from reference_server.server import ReferenceServer
from reference_server.serving import serve
from reference_server.state import Session
from reference_server.toolbox import Tool

pytest_plugins = ["pytester"]
REVISION = "2025-11-25"


@pytest.fixture(scope="module")
def good() -> Iterator[str]:
    with serve(ReferenceServer(Options())) as url:
        yield url


@pytest.fixture(scope="module")
def faulty() -> Iterator[str]:
    with serve(find("EndedSessionsAreBadRequests")(Options())) as url:
        yield url


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    """Another project with tests, settings and strict markers of its own."""
    pytester.makepyprojecttoml(
        """
        [tool.pytest.ini_options]
        testpaths = ["theirs"]
        addopts = ["--strict-markers", "--strict-config"]
        """
    )
    pytester.mkpydir("theirs").joinpath("test_theirs.py").write_text("def test_of_theirs(): pass\n")
    return pytester


def judge(project: pytest.Pytester, url: str, *args: str) -> pytest.RunResult:
    return project.runpytest_subprocess("--target", url, "--mcp-revision", REVISION, *args)


def test_without_target_nothing_of_ours_is_imported(project: pytest.Pytester) -> None:
    project.makeconftest(
        """
        import sys
        def pytest_sessionfinish():
            ours = {"conformance", "httpx", "jsonschema", "jsonschema_rs"} & set(sys.modules)
            assert not ours, ours
        """
    )
    result = project.runpytest_subprocess()
    result.assert_outcomes(passed=1)
    assert result.ret == 0


def test_with_target_only_our_items_run(project: pytest.Pytester, good: str) -> None:
    result = judge(project, good, "-v", "-k", "ping or session")
    result.stdout.fnmatch_lines([f"mcp::{REVISION}::ping.reply PASSED*"])
    result.stdout.no_fnmatch_line("*test_of_theirs*")
    assert result.ret == 0


def test_with_a_path_their_tests_run_too(project: pytest.Pytester, good: str) -> None:
    result = judge(project, good, "-v", "-k", "ping.reply or test_of_theirs", "theirs")
    result.stdout.fnmatch_lines(["*test_of_theirs PASSED*", "mcp::*ping.reply PASSED*"])


def test_a_broken_must_fails_and_says_what_was_seen(project: pytest.Pytester, faulty: str) -> None:
    result = judge(project, faulty, "-k", "ended-404")
    result.stdout.fnmatch_lines(
        [
            "*400*",
            "MUST: Once a session has ended*",
            "https://modelcontextprotocol.io/specification/2025-11-25/*#session-management",
            f"{REVISION}: does NOT conform: 1 broken*",
            "*curl *",
        ]
    )
    assert result.ret == 1


def test_the_last_failed_run_again_alone(project: pytest.Pytester, faulty: str) -> None:
    judge(project, faulty, "-k", "session")
    result = judge(project, faulty, "--lf", "-v")
    result.stdout.fnmatch_lines([f"mcp::{REVISION}::session.ended-404 FAILED*"])
    result.stdout.no_fnmatch_line("*ping.reply*")


def test_markers_select_levels_and_topics(project: pytest.Pytester, good: str) -> None:
    result = judge(project, good, "--collect-only", "-q", "-m", "should and sessions")
    result.stdout.fnmatch_lines([f"mcp::{REVISION}::session.missing-400"])
    result.stdout.no_fnmatch_line("*ended-404*")


def test_items_can_be_named_as_they_are_printed(project: pytest.Pytester) -> None:
    named = [f"mcp::{REVISION}::ping.reply", "mcp::2025-03-26"]
    listed = judge(project, "http://127.0.0.1:1/mcp", "--collect-only", "-q", *named).outlines
    assert named[0] in listed
    assert {line.rpartition("::")[0] for line in listed if line.startswith("mcp::")} <= {f"mcp::{REVISION}", named[1]}


def test_a_report_that_cannot_be_written_leaves_the_verdicts(project: pytest.Pytester, good: str) -> None:
    result = judge(project, good, "-k", "ping.reply", "--mcp-report", "/dev/fd/none")
    result.stdout.fnmatch_lines([f"{REVISION}: conforms*"])
    result.stderr.fnmatch_lines(["ERROR: the report cannot be written: *"])
    assert result.ret == 4


def test_collect_only_never_asks_the_target(project: pytest.Pytester) -> None:
    result = judge(project, "http://127.0.0.1:1/mcp", "--collect-only", "-q")
    result.stdout.fnmatch_lines([f"mcp::{REVISION}::ping.reply"])
    assert result.ret == 0


def test_a_target_that_is_down_is_exit_code_4(project: pytest.Pytester) -> None:
    result = judge(project, "http://127.0.0.1:1/mcp")
    result.stderr.fnmatch_lines(["ERROR: cannot judge http://127.0.0.1:1/mcp: *refused*--mcp-wait*"])
    assert result.ret == 4


def test_known_failures_run_and_do_not_fail_the_run(project: pytest.Pytester, faulty: str) -> None:
    Path("known.toml").write_text('["session.ended-404"]\nreason = "ticket 12"\n')
    result = judge(project, faulty, "-k", "session.ended", "--mcp-known-failures", "known.toml", "-rx")
    result.stdout.fnmatch_lines(["*XFAIL*session.ended-404*ticket 12*"])
    assert result.ret == 0


def test_a_known_failure_that_passes_fails_the_run(project: pytest.Pytester, good: str) -> None:
    Path("known.toml").write_text('["session.ended-404"]\nreason = "ticket 12"\n')
    result = judge(project, good, "-k", "session.ended", "--mcp-known-failures", "known.toml")
    result.stdout.fnmatch_lines(["*XPASS(strict)*ticket 12*"])
    assert result.ret == 1


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (["--mcp-revision", "1999-01-01"], "*1999-01-01: the revisions are *2025-03-26*"),
        (["--mcp-known-failures", "nowhere.toml"], "*nowhere.toml cannot be read*"),
        (["--mcp-profile", "nowhere.toml"], "*nowhere.toml cannot be read*"),
        (["--mcp-header", "no colon"], "*NAME: VALUE*"),
        (["--mcp-timeout", "0"], "*--mcp-timeout is given in seconds, more than 0*"),
        (["--mcp-timeout", "soon"], "*invalid float value: 'soon'*"),
        (["--mcp-token", "king=secret"], "*--mcp-token is given as ROLE=TOKEN, where the roles are full, *"),
        (["--mcp-report", ""], "*--mcp-report : no report can be written there*"),
        (["--mcp-report", "/dev/null/x"], "*--mcp-report /dev/null/x: no report can be written there*"),
        (["--target", ""], "*--target is empty*"),
        (["--target", "bundled", "--mcp-bundled", "'"], "*--mcp-bundled ': No closing quotation*"),
    ],
)
def test_a_wrong_option_gets_one_sentence(project: pytest.Pytester, args: list[str], sentence: str) -> None:
    result = project.runpytest_subprocess("--target", "http://127.0.0.1:1/mcp", *args)
    result.stderr.fnmatch_lines([sentence])
    result.stderr.no_fnmatch_line("*Traceback*")
    assert result.ret == 4


def test_a_bundled_server_that_does_not_start_says_why(project: pytest.Pytester) -> None:
    result = project.runpytest_subprocess("--target", "bundled", "--mcp-bundled=--nonsense")
    result.stderr.fnmatch_lines(["*the bundled server did not start: *unrecognized arguments: --nonsense*"])
    assert result.ret == 4


class WithoutTools(ReferenceServer):
    """Nothing can be called, so what only a tool can show is not seen."""

    def tools_of(self, session: Session) -> list[Tool]:
        return super().tools_of(session)[:0]


def test_not_seen_is_never_green_and_fails_when_strict(project: pytest.Pytester) -> None:
    with serve(WithoutTools(Options())) as url:
        result = judge(project, url, "-v", "-k", "progress.increases")
        result.stdout.fnmatch_lines(
            ["mcp::*::progress.increases NOT SEEN*", "*1 not seen*", "*test_tool_with_progress*"]
        )
        result.stdout.no_fnmatch_line("*PASSED*")
        assert result.ret == 0
        assert judge(project, url, "-k", "progress.increases", "--mcp-strict").ret == 1


def test_junit_knows_every_item(project: pytest.Pytester, faulty: str) -> None:
    judge(project, faulty, "-k", "session", "--junitxml", "junit.xml")
    cases = {case.get("name"): case for case in ET.parse("junit.xml").iter("testcase")}
    assert cases["session.ended-404"].find("failure") is not None
    assert cases["session.id-chars"].find("failure") is None


def test_the_report_is_written_beside_its_data(project: pytest.Pytester, faulty: str) -> None:
    result = judge(project, faulty, "-k", "session", "--mcp-report", "out")
    result.stdout.fnmatch_lines(["report: out/index.html"])
    data = json.loads(Path("out/report.json").read_text(encoding="utf-8"))
    (revision,) = data["revisions"]
    verdicts = {row["key"]: row["verdict"] for row in revision["requirements"]}
    assert verdicts["session.ended-404"] == "fail"
    assert not revision["conforms"]


def test_pytest_html_links_to_our_pages(project: pytest.Pytester, faulty: str) -> None:
    judge(project, faulty, "-k", "session", "--mcp-report", "out", "--html", "pytest.html", "--self-contained-html")
    page = Path("pytest.html").read_text(encoding="utf-8")
    assert f"out/r/{REVISION}/session.ended-404.html" in page
    assert f"<p>{REVISION}: does NOT conform: 1 broken" in page


def test_workers_are_refused_with_a_sentence(project: pytest.Pytester, good: str) -> None:
    pytest.importorskip("xdist")
    result = judge(project, good, "-n", "2")
    result.stderr.fnmatch_lines(["*--target does not go with -n*"])
    assert result.ret == 4


def test_a_folder_that_hides_ours_is_named(project: pytest.Pytester, good: str) -> None:
    project.mkpydir("conformance")
    command = [sys.executable, "-m", "pytest", "--target", good]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert "hides it" in result.stderr
    assert result.returncode == 4


@pytest.mark.parametrize("owner", ["plugin", "conftest"])
def test_whoever_owns_target_keeps_it_and_leaves_us_the_longer_name(
    project: pytest.Pytester, good: str, owner: str
) -> None:
    code = "def pytest_addoption(parser): parser.addoption('--target')\n"
    if owner == "plugin":
        project.makepyfile(rival=code)
        project.syspathinsert()
    else:
        project.makeconftest(code)
    rival = ["-p", "rival"] if owner == "plugin" else []
    project.runpytest_subprocess(*rival, "--target", "theirs").assert_outcomes(passed=1)
    ours = project.runpytest_subprocess(*rival, "--mcp-target", good, "--mcp-revision", REVISION, "-k", "ping.reply")
    assert ours.ret == 0
    ours.assert_outcomes(passed=1)


# The transport before Streamable HTTP


def test_a_server_of_the_older_transport_is_told_so_in_terminal_and_report(project: pytest.Pytester) -> None:
    with serve(ReferenceServer(Options(http_sse=True)), path=SSE_PATH) as url:
        result = project.runpytest_subprocess("--target", url, "-v", "--mcp-report", "report")
    result.stdout.fnmatch_lines(
        [
            "mcp::2024-11-05::sse.endpoint PASSED*",
            "*MCP HTTP+SSE: reference-server *",
            "2024-11-05: conforms as far as could be seen: * kept",
            "The server speaks HTTP+SSE of 2024-11-05, the transport before Streamable HTTP: *nothing about *",
        ]
    )
    assert result.ret == 0
    page = (project.path / "report" / "index.html").read_text(encoding="utf-8")
    assert "MCP over HTTP+SSE" in page
    assert "they say nothing about Streamable HTTP" in page


def test_no_session_of_the_older_transport_is_written_anywhere(project: pytest.Pytester) -> None:
    class Known(ReferenceServer):
        def new_session_id(self) -> str:
            ids.append(super().new_session_id())
            return ids[-1]

    ids: list[str] = []

    with serve(Known(Options(http_sse=True)), path=SSE_PATH) as url:
        result = project.runpytest_subprocess("--target", url, "-v", "--mcp-report", "report")
    files = [path for path in (project.path / "report").rglob("*") if path.is_file()]
    written = [gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes() for path in files]
    everything = b"\n".join(written).decode() + result.stdout.str()
    assert "/messages?session=" in everything
    assert ids
    assert [id for id in ids if id in everything] == []


def test_without_a_target_that_speaks_it_the_older_transport_is_no_item(project: pytest.Pytester) -> None:
    result = project.runpytest_subprocess("--target", "http://127.0.0.1:1/mcp", "--collect-only", "-q")
    result.stdout.no_fnmatch_line("*2024-11-05*")

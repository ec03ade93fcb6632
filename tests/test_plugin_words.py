"""What an owner reads of a breach: in the terminal, in JUnit files, and of a trace that is judged again."""

import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator

import pytest

from reference_server.faults import find
from reference_server.options import Options
from reference_server.serving import serve

pytest_plugins = ["pytester"]
REVISION = "2025-11-25"


@pytest.fixture(scope="module")
def faulty() -> Iterator[str]:
    with serve(find("EndedSessionsAreBadRequests")(Options())) as url:
        yield url


def judge(project: pytest.Pytester, url: str, *args: str) -> pytest.RunResult:
    return project.runpytest_subprocess("--target", url, "--mcp-revision", REVISION, *args)


def test_junit_tells_what_was_sent_what_came_back_and_how_to_see_it_again(
    pytester: pytest.Pytester, faulty: str
) -> None:
    judge(pytester, faulty, "-k", "ended-404", "--junitxml", "junit.xml", "--tb=no")
    (case,) = ET.parse("junit.xml").iter("testcase")
    told = {each.get("name"): each.get("value") or "" for each in case.iter("property")}
    (failure,) = case.iter("failure")
    for text in (told["mcp_seen"], failure.text or ""):
        assert "sent: POST ping" in text
        assert "came back: 400 application/json: {" in text
        assert "https://modelcontextprotocol.io/specification/2025-11-25/" in text
    assert told["mcp_again"].startswith("MCP_SESSION=$(curl ")


def test_without_tracebacks_the_summary_tells_all(pytester: pytest.Pytester, faulty: str) -> None:
    result = judge(pytester, faulty, "-k", "ended-404", "--tb=no", "-q")
    result.stdout.fnmatch_lines(
        ["*FAIL session.ended-404*", "*sent: POST ping*", "*came back: 400*", "*MCP_SESSION=$(*"]
    )


def test_warnings_are_listed_if_asked_for(pytester: pytest.Pytester) -> None:
    with serve(find("MissingSessionIdsAreNotFound")(Options())) as url:
        result = judge(pytester, url, "-k", "missing-400", "-rw")
        judge(pytester, url, "-k", "missing-400").stdout.no_fnmatch_line("WARN mcp::*")
    result.stdout.fnmatch_lines([f"WARN mcp::{REVISION}::session.missing-400 - *404*"])
    assert result.ret == 0


def test_a_saved_trace_is_judged_like_the_run(pytester: pytest.Pytester, faulty: str) -> None:
    result = judge(pytester, faulty, "-k", "session", "--mcp-report", "out", "--junitxml", "junit.xml")
    again = [sys.executable, "-m", "conformance", "judge", f"out/traces/{REVISION}.jsonl.gz", "--junit", "again.xml"]
    ran = subprocess.run(again, capture_output=True, text=True, timeout=60)
    assert ran.returncode == result.ret == 1
    assert "sent: POST ping" in ran.stdout
    verdicts = []
    for name in ("junit.xml", "again.xml"):
        cases = {f"{case.get('classname')}.{case.get('name')}": case for case in ET.parse(name).iter("testcase")}
        verdicts.append({key: case.find("failure") is not None for key, case in cases.items()})
    assert verdicts[0].items() <= verdicts[1].items()

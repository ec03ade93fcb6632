"""The commands that lead to a breach, given to a real shell, show it again."""

import shutil
import subprocess

import pytest

from conformance.evidence.trace import Exchange, Place, Trace
from conformance.judging.check import Finding
from conformance.judging.judge import Judgement
from conformance.report.steps import steps
from conformance.run import masked
from reference_server.faults import broken_by, find
from reference_server.options import Options
from reference_server.serving import serve
from tests.running import BAD, revisions_for, run_against
from tests.tape import Tape, message_event, notification, request, result

HOSTILE = '"; touch pwned; echo "$(id)`id`\' \\'


def to(trace: Trace, exchange: Exchange, event: int | None = None) -> list[str]:
    return steps(trace, Finding("bad", "", Place(exchange.number, event)))


def opened() -> Tape:
    tape = Tape()
    tape.initialize(session_id="abc")
    tape.post(notification("notifications/initialized"))
    return tape


def shell(commands: list[str]) -> str:
    bash = shutil.which("bash")
    if bash is None or shutil.which("curl") is None:
        pytest.skip("there is no bash, or no curl, here")
    ran = subprocess.run([bash, "-c", "\n".join(commands)], capture_output=True, timeout=60)
    return ran.stdout.decode("utf-8", "replace")


def test_a_session_is_opened_first() -> None:
    tape = opened()
    tape.post(request(2, "ping"))
    opening, announcing, ping = to(tape.trace, tape.trace.exchanges[-1])
    assert opening.startswith("MCP_SESSION=$(curl ")
    assert "notifications/initialized" in announcing
    assert '"Mcp-Session-Id: $MCP_SESSION"' in ping
    assert "abc" not in "".join([opening, announcing, ping])


def test_an_ended_session_is_ended_again() -> None:
    tape = opened()
    tape.exchange("DELETE", status=204)
    tape.post(request(2, "ping"), status=400)
    assert "--request DELETE" in to(tape.trace, tape.trace.exchanges[-1])[2]


def test_the_stream_to_be_resumed_is_cut_at_the_same_event() -> None:
    tape = opened()
    events = [message_event(notification("notifications/message"), id=f"e-{n}") for n in range(3)]
    tape.post(request(2, "tools/call"), events=events, ending="hung up")
    tape.get(after="e-1", events=[message_event(result(2), id="e-9")])
    cut, resumed = to(tape.trace, tape.trace.exchanges[-1])[2:]
    assert cut.startswith("MCP_EVENT=$(")
    assert "grep -m 2 '^id:'" in cut
    assert """'Last-Event-ID: '"$MCP_EVENT\"""" in resumed


def test_what_a_get_stream_brought_is_asked_for_meanwhile() -> None:
    tape = opened()
    listening = tape.begin("GET")
    tape.head(listening, 200, {"Content-Type": "text/event-stream"})
    tape.post(request(2, "tools/call"), status=202)
    tape.post(request(3, "ping"), answer=result(3))
    tape.chunk(listening, message_event(result(2)))
    get, post = to(tape.trace, tape.trace.exchanges[listening], 0)[-2:]
    assert get.endswith(" &")
    assert '"method": "tools/call"' in post


@pytest.mark.parametrize("field", ["taskId", "nextCursor", "requestState"])
def test_what_a_server_says_never_becomes_a_command(field: str) -> None:
    tape = opened()
    tape.post(request(2, "tools/call"), answer=result(2, {field: HOSTILE}))
    tape.post(request(3, "tasks/get", {field: HOSTILE, "taskId": HOSTILE}), answer=result(3))
    tape.get(after="x';id;'", events=[])
    for exchange in tape.trace.exchanges[-2:]:
        commands = to(tape.trace, exchange)
        silent = [*("curl() { :; }; id() { echo ran; }; touch() { echo ran; }",), *commands]
        assert shell(silent) == ""


@pytest.mark.parametrize(
    ("fault", "shown"),
    [
        ("EndedSessionsAreBadRequests", "HTTP/1.1 400"),
        ("ResponsesGoOnTheGetStreamInstead", '"result"'),
        ("OnlyPostsHaveTheirOriginChecked", "access-control-allow-origin: https://evil.example"),
        ("TheNewestTaskIsMeant", '"taskId"'),
        ("FinishedTasksCanBeCancelled", '"id":9,"result"'),
        ("CursorsWorkOnce", '"code":-32602'),
        ("UnsupportedVersionsAreAnsweredWith200", "HTTP/1.1 200 OK"),
        ("TasksAreFoundUnderAnyHeader", '"resultType":"complete","taskId"'),
        ("ResumingReplaysAllStreams", "id: s1-2"),
    ],
)
def test_the_breach_is_seen_again(fault: str, shown: str) -> None:
    kind = find(fault)
    with serve(kind(Options())) as url:
        run = masked(run_against(url, *revisions_for(kind)[:1], keys={broken_by(kind)})).revisions[0]
        judgement: Judgement = next(j for j in run.having(*BAD) if j.key == broken_by(kind))
        commands = steps(run.trace, next(f for f in judgement.decisive if f.place))
        last = shell([command.replace("--max-time 10", "--max-time 2") for command in commands]).rpartition(
            "HTTP/1.1 "
        )
        assert shown in last[1] + last[2], commands

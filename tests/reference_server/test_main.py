"""The command line."""

import signal
import subprocess

import httpx
import pytest

from reference_server.__main__ import main, options_from, words
from reference_server.options import Options
from reference_server.serving import bind
from tests.reference_server.process import COMMAND, started
from tests.reference_server.talk import Talk


def test_what_is_left_unsaid_is_as_in_options() -> None:
    assert options_from(words().parse_args([])) == Options()


def test_everything_can_be_said() -> None:
    said = (
        "--host ::1 --port 1 --path /x --stateless --json-response --store sqlite:f --progress-route primary"
        " --bearer t --allow-origin http://a http://b --revisions 2025-11-25 2025-03-26 --latency 0.5 --jitter 0.1"
        " --max-body 2 --max-sessions 3 --max-streams 4 --keep-alive 5"
    )
    assert options_from(words().parse_args(said.split())) == Options(
        host="::1",
        port=1,
        path="/x",
        stateless=True,
        json_response=True,
        store="sqlite:f",
        progress_route="primary",
        bearer="t",
        allow_origins=("http://a", "http://b"),
        revisions=("2025-03-26", "2025-11-25"),
        latency=0.5,
        jitter=0.1,
        max_body=2,
        max_sessions=3,
        max_streams=4,
        keep_alive=5,
    )


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("--port x", "'x' is not a whole number from 0 to 65535"),
        ("--port 70000", "'70000' is not a whole number from 0 to 65535"),
        ("--max-body 0", "'0' is not a whole number at least 1"),
        ("--latency -1", "'-1' is not a number of seconds"),
        ("--latency soon", "'soon' is not a number of seconds"),
        ("--path mcp", "'mcp' is not a path such as /mcp"),
        ("--path /mcp?x=1", "'/mcp?x=1' is not a path such as /mcp"),
        ("--auth --path /token", "--path /token is taken"),
        ("--http-sse --path /sse", "--path /sse is taken"),
        ("--bearer é", "'é' is not a bearer token"),
        ("--allow-origin http://x/", "'http://x/' is not an origin such as http://localhost:6274"),
        ("--revisions 2024-11-05", "invalid choice"),
        ("--auth --bearer x", "--auth goes neither with --bearer nor with --http-sse"),
        ("--store disk", "there is no store 'disk'"),
        ("--fault origins-are-let-in", "did you mean ForeignOriginsAreLetIn?"),
        ("--fault ExpiredTokensAreGood", "the fault ExpiredTokensAreGood shows with --auth only"),
        ("--colour red", "unrecognized arguments: --colour red"),
        ("--host nowhere.invalid", "cannot listen at nowhere.invalid:0"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(said: str, sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(said.split())
    assert stopped.value.code == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert sentence in line


def test_a_busy_port_is_said_in_one_sentence() -> None:
    with bind("127.0.0.1", 0) as taken:
        command = [*COMMAND, "--port", str(taken.getsockname()[1])]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=10)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "Address already in use" in done.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_quietly(number: signal.Signals) -> None:
    with started() as (process, url):
        with Talk(url) as talk, talk.listen() as events:
            next(events)
            process.send_signal(number)
            assert list(events) == []
        _output, errors = process.communicate(timeout=10)
        assert (process.returncode, errors) == (0, "")


def test_with_auth_there_is_one_address_only() -> None:
    assert Options().paths == ("/mcp", "/message")
    assert Options(auth=True).paths == ("/mcp",)


def test_it_can_be_made_to_end_with_whoever_started_it() -> None:
    with subprocess.Popen([*COMMAND, "--until-eof"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline().startswith(b"listening on ")
        process.stdin.close()
        assert process.wait(timeout=10) == 0


def test_with_auth_tokens_are_printed_and_what_to_think_of_them() -> None:
    with started("--auth") as (process, url):
        assert process.stdout is not None
        lines = [process.stdout.readline().split() for _ in range(6)]
        tokens = {role: token for _, role, token in lines[:-1]}
        assert list(tokens) == ["full", "narrow", "expired", "elsewhere", "second"]
        assert "FOR TESTS ONLY" in " ".join(lines[-1])
        assert httpx.get(url, headers={"authorization": f"Bearer {tokens['full']}"}).status_code == 400
        assert httpx.get(url).status_code == 401


@pytest.mark.parametrize("name", ["NotificationsAreAnsweredWith200", "notifications-are-answered-with200"])
def test_a_fault_can_be_asked_for(name: str) -> None:
    with started("--fault", name) as (_process, url):
        headers = {"accept": "application/json, text/event-stream"}
        hello = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "n", "version": "1"}}
        first = httpx.post(
            url, json={"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello}, headers=headers
        )
        headers["mcp-session-id"] = first.headers["mcp-session-id"]
        ready = httpx.post(url, json={"jsonrpc": "2.0", "method": "notifications/initialized"}, headers=headers)
        assert ready.status_code == 200


def test_faults_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--list-faults"])
    assert "EventIdsStartAgainInEveryStream  breaks event.id-unique: Every stream" in capsys.readouterr().out

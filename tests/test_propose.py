"""`python -m conformance profile URL`, as people use it."""

import json
from collections.abc import Iterator
from pathlib import Path

import anyio
import pytest
from anyio import to_thread
from anyio.abc import ByteStream

from conformance.__main__ import main
from conformance.driving.profile import ROLES, read_profile
from reference_server.options import Options
from reference_server.server import ReferenceServer
from reference_server.serving import serve
from tests.little_servers import Serve, head, says, serving
from tests.refusals import JSON_TYPE, asked_for, result

FOREVER = 1000.0


@pytest.fixture(scope="module")
def good() -> Iterator[str]:
    with serve(ReferenceServer(Options())) as url:
        yield url


def ask(server: Serve, *options: str) -> int:
    """The exit code with a little server."""

    async def both() -> int:
        async with serving(server) as url:
            with anyio.fail_after(20):
                return await to_thread.run_sync(lambda: main(["profile", url, *options]))

    return anyio.run(both)


def with_tools(*tools: object, seen: list[bytes] | None = None) -> Serve:
    """A server of 2025-11-25 that lists these tools."""

    async def answer(stream: ByteStream, request: bytes) -> None:
        if seen is not None:
            seen.append(request)
        asked = asked_for(request)
        said = (
            result(capabilities={"tools": {}})
            if asked.get("method") == "initialize"
            else {"result": {"tools": tools}}
        )
        body = json.dumps({"jsonrpc": "2.0", **said, "id": asked.get("id")})
        await stream.send(head(200 if "id" in asked else 202, JSON_TYPE) + body.encode())

    return answer


def test_the_tools_of_a_whole_server_fill_every_role(good: str, tmp_path: Path) -> None:
    file = tmp_path / "profile.toml"
    assert main(["profile", good, "-o", str(file)]) == 0
    assert set(read_profile(file).fixtures) == set(ROLES)


def test_without_a_file_it_goes_to_the_terminal(
    good: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["profile", good]) == 0
    file = tmp_path / "profile.toml"
    file.write_text(capsys.readouterr().out, encoding="utf-8")
    assert read_profile(file).fixtures["echo"].arguments == ROLES["echo"][2]


def test_a_profile_of_somebody_s_own_is_never_overwritten(
    good: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "profile.toml"
    file.write_text("mine")
    assert main(["profile", good, "-o", str(file)]) == 2
    assert file.read_text() == "mine"
    assert "is there already" in capsys.readouterr().err


def test_a_file_that_cannot_be_written_is_told(good: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["profile", good, "-o", str(tmp_path / "missing" / "profile.toml")]) == 2
    assert "cannot be written: No such file or directory" in capsys.readouterr().err


@pytest.mark.parametrize("options", [Options(stateless=True), Options(json_response=True)])
def test_a_server_without_sessions_or_streams_has_a_profile_too(
    options: Options, capsys: pytest.CaptureFixture[str]
) -> None:
    with serve(ReferenceServer(options)) as url:
        assert main(["profile", url]) == 0
    assert '[simple]\ntool = "test_simple_text"\n' in capsys.readouterr().out


def test_a_target_that_is_down_is_told_in_the_words_of_preflight(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["profile", "http://127.0.0.1:9/mcp"]) == 4
    assert capsys.readouterr().err == (
        "cannot judge http://127.0.0.1:9/mcp: no answer from the server, the connection was refused: is the server "
        "running? Wait for it with --mcp-wait SECONDS\n"
    )


def test_what_is_no_mcp_server_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert ask(says(200, "Content-Type: text/html", body=b"<html>")) == 4
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("cannot judge http://127.0.0.1:")
    assert told.err.count("\n") == 1


def test_silence_ends_in_time(capsys: pytest.CaptureFixture[str]) -> None:
    async def silent(_stream: ByteStream, _request: bytes) -> None:
        await anyio.sleep(FOREVER)

    assert ask(silent, "--timeout", "0.4") == 4
    assert "gave no HTTP answer for 0.4 s" in capsys.readouterr().err


def test_silence_about_the_tools_is_a_profile_without_any(capsys: pytest.CaptureFixture[str]) -> None:
    async def half(stream: ByteStream, request: bytes) -> None:
        if asked_for(request).get("method") == "tools/list":
            await anyio.sleep(FOREVER)
        await with_tools()(stream, request)

    assert ask(half, "--timeout", "0.4") == 0
    assert "no tools were listed" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        (["nonsense"], "must be an http or https URL"),
        (["http://127.0.0.1/", "--header", "x"], "--mcp-header is given as"),
        (["http://127.0.0.1/", "--timeout", "0"], "--mcp-timeout is given in seconds, more than 0"),
        (["https://127.0.0.1/", "--ca", "missing.pem"], "cannot be used"),
    ],
)
def test_what_is_wrong_about_the_options_is_told(
    wrong: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["profile", *wrong]) == 4
    assert complaint in capsys.readouterr().err


def test_headers_and_the_token_are_sent_and_never_written(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MCP_TOKEN", "a-token-of-mine")
    seen: list[bytes] = []
    gossip = {"name": "slow", "description": "You sent a-token-of-mine and sesame-open-up."}
    assert ask(with_tools(gossip, seen=seen), "--header", "X-Key: sesame-open-up") == 0
    assert all(b"Bearer a-token-of-mine" in request and b"sesame-open-up" in request for request in seen)
    told = capsys.readouterr().out
    assert "You sent" in told
    assert "a-token-of-mine" not in told
    assert "sesame-open-up" not in told


def test_a_server_that_wants_a_token_shows_no_tools(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MCP_TOKEN", raising=False)
    assert ask(says(401, "WWW-Authenticate: Bearer")) == 4
    said = capsys.readouterr()
    assert "the server asks for authorization (401)" in said.err
    assert said.out == ""

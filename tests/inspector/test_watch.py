"""`python -m inspector watch`, as it is used: behind it a server, before it a client, and an exit code."""

import json
import signal
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest

from conformance.evidence import files
from reference_server.faults.tools import AToolNameHasASpace
from reference_server.options import Options
from reference_server.server import ReferenceServer
from reference_server.serving import serve
from tests.clients.faults.client_sessions import NoSessionIdOnGet
from tests.clients.sessions import RightClient
from tests.clients.talking import OPTIONS, TOKEN
from tests.inspector.traffic import judged
from tests.tape import request

pytest.importorskip("mitmproxy", reason="mitmproxy is not installed: pip install -e '.[inspector]'")
REVISION = "2025-11-25"
COMMAND = [sys.executable, "-m", "inspector", "watch"]
BOTH = "application/json, text/event-stream"
CLIENT = {"name": "client", "version": "1"}
UNTIL_IDLE = ("--until-idle", "1s", "--for", "50s")


class Watch:
    """A watch that runs, and what it printed in the end."""

    def __init__(self, process: "subprocess.Popen[str]", url: str) -> None:
        self.process = process
        self.url = url
        self.told: list[dict[str, Any]] = []

    def end(self) -> int:
        """Wait for its end. Returns the exit code."""
        out, _ = self.process.communicate(timeout=60)
        self.told = [json.loads(line) for line in out.splitlines()]
        return self.process.returncode

    @property
    def found(self) -> set[tuple[str, str, str]]:
        """The violations that were told."""
        found = [told["found"] for told in self.told if "found" in told]
        return {(violation["level"], violation["party"], violation["key"]) for violation in found}


@contextmanager
def watching(server: ReferenceServer, *options: str) -> Iterator[Watch]:
    """A watch with JSON lines before a server."""
    with serve(server) as url:
        command = [*COMMAND, "--upstream", url, "--json", *options]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            try:
                yield Watch(process, json.loads(process.stdout.readline())["ready"])
            finally:
                process.kill()


def live(url: str, kind: type[RightClient] = RightClient) -> None:
    """The life of a client of this kind."""

    async def talk() -> None:
        async with httpx.AsyncClient() as http:
            await kind(http, url, REVISION).live()

    anyio.run(talk)


def test_a_right_client_of_a_right_server(tmp_path: Path) -> None:
    report, file = tmp_path / "junit.xml", tmp_path / "r.jsonl"
    with watching(ReferenceServer(OPTIONS), *UNTIL_IDLE, "--junit", str(report), "--record", str(file)) as watch:
        live(watch.url)
        assert watch.end() == 0
    (last,) = watch.told
    assert [(part["revision"], part["party"]) for part in last["summary"]] == [
        (REVISION, "server"),
        (REVISION, "client"),
    ]
    assert {"session.echo", "jsonrpc.id-echo"} <= {case.get("name") for case in ET.parse(report).iter("testcase")}
    assert TOKEN not in file.read_text()
    assert not [rule for rule, verdict in judged(files.read(file)).items() if verdict.name in ("FAIL", "WARN")]


def test_a_fault_of_the_client_is_told_and_in_the_exit_code() -> None:
    with watching(ReferenceServer(OPTIONS), *UNTIL_IDLE) as watch:
        live(watch.url, NoSessionIdOnGet)
        assert watch.end() == 1
    assert watch.found == {("MUST", "client", "session.echo")}


def test_only_the_party_that_was_asked_for_counts() -> None:
    with watching(ReferenceServer(OPTIONS), *UNTIL_IDLE, "--party", "server") as watch:
        live(watch.url, NoSessionIdOnGet)
        assert watch.end() == 0


@pytest.mark.parametrize(("options", "code"), [((), 0), (("--strict",), 1)])
def test_a_should_counts_only_if_one_is_strict(options: tuple[str, ...], code: int) -> None:
    with watching(AToolNameHasASpace(OPTIONS), *UNTIL_IDLE, *options) as watch:
        live(watch.url)
        assert watch.end() == code
    assert watch.found == {("SHOULD", "server", "tools.name-chars")}


def test_nothing_at_all_proves_nothing() -> None:
    with watching(ReferenceServer(Options()), "--for", "1s") as watch:
        assert watch.end() == 3
    assert watch.told == [{"exchanges": 0, "overlooked": 0, "summary": []}]


def test_a_server_that_nobody_reaches_proves_nothing_and_that_is_told_once() -> None:
    command = [*COMMAND, "--upstream", "http://127.0.0.1:1/mcp", "--json", *UNTIL_IDLE]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        watch = Watch(process, json.loads(process.stdout.readline())["ready"])
        hello: dict[str, Any] = {"protocolVersion": REVISION, "capabilities": {}, "clientInfo": CLIENT}
        for number in range(2):
            body = request(number, "initialize", hello)
            assert httpx.post(watch.url, json=body, headers={"accept": BOTH}).status_code == 502
        assert watch.end() == 3
    (remark,) = [told["remark"] for told in watch.told if "remark" in told]
    assert "the proxy could not pass this on" in remark


def test_a_signal_is_a_wish_to_come_to_the_end() -> None:
    with watching(ReferenceServer(OPTIONS)) as watch:
        live(watch.url)
        watch.process.send_signal(signal.SIGTERM)
        assert watch.end() == 0
    assert "summary" in watch.told[-1]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("--upstream", "nowhere"), "expected a URL such as"),
        (("--upstream", "http://127.0.0.1:0/mcp"), "expected a URL such as"),
        (("--upstream", "http://127.0.0.1/m cp"), "expected a URL such as"),
        (("--upstream", "http://me:secret@127.0.0.1/mcp"), "--upstream has a user name in it"),
        (("--upstream", "http://127.0.0.1:1/", "--listen", "127.0.0.1:1"), "is where the server of --upstream is"),
        (("--upstream", "https://127.0.0.1:1/", "--ca", __file__), "holds no certificate that can be read"),
        (("--upstream", "http://127.0.0.1:1/", "--for", "0s"), "'0s' is no time such as 60s or 2m"),
        (("--upstream", "http://127.0.0.1:1/", "--for", "soon"), "'soon' is no time such as 60s or 2m"),
        (("--upstream", "http://127.0.0.1:1/", "--record", "/nowhere/r.jsonl"), "/nowhere/r.jsonl cannot be written"),
    ],
)
def test_what_cannot_start_says_why(arguments: tuple[str, ...], complaint: str) -> None:
    done = subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2
    assert complaint in done.stderr
    assert "Traceback" not in done.stderr


def test_words_for_people_have_one_line_for_each_violation() -> None:
    with serve(ReferenceServer(OPTIONS)) as url:
        command = [*COMMAND, "--upstream", url, *UNTIL_IDLE]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            assert process.stderr is not None
            live(process.stderr.readline().split()[4], NoSessionIdOnGet)
            out, _ = process.communicate(timeout=60)
    first = out.splitlines()[0]
    assert (
        " MUST   client session.echo: GET was sent without the session id  https://modelcontextprotocol.io/" in first
    )
    assert "this traffic exercised" in out

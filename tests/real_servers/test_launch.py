"""Each real server answers a real `initialize`, and one that does not start says why."""

import json
import os
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from . import environments, launch
from .conftest import RealServer

INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-11-25",
        "capabilities": {},
        "clientInfo": {"name": "test_launch", "version": "1"},
    },
}
HEADERS = {"Accept": "application/json, text/event-stream"}


def answer_in(response: httpx.Response) -> dict[str, Any]:
    """The JSON-RPC answer, from a JSON body or from the only non-empty data line of an SSE body."""
    if response.headers["content-type"].startswith("application/json"):
        text = response.text
    else:
        data = [line[5:].strip() for line in response.text.splitlines() if line.startswith("data:")]
        (text,) = filter(None, data)
    answer: dict[str, Any] = json.loads(text)
    return answer


def test_a_real_server_answers_initialize(real_server: RealServer) -> None:
    response = httpx.post(real_server.url, json=INITIALIZE, headers=HEADERS, timeout=10)
    if "2025-11-25" not in real_server.revisions:
        assert response.status_code == 400
        assert list(real_server.revisions) == answer_in(response)["error"]["data"]["supported"]
        return
    assert response.status_code == 200
    result = answer_in(response)["result"]
    assert isinstance(result, dict)
    assert result["protocolVersion"] == "2025-11-25"


def test_a_server_that_ends_at_once_shows_its_last_lines() -> None:
    with (
        pytest.raises(launch.ServerDidNotStart, match=r"(?s)exit code 3 before it listened.*no luck today"),
        launch.running(sys.executable, "-c", "import sys; print('no luck today', file=sys.stderr); sys.exit(3)"),
    ):
        pass


@pytest.mark.parametrize("to_sigterm", ["SIG_DFL", "SIG_IGN"])
def test_a_server_is_gone_after_the_block(to_sigterm: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launch, "GRACE_SECONDS", 0.2)
    script = f"""
import os, signal
signal.signal(signal.SIGTERM, signal.{to_sigterm})
print(f"listening on http://pid/{{os.getpid()}}", flush=True)
signal.pause()
"""
    with launch.running(sys.executable, "-c", script) as url:
        pid = int(url.removeprefix("http://pid/"))
        os.kill(pid, 0)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_an_option_for_a_server_without_options_is_refused() -> None:
    with pytest.raises(ValueError, match="takes no options"):
        launch.command_of("server-everything", Path(), ["--stateless"])


def test_without_node_the_servers_from_npm_are_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    with pytest.raises(environments.EnvironmentUnavailable, match="node is not on the PATH"):
        environments.ensure("server-everything")

"""Clients of the official SDKs, let loose on the reference server: nothing false is said of them, or of the server.

What is true of them and worth to know is in docs/field-notes.md, "Clients".
"""

import subprocess
import sys
from pathlib import Path

import pytest

from conformance.evidence.recorder import Recorder
from conformance.evidence.trace import Trace
from conformance.evidence.views import sessions
from conformance.judging.check import Verdict
from reference_server.options import Options
from reference_server.server import ReferenceServer
from reference_server.serving import serve
from tests.clients.living import verdicts
from tests.clients.tap import Tap
from tests.real_servers.environments import EnvironmentUnavailable, ensure

pytestmark = pytest.mark.real_server
SCRIPTS = Path(__file__).parent / "sdk"
LONGEST = 90  # seconds that a client may take on a busy machine
BAD = (Verdict.FAIL, Verdict.WARN, Verdict.ERROR)
MODES = {"sessions": Options(), "stateless": Options(stateless=True)}


def command(client: str, url: str) -> list[str]:
    """How a client is started. Skips where its environment cannot be had."""
    try:
        match client:
            case "python-1":
                return [str(ensure("mcp-1.30.0") / "bin" / "python"), str(SCRIPTS / "sdk_v1.py"), url]
            case "python-2-modern":
                return [str(ensure("mcp-2.3.0") / "bin" / "python"), str(SCRIPTS / "sdk_v2.py"), url, "auto"]
            case "python-2-sessions":
                return [str(ensure("mcp-2.3.0") / "bin" / "python"), str(SCRIPTS / "sdk_v2.py"), url, "legacy"]
            case _:
                return ["node", str(SCRIPTS / "sdk_ts.mjs"), str(ensure("server-everything")), url]
    except EnvironmentUnavailable as reason:
        pytest.skip(str(reason))


def life_of(client: str, options: Options) -> Trace:
    """What a client said to the server, and what it heard."""
    recorder = Recorder()
    with serve(Tap(ReferenceServer(options), recorder)) as url:
        done = subprocess.run(command(client, url), capture_output=True, text=True, check=False, timeout=LONGEST)
    print(done.stderr, file=sys.stderr)
    assert done.returncode == 0
    return recorder.trace()


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("client", "revision"),
    [
        ("python-1", "2025-11-25"),
        ("python-2-sessions", "2025-11-25"),
        ("python-2-modern", "2026-07-28"),
        ("typescript-1", "2025-11-25"),
    ],
)
def test_nothing_false_is_said(client: str, revision: str, mode: str) -> None:
    trace = life_of(client, MODES[mode])
    assert {session.revision for session in sessions(trace)} == {revision}
    assert verdicts(trace, revision, "client", *BAD) == {}
    assert verdicts(trace, revision, "server", *BAD) == {}
    kept = verdicts(trace, revision, "client", Verdict.PASS)
    assert {"post.method", "accept.post", "jsonrpc", "jsonrpc.id-once", "progress.token-unique"} <= kept.keys()

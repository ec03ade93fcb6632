"""nginx in front of the reference server: invisible with our configuration, noticed and explained with its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from conformance.judging.check import Verdict
from conformance.preflight.survey import Unjudgeable
from conformance.report import write_report
from conformance.report.summary import summary
from conformance.run import Run, masked
from reference_server.faults.answering import StreamsMayBeBuffered
from reference_server.options import Options
from reference_server.server import ReferenceServer
from reference_server.serving import serve
from tests.real_servers.environments import EnvironmentUnavailable
from tests.running import BAD, crashes, run_against, told

from .nginx import DEFAULTS, GOOD, find, nginx

PATIENCE = 20.0
AT_ONCE = 24  # stories: what is compared should not depend on how busy this machine is
SHOWN_BY = {"progress.increase", "stream.related", "get.no-response"}  # a few stories with streams
DEAD = "http://127.0.0.1:9/mcp"  # the port of `discard`, where nobody listens


@pytest.fixture(autouse=True)
def available() -> None:
    try:
        find()
    except EnvironmentUnavailable as reason:
        pytest.skip(str(reason))


@pytest.fixture
def server() -> Iterator[str]:
    with serve(ReferenceServer(Options())) as url:
        yield url


def verdicts(run: Run) -> dict[tuple[str, str], Verdict]:
    return {(part.revision, j.key): j.verdict for part in run.revisions for j in part.judgements}


def test_with_our_configuration_every_verdict_is_as_without_nginx(server: str, tmp_path: Path) -> None:
    with nginx(tmp_path, GOOD, server) as url:
        through = run_against(url, timeout=PATIENCE, at_once=AT_ONCE)
    direct = run_against(server, timeout=PATIENCE, at_once=AT_ONCE)
    seen, wanted = verdicts(through), verdicts(direct)
    assert {key: (verdict, seen[key]) for key, verdict in wanted.items() if seen[key] is not verdict} == {}
    assert through.notes == ()


def test_with_its_own_defaults_the_owner_is_told_what_to_set_and_nothing_is_called_a_breach(tmp_path: Path) -> None:
    with serve(StreamsMayBeBuffered(Options())) as server, nginx(tmp_path, DEFAULTS, server) as url:
        run = run_against(url, "2025-11-25", keys=SHOWN_BY)
    (part,) = run.revisions
    assert crashes(part) == []
    assert told(part, *BAD) == {}
    (note,) = run.notes
    assert note.startswith("event streams are held back: ")
    assert "`proxy_buffering off;`" in note
    assert f"note: {note}" in list(summary(masked(run)))
    assert "<code>proxy_buffering off;</code>" in write_report(run, tmp_path / "report").read_text(encoding="utf-8")


def test_a_server_that_forbids_buffering_needs_no_configuration(server: str, tmp_path: Path) -> None:
    with nginx(tmp_path, DEFAULTS, server) as url:
        run = run_against(url, "2025-11-25", keys=SHOWN_BY)
    assert run.notes == ()
    assert told(run.revisions[0], *BAD, Verdict.NOT_SEEN) == {}


@pytest.mark.parametrize(
    ("servers", "words"),
    [
        (GOOD, r"a gateway, nginx/\S+, and the server behind it cannot be reached \(502\)"),
        (GOOD.replace("location /mcp", "location /elsewhere"), r"nothing is served at this path \(404\)"),
        (GOOD.replace("_size 10m", "_size 10"), r"too large \(413\).*client_max_body_size"),
        (GOOD.replace("proxy_pass http://mcp_server", "return 403"), r"denies access \(403\)"),
    ],
)
def test_pages_of_nginx_are_explained(servers: str, words: str, tmp_path: Path) -> None:
    with nginx(tmp_path, servers, DEAD) as url, pytest.raises(Unjudgeable, match=words):
        run_against(url)

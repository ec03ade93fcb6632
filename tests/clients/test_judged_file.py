"""`python -m conformance judge FILE --party ...` says of a saved trace who broke what."""

import pytest

from conformance.__main__ import main
from conformance.evidence.archive import write
from reference_server.options import Options
from tests.clients.faults.client_sending import PostsOfAnyKind
from tests.clients.living import life_of


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What a client did whose only fault is its Accept header, at a server that wants no token."""
    path = tmp_path_factory.mktemp("saved") / "trace.jsonl"
    write(life_of(PostsOfAnyKind, "2026-07-28", Options()), path)
    return str(path)


@pytest.mark.parametrize(("party", "code"), [("server", 0), ("client", 1), ("both", 1)])
def test_only_the_party_that_was_asked_for_is_judged(
    saved: str, party: str, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["judge", saved, "--party", party]) == code
    said = capsys.readouterr().out
    assert ("accept.post of the client" in said) == (party != "server")
    assert ("result.type" in said) == (party != "client")


def test_a_server_is_judged_unless_told_otherwise(saved: str) -> None:
    assert main(["judge", saved]) == 0


def test_explain_knows_both_parties(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "jsonrpc.id-once"]) == 0
    said = capsys.readouterr().out
    assert "jsonrpc.id-once, of the client:" in said
    assert "conformance.checks.client_messages" in said
    assert "conformance.checks.ids" in said


def test_the_list_names_the_party(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ledger", "--names"]) == 0
    names = capsys.readouterr().out.split()
    assert {"2025-11-25:session.echo@client", "2025-11-25:jsonrpc.id-once@server"} <= set(names)
    assert "2025-11-25:session.delete@client" not in names

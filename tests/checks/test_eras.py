"""Older clients at servers of one era and of both."""

import pytest

from conformance.evidence.trace import JSON
from conformance.judging.check import Verdict
from tests.tape import Tape, complete, discovered, error, request

OLD = "2025-11-25"
BOTH = ("era.old-traffic", "era.initialize-error")


def initialized(answer: JSON | bytes, status: int = 400, **discovery: JSON) -> Tape:
    tape = Tape("2026-07-28")
    tape.discover(**discovery)
    params: dict[str, JSON] = {
        "protocolVersion": OLD,
        "capabilities": {},
        "clientInfo": {"name": "t", "version": "1"},
    }
    tape.post(request(7, "initialize", params), answer=answer, status=status)
    return tape


def refusing(message: str = "no: speak 2026-07-28") -> Tape:
    return initialized(error(7, -32601, message), 404)


def test_a_server_of_both_eras_owes_nothing() -> None:
    tape = initialized({"jsonrpc": "2.0", "id": 7, "result": {"protocolVersion": OLD, "capabilities": {}}}, 200)
    tape.get(status=400, answer=b"no session")
    assert [tape.verdict(key) for key in BOTH] == [Verdict.NOT_APPLICABLE] * 2


def test_a_server_that_lists_an_older_version_owes_nothing() -> None:
    tape = initialized(error(7, -32600), supportedVersions=["2026-07-28", OLD])
    assert [tape.verdict(key) for key in BOTH] == [Verdict.NOT_APPLICABLE] * 2


def test_as_long_as_nobody_initialized_nothing_is_known() -> None:
    tape = Tape("2026-07-28")
    tape.discover()
    tape.get(status=404, answer=b"")
    assert tape.verdict("era.old-traffic") is Verdict.NOT_SEEN


@pytest.mark.parametrize(("status", "verdict"), [(405, Verdict.PASS), (404, Verdict.WARN), (400, Verdict.WARN)])
def test_get_gets_405(status: int, verdict: Verdict) -> None:
    tape = refusing()
    tape.get(status=status, answer=b"no")
    tape.get(status=status, answer=b"no", after="7")
    tape.exchange("DELETE", status=status)
    assert tape.verdict("era.old-traffic") is verdict


@pytest.mark.parametrize("status", [401, 403, 503])
def test_who_keeps_everybody_out_tells_nothing(status: int) -> None:
    tape = refusing()
    tape.get(status=status, answer=b"no")
    assert tape.verdict("era.old-traffic") is Verdict.NOT_SEEN
    assert initialized(b"", status).verdict("era.initialize-error") is Verdict.NOT_SEEN


@pytest.mark.parametrize("name", ["Mcp-Session-Id", "Last-Event-ID"])
def test_ids_of_older_clients_are_ignored(name: str) -> None:
    right = refusing()
    right.ask("server/discover", headers={name: "x"}, answer=complete(1, discovered()))
    assert right.verdict("era.old-traffic") is Verdict.PASS
    wrong = refusing()
    wrong.ask("server/discover", headers={name: "x"}, answer=error(1, -32600), status=404)
    assert wrong.verdict("era.old-traffic") is Verdict.WARN
    assert wrong.verdict("discover") is Verdict.PASS


def test_no_session_ids_are_given_out() -> None:
    tape = refusing()
    tape.ask("server/discover", answer=complete(1, discovered()), response_headers={"Mcp-Session-Id": "x"})
    assert tape.verdict("era.old-traffic") is Verdict.WARN


@pytest.mark.parametrize(
    "answer",
    [
        error(7, -32601, "Method not found; this server supports 2026-07-28"),
        {"jsonrpc": "2.0", "id": 7, "error": {"code": -32020, "message": "no", "data": {"any": ["2026-07-28"]}}},
        b"Please speak 2026-07-28",
    ],
)
def test_the_versions_may_stand_anywhere_in_the_error(answer: JSON | bytes) -> None:
    assert initialized(answer).verdict("era.initialize-error") is Verdict.PASS


@pytest.mark.parametrize("answer", [b"", error(7, -32601, "Method not found"), error(7, -32020, "speak 2027-01-01")])
def test_an_error_without_versions_is_a_warning(answer: JSON | bytes) -> None:
    assert initialized(answer).verdict("era.initialize-error") is Verdict.WARN


def test_an_error_with_200_is_an_error_too() -> None:
    assert initialized(error(7, -32602, "no"), 200).verdict("era.initialize-error") is Verdict.WARN


def test_who_sends_modern_metadata_knows_the_versions() -> None:
    tape = Tape("2026-07-28")
    tape.ask("initialize", {"protocolVersion": OLD}, answer=error(1, -32601), status=404)
    assert tape.verdict("era.initialize-error") is Verdict.NOT_SEEN

"""Version negotiation and the version header: what is legal, and what is not."""

import json

import pytest

from conformance.evidence.trace import JSON
from conformance.judging.check import Verdict
from tests.tape import Tape, error, request, result

NEVER = "1900-01-01"
KNOWN = ("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25")


def introduced(tape: Tape, asked: JSON, answer: JSON | bytes, status: int = 200) -> None:
    params: dict[str, JSON] = {"protocolVersion": asked, "capabilities": {}, "clientInfo": {}}
    tape.session_id = None
    tape.post(request(1, "initialize", params), answer=answer, status=status)


def negotiating(supported: tuple[str, ...], offer: str) -> Tape:
    """A server that agrees to the supported versions and offers one in place of others."""
    tape = Tape("2025-11-25")
    for asked in (*KNOWN, NEVER):
        tape.initialize(asked=asked, version=asked if asked in supported else offer, session_id=f"s-{asked}")
    return tape


def ping(tape: Tape, value: str | None, status: int = 200) -> None:
    headers = {} if value is None else {"MCP-Protocol-Version": value}
    tape.post(request(2, "ping"), answer=result(2) if status == 200 else b"no", headers=headers, status=status)


def test_a_version_that_is_not_supported_need_not_be_agreed_to() -> None:
    tape = negotiating(("2025-11-25",), "2025-11-25")
    assert "bad" not in tape.outcomes("version.same")
    assert tape.verdict("version.server-latest") is Verdict.PASS


def test_a_version_that_an_error_lists_has_to_be_agreed_to() -> None:
    tape = negotiating(("2025-11-25",), "2025-11-25")
    refusal = error(1, -32602)
    refusal["error"] = {"code": -32602, "message": "no", "data": {"supported": ["2025-06-18"]}}
    introduced(tape, "2026-01-01", refusal)
    assert tape.verdict("version.same") is Verdict.FAIL


def test_a_version_that_is_taken_in_the_header_has_to_be_agreed_to() -> None:
    tape = negotiating(("2025-11-25",), "2025-11-25")
    ping(tape, NEVER, 400)
    assert "bad" not in tape.outcomes("version.same")
    ping(tape, "2025-06-18")
    assert tape.verdict("version.same") is Verdict.FAIL


def test_a_header_that_nobody_looks_at_shows_nothing_about_versions() -> None:
    tape = negotiating(("2025-11-25",), "2025-11-25")
    ping(tape, NEVER)
    ping(tape, "2025-06-18")
    assert "bad" not in tape.outcomes("version.same")


def test_an_older_version_than_all_streamable_ones_may_be_taken_in_the_header_only() -> None:
    tape = negotiating(("2025-11-25",), "2025-11-25")
    ping(tape, NEVER, 400)
    ping(tape, "2024-11-05")
    assert "bad" not in tape.outcomes("version.same")


def test_a_counter_offer_is_what_an_unknown_version_draws() -> None:
    assert negotiating(KNOWN, "2025-11-25").verdict("version.other") is Verdict.PASS


def test_the_unknown_version_echoed_is_a_breach() -> None:
    tape = Tape()
    tape.initialize(asked=NEVER, version=NEVER)
    assert tape.verdict("version.other") is Verdict.FAIL


def test_an_offer_that_is_not_kept_is_a_breach() -> None:
    tape = Tape()
    tape.initialize(asked="2025-06-18", version="2025-11-25")
    tape.initialize(asked=NEVER, version="2025-06-18")
    assert tape.verdict("version.other") is Verdict.FAIL


def test_an_error_that_names_supported_versions_is_a_warning_at_most() -> None:
    tape = Tape()
    introduced(tape, NEVER, error(1, -32602, "unsupported, use 2025-06-18"))
    introduced(tape, NEVER, b"Bad Request: unsupported (supported: 2025-06-18)", 400)
    assert tape.outcomes("version.other") == ["bent", "open"]


def test_an_error_without_any_offer_is_a_breach() -> None:
    tape = Tape()
    introduced(tape, NEVER, error(1, -32602, "no"))
    introduced(tape, NEVER, b"", 400)
    assert tape.outcomes("version.other") == ["bad", "bad"]


def test_a_busy_or_closed_server_decides_nothing() -> None:
    tape = Tape()
    for status in (401, 429, 503):
        introduced(tape, NEVER, b"", status)
    assert set(tape.outcomes("version.other")) == {"open"}


@pytest.mark.parametrize(("also", "found"), [(None, "bad"), ("2025-11-25", "open")])
def test_a_failure_of_the_server_is_a_breach_unless_it_fails_otherwise_too(also: str | None, found: str) -> None:
    tape = Tape()
    tape.initialize()
    introduced(tape, NEVER, b"", 500)
    if also is not None:
        introduced(tape, also, b"", 500)
    assert tape.outcomes("version.other") == [found]


@pytest.mark.parametrize(
    ("id", "status", "found"),
    [(None, 400, "bad"), (None, 200, "bad"), ("server", 400, "bad"), (99, 200, "open")],
)
def test_an_error_is_about_what_was_asked_unless_it_names_another_request(id: JSON, status: int, found: str) -> None:
    tape = Tape()
    tape.initialize()
    introduced(tape, NEVER, error(id, -32600, "no"), status)
    assert tape.outcomes("version.other") == [found]


def test_a_version_newer_than_we_know_may_be_agreed_to() -> None:
    tape = Tape()
    tape.initialize(asked="2031-01-01", version="2031-01-01")
    assert tape.outcomes("version.other") == []
    assert tape.outcomes("version.server-latest") == []


def test_an_offer_older_than_what_is_spoken_is_a_warning() -> None:
    tape = negotiating(("2025-03-26", "2025-11-25"), "2025-03-26")
    assert tape.verdict("version.server-latest") is Verdict.WARN


def test_whether_an_offer_is_the_newest_is_not_known_without_asking_for_newer_ones() -> None:
    tape = Tape()
    tape.initialize(asked=NEVER, version="2025-03-26")
    assert tape.verdict("version.server-latest") is Verdict.NOT_SEEN


def test_versions_of_any_type_are_survived() -> None:
    tape = Tape()
    values: list[JSON] = [None, 5, ["2025-11-25"], {"a": 1}, "", "x" * 9999]
    for value in values:
        introduced(tape, value, result(1, {"protocolVersion": value, "capabilities": {}}))
        introduced(tape, NEVER, result(1, {"protocolVersion": value}))
    for key in (
        "version.same",
        "version.other",
        "version.server-latest",
        "version.header-400",
        "version.header-default",
    ):
        assert tape.verdict(key) in (Verdict.FAIL, Verdict.PASS, Verdict.NOT_SEEN)


def test_a_bad_header_gets_400() -> None:
    for status, verdict in ((400, Verdict.PASS), (200, Verdict.FAIL), (412, Verdict.FAIL), (503, Verdict.NOT_SEEN)):
        tape = Tape()
        tape.initialize(session_id="s")
        ping(tape, "nonsense", status)
        assert tape.verdict("version.header-400") is verdict


def test_a_get_with_a_bad_header_is_a_request_too() -> None:
    for status, verdict in ((400, Verdict.PASS), (200, Verdict.FAIL), (405, Verdict.NOT_SEEN)):
        tape = Tape()
        tape.initialize(session_id="s")
        tape.exchange("GET", headers={"MCP-Protocol-Version": "nonsense"}, status=status)
        assert tape.verdict("version.header-400") is verdict


@pytest.mark.parametrize("status", [404, 501])
def test_a_method_that_draws_the_same_with_a_right_header_shows_nothing(status: int) -> None:
    tape = Tape()
    tape.initialize(session_id="s")
    tape.exchange("DELETE", headers={"MCP-Protocol-Version": "nonsense"}, status=status)
    ping(tape, "2025-11-25")
    assert tape.verdict("version.header-400") is Verdict.FAIL
    tape.exchange("DELETE", headers={"MCP-Protocol-Version": "2025-11-25"}, status=status)
    assert tape.verdict("version.header-400") is Verdict.NOT_SEEN


@pytest.mark.parametrize("status", [401, 403])
def test_401_and_403_are_about_the_header_where_the_same_credentials_were_good(status: int) -> None:
    tape = Tape()
    tape.initialize(session_id="s")
    tape.exchange("GET", headers={"MCP-Protocol-Version": "nonsense"}, status=status)
    assert tape.verdict("version.header-400") is Verdict.NOT_SEEN
    ping(tape, "nonsense", status)
    assert tape.verdict("version.header-400") is Verdict.FAIL


def test_404_is_about_the_header_where_the_session_lives_on() -> None:
    tape = Tape()
    tape.initialize(session_id="s")
    ping(tape, "nonsense", 404)
    assert tape.verdict("version.header-400") is Verdict.NOT_SEEN
    ping(tape, "2025-11-25")
    assert tape.verdict("version.header-400") is Verdict.FAIL


@pytest.mark.parametrize(
    ("offered", "verdict"), [("latest", Verdict.FAIL), ("", Verdict.FAIL), ("DRAFT-2026-v1", Verdict.PASS)]
)
def test_a_counter_offer_is_a_version(offered: str, verdict: Verdict) -> None:
    tape = Tape()
    introduced(tape, NEVER, result(1, {"protocolVersion": offered, "capabilities": {}}))
    assert tape.verdict("version.other") is verdict


def test_known_and_newer_versions_in_the_header_are_another_matter() -> None:
    tape = Tape()
    tape.initialize(session_id="s")
    ping(tape, "2025-06-18")
    ping(tape, "2031-01-01")
    assert tape.outcomes("version.header-400") == []


def test_a_draft_that_was_negotiated_may_stand_in_the_header() -> None:
    tape = Tape()
    tape.initialize(session_id="s", asked="DRAFT-7", version="DRAFT-7")
    ping(tape, "DRAFT-7")
    assert tape.outcomes("version.header-400") == []


def test_on_initialize_the_body_decides() -> None:
    tape = Tape()
    tape.initialize(session_id="s")
    body = request(1, "initialize", {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {}})
    tape.post(body, answer=result(1), headers={"MCP-Protocol-Version": "nonsense"})
    assert tape.outcomes("version.header-400") == []


def test_a_missing_header_may_be_refused_where_sessions_tell_the_version() -> None:
    tape = Tape()
    tape.initialize(session_id="s")
    ping(tape, None, 400)
    assert tape.verdict("version.header-default") is Verdict.NOT_SEEN


@pytest.mark.parametrize(("status", "verdict"), [(400, Verdict.WARN), (200, Verdict.NOT_SEEN)])
def test_a_missing_header_may_not_be_refused_in_sessions_of_a_version_without_it(
    status: int, verdict: Verdict
) -> None:
    tape = Tape()
    tape.initialize(session_id="old", asked="2025-03-26", version="2025-03-26")
    ping(tape, None, status)
    tape.client = "story#2"
    tape.initialize(session_id="s")
    ping(tape, None, 400)
    assert tape.verdict("version.header-default") is verdict


def test_a_missing_header_is_served() -> None:
    tape = Tape()
    tape.initialize()
    ping(tape, None)
    assert tape.verdict("version.header-default") is Verdict.PASS


def test_a_server_without_sessions_that_speaks_the_oldest_version_may_not_insist_on_the_header() -> None:
    tape = Tape()
    tape.initialize(asked="2025-03-26", version="2025-03-26")
    tape.client = "story#2"
    tape.initialize()
    ping(tape, None, 400)
    assert tape.verdict("version.header-default") is Verdict.WARN


def test_a_server_without_sessions_that_speaks_only_newer_versions_may_insist_on_the_header() -> None:
    tape = Tape()
    tape.initialize()
    ping(tape, None, 400)
    assert tape.verdict("version.header-default") is Verdict.NOT_APPLICABLE


def silent(tape: Tape, body: JSON) -> None:
    tape.end(tape.begin("POST", json.dumps(body).encode()), "timed out")


def test_silence_counts_where_it_is_repeated_and_for_nothing_else() -> None:
    tape = Tape()
    tape.initialize(session_id="s")
    for expected in (Verdict.NOT_SEEN, Verdict.FAIL):
        silent(tape, request(1, "initialize", {"protocolVersion": NEVER}))
        assert tape.verdict("version.other") is expected
    silent(tape, request(2, "ping"))
    assert tape.verdict("version.other") is Verdict.NOT_SEEN

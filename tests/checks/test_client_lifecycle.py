"""The handshake as it is seen from the way between client and server."""

import json

import pytest

from conformance.evidence.trace import JSON
from tests.checks.live import Live
from tests.tape import URL, error, notification, request, result

READY = notification("notifications/initialized")


def test_a_session_that_began_before_the_recording_is_no_early_request() -> None:
    tape = Live()
    tape.ask_for("tools/list", headers={"Mcp-Session-Id": "old"})
    tape.initialize(session_id="s")
    assert tape.said("init.first") == ["ok"]


def test_a_request_that_names_nothing_and_comes_first_is_wrong() -> None:
    tape = Live()
    tape.post(request(1, "tools/list"), status=400)
    tape.initialize(session_id="s")
    assert tape.said("init.first") == ["bad"]


def test_a_stateless_client_of_the_oldest_revision_may_have_begun_earlier() -> None:
    tape = Live("2025-03-26")
    tape.post(request(1, "tools/list"), answer=result(1))
    tape.initialize()
    assert tape.said("init.first") == ["open"]


def test_to_look_for_the_modern_era_first_is_right() -> None:
    tape = Live()
    tape.revision = "2026-07-28"
    tape.ask("server/discover", id=0, answer=error(0), status=400)
    tape.revision = "2025-11-25"
    tape.initialize(session_id="s")
    assert tape.said("init.first") == ["ok"]


def test_ready_may_overtake_and_be_overtaken() -> None:
    tape = Live()
    tape.initialize(session_id="s")
    tape.ask_for("tools/list")
    assert tape.said("init.initialized") == ["open"]
    tape.post(READY)
    assert tape.said("init.initialized") == ["ok"]


def test_never_ready_is_wrong_after_two_rounds() -> None:
    tape = Live()
    tape.initialize(session_id="s")
    tape.ask_for("tools/list", id=2)
    tape.ask_for("tools/list", id=3)
    assert tape.said("init.initialized") == ["bad"]


def test_pings_alone_do_not_ask_for_ready() -> None:
    tape = Live()
    tape.initialize(session_id="s")
    for id in range(2, 6):
        tape.ask_for("ping", id=id)
    assert tape.said("init.initialized") == ["open"]


def test_without_session_ids_ready_may_come_on_another_connection() -> None:
    tape = Live()
    tape.initialize()
    tape.client = "another connection"
    tape.post(READY)
    tape.client = "client"
    tape.ask_for("tools/list", id=2)
    tape.ask_for("tools/list", id=3)
    assert tape.said("init.initialized") == ["open"]


@pytest.mark.parametrize(("method", "said"), [("ping", "ok"), ("tools/list", "bad")])
def test_only_pings_may_come_before_the_answer(method: str, said: str) -> None:
    tape = Live()
    params: dict[str, JSON] = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {}}
    opening = tape.begin("POST", json.dumps(request(1, "initialize", params)).encode())
    tape.post(request(2, method), status=400)
    tape.head(opening, 200, {"Content-Type": "application/json", "Mcp-Session-Id": "s"})
    answer: dict[str, JSON] = {"protocolVersion": "2025-11-25", "capabilities": {}, "serverInfo": {}}
    tape.chunk(opening, json.dumps(result(1, answer)))
    tape.end(opening)
    assert tape.said("init.no-early-requests") == [said]


def test_what_the_server_did_not_declare_is_not_to_be_used() -> None:
    tape = Live()
    tape.initialize(session_id="s", capabilities={"tools": {}, "resources": {}})
    for id, method in enumerate(("tools/list", "resources/list", "resources/subscribe", "prompts/list"), 2):
        tape.ask_for(method, id=id)
    tape.ask_for("com.example/own", id=9)
    assert tape.said("negotiated") == ["ok", "ok", "bad", "bad"]


def test_a_metadata_document_is_no_part_of_a_session() -> None:
    tape = Live()
    tape.initialize(session_id="s")
    tape.exchange("GET", url=URL.replace("/mcp", "/.well-known/oauth-protected-resource"), answer={"resource": URL})
    assert tape.said("session.echo") == tape.said("version.header") == []


def test_to_listen_before_initialize_asks_nothing() -> None:
    tape = Live()
    tape.exchange("GET", status=400, headers={"MCP-Protocol-Version": "2025-11-25"})
    tape.initialize(session_id="s")
    assert tape.said("init.first") == ["ok"]
    assert tape.said("version.header") == tape.said("session.echo") == []

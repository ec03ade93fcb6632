"""What follows from a trace of the modern era, where nothing begins and every request says what it is."""

import pytest

from conformance.evidence.recorder import Recorder
from conformance.evidence.trace import JSON
from conformance.evidence.views import Session, sessions
from tests.tape import Tape, complete, error, request, result


def seen(tape: Tape) -> list[Session]:
    return sessions(tape.trace)


def live() -> Tape:
    """Traffic of somebody else's: no story says its revision."""
    tape = Tape("2026-07-28")
    tape.recorder = Recorder(clock=lambda: tape.now)
    return tape


def initialized(tape: Tape, asked: str, negotiated: str) -> int:
    params: dict[str, JSON] = {
        "protocolVersion": asked,
        "capabilities": {},
        "clientInfo": {"name": "t", "version": "1"},
    }
    answer: dict[str, JSON] = {
        "protocolVersion": negotiated,
        "capabilities": {},
        "serverInfo": {"name": "t", "version": "1"},
    }
    return tape.post(
        request(1, "initialize", params), answer=result(1, answer), response_headers={"Mcp-Session-Id": "s"}
    )


def test_what_one_client_asks_is_one_session_that_nothing_began() -> None:
    tape = Tape("2026-07-28")
    tape.ask("tools/list", answer=complete(1))
    tape.ask("tools/list", id=2, answer=complete(2))
    (session,) = seen(tape)
    assert (session.modern, session.revision, session.handshake) == (True, "2026-07-28", None)
    assert [call.response is not None for call in session.calls] == [True, True]


def test_an_id_may_be_used_again_and_each_answer_belongs_to_its_own_request() -> None:
    tape = Tape("2026-07-28")
    tape.ask("tools/list", answer=complete(1, {"tools": []}))
    tape.ask("tools/list", answer=b"")
    (session,) = seen(tape)
    assert [call.response is not None for call in session.calls] == [True, False]


def test_what_a_server_can_do_is_known_to_all_who_ask() -> None:
    tape = Tape("2026-07-28")
    tape.ask("tools/list", answer=complete(1))
    tape.client = "story#2"
    tape.discover(capabilities={"logging": {}})
    first, second = seen(tape)
    assert first.server_capabilities == second.server_capabilities == {"logging": {}}


def test_a_refused_discovery_tells_nothing() -> None:
    tape = Tape("2026-07-28")
    tape.ask("server/discover", answer=error(1, -32601), status=404)
    (session,) = seen(tape)
    assert session.server_capabilities == {}


def test_capabilities_of_a_client_are_those_of_the_request() -> None:
    tape = Tape("2026-07-28")
    tape.ask("tools/list", answer=complete(1), meta={"io.modelcontextprotocol/clientCapabilities": {"roots": {}}})
    tape.ask("tools/list", answer=complete(1))
    (session,) = seen(tape)
    assert [call.client_capabilities for call in session.calls] == [{"roots": {}}, {}]


@pytest.mark.parametrize("refused", [True, False])
def test_initialize_leads_out_of_the_modern_era_only_if_it_is_agreed_to(refused: bool) -> None:
    tape = Tape("2026-07-28")
    if refused:
        tape.post(request(1, "initialize"), answer=error(1), status=400)
    else:
        initialized(tape, "2025-11-25", "2025-11-25")
    (session,) = seen(tape)
    assert (session.modern, session.revision) == ((True, "2026-07-28") if refused else (False, "2025-11-25"))


def test_live_traffic_of_one_client_is_told_apart_by_era() -> None:
    tape = live()
    tape.discover()
    initialized(tape, "2025-11-25", "2025-11-25")
    tape.session_id = "s"
    tape.post(request(2, "ping"), answer=result(2), headers={"MCP-Protocol-Version": "2025-11-25"})
    tape.session_id = None
    tape.ask("tools/list", id=3, answer=complete(3))
    modern, old = seen(tape)
    assert [x.number for x in modern.exchanges] == [0, 3]
    assert [x.number for x in old.exchanges] == [1, 2]
    assert (modern.revision, old.revision) == ("2026-07-28", "2025-11-25")


def test_a_request_without_metadata_is_modern_if_its_header_says_so() -> None:
    tape = live()
    tape.post(request(1, "tools/list"), answer=error(1), headers={"MCP-Protocol-Version": "2026-07-28"})
    tape.post(request(2, "tools/list"), answer=error(2), headers={"MCP-Protocol-Version": "2025-11-25"})
    assert [session.modern for session in seen(tape)] == [True, False]

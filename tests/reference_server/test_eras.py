"""Which era a request belongs to, and what a server does that speaks only one of them."""

from collections.abc import Iterator

import httpx
import pytest

from reference_server.options import MODERN_REVISIONS, SESSION_REVISIONS, Options
from reference_server.server import ReferenceServer
from reference_server.serving import serve
from tests.reference_server.modern import MODERN, VERSION, Lone, refused
from tests.reference_server.talk import BOTH, Talk

INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-11-25",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    },
}


@pytest.fixture(scope="module")
def modern_url() -> Iterator[str]:
    with serve(ReferenceServer(Options(revisions=MODERN_REVISIONS))) as endpoint:
        yield endpoint


@pytest.fixture
def lone(modern_url: str) -> Iterator[Lone]:
    with Lone(modern_url) as client:
        yield client


def test_both_eras_live_at_one_address(url: str, talk: Talk) -> None:
    with Lone(url) as lone:
        assert "result" in lone.ask("tools/list")
        assert talk.ask("ping")["result"] == {}


def test_initialize_never_agrees_to_a_modern_version(url: str) -> None:
    with Talk(url, MODERN) as talk:
        assert talk.hello["protocolVersion"] == "2025-11-25"


def test_initialize_with_a_modern_header_begins_a_session(url: str) -> None:
    headers = {"accept": BOTH, "mcp-protocol-version": MODERN}
    assert "mcp-session-id" in httpx.post(url, json=INITIALIZE, headers=headers).headers


def test_a_modern_request_in_a_session_stands_alone_all_the_same(url: str, talk: Talk) -> None:
    with Lone(url) as lone:
        response = lone.post(lone.request("tools/list"), mcp_session_id=talk.session)
        assert response.json()["result"]["resultType"] == "complete"
        assert "mcp-session-id" not in response.headers


def test_a_modern_header_without_metadata_is_a_bad_modern_request(talk: Talk) -> None:
    assert refused(talk.post(talk.request("ping"), mcp_protocol_version=MODERN)) == (400, -32602)


def test_a_session_does_not_turn_modern_by_an_unknown_version(talk: Talk) -> None:
    assert refused(talk.post(talk.request("ping"), mcp_protocol_version="1999-01-01")) == (400, -32600)


def test_metadata_that_names_a_version_of_sessions_is_no_modern_request(talk: Talk) -> None:
    assert talk.ask("ping", {"_meta": {VERSION: "2025-11-25"}})["result"] == {}


def test_without_version_and_session_the_request_is_of_the_oldest_revision(url: str) -> None:
    request = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    assert refused(httpx.post(url, json=request, headers={"accept": BOTH})) == (400, -32600)
    with serve(ReferenceServer(Options(stateless=True))) as stateless:
        assert httpx.post(stateless, json=request, headers={"accept": BOTH}).json()["result"] == {}
    with serve(ReferenceServer(Options(stateless=True, revisions=("2025-11-25", MODERN)))) as newer:
        assert refused(httpx.post(newer, json=request, headers={"accept": BOTH})) == (400, -32020)


def test_a_server_of_sessions_alone_knows_no_modern_version() -> None:
    with serve(ReferenceServer(Options(revisions=SESSION_REVISIONS))) as url, Lone(url) as lone:
        assert refused(lone.post(lone.request("tools/list"))) == (400, -32600)


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT"])
def test_a_modern_server_offers_only_post(modern_url: str, method: str) -> None:
    response = httpx.request(method, modern_url, headers={"accept": "text/event-stream"})
    assert response.status_code == 405
    assert response.headers["allow"] == "POST, OPTIONS"


def test_there_is_nothing_to_listen_to_in_a_modern_way(url: str, talk: Talk) -> None:
    headers = talk.headers | {"mcp-protocol-version": MODERN}
    assert httpx.get(url, headers=headers).status_code == 405


def test_a_modern_server_tells_the_clients_of_sessions_what_it_speaks(modern_url: str) -> None:
    response = httpx.post(modern_url, json=INITIALIZE, headers={"accept": BOTH})
    assert refused(response) == (400, -32020)
    error = response.json()["error"]
    assert error["data"]["supported"] == [MODERN]
    assert MODERN in error["message"]


def test_initialize_in_modern_dress_is_an_unknown_method(lone: Lone) -> None:
    response = lone.post(lone.request("initialize"))
    assert refused(response) == (404, -32601)
    assert response.json()["error"]["data"]["supported"] == [MODERN]


def test_a_modern_server_ignores_what_belongs_to_sessions(lone: Lone) -> None:
    response = lone.post(lone.request("tools/list"), mcp_session_id="never", last_event_id="s1-1")
    assert response.status_code == 200
    assert "mcp-session-id" not in response.headers


def test_a_modern_server_knows_no_version_of_sessions(lone: Lone) -> None:
    message = lone.request("tools/list", meta={VERSION: "2025-11-25"})
    assert refused(lone.post(message, mcp_protocol_version="2025-11-25")) == (400, -32022)


def test_repeated_header_lines_are_one_list(url: str) -> None:
    lines = [("accept", "application/json"), ("accept", "text/event-stream")]
    assert httpx.post(url, json=INITIALIZE, headers=lines).status_code == 200

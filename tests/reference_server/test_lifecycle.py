"""initialize, ping, cancelled."""

import pytest

from reference_server.options import SESSION_REVISIONS
from tests.reference_server.talk import Message, Talk, text_in


@pytest.mark.parametrize("revision", SESSION_REVISIONS)
def test_the_server_introduces_itself(url: str, revision: str) -> None:
    with Talk(url, revision) as talk:
        assert talk.hello["serverInfo"]["name"] == "reference-server"
        assert ("title" in talk.hello["serverInfo"]) == (revision > "2025-03-26")
        tasks = {"tasks"} if revision == "2025-11-25" else set()
        assert set(talk.hello["capabilities"]) == {"completions", "logging", "prompts", "resources", "tools", *tasks}


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"protocolVersion": 1, "capabilities": {}, "clientInfo": {}},
        {"protocolVersion": "2025-11-25", "clientInfo": {}},
        {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": "me"},
    ],
)
def test_a_bad_introduction_draws_32602(talk: Talk, params: Message) -> None:
    del talk.headers["mcp-session-id"]
    response = talk.post(talk.request("initialize", params))
    assert response.json()["error"]["code"] == -32602
    assert "mcp-session-id" not in response.headers


@pytest.mark.parametrize("request_id", [0, -1, "1", "", 2**53])
def test_a_ping_is_answered_under_its_id(talk: Talk, request_id: str | int) -> None:
    ping = {"jsonrpc": "2.0", "id": request_id, "method": "ping"}
    assert talk.post(ping).text == f'{{"jsonrpc":"2.0","id":{jsonish(request_id)},"result":{{}}}}'


def jsonish(value: str | int) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


def test_a_cancelled_call_stops_and_is_not_answered(talk: Talk) -> None:
    call = talk.tool("test_slow", {"steps": 10000, "step_ms": 5}, token="t")
    with talk.stream(call) as events:
        events.until("notifications/progress")
        assert talk.notify("notifications/cancelled", {"requestId": call["id"]}).status_code == 202
        assert all(m.get("method") == "notifications/progress" for m in events.messages())
    assert talk.ask("ping")["result"] == {}


@pytest.mark.parametrize("params", [{}, {"requestId": "nobody"}, {"requestId": True}, {"requestId": {}}])
def test_a_cancellation_of_nothing_is_ignored(talk: Talk, params: Message) -> None:
    call = talk.tool("test_slow", {"steps": 20, "step_ms": 5})
    call["id"] = 1
    with talk.stream(call) as events:
        assert talk.notify("notifications/cancelled", params).status_code == 202
        assert text_in(events.answer()) == "done in 20 steps"
    assert talk.notify("notifications/cancelled", {"requestId": 1}).status_code == 202

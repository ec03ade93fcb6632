"""What a POST draws."""

from collections.abc import Iterator

import pytest

from reference_server.options import Options
from reference_server.server import ReferenceServer
from reference_server.serving import serve
from tests.reference_server.talk import BOTH, Talk

OLDEST = "2025-03-26"


@pytest.mark.parametrize(
    "message",
    [
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "method": "notifications/whatever", "params": {"a": 1}},
        {"jsonrpc": "2.0", "id": 99, "result": {}},
        {"jsonrpc": "2.0", "id": "99", "error": {"code": 1, "message": "m"}},
    ],
)
def test_what_wants_no_answer_draws_202_and_no_body(talk: Talk, message: object) -> None:
    response = talk.post(message)
    assert (response.status_code, response.content) == (202, b"")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", -32700),
        (b"\xff", -32700),
        (b"[]", -32600),
        (b'{"jsonrpc":"2.0","method":"ping"}', -32600),
        (b'{"jsonrpc":"2.0","method":"notifications/cancelled","params":1}', -32600),
        (b'{"jsonrpc":"2.0","id":null,"method":"ping"}', -32600),
        (b'{"jsonrpc":"2.0"}', -32600),
        (b'[{"jsonrpc":"2.0","id":1,"method":"ping"}]', -32600),
    ],
)
def test_what_cannot_be_accepted_draws_400(talk: Talk, body: bytes, code: int) -> None:
    response = talk.http.post(talk.url, content=body, headers=talk.headers | {"content-type": "application/json"})
    assert (response.status_code, response.json()["error"]["code"]) == (400, code)
    assert "id" not in response.json()


def test_a_refused_request_is_refused_under_its_id(talk: Talk) -> None:
    talk.headers["mcp-session-id"] = "nobody"
    assert talk.post({"jsonrpc": "2.0", "id": "x", "method": "ping"}).json()["id"] == "x"


@pytest.mark.parametrize(
    ("content_type", "accept", "status"),
    [
        ("application/json; charset=utf-8", BOTH, 200),
        ("Application/JSON", "text/event-stream;q=0.5, APPLICATION/json", 200),
        ("application/json", "application/*, text/*", 200),
        ("application/json", "*/*", 200),
        ("application/json", "application/json", 406),
        ("application/json", "text/event-stream", 406),
        ("application/json", "", 406),
        ("application/json; charset=latin-1", BOTH, 415),
        ("text/plain", BOTH, 415),
        ("", BOTH, 415),
    ],
)
def test_media_types(talk: Talk, content_type: str, accept: str, status: int) -> None:
    response = talk.post(talk.request("ping"), content_type=content_type, accept=accept)
    assert response.status_code == status


def test_a_body_that_is_too_long_draws_413() -> None:
    with serve(ReferenceServer(Options(max_body=1000))) as url, Talk(url) as talk:
        assert talk.post({"a": "b" * 1000}).status_code == 413
        assert talk.ask("ping")["result"] == {}


@pytest.fixture
def batches(url: str) -> Iterator[Talk]:
    """A session of the revision that knows batches."""
    with Talk(url, OLDEST) as talk:
        yield talk


def test_a_batch_of_quick_requests_is_answered_with_an_array(batches: Talk) -> None:
    sent = [batches.request("ping"), {"jsonrpc": "2.0", "method": "notifications/x"}, batches.request("nothing")]
    answers = {answer["id"]: answer for answer in batches.post(sent).json()}
    assert answers[sent[0]["id"]]["result"] == {}
    assert answers[sent[2]["id"]]["error"]["code"] == -32601
    assert len(answers) == 2


def test_a_batch_with_a_tool_is_answered_on_one_stream(batches: Talk) -> None:
    sent = [batches.tool("test_tool_with_progress", token="t"), batches.request("ping"), batches.tool("test_slow")]
    sent[2]["params"]["arguments"] = {"steps": 1, "step_ms": 1}
    with batches.stream(sent) as events:
        messages = list(events.messages())
    assert {m["id"] for m in messages if "id" in m} == {m["id"] for m in sent}
    assert len(messages) == 6


@pytest.mark.parametrize("method", ["notifications/x", "notifications/initialized"])
def test_a_batch_that_wants_no_answer_draws_202(batches: Talk, method: str) -> None:
    response = batches.post([{"jsonrpc": "2.0", "method": method}, {"jsonrpc": "2.0", "id": 9, "result": {}}])
    assert (response.status_code, response.content) == (202, b"")


def test_bad_batches_are_refused_as_a_whole(batches: Talk) -> None:
    call = batches.tool("test_update_resource")
    for bad in ({"jsonrpc": "2.0"}, {"jsonrpc": "2.0", "method": "ping"}, batches.request("initialize")):
        assert batches.post([call, bad]).status_code == 400


def test_with_json_a_batch_is_answered_with_an_array() -> None:
    with serve(ReferenceServer(Options(json_response=True))) as url, Talk(url, OLDEST) as talk:
        answers = talk.post([talk.tool("test_simple_text"), talk.request("ping")]).json()
        assert len(answers) == 2

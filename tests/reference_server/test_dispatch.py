"""Requests and their answers."""

import pytest

from reference_server.jsonrpc import JsonObject
from reference_server.options import Options
from reference_server.server import ReferenceServer
from reference_server.serving import serve
from reference_server.state import Call
from tests.reference_server.talk import Talk, text_in


def test_an_unknown_method_draws_32601(talk: Talk) -> None:
    assert talk.ask("tasks/move")["error"]["code"] == -32601


def test_an_id_in_use_is_not_used_again(talk: Talk) -> None:
    call = talk.tool("test_slow", {"steps": 10000})
    with talk.stream(call) as one, talk.stream(call) as other:
        assert other.answer()["error"]["code"] == -32600
        talk.notify("notifications/cancelled", {"requestId": call["id"]})
        assert [event.data for event in one] == [""]


class Clumsy(ReferenceServer):
    """Falls over its own feet."""

    async def ping(self, call: Call) -> JsonObject:
        raise KeyError("feet", call.request.method)


def test_a_mistake_of_ours_is_answered_with_32603(capsys: pytest.CaptureFixture[str]) -> None:
    with serve(Clumsy(Options())) as url, Talk(url) as talk:
        assert talk.ask("ping")["error"]["code"] == -32603
    assert "feet" in capsys.readouterr().err


def test_with_json_the_answer_is_one_document_and_nothing_else() -> None:
    with serve(ReferenceServer(Options(json_response=True))) as url, Talk(url) as talk:
        response = talk.post(talk.tool("test_tool_with_progress", token="t"))
        assert response.headers["content-type"] == "application/json"
        assert "progress" in text_in(response.json())
        with talk.listen() as events:
            next(events)
            talk.post(talk.tool("test_trigger_tool_change"))
            assert events.until("notifications/tools/list_changed")


class CancelsAtOnce(ReferenceServer):
    """Every call is cancelled as soon as it has begun."""

    async def result_of(self, call: Call) -> JsonObject:
        self.cancel(call)
        return await super().result_of(call)


def test_a_cancelled_call_that_was_to_be_json_leaves_an_http_error() -> None:
    with serve(CancelsAtOnce(Options(json_response=True))) as url, Talk(url) as talk:
        response = talk.post(talk.tool("test_slow"))
        assert (response.status_code, response.content) == (409, b"")

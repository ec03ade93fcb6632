"""Requests of the server."""

import pytest

from reference_server.options import Options
from reference_server.server import ReferenceServer
from reference_server.serving import serve
from tests.reference_server.talk import ALL_CAPABILITIES, Message, Talk, text_in

ANSWERS: dict[str, Message] = {
    "sampling/createMessage": {"role": "assistant", "content": {"type": "text", "text": "42"}, "model": "m"},
    "elicitation/create": {"action": "accept", "content": {"response": "yes"}},
    "roots/list": {"roots": [{"uri": "file:///a"}, {"uri": "file:///b"}]},
    "ping": {},
}
ASKING = [
    ("test_sampling", {"prompt": "6*7"}, "sampling/createMessage", "LLM response: 42"),
    ("test_elicitation", {"message": "ok?"}, "elicitation/create", 'action=accept, content={"response": "yes"}'),
    ("test_elicitation_sep1034_defaults", {}, "elicitation/create", "Elicitation completed: action=accept"),
    ("test_elicitation_sep1330_enums", {}, "elicitation/create", "Elicitation completed: action=accept"),
    ("test_roots", {}, "roots/list", "file:///a, file:///b"),
    ("test_client_ping", {}, "ping", "answered the ping"),
]


def answer_to(request: Message, result: Message) -> Message:
    return {"jsonrpc": "2.0", "id": request["id"], "result": result}


@pytest.mark.parametrize(("tool", "arguments", "method", "text"), ASKING)
def test_the_client_is_asked_on_the_stream_of_the_call(
    talk: Talk, tool: str, arguments: Message, method: str, text: str
) -> None:
    with talk.stream(talk.tool(tool, arguments)) as events:
        request = events.until(method)
        accepted = talk.post(answer_to(request, ANSWERS[method]))
        assert (accepted.status_code, accepted.content) == (202, b"")
        assert text in text_in(events.answer())


@pytest.mark.parametrize(("tool", "arguments", "method", "_text"), ASKING[:-1])
def test_a_client_that_declared_nothing_is_not_asked(
    url: str, tool: str, arguments: Message, method: str, _text: str
) -> None:
    with Talk(url, capabilities={}) as talk:
        (answer,) = talk.call(tool, arguments)
        assert answer["result"]["isError"]
        assert method.partition("/")[0] in text_in(answer)


@pytest.mark.parametrize(
    ("revision", "declared", "asked"),
    [("2025-11-25", {}, True), ("2025-11-25", {"form": {}}, True), ("2025-11-25", {"url": {}}, False)],
)
def test_forms_are_for_clients_that_can_show_them(url: str, revision: str, declared: Message, asked: bool) -> None:
    with (
        Talk(url, revision, {"elicitation": declared}) as talk,
        talk.stream(talk.tool("test_elicitation", {"message": "?"})) as events,
    ):
        first = next(events.messages())
        assert (first.get("method") == "elicitation/create") == asked


def test_before_initialized_only_ping_is_asked(url: str) -> None:
    with Talk(url, initialized=False) as talk:
        (answer,) = talk.call("test_sampling", {"prompt": "?"})
        assert answer["result"]["isError"]
        with talk.stream(talk.tool("test_client_ping")) as events:
            talk.post(answer_to(events.until("ping"), {}))
            assert text_in(events.answer()) == "The client answered the ping."


@pytest.mark.parametrize(
    ("capability", "method"),
    [("sampling", "sampling/createMessage"), ("elicitation", "elicitation/create"), ("roots", "roots/list")],
)
def test_a_request_that_nobody_answers_is_cancelled(url: str, capability: str, method: str) -> None:
    with Talk(url, capabilities={capability: {}}) as talk:
        request, cancelled, answer = talk.call("test_unanswered_request")
        assert request["method"] == method
        assert cancelled["method"] == "notifications/cancelled"
        assert cancelled["params"]["requestId"] == request["id"]
        assert text_in(answer) == "gave up"
        assert talk.post(answer_to(request, ANSWERS[method])).status_code == 202


def test_a_question_of_a_cancelled_call_is_cancelled_too(talk: Talk) -> None:
    call = talk.tool("test_sampling", {"prompt": "?"})
    with talk.stream(call) as events:
        request = events.until("sampling/createMessage")
        talk.notify("notifications/cancelled", {"requestId": call["id"]})
        (cancelled,) = events.messages()
        assert cancelled["params"]["requestId"] == request["id"]


def test_ids_and_tokens_are_not_used_twice(talk: Talk) -> None:
    with talk.stream(talk.tool("test_roots")) as one, talk.stream(talk.tool("test_roots")) as other:
        requests = [one.until("roots/list"), other.until("roots/list")]
        for request in requests:
            talk.post(answer_to(request, ANSWERS["roots/list"]))
        one.answer()
        other.answer()
    ids = [request["id"] for request in requests]
    tokens = [request["params"]["_meta"]["progressToken"] for request in requests]
    assert len(set(ids)) == len(set(tokens)) == 2


def test_an_error_is_an_answer(talk: Talk) -> None:
    with talk.stream(talk.tool("test_sampling", {"prompt": "?"})) as events:
        request = events.until("sampling/createMessage")
        talk.post({"jsonrpc": "2.0", "id": request["id"], "error": {"code": -1, "message": "The user said no."}})
        assert "The user said no." in text_in(events.answer())


def test_where_there_is_no_stream_nothing_is_asked() -> None:
    with serve(ReferenceServer(Options(json_response=True))) as url, Talk(url, capabilities=ALL_CAPABILITIES) as talk:
        answer = talk.post(talk.tool("test_sampling", {"prompt": "?"})).json()
        assert answer["result"]["isError"]


def test_where_no_answer_finds_its_way_back_nothing_is_asked() -> None:
    with serve(ReferenceServer(Options(stateless=True))) as url, Talk(url) as talk:
        (answer,) = talk.call("test_client_ping")
        assert answer["result"]["isError"]

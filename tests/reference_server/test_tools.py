"""Tools."""

import base64
import json

import pytest
from jsonschema import Draft202012Validator

from reference_server.options import SESSION_REVISIONS
from tests.reference_server.talk import Message, Talk, text_in

ALWAYS = {
    "test_simple_text",
    "test_tool_with_progress",
    "test_reconnection",
    "test_echo",
    "test_slow",
    "test_sampling",
}


def tools_of(talk: Talk) -> dict[str, Message]:
    return {tool["name"]: tool for tool in talk.ask("tools/list")["result"]["tools"]}


@pytest.mark.parametrize("revision", SESSION_REVISIONS)
def test_tools_are_described_in_the_words_of_the_revision(url: str, revision: str) -> None:
    with Talk(url, revision) as talk:
        tools = tools_of(talk)
        assert set(tools) >= ALWAYS
        assert ("test_elicitation" in tools) == (revision > "2025-03-26")
        assert ("json_schema_2020_12_tool" in tools) == (revision == "2025-11-25")
        for tool in tools.values():
            assert ("title" in tool) == (revision > "2025-03-26")
            for schema in ("inputSchema", "outputSchema"):
                Draft202012Validator.check_schema(tool.get(schema, {}))
        assert ("outputSchema" in tools["test_echo"]) == (revision > "2025-03-26")


@pytest.mark.parametrize("text", ["plain", "hé 😀 \u2028 \x00 \ud7ff", "line\nline\r\n", ""])
def test_echo_repeats(talk: Talk, text: str) -> None:
    (answer,) = talk.call("test_echo", {"text": text})
    assert text_in(answer) == text
    assert answer["result"]["structuredContent"] == {"text": text}


def test_echo_survives_half_a_surrogate_pair(talk: Talk) -> None:
    call = json.dumps(talk.tool("test_echo", {"text": "half"})).replace("half", r"\ud800")
    response = talk.http.post(talk.url, content=call, headers=talk.headers | {"content-type": "application/json"})
    assert r"\ud800" in response.text


@pytest.mark.parametrize(
    ("tool", "kinds"),
    [
        ("test_simple_text", ["text"]),
        ("test_image_content", ["image"]),
        ("test_audio_content", ["audio"]),
        ("test_embedded_resource", ["resource"]),
        ("test_multiple_content_types", ["text", "image", "resource"]),
    ],
)
def test_each_kind_of_content(talk: Talk, tool: str, kinds: list[str]) -> None:
    content = talk.call(tool)[-1]["result"]["content"]
    assert [block["type"] for block in content] == kinds
    for block in content:
        base64.b64decode(block.get("data", ""), validate=True)


def test_a_tool_that_fails_says_so_in_its_result(talk: Talk) -> None:
    assert talk.call("test_error_handling")[-1]["result"]["isError"] is True


@pytest.mark.parametrize("params", [{"name": "nobody"}, {}, {"name": 1}, {"name": "test_echo", "arguments": []}])
def test_what_is_no_call_of_a_tool_draws_32602(talk: Talk, params: Message) -> None:
    with talk.stream(talk.request("tools/call", params)) as events:
        assert events.answer()["error"]["code"] == -32602


@pytest.mark.parametrize("revision", SESSION_REVISIONS)
@pytest.mark.parametrize("arguments", [{}, {"text": 1}, {"text": None}])
def test_bad_arguments(url: str, revision: str, arguments: Message) -> None:
    with Talk(url, revision) as talk:
        (answer,) = talk.call("test_echo", arguments)
        if revision == "2025-11-25":
            assert answer["result"]["isError"]
        else:
            assert answer["error"]["code"] == -32602


@pytest.mark.parametrize(
    ("arguments", "good"),
    [
        ({"email": "a@b"}, True),
        ({"contactMethod": "phone", "phone": "1"}, True),
        ({"contactMethod": "phone", "email": "a@b"}, False),
        ({"name": 1, "email": "a@b"}, False),
        ({"email": "a@b", "colour": "red"}, False),
        ({}, False),
    ],
)
def test_the_whole_schema_holds(talk: Talk, arguments: Message, good: bool) -> None:
    schema = tools_of(talk)["json_schema_2020_12_tool"]["inputSchema"]
    assert Draft202012Validator(schema).is_valid(arguments) == good
    assert ("isError" not in talk.call("json_schema_2020_12_tool", arguments)[-1]["result"]) == good


@pytest.mark.parametrize("method", ["tools/list", "prompts/list", "resources/list", "resources/templates/list"])
def test_a_cursor_that_was_never_given_draws_32602(talk: Talk, method: str) -> None:
    assert talk.ask(method, {"cursor": "x"})["error"]["code"] == -32602


def test_a_changed_list_is_a_changed_list(url: str, talk: Talk) -> None:
    assert "test_dynamic_tool" not in tools_of(talk)
    talk.call("test_trigger_tool_change")
    assert "test_dynamic_tool" in tools_of(talk)
    assert talk.text_of("test_dynamic_tool")
    with Talk(url) as other:
        assert "test_dynamic_tool" not in tools_of(other)
    talk.call("test_trigger_tool_change")
    assert "test_dynamic_tool" not in tools_of(talk)

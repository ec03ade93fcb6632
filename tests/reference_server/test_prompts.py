"""Prompts and completion."""

import pytest

from reference_server.options import SESSION_REVISIONS
from tests.reference_server.talk import Message, Talk


@pytest.mark.parametrize("revision", SESSION_REVISIONS)
def test_what_is_listed_can_be_had(url: str, revision: str) -> None:
    with Talk(url, revision) as talk:
        talk.call("test_trigger_prompt_change")
        listed = talk.ask("prompts/list")["result"]["prompts"]
        assert len(listed) == 5
        for prompt in listed:
            given = {argument["name"]: "test://x" for argument in prompt.get("arguments", [])}
            assert talk.ask("prompts/get", {"name": prompt["name"], "arguments": given})["result"]["messages"]
            assert ("title" in prompt) == (revision > "2025-03-26")


def test_arguments_are_filled_in(talk: Talk) -> None:
    params = {"name": "test_prompt_with_arguments", "arguments": {"arg1": "hello", "arg2": "world"}}
    (message,) = talk.ask("prompts/get", params)["result"]["messages"]
    assert message["content"]["text"] == "Prompt with arguments: arg1='hello', arg2='world'"


@pytest.mark.parametrize(
    "params",
    [
        {"name": "nobody"},
        {},
        {"name": ["x"]},
        {"name": "test_dynamic_prompt"},
        {"name": "test_prompt_with_embedded_resource", "arguments": {"resourceUri": "no URI"}},
        {"name": "test_prompt_with_arguments", "arguments": {"arg1": "hello"}},
        {"name": "test_prompt_with_arguments", "arguments": {"arg1": "hello", "arg2": 2}},
    ],
)
def test_what_cannot_be_had_draws_32602(talk: Talk, params: Message) -> None:
    assert talk.ask("prompts/get", params)["error"]["code"] == -32602


ARGUMENT = {"name": "arg1", "value": "par"}
PROMPT = {"type": "ref/prompt", "name": "test_prompt_with_arguments"}
NUMBERS = {"type": "ref/resource", "uri": "test://number/{number}"}
TEMPLATE = {"type": "ref/resource", "uri": "test://template/{id}/data"}


@pytest.mark.parametrize(
    ("ref", "argument", "values"),
    [
        (PROMPT, ARGUMENT, ["paris", "park", "party"]),
        (PROMPT, {"name": "arg1", "value": "zzz"}, []),
        (TEMPLATE, {"name": "id", "value": "12"}, ["12", "123"]),
        (NUMBERS, {"name": "number", "value": "15"}, ["15", "150"]),
    ],
)
def test_an_argument_is_completed(talk: Talk, ref: Message, argument: Message, values: list[str]) -> None:
    completion = talk.ask("completion/complete", {"ref": ref, "argument": argument})["result"]["completion"]
    assert completion == {"values": values, "total": len(values), "hasMore": False}


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"ref": PROMPT},
        {"ref": PROMPT, "argument": {"name": "arg1"}},
        {"ref": PROMPT, "argument": {"name": "arg9", "value": ""}},
        {"ref": {"type": "ref/prompt", "name": "nobody"}, "argument": ARGUMENT},
        {"ref": {"type": "ref/resource", "uri": "test://nothing"}, "argument": ARGUMENT},
    ],
)
def test_what_cannot_be_completed_draws_32602(talk: Talk, params: Message) -> None:
    assert talk.ask("completion/complete", params)["error"]["code"] == -32602


def test_a_hundred_suggestions_are_enough(talk: Talk) -> None:
    params = {"ref": NUMBERS, "argument": {"name": "number", "value": ""}}
    completion = talk.ask("completion/complete", params)["result"]["completion"]
    assert (len(completion["values"]), completion["total"], completion["hasMore"]) == (100, 150, True)

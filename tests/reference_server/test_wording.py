"""Addresses that the user is sent to, and conversations in which the client's model uses tools."""

from typing import Any

from tests.reference_server.talk import Message, Talk, text_in

COMPLETE = "notifications/elicitation/complete"
OPENS_URLS: dict[str, Any] = {"elicitation": {"url": {}}}


def answer(talk: Talk, request: Message, result: Message) -> None:
    talk.post({"jsonrpc": "2.0", "id": request["id"], "result": result})


def test_the_user_is_sent_to_an_address_and_the_client_told_when_they_were_there(url: str) -> None:
    with Talk(url, capabilities=OPENS_URLS) as talk, talk.stream(talk.tool("test_elicitation_url")) as events:
        request = events.until("elicitation/create")
        assert request["params"]["mode"] == "url"
        assert request["params"]["url"].startswith("https://")
        answer(talk, request, {"action": "accept"})
        assert events.until(COMPLETE)["params"] == {"elicitationId": request["params"]["elicitationId"]}
        assert "action=accept" in text_in(events.answer())


def test_who_declines_has_been_nowhere(url: str) -> None:
    with Talk(url, capabilities=OPENS_URLS) as talk, talk.stream(talk.tool("test_elicitation_url")) as events:
        answer(talk, events.until("elicitation/create"), {"action": "decline"})
        (response,) = events.messages()
        assert "action=decline" in text_in(response)


def test_what_has_to_be_visited_first_is_listed_in_an_error(url: str) -> None:
    with Talk(url, capabilities=OPENS_URLS) as talk, talk.listen() as heard:
        (response,) = talk.call("test_elicitation_url_required")
        assert response["error"]["code"] == -32042
        (visit,) = response["error"]["data"]["elicitations"]
        assert heard.until(COMPLETE)["params"]["elicitationId"] == visit["elicitationId"]


def test_a_client_that_opens_no_addresses_is_sent_nowhere(url: str) -> None:
    cases: list[dict[str, Any]] = [{}, {"elicitation": {}}, {"elicitation": {"form": {}}}]
    for declared in cases:
        with Talk(url, capabilities=declared) as talk:
            for tool in ("test_elicitation_url", "test_elicitation_url_required"):
                (response,) = talk.call(tool)
                assert "elicitation.url" in text_in(response)


def test_each_use_of_a_tool_gets_its_result(url: str) -> None:
    with (
        Talk(url, capabilities={"sampling": {"tools": {}}}) as talk,
        talk.stream(talk.tool("test_sampling_tools")) as on,
    ):
        uses: list[Message] = [
            {"type": "tool_use", "id": name, "name": "get_weather", "input": {}} for name in ("a", "b")
        ]
        answer(talk, on.until("sampling/createMessage"), {"role": "assistant", "content": uses, "model": "m"})
        question = on.until("sampling/createMessage")
        said, outcome = question["params"]["messages"][-2:]
        assert said == {"role": "assistant", "content": uses}
        assert [block["toolUseId"] for block in outcome["content"]] == ["a", "b"]
        text = {"type": "text", "text": "Nice."}
        answer(talk, question, {"role": "assistant", "content": text, "model": "m"})
        assert text_in(on.answer()) == "The model has spoken."


def test_a_model_that_only_uses_tools_is_stopped(url: str) -> None:
    with (
        Talk(url, capabilities={"sampling": {"tools": {}}}) as talk,
        talk.stream(talk.tool("test_sampling_tools")) as on,
    ):
        use = {"type": "tool_use", "id": "a", "name": "get_weather", "input": {}}
        choices = []
        for _ in range(3):
            question = on.until("sampling/createMessage")
            choices.append(question["params"].get("toolChoice"))
            answer(talk, question, {"role": "assistant", "content": use, "model": "m"})
        assert choices == [None, None, {"mode": "none"}]
        assert text_in(on.answer()) == "The model has spoken."


def test_a_model_without_tools_is_given_none(url: str) -> None:
    with Talk(url, capabilities={"sampling": {}}) as talk:
        (response,) = talk.call("test_sampling_tools")
        assert "sampling.tools" in text_in(response)

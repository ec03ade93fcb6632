"""subscriptions/listen: who is told of what, and how it ends."""

import contextlib
from collections.abc import Iterator

import pytest

from reference_server.options import Options
from reference_server.server import ReferenceServer
from reference_server.serving import serve
from tests.reference_server.modern import Lone
from tests.reference_server.talk import Events, Message, Talk

SUBSCRIPTION = "io.modelcontextprotocol/subscriptionId"
WATCHED = "test://watched-resource"
CHANGES = {
    "toolsListChanged": ("test_trigger_tool_change", "notifications/tools/list_changed"),
    "promptsListChanged": ("test_trigger_prompt_change", "notifications/prompts/list_changed"),
    "resourcesListChanged": ("test_trigger_resource_change", "notifications/resources/list_changed"),
}


@pytest.fixture(params=[False, True], ids=["streams", "json"])
def server(request: pytest.FixtureRequest) -> ReferenceServer:
    return ReferenceServer(Options(json_response=request.param))


@pytest.fixture
def lone(server: ReferenceServer) -> Iterator[Lone]:
    with serve(server) as url, Lone(url) as client:
        yield client


@contextlib.contextmanager
def listening(lone: Lone, wanted: Message, id: str | int = 1) -> Iterator[tuple[Events, Message]]:
    """An open subscription and its acknowledgement."""
    asked = lone.request("subscriptions/listen", {"notifications": wanted}) | {"id": id}
    with lone.stream(asked) as events:
        yield events, next(events).message


def call(lone: Lone, name: str, **arguments: object) -> Message:
    result: Message = lone.post(lone.tool(name, arguments)).json()["result"]
    return result


def names(lone: Lone, kind: str, key: str = "name") -> list[str]:
    return [entry[key] for entry in lone.ask(f"{kind}/list")["result"][kind]]


def test_changes_are_declared(lone: Lone) -> None:
    declared = lone.ask("server/discover")["result"]["capabilities"]
    assert declared["tools"] == declared["prompts"] == {"listChanged": True}
    assert declared["resources"] == {"listChanged": True, "subscribe": True}


@pytest.mark.parametrize("id", [7, "7", ""])
def test_the_acknowledgement_comes_first_and_every_message_has_the_id(lone: Lone, id: str | int) -> None:
    wanted = {"toolsListChanged": True, "promptsListChanged": False, "resourceSubscriptions": [WATCHED], "x": 1}
    with listening(lone, wanted, id) as (events, first):
        assert first["method"] == "notifications/subscriptions/acknowledged"
        assert first["params"] == {
            "_meta": {SUBSCRIPTION: id},
            "notifications": {"toolsListChanged": True, "resourceSubscriptions": [WATCHED]},
        }
        call(lone, "test_trigger_tool_change")
        assert next(events).message["params"]["_meta"] == {SUBSCRIPTION: id}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_told_to_those_who_asked_and_is_there_for_all(lone: Lone, name: str) -> None:
    trigger, method = CHANGES[name]
    kind = method.split("/")[1]
    with listening(lone, {name: True}, 1) as (events, _), listening(lone, {}, 2) as (deaf, _):
        before = names(lone, kind)
        call(lone, trigger)
        assert next(events).message["method"] == method
        assert set(names(lone, kind)) > set(before)
        call(lone, trigger)
        assert names(lone, kind) == before
        call(lone, "test_end_subscriptions")
        assert [message.get("method") for message in deaf.messages()] == ["notifications/cancelled", None]


def test_an_update_is_told_to_those_who_named_the_resource(lone: Lone) -> None:
    with (
        listening(lone, {"resourceSubscriptions": [WATCHED]}, 1) as (events, _),
        listening(lone, {"resourceSubscriptions": ["test://static-text"]}, 2) as (deaf, _),
    ):
        call(lone, "test_update_resource")
        assert next(events).message["params"] == {"uri": WATCHED, "_meta": {SUBSCRIPTION: 1}}
        call(lone, "test_end_subscriptions")
        assert next(deaf).message["method"] == "notifications/cancelled"


def test_an_update_is_told_in_both_eras(url: str) -> None:
    with (
        Lone(url) as lone,
        Talk(url) as talk,
        listening(lone, {"resourceSubscriptions": [WATCHED], "toolsListChanged": True}) as (events, _),
    ):
        talk.call("test_trigger_tool_change")  # in this session only
        talk.call("test_update_resource")
        assert next(events).message["method"] == "notifications/resources/updated"


def test_a_session_knows_no_subscriptions(talk: Talk) -> None:
    assert talk.ask("subscriptions/listen", {"notifications": {}})["error"]["code"] == -32601


@pytest.mark.parametrize(
    "wanted", [None, [], {"toolsListChanged": 1}, {"resourceSubscriptions": "x"}, {"resourceSubscriptions": [1]}]
)
def test_a_filter_that_is_none_is_refused(lone: Lone, wanted: object) -> None:
    with lone.stream(lone.request("subscriptions/listen", {"notifications": wanted})) as events:
        (message,) = events.messages()
        assert message["error"]["code"] == -32602


def test_one_subscription_is_ended_and_the_other_goes_on(lone: Lone) -> None:
    with (
        listening(lone, {"toolsListChanged": True}, "one") as (one, _),
        listening(lone, {"toolsListChanged": True}, "other") as (other, _),
    ):
        assert call(lone, "test_end_subscriptions", id="one")["content"][0]["text"] == "ended 1 subscriptions"
        cancelled, result = one.messages()
        assert cancelled["params"] == {"requestId": "one", "_meta": {SUBSCRIPTION: "one"}}
        assert result["id"] == "one"
        assert result["result"]["resultType"] == "complete"
        assert result["result"]["_meta"][SUBSCRIPTION] == "one"
        call(lone, "test_trigger_tool_change")
        assert next(other).message["method"] == "notifications/tools/list_changed"


def test_a_client_that_leaves_has_no_subscription_any_more(lone: Lone, server: ReferenceServer) -> None:
    with listening(lone, {}):
        assert len(server.subscriptions) == 1
    while server.subscriptions:
        lone.ask("server/discover")
    assert not server.working


def test_a_server_that_goes_down_ends_its_subscriptions_in_order(server: ReferenceServer) -> None:
    with contextlib.ExitStack() as going:
        url = going.enter_context(serve(server))
        with Lone(url) as lone, listening(lone, {"toolsListChanged": True}) as (events, _):
            going.close()
            cancelled, result = events.messages()
            assert cancelled["method"] == "notifications/cancelled"
            assert result["result"]["_meta"][SUBSCRIPTION] == 1


def test_a_silent_subscription_is_kept_alive_by_comments() -> None:
    with (
        serve(ReferenceServer(Options(keep_alive=0.01))) as url,
        Lone(url) as lone,
        listening(lone, {}) as (events, _),
    ):
        assert next(events).comment is not None


def test_there_is_room_for_so_many_streams_only() -> None:
    with serve(ReferenceServer(Options(max_streams=1))) as url, Lone(url) as lone, listening(lone, {}):
        assert lone.post(lone.request("subscriptions/listen", {"notifications": {}})).status_code == 429

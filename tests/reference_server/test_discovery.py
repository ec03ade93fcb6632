"""server/discover, and what every result says."""

from collections.abc import Iterator

import pytest

from reference_server import faults
from reference_server.options import Options
from reference_server.serving import serve
from tests.reference_server.modern import CAPABILITIES, MODERN, SERVER_INFO, Lone
from tests.reference_server.talk import Message

PARCEL = "com.example/parcel"
LISTS = ["server/discover", "tools/list", "prompts/list", "resources/list", "resources/templates/list"]


@pytest.fixture
def lone(url: str) -> Iterator[Lone]:
    with Lone(url) as client:
        yield client


def test_discovery_tells_all_that_initialize_told(lone: Lone) -> None:
    found = lone.ask("server/discover")["result"]
    assert found["supportedVersions"] == [MODERN, "2025-11-25", "2025-06-18", "2025-03-26"]
    assert set(found["capabilities"]) >= {"completions", "logging", "prompts", "resources", "tools"}
    assert found["instructions"]


@pytest.mark.parametrize("method", [*LISTS, "resources/read"])
def test_these_results_say_how_long_they_keep(lone: Lone, method: str) -> None:
    params: Message = {"uri": "test://static-text"} if method == "resources/read" else {}
    result = lone.ask(method, params)["result"]
    assert isinstance(result["ttlMs"], int)
    assert result["ttlMs"] >= 0
    assert result["cacheScope"] in ("public", "private")


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("server/discover", {}),
        ("tools/call", {"name": "test_simple_text"}),
        ("tools/call", {"name": "test_error_handling"}),
        ("prompts/get", {"name": "test_simple_prompt"}),
    ],
)
def test_every_result_tells_its_type_and_its_server(lone: Lone, method: str, params: Message) -> None:
    result = lone.ask(method, params)["result"]
    assert result["resultType"] == "complete"
    assert {"name", "version", "title"} <= set(result["_meta"][SERVER_INFO])


def test_what_is_not_to_be_kept_says_nothing_of_keeping(lone: Lone) -> None:
    result = lone.ask("tools/call", {"name": "test_simple_text"})["result"]
    assert not {"ttlMs", "cacheScope"} & set(result)


def test_a_missing_resource_draws_32602_and_its_address(lone: Lone) -> None:
    error = lone.ask("resources/read", {"uri": "test://nowhere"})["error"]
    assert error["code"] == -32602
    assert error["data"] == {"uri": "test://nowhere"}


def test_tools_that_need_a_session_are_not_listed(lone: Lone) -> None:
    names = [tool["name"] for tool in lone.ask("tools/list")["result"]["tools"]]
    assert names == [tool["name"] for tool in lone.ask("tools/list")["result"]["tools"]]
    assert {"test_simple_text", "test_slow", "test_work_done"} <= set(names)
    assert not {"test_client_ping", "test_reconnection", "test_close_get_stream"} & set(names)


def test_an_extension_is_used_with_those_who_declared_it(lone: Lone) -> None:
    assert PARCEL in lone.ask("server/discover")["result"]["capabilities"]["extensions"]
    call = {"name": "test_extension"}
    known = lone.ask("tools/call", call, {CAPABILITIES: {"extensions": {PARCEL: {}}}})["result"]
    plain = lone.ask("tools/call", call)["result"]
    assert (known["resultType"], plain["resultType"]) == (PARCEL, "complete")
    assert known["parcel"] == plain["content"][0]["text"]


def test_the_context_of_a_trace_comes_back(lone: Lone) -> None:
    parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    context: Message = {"traceparent": parent, "tracestate": "a=1,b=2", "baggage": "c=3"}
    assert lone.ask("tools/list", meta=context)["result"]["_meta"].items() >= context.items()


@pytest.mark.parametrize("value", ["", "none", 1, None, "00-" + "0" * 32 + "-b7ad6b7169203331-01"])
def test_what_is_no_context_of_a_trace_does_not(lone: Lone, value: object) -> None:
    assert "traceparent" not in lone.ask("tools/list", meta={"traceparent": value})["result"]["_meta"]


def test_nobody_is_promised_news_of_what_is_not_declared() -> None:
    wanted = {"toolsListChanged": True, "promptsListChanged": True}
    with (
        serve(faults.find("ToolsAreNotDeclared")(Options())) as url,
        Lone(url) as lone,
        lone.stream(lone.request("subscriptions/listen", {"notifications": wanted})) as events,
    ):
        acknowledgement = next(events.messages())
    assert acknowledgement["params"]["notifications"] == {"promptsListChanged": True}

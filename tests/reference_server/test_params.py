"""Arguments that are repeated in headers."""

import base64
from collections.abc import Iterator

import pytest

from tests.reference_server.modern import Lone, refused
from tests.reference_server.talk import Message, Talk

TOOL = "test_x_mcp_header"


@pytest.fixture
def lone(url: str) -> Iterator[Lone]:
    with Lone(url) as client:
        yield client


def wrapped(text: str) -> str:
    return f"=?base64?{base64.b64encode(text.encode()).decode()}?="


FULL: Message = {"region": "Rome", "priority": 42, "dry_run": True, "place": {"zone": "a b"}}
RIGHT = {
    "mcp_param_region": "Rome",
    "mcp_param_priority": "42",
    "mcp_param_dry_run": "true",
    "mcp_param_zone": "a b",
}


def test_a_call_with_all_its_headers_is_served(lone: Lone) -> None:
    assert lone.post(lone.tool(TOOL, FULL), **RIGHT).json()["result"]["content"][0]["text"]


@pytest.mark.parametrize("name", RIGHT)
def test_a_header_that_is_missing_draws_32020(lone: Lone, name: str) -> None:
    kept = {key: value for key, value in RIGHT.items() if key != name}
    assert refused(lone.post(lone.tool(TOOL, FULL), **kept)) == (400, -32020)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("mcp_param_region", "rome"),
        ("mcp_param_region", "=?base64?Um9tZQ?="),
        ("mcp_param_region", "=?BASE64?Um9tZQ==?="),
        ("mcp_param_region", "=?base64?Um9tZQ=="),
        ("mcp_param_region", ""),
        ("mcp_param_priority", "43"),
        ("mcp_param_priority", "42.5"),
        ("mcp_param_priority", "x"),
        ("mcp_param_dry_run", "True"),
        ("mcp_param_dry_run", "1"),
        ("mcp_param_zone", "a  b"),
    ],
)
def test_a_header_that_says_something_else_draws_32020(lone: Lone, name: str, value: str) -> None:
    assert refused(lone.post(lone.tool(TOOL, FULL), **(RIGHT | {name: value}))) == (400, -32020)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("mcp_param_region", wrapped("Rome")),
        ("mcp_param_priority", "42.0"),
        ("mcp_param_priority", wrapped("42")),
        ("mcp_param_other", "anything"),
    ],
)
def test_a_header_may_say_the_same_in_other_letters(lone: Lone, name: str, value: str) -> None:
    assert lone.post(lone.tool(TOOL, FULL), **(RIGHT | {name: value})).status_code == 200


@pytest.mark.parametrize("text", ["SGVsbG8=", "=?base64?SGVsbG8="])
def test_what_looks_half_wrapped_is_what_it_is(lone: Lone, text: str) -> None:
    assert lone.post(lone.tool(TOOL, {"region": text}), mcp_param_region=text).status_code == 200


@pytest.mark.parametrize("city", ["Zürich", "a\x01b"])
def test_letters_that_no_header_may_have_draw_32020(lone: Lone, city: str) -> None:
    message = lone.tool(TOOL, {"region": city})
    assert refused(lone.post(message, mcp_param_region=city.encode("latin-1"))) == (400, -32020)
    assert lone.post(message, mcp_param_region=wrapped(city)).status_code == 200


@pytest.mark.parametrize("arguments", [{}, {"region": None}, {"place": None}, {"place": {}}, {"priority": None}])
def test_what_is_not_there_needs_no_header(lone: Lone, arguments: Message) -> None:
    assert lone.post(lone.tool(TOOL, arguments)).status_code == 200
    assert lone.post(lone.tool(TOOL, arguments), mcp_param_region="Rome").status_code == 200


def test_a_whole_number_may_be_written_as_a_fraction(lone: Lone) -> None:
    assert lone.post(lone.tool(TOOL, {"priority": 42.0}), mcp_param_priority="42").status_code == 200


@pytest.mark.parametrize("arguments", [None, [], {"place": "Rome"}, {"region": {}}])
def test_arguments_that_cannot_be_in_headers_are_for_the_tool_to_judge(lone: Lone, arguments: Message) -> None:
    message = lone.tool(TOOL)
    message["params"]["arguments"] = arguments
    assert lone.post(message).status_code == 200


@pytest.mark.parametrize(
    ("arguments", "fails"),
    [({"dry_run": "yes"}, True), ({"dry_run": 1}, True), ({"priority": True}, True), ({"dry_run": None}, False)],
)
def test_arguments_have_their_types_and_null_stands_for_none(lone: Lone, arguments: Message, fails: bool) -> None:
    mirrored = {"mcp_param_dry_run": str(arguments["dry_run"])} if arguments.get("dry_run") else {}
    headers = mirrored | ({"mcp_param_priority": "true"} if "priority" in arguments else {})
    answer = lone.post(lone.tool(TOOL, arguments), **headers).json()
    assert answer["result"].get("isError", False) is fails


def test_older_revisions_know_no_such_tool(talk: Talk) -> None:
    assert TOOL not in {tool["name"] for tool in talk.ask("tools/list")["result"]["tools"]}

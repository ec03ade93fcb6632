"""A profile to start from: right for those who mean well, and harmless whoever wrote the list of tools."""

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.driving.profile import ROLES, Fixture, read_profile
from conformance.evidence.trace import JSON
from conformance.preflight.starter import starter
from tests.report.runs import EVIL

TEXT = st.text(st.characters())
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
SCHEMAS = st.fixed_dictionaries(
    {}, optional={"required": st.just(["a"]) | VALUES, "properties": st.fixed_dictionaries({"a": VALUES}) | VALUES}
)
TOOLS = st.fixed_dictionaries(
    {"name": TEXT | st.sampled_from([fixture for _, fixture, _ in ROLES.values()])},
    optional={"description": VALUES, "annotations": st.just({"readOnlyHint": True}) | VALUES, "inputSchema": SCHEMAS},
)


def tool(name: str, *required: str, description: str = "", **annotations: JSON) -> dict[str, JSON]:
    properties: dict[str, JSON] = {each: {"type": "string"} for each in required}
    schema: dict[str, JSON] = {"type": "object", "properties": properties, "required": [*required]}
    return {"name": name, "description": description, "annotations": annotations, "inputSchema": schema}


def all_switched_on(text: str) -> str:
    """As the owner would have it who switches every table on."""
    return re.sub(r"(?m)^#(?=[\[a-z])", "", text)


def read(text: str, folder: Path) -> dict[str, Fixture]:
    path = folder / "profile.toml"
    path.write_bytes(text.encode())
    return dict(read_profile(path).fixtures)


def test_every_role_has_its_table_whether_on_or_off() -> None:
    assert list(tomllib.loads(all_switched_on(starter("", [])))) == list(ROLES)
    assert tomllib.loads(starter("", [])) == {}


def test_known_fixtures_are_switched_on_with_their_arguments(tmp_path: Path) -> None:
    text = starter("little 1", [tool("test_slow"), tool("test_echo", "text")])
    offered = ("test_slow", "test_echo")
    known = {role: Fixture(name, given) for role, (_, name, given) in ROLES.items() if name in offered}
    assert read(text, tmp_path) == known
    assert "# little 1: 2 tools listed." in text


def test_one_tool_that_is_read_only_and_needs_nothing_is_switched_on(tmp_path: Path) -> None:
    tools = [tool("drop_all"), tool("look_up", "what", readOnlyHint=True), tool("version", readOnlyHint=True)]
    assert read(starter("", tools), tmp_path) == {"simple": Fixture("version")}


def test_what_may_change_something_is_never_switched_on(tmp_path: Path) -> None:
    text = starter("", [tool("run_import", "path", description="Reports progress.")])
    assert read(text, tmp_path) == {}
    assert read(all_switched_on(text), tmp_path)["progress"] == Fixture("run_import", {"path": "example"})


def proposed(*tools: dict[str, JSON]) -> dict[str, list[str]]:
    """The roles that some of these tools are proposed for, and the tools."""
    found: dict[str, list[str]] = {}
    for part in starter("", tools).split("\n\n"):
        role = part.removeprefix("# ").partition(":")[0]
        if guesses := re.findall(r"# perhaps (\w+)", part):
            found[role] = guesses
    return found


def test_what_the_listing_tells_needs_no_word() -> None:
    schema: JSON = {"type": "object", "properties": {"region": {"type": "string", "x-mcp-header": "Region"}}}
    tools: list[dict[str, JSON]] = [
        {"name": "a", "inputSchema": schema},
        {"name": "b", "outputSchema": {"type": "object"}},
        {"name": "c", "execution": {"taskSupport": "optional"}},
        {"name": "d", "execution": {"taskSupport": "required"}},
        {"name": "e", "execution": {"taskSupport": "forbidden"}},
    ]
    found = proposed(*tools)
    del found["simple"]
    assert found == {
        "header": ["a"],
        "structured": ["b"],
        "task": ["c", "d"],
        "task-required": ["d"],
        "task-forbidden": ["e"],
    }


def test_a_word_is_not_enough_where_the_listing_says_otherwise() -> None:
    found = proposed(tool("fail_task"), {"name": "slow", "execution": {"taskSupport": "required"}})
    assert "fail" in found
    assert not {"task-fails", "slow"} & found.keys()
    assert found["task"] == ["slow"]


@pytest.mark.parametrize(
    ("role", "name", "description"),
    [
        ("image", "take_screenshot", ""),
        ("audio", "text_to_speech", ""),
        ("embedded", "read_resource", ""),
        ("mixed", "report", "Answers with mixed content."),
        ("work", "run", "Goes on until it is cancelled."),
        ("work-done", "status", "Tells how many steps were taken."),
        ("elicit-defaults", "form_with_defaults", ""),
        ("elicit-enums", "askForChoice", ""),
        ("elicit-url", "open_login_url", ""),
        ("require-url", "billing", "Needs the user to sign in first."),
        ("sample-tools", "research", "Lets the model use tools."),
        ("need", "write_poem", "Requires sampling."),
        ("extension", "show", "Uses an extension."),
        ("input-form", "confirm_order", ""),
        ("input-model", "summarize", ""),
        ("input-roots", "list_roots", ""),
        ("input-url", "connect", "Asks the user to sign in."),
        ("input-several", "survey", "Asks several questions."),
        ("input-rounds", "setup_wizard", ""),
        ("input-stream", "streaming_input", ""),
        ("input-state", "buy", "Remembers the order in request state."),
        ("input-guarded", "pay", "Refuses tampered state."),
        ("input-capable", "adapt", "Asks by what the capabilities are."),
    ],
)
def test_a_word_for_every_role(role: str, name: str, description: str) -> None:
    assert proposed(tool(name, description=description))[role] == [name]


def test_what_says_that_it_destroys_is_not_even_proposed() -> None:
    assert "import" not in starter("", [tool("import", destructiveHint=True)])


def test_names_come_before_descriptions_and_the_harmless_before_others() -> None:
    tools = [
        tool("other", description="may take long", readOnlyHint=True),
        tool("slow_write"),
        tool("slowRead", readOnlyHint=True),
    ]
    guesses = re.findall(r"# perhaps (\w+)", starter("", tools).partition("# slow:")[2].partition("# polling:")[0])
    assert guesses == ["slowRead", "slow_write", "other"]


def test_a_word_is_found_in_a_name_and_not_in_the_middle_of_another() -> None:
    assert "# perhaps" not in starter("", [tool("login"), tool("catalog"), tool("shipping")]).partition("# echo:")[2]


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "integer", "minimum": 3}, 3),
        ({"type": "integer", "minimum": "3"}, 1),
        ({"type": "boolean"}, False),
        ({"type": "array"}, []),
        ({"type": "object"}, {}),
        ({"type": "string", "enum": ["a", "b"]}, "a"),
        ({"type": "number", "default": 0.5}, 0.5),
        ({"default": None, "const": float("nan"), "examples": []}, "example"),
        ({"default": "x" * 500}, "example"),
        (True, "example"),
    ],
)
def test_a_needed_argument_gets_a_value_that_may_do(schema: JSON, value: JSON) -> None:
    listed: JSON = {"name": "wait", "inputSchema": {"required": ["n"], "properties": {"n": schema}}}
    slow = tomllib.loads(all_switched_on(starter("", [listed])))["slow"]
    assert slow["arguments"] == {"n": value}


def test_a_text_is_that_of_the_known_fixture() -> None:
    text = all_switched_on(starter("", [tool("summarize", "document")]))
    assert tomllib.loads(text)["sample"]["arguments"] == {"document": "Say something."}


@pytest.mark.parametrize(
    "evil", [EVIL.replace("\ud800", ""), 'x"\n[simple]\ntool = "drop_all"\n#', "'''\"\"\"\\", "\x7f"]
)
def test_a_hostile_tool_stays_where_it_is_put(evil: str, tmp_path: Path) -> None:
    listed = tool(f"echo {evil}", evil, description=f"slow {evil}", readOnlyHint=True)
    text = starter(evil, [listed])
    assert read(text, tmp_path) == {}
    roles = read(all_switched_on(text), tmp_path)
    assert roles["echo"] == Fixture(f"echo {evil}", {evil: ROLES["echo"][2]["text"]})
    assert all(c.isprintable() or c == "\n" for c in text)


def test_descriptions_are_cut_and_long_names_passed_over() -> None:
    text = starter("s" * 9_999, [tool("slow", description="d" * 9_999), tool("slow" + "n" * 9_999)])
    assert max(map(len, text.splitlines())) < 300
    assert "nnn" not in text


def test_a_flood_of_tools_is_a_file_of_usual_size() -> None:
    assert len(starter("", [tool(f"slow_import_{n}", "a", "b") for n in range(5_000)])) < 10_000


@given(TEXT, st.lists(TOOLS | VALUES, max_size=4))
def test_whatever_is_listed_the_file_can_be_read(server: str, tools: list[JSON]) -> None:
    text = starter(server, tools)
    text.encode()
    switched_on = tomllib.loads(text)
    assert set(switched_on) <= set(ROLES)
    assert set(tomllib.loads(all_switched_on(text))) == set(ROLES)

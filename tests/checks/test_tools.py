"""What tools there are said to be, and their schemas: what is no breach, and what is."""

import pytest

from conformance.evidence.trace import JSON
from conformance.judging.check import Verdict
from tests.tape import Tape, error, message_event, notification, request, result


def listed(*schemas: JSON, member: str = "inputSchema") -> Tape:
    tape = Tape()
    tape.initialize()
    tools: list[JSON] = [{"name": f"tool{n}", member: schema} for n, schema in enumerate(schemas)]
    tape.post(request(2, "tools/list"), answer=result(2, {"tools": tools}))
    return tape


def dialect(name: str) -> dict[str, JSON]:
    return {"$schema": name, "type": "object"}


@pytest.mark.parametrize("member", ["inputSchema", "outputSchema"])
@pytest.mark.parametrize("schema", [{"type": "objekt"}, {"type": "object", "properties": {"a": {"minLength": -1}}}])
def test_a_schema_that_is_none(schema: JSON, member: str) -> None:
    assert listed(schema, member=member).verdict("schema.valid") is Verdict.FAIL


def test_what_is_wrong_is_said_with_its_place() -> None:
    (finding,) = listed({"type": "object", "properties": {"a": {"minLength": -1}}}).judge("schema.valid").decisive
    assert finding.seen == "the inputSchema of 'tool0': /properties/a/minLength is less than 0"


def test_a_schema_is_valid_by_the_dialect_it_names() -> None:
    old: dict[str, JSON] = {"type": "object", "properties": {"a": {"exclusiveMinimum": True, "minimum": 1}}}
    assert listed(old | dialect("http://json-schema.org/draft-04/schema#")).verdict("schema.valid") is Verdict.PASS
    assert listed(old).verdict("schema.valid") is Verdict.FAIL


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("draft", ["draft-04", "draft-06", "draft-07", "draft/2019-09", "draft/2020-12"])
def test_each_known_dialect_is_valid_by_itself(scheme: str, draft: str) -> None:
    tape = listed(dialect(f"{scheme}://json-schema.org/{draft}/schema#"))
    assert tape.verdict("schema.valid") is Verdict.PASS


def test_a_dialect_nobody_knows_decides_nothing() -> None:
    tape = listed(dialect("https://example.com/my-dialect"))
    assert tape.verdict("schema.valid") is Verdict.NOT_SEEN
    assert tape.verdict("schema.prefer-2020") is Verdict.WARN


@pytest.mark.parametrize("pattern", [r"^\p{L}+$", r"(?<year>\d{4})", r"[^]"])
def test_a_pattern_that_python_does_not_know_may_still_be_a_good_one(pattern: str) -> None:
    schema: JSON = {"type": "object", "properties": {"a": {"type": "string", "pattern": pattern}}}
    assert listed(schema).verdict("schema.valid") is Verdict.PASS


def test_extra_keywords_and_references_are_fine() -> None:
    schema: JSON = {"type": "object", "$ref": "https://example.com/elsewhere", "x-order": 1, "nullable": True}
    assert listed(schema).verdict("schema.valid") is Verdict.PASS


def test_without_a_name_the_dialect_is_the_recommended_one() -> None:
    assert listed({"type": "object"}).verdict("schema.prefer-2020") is Verdict.PASS
    assert listed(dialect("http://json-schema.org/draft-07/schema#")).verdict("schema.prefer-2020") is Verdict.WARN


def nested(depth: int) -> JSON:
    schema: JSON = {"type": "object"}
    for _ in range(depth):
        schema = {"type": "object", "properties": {"a": schema}}
    return schema


def test_a_deep_schema_is_judged_and_one_too_deep_to_be_read_is_nobodys_fault() -> None:
    assert listed(nested(90)).verdict("schema.valid") is Verdict.PASS
    assert listed(nested(300)).verdict("schema.valid") is Verdict.NOT_SEEN


@pytest.mark.parametrize("tools", [None, "x", {}, [None], [{"inputSchema": None}], [{"name": {}, "inputSchema": []}]])
def test_what_is_no_list_of_tools_has_no_schemas(tools: JSON) -> None:
    tape = Tape()
    tape.initialize()
    tape.post(request(2, "tools/list"), answer=result(2, {"tools": tools}))
    assert tape.verdict("schema.valid") is Verdict.NOT_SEEN


def named(*names: JSON, capabilities: dict[str, JSON] | None = None) -> Tape:
    tape = Tape()
    tape.initialize(capabilities=capabilities)
    tools: list[JSON] = [{"name": name, "inputSchema": {"type": "object"}} for name in names]
    tape.post(request(2, "tools/list"), answer=result(2, {"tools": tools}))
    return tape


def test_who_lists_tools_declares_them() -> None:
    assert named("a", capabilities={"tools": {}}).verdict("tools.capability") is Verdict.PASS
    assert named("a", capabilities={}).verdict("tools.capability") is Verdict.FAIL
    assert named(capabilities={}).verdict("tools.capability") is Verdict.NOT_APPLICABLE


def test_who_has_no_tools_need_not_declare_them() -> None:
    tape = Tape()
    tape.initialize(capabilities={})
    tape.post(request(2, "tools/list"), answer=error(2, -32601))
    assert tape.verdict("tools.capability") is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("name", "verdict"),
    [("a", Verdict.PASS), ("x" * 128, Verdict.PASS), ("x" * 129, Verdict.WARN), ("", Verdict.WARN)],
)
def test_a_name_has_a_length(name: str, verdict: Verdict) -> None:
    assert named(name).verdict("tools.name-length") is verdict


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("getUser", Verdict.PASS),
        ("admin.tools.list-2_0", Verdict.PASS),
        ("get user", Verdict.WARN),
        ("a,b", Verdict.WARN),
        ("größe", Verdict.WARN),
        ("server/tool", Verdict.WARN),
        ("name\n", Verdict.WARN),
    ],
)
def test_a_name_has_few_characters(name: str, verdict: Verdict) -> None:
    assert named(name).verdict("tools.name-chars") is verdict


def test_two_tools_have_two_names() -> None:
    assert named("a", "b", "A").verdict("tools.name-unique") is Verdict.PASS
    assert named("a", "b", "a").verdict("tools.name-unique") is Verdict.WARN


def test_a_list_that_is_asked_for_twice_names_nothing_twice() -> None:
    tape = named("a")
    tape.post(request(3, "tools/list"), answer=result(3, {"tools": [{"name": "a"}]}))
    assert tape.verdict("tools.name-unique") is Verdict.PASS


def test_a_name_on_two_pages_of_one_list_stands_there_twice() -> None:
    tape = Tape()
    tape.initialize()
    tape.post(request(2, "tools/list"), answer=result(2, {"tools": [{"name": "a"}], "nextCursor": ""}))
    tape.post(request(3, "tools/list", {"cursor": ""}), answer=result(3, {"tools": [{"name": "a"}]}))
    assert tape.verdict("tools.name-unique") is Verdict.WARN


@pytest.mark.parametrize("name", [None, 5, {}, []])
def test_names_that_are_none_are_for_the_schema_to_judge(name: JSON) -> None:
    for key in ("tools.name-length", "tools.name-chars", "tools.name-unique"):
        assert named(name).verdict(key) is Verdict.NOT_SEEN


CHANGED = message_event(notification("notifications/tools/list_changed"))


def changed(*, told: bool = False, listens: bool = True, pages: bool = False) -> Tape:
    tape = Tape()
    tape.initialize(session_id="s", capabilities={"tools": {"listChanged": True}})
    if listens:
        number = tape.begin("GET", headers={"Mcp-Session-Id": "s"})
        tape.head(number, 200, {"Content-Type": "text/event-stream"})
    for id, names in ((2, ["a"]), (3, ["a", "b"])):
        tools: list[JSON] = [{"name": name} for name in names]
        if pages:
            tape.post(request(id, "tools/list"), answer=result(id, {"tools": [{"name": "0"}], "nextCursor": "c"}))
            tape.post(request(id * 10, "tools/list", {"cursor": "c"}), answer=result(id * 10, {"tools": tools}))
        else:
            tape.post(request(id, "tools/list"), answer=result(id, {"tools": tools}))
        if told and listens:
            tape.chunk(number, CHANGED)
    if listens:
        tape.end(number, "hung up")
    return tape


@pytest.mark.parametrize("pages", [False, True])
def test_a_changed_list_is_told(pages: bool) -> None:
    assert changed(told=True, pages=pages).verdict("tools.list-changed") is Verdict.PASS
    assert changed(told=False, pages=pages).verdict("tools.list-changed") is Verdict.WARN


def test_who_does_not_listen_is_not_told() -> None:
    assert changed(listens=False).verdict("tools.list-changed") is Verdict.NOT_SEEN

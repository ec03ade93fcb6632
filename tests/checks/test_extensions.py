"""Names of extensions, and clients that know none."""

import pytest

from conformance.evidence.era import CAPABILITIES
from conformance.evidence.trace import JSON
from conformance.judging.check import Verdict
from tests.tape import Tape, complete


def declaring(*names: str) -> Tape:
    tape = Tape("2026-07-28")
    tape.discover(capabilities={"tools": {}, "extensions": {name: {} for name in names}})
    return tape


@pytest.mark.parametrize("name", ["io.modelcontextprotocol/tasks", "com.example/a-b_c.d", "x/y", "com.example/"])
def test_good_names(name: str) -> None:
    assert declaring(name).verdict("ext.names") is Verdict.PASS


@pytest.mark.parametrize("name", ["tasks", "/tasks", "com..example/x", "1com/x", "com.example/-x", "a/b/c", ""])
def test_bad_names(name: str) -> None:
    assert declaring(name).verdict("ext.names") is Verdict.FAIL


def test_no_extension_has_no_name() -> None:
    assert declaring().verdict("ext.names") is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize("extensions", [None, [], "x", 1])
def test_what_is_no_map_of_extensions_is_left_to_the_schema(extensions: JSON) -> None:
    tape = Tape("2026-07-28")
    tape.discover(capabilities={"extensions": extensions})
    assert tape.verdict("ext.names") is Verdict.NOT_APPLICABLE
    assert tape.verdict("ext.fallback") is Verdict.NOT_APPLICABLE


def test_who_knows_no_extension_gets_none() -> None:
    tape = declaring("x/y")
    tape.ask("tools/call", {"name": "a"}, answer=complete(1, {"content": []}))
    assert tape.verdict("ext.fallback") is Verdict.PASS
    tape.ask("tools/call", {"name": "b"}, id=2, answer=complete(2, {"resultType": "y"}))
    assert tape.verdict("ext.fallback") is Verdict.FAIL
    assert tape.verdict("result.type-known") is Verdict.PASS


def test_who_declares_an_extension_may_get_what_is_its() -> None:
    tape = declaring("x/y")
    tape.ask(
        "tools/call",
        {"name": "b"},
        meta={CAPABILITIES: {"extensions": {"x/y": {}}}},
        answer=complete(1, {"resultType": "y"}),
    )
    assert tape.verdict("ext.fallback") is Verdict.PASS


def test_a_type_of_a_server_without_extensions_is_nobodys() -> None:
    tape = Tape("2026-07-28")
    tape.discover()
    tape.ask("tools/call", {"name": "b"}, answer=complete(1, {"resultType": "task"}))
    assert tape.verdict("result.type-known") is Verdict.FAIL
    assert tape.verdict("ext.fallback") is Verdict.NOT_APPLICABLE

"""How long results keep, and for whom: what is no breach, and what is."""

import pytest

from conformance.evidence.era import VERSION
from conformance.evidence.trace import JSON
from conformance.judging.check import Verdict
from tests.tape import Tape, complete, error

Object = dict[str, JSON]
GOOD: Object = {"ttlMs": 0, "cacheScope": "public"}
KEYS = ("hints", "ttl", "scope", "scope-pages", "interim")


def answered(hints: Object, *, method: str = "tools/list", meta: Object | None = None) -> Tape:
    """A result with these hints."""
    tape = Tape("2026-07-28")
    tape.discover()
    params: Object = {"uri": "a:b"} if method == "resources/read" else {}
    tape.ask(method, params, id=2, meta=meta, answer=complete(2, hints))
    return tape


def pages(*scopes: JSON, method: str = "tools/list") -> Tape:
    """A list of so many pages with these scopes."""
    tape = Tape("2026-07-28")
    tape.discover()
    for n, scope in enumerate(scopes):
        more: Object = {"nextCursor": str(n)} if n + 1 < len(scopes) else {}
        params: Object = {"cursor": str(n - 1)} if n else {}
        tape.ask(method, params, id=n, answer=complete(n, {"ttlMs": n, "cacheScope": scope, **more}))
    return tape


@pytest.mark.parametrize(
    "method", ["tools/list", "prompts/list", "resources/list", "resources/templates/list", "resources/read"]
)
@pytest.mark.parametrize("missing", ["ttlMs", "cacheScope"])
def test_both_hints_are_there(method: str, missing: str) -> None:
    assert answered(GOOD, method=method).verdict("caching.hints") is Verdict.PASS
    rest = {name: value for name, value in GOOD.items() if name != missing}
    assert answered(rest, method=method).verdict("caching.hints") is Verdict.FAIL


def test_discovery_has_hints_too() -> None:
    tape = Tape("2026-07-28")
    tape.ask("server/discover", id=1, answer=complete(1, {"supportedVersions": ["2026-07-28"], "capabilities": {}}))
    assert tape.verdict("caching.hints") is Verdict.FAIL


@pytest.mark.parametrize("method", ["tools/call", "prompts/get", "completion/complete", "x/list"])
def test_other_results_need_none(method: str) -> None:
    assert answered({}, method=method).outcomes("caching.hints") == ["ok"]  # of server/discover


def test_a_result_of_another_type_needs_none() -> None:
    for kind in ("input_required", "example.com/other", 5):
        assert answered({"resultType": kind}, method="resources/read").outcomes("caching.hints") == ["ok"]


def test_who_says_nothing_of_the_version_may_be_answered_as_before_there_were_hints() -> None:
    for version in (None, "2025-11-25"):
        assert answered({}, meta={VERSION: version}).outcomes("caching.hints") == ["ok"]


def test_an_error_has_no_hints() -> None:
    tape = Tape("2026-07-28")
    tape.ask("tools/list", id=1, answer=error(1, -32603))
    assert tape.outcomes("caching.hints") == []


@pytest.mark.parametrize("value", [0, 1, 86_400_000, 10**30, 5.0])
def test_a_time_to_live(value: JSON) -> None:
    assert answered(GOOD | {"ttlMs": value}).verdict("caching.ttl") is Verdict.PASS


@pytest.mark.parametrize("value", [-1, 0.5, "0", None, True, [], {}, -0.5])
def test_what_is_no_time_to_live(value: JSON) -> None:
    assert answered(GOOD | {"ttlMs": value}).verdict("caching.ttl") is Verdict.FAIL


@pytest.mark.parametrize("value", ["Public", "shared", "", None, True, [], {}, ["public"]])
def test_what_is_no_scope(value: JSON) -> None:
    assert answered(GOOD | {"cacheScope": "private"}).verdict("caching.scope") is Verdict.PASS
    assert answered(GOOD | {"cacheScope": value}).verdict("caching.scope") is Verdict.FAIL


def test_a_hint_that_is_missing_is_wrong_once() -> None:
    tape = answered({"ttlMs": 5})
    assert tape.verdict("caching.scope") is Verdict.PASS


def test_pages_of_a_list_have_one_scope() -> None:
    assert pages("private", "private", "private").verdict("caching.scope-pages") is Verdict.PASS
    assert pages("private", "private", "public").verdict("caching.scope-pages") is Verdict.FAIL
    assert pages("public").verdict("caching.scope-pages") is Verdict.NOT_APPLICABLE


def test_times_to_live_may_differ_between_pages() -> None:
    for key in KEYS[:4]:
        assert pages("public", "public").verdict(f"caching.{key}") is Verdict.PASS


def test_a_page_without_a_scope_breaks_another_rule() -> None:
    assert pages("public", None, "public").verdict("caching.scope-pages") is Verdict.PASS


def test_two_walks_may_have_two_scopes() -> None:
    tape = pages("public", "public")
    for n, scope in enumerate(("private", "private"), 10):
        params: Object = {"cursor": "0"} if n == 11 else {}
        more: Object = {} if n == 11 else {"nextCursor": "0"}
        tape.ask("tools/list", params, id=n, answer=complete(n, {"ttlMs": 0, "cacheScope": scope, **more}))
    assert tape.verdict("caching.scope-pages") is Verdict.PASS


def test_a_server_without_lists_has_no_pages() -> None:
    tape = Tape("2026-07-28")
    tape.discover(capabilities={})
    assert tape.verdict("caching.scope-pages") is Verdict.NOT_APPLICABLE
    assert tape.verdict("caching.interim") is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize("hint", ["ttlMs", "cacheScope"])
def test_questions_have_no_hints(hint: str) -> None:
    asking: Object = {"resultType": "input_required", "requestState": "x"}
    assert answered(asking, method="resources/read").verdict("caching.interim") is Verdict.PASS
    assert answered({**asking, hint: GOOD[hint]}, method="resources/read").verdict("caching.interim") is Verdict.WARN
    assert answered(GOOD, method="resources/read").verdict("caching.interim") is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("strange", [None, 5, "x", [], {}, [[]], True])
def test_strange_values_are_survived(key: str, strange: JSON) -> None:
    answered({"ttlMs": strange, "cacheScope": strange, "resultType": strange}).verdict(f"caching.{key}")
    pages(strange, strange, strange).verdict(f"caching.{key}")

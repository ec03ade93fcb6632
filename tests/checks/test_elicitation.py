"""Elicitation: what is no breach, and what is."""

import pytest

from conformance.evidence.trace import JSON
from conformance.judging.check import Verdict
from tests.tape import Tape, complete, error, message_event, request, result

KEYS = ("mode-declared", "form-flat", "form-no-links", "url-mode", "url-valid", "url-https", "url-credentials")


def asked(params: dict[str, JSON], declared: JSON = None, revision: str = "2025-11-25") -> Tape:
    tape = Tape(revision)
    tape.initialize(
        session_id="s", offered={"elicitation": {"form": {}, "url": {}} if declared is None else declared}
    )
    question = message_event(request("q", "elicitation/create", params))
    tape.post(request(2, "tools/call", {"name": "t"}), events=[question, message_event(result(2))])
    return tape


def wanted(params: JSON) -> Tape:
    """Asked in a result, as it is since 2026-07-28."""
    tape = Tape("2026-07-28")
    tape.discover()
    asked: dict[str, JSON] = {"a": {"method": "elicitation/create", "params": params}}
    tape.ask(
        "tools/call",
        {"name": "t"},
        id=2,
        answer=complete(2, {"resultType": "input_required", "inputRequests": asked}),
    )
    return tape


def form(field: JSON, message: str = "Who?", **more: JSON) -> dict[str, JSON]:
    return {"message": message, "requestedSchema": {"type": "object", "properties": {"x": field}}, **more}


def visit(url: JSON, **more: JSON) -> dict[str, JSON]:
    return {"mode": "url", "message": "Go.", "url": url, "elicitationId": "1", **more}


def refused(data: JSON, code: int = -32042) -> Tape:
    tape = Tape()
    tape.initialize(session_id="s", offered={"elicitation": {"url": {}}})
    answer: dict[str, JSON] = {"code": code, "message": "Go first.", "data": data}
    tape.post(request(2, "tools/call"), answer={"jsonrpc": "2.0", "id": 2, "error": answer})
    return tape


@pytest.mark.parametrize(
    ("params", "declared", "outcomes"),
    [
        (form({}), {}, ["ok"]),
        (form({}, mode="form"), {"form": {}}, ["ok"]),
        (form({}), {"url": {}}, ["bad"]),
        (visit("https://a.example"), {}, ["bad"]),
        (visit("https://a.example"), {"url": {}}, ["ok"]),
        (form({}, mode="video"), {"form": {}, "url": {}}, ["bad"]),
    ],
)
def test_only_declared_modes(params: dict[str, JSON], declared: JSON, outcomes: list[str]) -> None:
    assert asked(params, declared).outcomes("elicit.mode-declared") == outcomes


CHOICES: JSON = [{"const": "a", "title": "A"}]


@pytest.mark.parametrize(
    "field",
    [
        {"type": "string", "minLength": 1, "pattern": "x", "format": "email", "default": "a"},
        {"type": "integer", "default": 3},
        {"type": "number", "maximum": 1.5},
        {"type": "boolean", "default": True},
        {"type": "string", "enum": ["a"], "enumNames": ["A"]},
        {"type": "string", "oneOf": CHOICES},
        {"type": "array", "items": {"type": "string", "enum": ["a"]}, "minItems": 1},
        {"type": "array", "items": {"anyOf": CHOICES}},
    ],
)
def test_plain_fields(field: JSON) -> None:
    assert asked(form(field)).verdict("elicit.form-flat") is Verdict.PASS


@pytest.mark.parametrize(
    "field",
    [
        {"type": "object", "properties": {}},
        {"type": ["string", "null"]},
        {"anyOf": [{"type": "string"}]},
        {"type": "array", "items": {"type": "string"}},
        {"type": "array", "items": {"type": "object"}},
        {"type": "array"},
        True,
        None,
    ],
)
def test_fields_that_are_none(field: JSON) -> None:
    assert asked(form(field)).verdict("elicit.form-flat") is Verdict.FAIL


@pytest.mark.parametrize(
    "field",
    [{"type": "string", "oneOf": [{"const": "a"}]}, {"type": "string", "$ref": "#/x"}, {"type": "string", "not": {}}],
)
def test_more_than_a_plain_field_only_bends_the_rule(field: JSON) -> None:
    assert asked(form(field)).verdict("elicit.form-flat") is Verdict.WARN


def test_lists_and_titles_are_new_in_2025_11_25() -> None:
    many: JSON = {"type": "array", "items": {"type": "string", "enum": ["a"]}}
    assert asked(form(many), {}, "2025-06-18").verdict("elicit.form-flat") is Verdict.FAIL
    titled: JSON = {"type": "string", "oneOf": CHOICES}
    assert asked(form(titled), {}, "2025-06-18").verdict("elicit.form-flat") is Verdict.WARN


def test_links_in_forms() -> None:
    assert asked(form({"type": "string"})).verdict("elicit.form-no-links") is Verdict.PASS
    for text in ("[here](https://a.example)", '<a class="x" href="https://a.example">here</a>'):
        assert asked(form({"type": "string"}, text)).verdict("elicit.form-no-links") is Verdict.WARN
        described: JSON = {"type": "string", "description": text}
        assert asked(form(described)).verdict("elicit.form-no-links") is Verdict.WARN


def test_an_address_may_be_an_example() -> None:
    field: JSON = {"type": "string", "format": "uri", "description": "Such as https://a.example"}
    assert asked(form(field)).verdict("elicit.form-no-links") is Verdict.NOT_SEEN


def test_a_visit_needs_its_members() -> None:
    assert asked(visit("https://a.example")).verdict("elicit.url-mode") is Verdict.PASS
    for member in ("message", "url", "elicitationId"):
        assert asked(visit("https://a.example") | {member: None}).verdict("elicit.url-mode") is Verdict.FAIL
    assert asked({"message": "Go.", "url": "https://a.example"}).verdict("elicit.url-mode") is Verdict.FAIL
    assert asked(form({})).outcomes("elicit.url-mode") == []


@pytest.mark.parametrize(
    "url", ["https://a.example/x?y=1#z", "https://münchen.example/ü", "http://[::1]:8/", "app:do"]
)
def test_urls(url: str) -> None:
    assert asked(visit(url)).verdict("elicit.url-valid") is Verdict.PASS


@pytest.mark.parametrize(
    "url", ["", "/x", "a.example", "https://", "https:///x", "https://a b/", "http://[x/", "http://a:b"]
)
def test_what_is_no_url(url: str) -> None:
    assert asked(visit(url)).verdict("elicit.url-valid") is Verdict.FAIL


@pytest.mark.parametrize(
    ("url", "verdict"),
    [
        ("https://a.example.com/", Verdict.PASS),
        ("http://a.example.com/", Verdict.WARN),
        ("app://do", Verdict.WARN),
        ("http://localhost:3000/", Verdict.NOT_SEEN),
        ("http://127.0.0.1/", Verdict.NOT_SEEN),
        ("http://[::1]:80/", Verdict.NOT_SEEN),
        ("http://devbox/", Verdict.NOT_SEEN),
        ("http://login.local/", Verdict.NOT_SEEN),
    ],
)
def test_https_except_at_home(url: str, verdict: Verdict) -> None:
    assert asked(visit(url)).verdict("elicit.url-https") is verdict


def test_passwords_in_addresses() -> None:
    assert asked(visit("https://a:b@c.example")).verdict("elicit.url-credentials") is Verdict.FAIL
    assert asked(visit("https://a@c.example/x@y:z")).verdict("elicit.url-credentials") is Verdict.PASS


def test_the_error_lists_visits() -> None:
    right = refused({"elicitations": [visit("https://a.example")]})
    for key in ("required-list", "required-url", "url-valid", "url-https"):
        assert right.verdict(f"elicit.{key}") is Verdict.PASS
    empty: list[JSON] = [None, {}, {"elicitations": []}, {"elicitations": "x"}, []]
    for data in empty:
        assert refused(data).verdict("elicit.required-list") is Verdict.FAIL
    others: tuple[JSON, ...] = (
        form({}),
        visit("https://a.example") | {"elicitationId": None},
        visit("https://a.example") | {"mode": None},
        1,
    )
    for wanted in others:
        assert refused({"elicitations": [wanted]}).verdict("elicit.required-url") is Verdict.FAIL


def test_other_errors_list_nothing() -> None:
    assert refused({"elicitations": []}, -32602).verdict("elicit.required-list") is Verdict.NOT_APPLICABLE


def test_what_a_result_asks_is_judged_alike() -> None:
    plain: JSON = {"type": "string"}
    for params in (form(plain), form({"type": "array", "items": {"enum": ["a"]}})):
        assert wanted(params).verdict("elicit.form-flat") is Verdict.PASS
        assert wanted(params).verdict("elicit.form-no-links") is Verdict.PASS
    assert wanted(form({"type": "object"})).verdict("elicit.form-flat") is Verdict.FAIL
    assert wanted(form(plain, "[here](https://a.example)")).verdict("elicit.form-no-links") is Verdict.WARN
    assert wanted(visit("/x")).verdict("elicit.url-valid") is Verdict.FAIL
    assert wanted(visit("http://a.example.com")).verdict("elicit.url-https") is Verdict.WARN
    assert wanted(visit("https://a:b@c.example")).verdict("elicit.url-credentials") is Verdict.FAIL


def test_a_visit_has_no_id_any_more() -> None:
    params = visit("https://a.example")
    del params["elicitationId"]
    assert wanted(params).verdict("elicit.url-mode") is Verdict.PASS
    assert asked(params).verdict("elicit.url-mode") is Verdict.FAIL
    for member in ("mode", "message", "url"):
        assert wanted(params | {member: None}).outcomes("elicit.url-mode") == ["bad"]


@pytest.mark.parametrize("value", [None, 1, "x", [None], {"a": [1]}, True, "http://["])
def test_nonsense_is_nobodys_crash(value: JSON) -> None:
    for params in (
        visit(value),
        form(value),
        {"mode": value, "requestedSchema": value},
        visit("x") | {"elicitationId": value},
    ):
        for key in KEYS:
            asked(params, value).verdict(f"elicit.{key}")
        for key in KEYS[1:]:
            wanted(params).verdict(f"elicit.{key}")
            wanted(value).verdict(f"elicit.{key}")
    tape = refused(value)
    tape.post(request(3, "x"), answer=error(3, -32042))
    for key in ("required-list", "required-url", "url-valid"):
        tape.verdict(f"elicit.{key}")

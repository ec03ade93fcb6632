"""Who is given tasks of the tasks extension, and what requests about them draw."""

import pytest

from conformance.evidence.era import CAPABILITIES
from conformance.evidence.trace import JSON
from conformance.judging.check import Verdict
from conformance.judging.ledger import requirements
from tests.checks.deferred import CONTENT, ELSE, EXTENSION, KNOWS, Deferring, made, task
from tests.tape import Tape, complete, error, message_event

KEYS = [row.key for row in requirements("2026-07-28") if row.key.startswith("ext-tasks.")]
NEEDED: dict[str, JSON] = {"requiredCapabilities": {"extensions": EXTENSION}}
DONE = task(status="completed", result=CONTENT)


def test_nothing_applies_to_a_server_that_does_not_declare_the_extension() -> None:
    tape = Tape("2026-07-28")
    tape.discover(capabilities={"tools": {}, "extensions": {"x/y": {}}})
    tape.ask("tools/call", {"name": "work"}, meta=KNOWS, answer=complete(1, CONTENT))
    assert {tape.verdict(key) for key in KEYS} == {Verdict.NOT_APPLICABLE}


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("odd", [None, 1, "x", [], {}, [{}], {"a": []}])
def test_no_check_stumbles_over_strange_values(key: str, odd: JSON) -> None:
    tape = Deferring(tasks=odd)
    for id in ("t-1", odd):
        tape.make(id, odd, params={"task": odd})
        tape.look(dict.fromkeys((*task(), "inputRequests", "result", "error"), odd), id)
        for status in ("input_required", "completed", "failed", odd):
            tape.look(task(id, status, inputRequests={"k": odd}, result={"_meta": odd}, error=odd, ttlMs=odd), id)
        tape.update(odd, {"status": odd}, id)
        tape.update({"k": odd}, -32602, id)
        tape.cancel(dict.fromkeys(task(), odd), id)
    tape.ask("subscriptions/listen", {"notifications": {"taskIds": odd}}, id=99, events=[message_event(odd)])
    assert tape.verdict(key) is not Verdict.ERROR


@pytest.mark.parametrize(
    ("declared", "outcome"),
    [
        ({}, ["bad"]),
        ({"tasks": {}}, ["bad"]),
        ({"extensions": {"x/y": {}}}, ["bad"]),
        ({"extensions": EXTENSION}, []),
    ],
)
def test_a_task_is_for_who_declares_it_now(declared: dict[str, JSON], outcome: list[str]) -> None:
    tape = Deferring()
    tape.make()
    tape.make("t-2", meta={CAPABILITIES: declared})
    assert tape.outcomes("ext-tasks.undeclared") == outcome


def test_a_result_or_an_error_for_others_is_right() -> None:
    tape = Deferring()
    tape.make()
    tape.call(CONTENT, meta=ELSE)
    tape.call(-32021, meta=ELSE, status=400)
    tape.call(CONTENT, "another-tool", meta=ELSE)
    assert tape.outcomes("ext-tasks.undeclared") == ["ok", "ok"]


def required(body: dict[str, JSON], seen: dict[str, JSON] = DONE, meta: dict[str, JSON] = ELSE) -> list[str]:
    tape = Deferring()
    tape.make()
    tape.look(seen)
    params: dict[str, JSON] = {"name": "work", "arguments": {}}
    tape.ask("tools/call", params, id=90, status=400, answer=body, meta=meta)
    return tape.outcomes("ext-tasks.required")


def missing(data: JSON) -> dict[str, JSON]:
    return {"jsonrpc": "2.0", "id": 90, "error": {"code": -32021, "message": "no", "data": data}}


def test_what_works_only_as_a_task_says_so() -> None:
    assert required(missing(NEEDED)) == ["ok"]
    assert required(missing({})) == ["bad"]
    assert required(error(90, -32602)) == ["bad"]
    assert required(error(90, -32603)) == ["open"]


def test_an_error_may_have_causes_of_its_own() -> None:
    assert required(error(90, -32603), task(status="failed", error={"code": -32603, "message": "x"})) == []
    assert required(missing({"requiredCapabilities": {"sampling": {}}})) == ["open"]
    assert required(error(90, -32603), meta=KNOWS) == []


def test_methods_of_the_extension_want_it_declared() -> None:
    tape = Deferring()
    tape.make()
    tape.look(DONE, meta=ELSE)
    tape.look(-32602, meta=ELSE)
    tape.look(-32602, "nobody-knows", meta=ELSE)
    tape.cancel(-32021, meta=ELSE, status=400)
    assert tape.outcomes("ext-tasks.methods-undeclared") == ["bad", "bad", "open", "ok"]


def test_listening_for_tasks_wants_it_declared() -> None:
    tape = Deferring()
    ids: dict[str, JSON] = {"notifications": {"taskIds": ["t-1"]}}
    acknowledged: JSON = {"jsonrpc": "2.0", "method": "notifications/subscriptions/acknowledged", "params": {}}
    tape.ask("subscriptions/listen", ids, id=50, events=[message_event(acknowledged)], ending="hung up")
    tape.ask("subscriptions/listen", ids, id=51, status=400, answer=error(51, -32021))
    tape.ask("subscriptions/listen", ids, id=52, status=404, answer=error(52, -32601))
    tape.ask("subscriptions/listen", {"notifications": {"taskIds": []}}, id=53, events=[message_event(acknowledged)])
    assert tape.outcomes("ext-tasks.listen-undeclared") == ["bad", "ok", "moot"]


def test_the_types_of_results() -> None:
    tape = Deferring()
    tape.make()
    tape.call(task("t-2"))
    tape.call(CONTENT)
    tape.say("prompts/get", {"name": "p"}, made("t-3"))
    assert tape.outcomes("ext-tasks.created-type") == ["ok", "bad", "bad"]
    failed, reports = task(status="failed"), task(status="completed", result=CONTENT | {"isError": True})
    for shown in (DONE, failed, reports):
        tape.look({"resultType": "task", **shown})
    tape.look(DONE)
    assert tape.outcomes("ext-tasks.answer-type") == ["bad", "bent", "bent", "ok"]


def test_a_task_of_the_extension_is_a_known_type_and_without_it_none() -> None:
    tape = Deferring()
    tape.make()
    assert tape.verdict("result.type-known") is Verdict.PASS
    other = Tape("2026-07-28")
    other.discover(capabilities={"tools": {}, "extensions": {"x/y": {}}})
    other.ask("tools/call", {"name": "work"}, answer=complete(1, made()))
    assert other.verdict("result.type-known") is Verdict.FAIL


def test_a_task_is_known_at_once_and_for_as_long_as_it_lives() -> None:
    tape = Deferring()
    tape.make()
    tape.look(-32602)
    tape.look(task())
    tape.look(-32602)
    assert tape.outcomes("ext-tasks.durable") == ["bad", "ok"]
    assert tape.outcomes("ext-tasks.kept") == ["bad"]


def test_a_task_may_be_gone_when_its_time_is_over_or_it_was_cancelled() -> None:
    tape = Deferring()
    tape.call(made(ttlMs=150))
    tape.look(task(ttlMs=150))
    tape.now += 1
    tape.look(-32602)
    assert tape.outcomes("ext-tasks.kept") == ["open"]
    tape = Deferring()
    tape.make()
    tape.look(task())
    tape.cancel({})
    tape.look(-32602)
    assert tape.outcomes("ext-tasks.kept") == []


def test_other_errors_and_other_callers_say_nothing_of_a_task() -> None:
    tape = Deferring()
    tape.make()
    tape.look(-32603)
    tape.look(-32602, headers={"Authorization": "Bearer somebody-else"})
    assert tape.outcomes("ext-tasks.durable") == ["open"]


def test_unknown_tasks_draw_an_error() -> None:
    tape = Deferring()
    for outcome in (-32602, -32600, task("none")):
        tape.look(outcome, "none")
    tape.update({}, {}, "none")
    tape.cancel(-32602, "none")
    assert tape.outcomes("ext-tasks.unknown") == ["ok", "bad", "bad"]
    assert tape.outcomes("ext-tasks.unknown-acts") == ["bad", "ok"]


def test_older_methods_are_gone() -> None:
    tape = Deferring()
    for method in ("tasks/result", "tasks/list"):
        tape.say(method, {}, -32601, status=404)
        tape.say(method, {}, {"tasks": []})
    assert tape.outcomes("ext-tasks.removed") == ["ok", "bad", "ok", "bent"]


def test_the_older_param_changes_nothing() -> None:
    tape = Deferring()
    for _ in range(2):
        tape.call(CONTENT)
        tape.make("t-2", "other")
    for outcome in (CONTENT, -32602, made()):
        tape.call(outcome, params={"task": {}})
    tape.make("t-3", "other", params={"task": {}})
    assert tape.outcomes("ext-tasks.task-param") == ["ok", "bad", "bad", "ok"]


def test_one_call_without_a_task_does_not_say_what_the_next_would_be() -> None:
    tape = Deferring()
    tape.call(CONTENT)
    tape.make(params={"task": {}})
    assert tape.outcomes("ext-tasks.task-param") == ["ok"]


def test_the_older_capability_stands_alone_or_not_at_all() -> None:
    assert Deferring().outcomes("ext-tasks.old-capability") == ["ok"]
    assert Deferring(tasks={"list": {}}).outcomes("ext-tasks.old-capability") == ["bad"]


@pytest.mark.parametrize(
    ("ids", "outcomes"),
    [
        (["1", "2", "3"], ["bad"]),
        (["same", "same"], ["bad"]),
        (["786512e2-9e0d-44bd-8f29-789f820fe840", "0a6512e2-9e0d-4fff-8a11-389f820fe84a"], ["ok"]),
        (["1"], []),
    ],
)
def test_ids_of_tasks(ids: list[str], outcomes: list[str]) -> None:
    tape = Deferring()
    for id in ids:
        tape.make(id)
    assert tape.outcomes("ext-tasks.id") == outcomes


def test_a_name_in_the_header_that_is_not_the_task_is_a_mismatch() -> None:
    tape = Deferring()
    tape.make()
    tape.look(task(), headers={"Mcp-Name": "another"})
    tape.look(-32020, status=400, headers={"Mcp-Name": "another"})
    assert tape.outcomes("hdr.mismatch") == ["bad", "ok"]
    assert tape.outcomes("codes.meaning") == ["ok"]

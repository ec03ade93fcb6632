"""Who is given tasks, and what requests about tasks draw: the tasks extension, SEP-2663."""

import json
from collections.abc import Iterator

from conformance.checks.deferred import (
    COMPLETE,
    Deferred,
    about_tasks,
    declined,
    deferred,
    is_declared,
    is_task,
    kind_of,
    knows_tasks,
    named_in,
    tasks_in,
    tool_calls,
    tool_of,
)
from conformance.checks.extensions import declared_extensions
from conformance.checks.guessing import weakness
from conformance.checks.listens import ACKNOWLEDGED, is_unknown
from conformance.checks.reading import heard, shown
from conformance.checks.standing import (
    code,
    first_error,
    identity,
    is_right,
    is_served,
    lacks,
    modern_calls,
    required_capabilities,
    told,
    unclear,
)
from conformance.evidence.era import LISTEN, MISSING_CAPABILITY, TASK_METHODS
from conformance.evidence.jsonrpc import INTERNAL_ERROR, INVALID_PARAMS, METHOD_NOT_FOUND
from conformance.evidence.trace import JSON, Message, Trace
from conformance.evidence.views import Call, sessions
from conformance.judging.check import Finding, Findings, bent, check, expect, moot, undecided


@check("ext-tasks.undeclared")
def nobody_gets_a_task_who_did_not_ask_for_it(trace: Trace) -> Findings:
    """A request that does not declare the extension is not answered with a task, whatever was declared before."""
    yield from declined(trace)
    made = {task.tool for task in tasks_in(trace)}
    for call in tool_calls(trace):
        if knows_tasks(call) or not is_declared(call.session.server_capabilities):
            continue
        name = tool_of(call)
        if is_task(call):
            yield expect(False, call, f"{shown(name)} became a task, and the client had not declared the extension")
        elif name in made and unclear(call) is None:
            yield expect(True, call, f"{shown(name)}, which is a task for others: {told(call)}")


@check("ext-tasks.required")
def who_needs_the_extension_is_told_so(trace: Trace) -> Findings:
    """What can only be done as a task draws -32021 without the extension, and the error names it.

    Which calls these are is told by calls that are alike: they became tasks, which completed, and without the
    extension they draw errors.
    """
    yield from declined(trace)
    done = {identity(task.call) for task in tasks_in(trace) if task.ended and task.ended.status == "completed"}
    for call in tool_calls(trace):
        if knows_tasks(call) or first_error(call) is None or identity(call) not in done:
            continue
        needed = required_capabilities(call)
        if reason := unclear(call):
            yield undecided(call, reason)
        elif code(call) == MISSING_CAPABILITY and not is_declared(needed) and lacks(needed, call):
            yield undecided(call, f"{told(call)}, and something else is asked for")
        elif code(call) == MISSING_CAPABILITY:
            seen = f"{told(call)}, which asks for {shown(', '.join(declared_extensions(needed)))}"
            yield expect(is_declared(needed), call, seen)
        elif code(call) == INTERNAL_ERROR:
            yield undecided(call, f"{told(call)}, which may be a failure of the call's own")
        else:
            yield expect(False, call, f"{told(call)}; with the extension the call completes")


@check("ext-tasks.methods-undeclared")
def methods_of_the_extension_are_for_who_declares_it(trace: Trace) -> Findings:
    """tasks/get, tasks/update and tasks/cancel of a client that did not declare the extension draw -32021."""
    yield from declined(trace)
    known = deferred(trace)
    for call in about_tasks(trace, *TASK_METHODS):
        if knows_tasks(call) or not is_declared(call.session.server_capabilities):
            continue
        if reason := unclear(call):
            yield undecided(call, reason)
        elif code(call) == INVALID_PARAMS and named_in(call) not in known:
            yield undecided(call, f"{told(call)}: there is no such task either, and no order is given")
        else:
            yield expect(code(call) == MISSING_CAPABILITY, call, f"without the extension, {told(call)}")


@check("ext-tasks.listen-undeclared")
def notifications_about_tasks_are_for_who_declares_them(trace: Trace) -> Findings:
    """subscriptions/listen for tasks, of a client that did not declare the extension, draws -32021."""
    yield from declined(trace)
    for call in about_tasks(trace, LISTEN):
        wanted = call.request.params.get("notifications")
        asks = isinstance(wanted, dict) and bool(wanted.get("taskIds"))
        if not asks or knows_tasks(call) or not is_declared(call.session.server_capabilities):
            continue
        if is_unknown(call):
            yield moot(call, f"the server does not know {LISTEN}")
        elif any(isinstance(m, Message) and m.method == ACKNOWLEDGED for m in heard(call.exchange)):
            yield expect(False, call, "for tasks without the extension, a subscription was acknowledged")
        elif reason := unclear(call):
            yield undecided(call, reason)
        else:
            yield expect(code(call) == MISSING_CAPABILITY, call, f"for tasks without the extension, {told(call)}")


@check("ext-tasks.created-type")
def tasks_say_that_they_are_tasks(trace: Trace) -> Findings:
    """A result that is a task has the type `task`, and only results of tools/call are tasks."""
    yield from declined(trace)
    for call in modern_calls(trace):
        if is_task(call) and is_right(call) and is_declared(call.session.server_capabilities):
            right = kind_of(call) == shown("task") and call.request.method == "tools/call"
            yield expect(right, call, f"{call.request.method} got a task, with resultType {kind_of(call)}")


@check("ext-tasks.answer-type")
def answers_about_tasks_are_complete(trace: Trace) -> Findings:
    """The results of tasks/get, tasks/update and tasks/cancel have the type `complete`.

    Two examples show a task that failed, and one whose tool did, with the type `task`: that is a warning.
    """
    yield from declined(trace)
    for call in about_tasks(trace, *TASK_METHODS):
        if not is_served(call) or not is_declared(call.session.server_capabilities) or call.response is None:
            continue
        kind, seen = call.response.result.get("resultType"), f"{call.request.method}: resultType {kind_of(call)}"
        if kind == "task" and call.request.method == "tasks/get" and _is_as_in_an_example(call.response.result):
            yield bent(call, f"{seen}, as in an example")
        else:
            yield expect(kind == COMPLETE, call, seen)


def _is_as_in_an_example(task: dict[str, JSON]) -> bool:
    result = task.get("result")
    return task.get("status") == "failed" or (isinstance(result, dict) and result.get("isError") is True)


@check("ext-tasks.durable")
def a_task_can_be_asked_for_at_once(trace: Trace) -> Findings:
    """As soon as a client has a task, tasks/get knows it."""
    yield from declined(trace)
    for task in tasks_in(trace):
        served = [call.response.at for call in task.gets if call.response is not None and is_served(call)]
        for call in task.gets:
            if not any(at <= call.request.at for at in served):
                yield from _found(task, call)


@check("ext-tasks.kept")
def a_task_is_kept_for_its_lifetime(trace: Trace) -> Findings:
    """Until `ttlMs` is over, tasks/get knows a task, also when it has ended."""
    yield from declined(trace)
    for task in tasks_in(trace):
        served = [call.response.at for call in task.gets if call.response is not None and is_served(call)]
        cancelled = min((call.request.at for call in task.cancels), default=float("inf"))
        for call in task.gets:
            if any(at <= call.request.at for at in served) and call.request.at < cancelled:
                yield from _found(task, call)


def _found(task: Deferred, call: Call) -> Iterator[Finding]:
    """Whether tasks/get knows a task that there is, as seen by the one who made it."""
    made_by, asked_by = (c.exchange.request_header("authorization") for c in (task.call, call))
    if made_by != asked_by:
        return
    if reason := unclear(call):
        yield undecided(call, reason)
    elif is_served(call):
        yield expect(True, call, f"{told(call)}: the task is known")
    elif code(call) != INVALID_PARAMS or task.may_be_gone(call.request.at):
        yield undecided(call, f"{told(call)}: the task may be gone, or something else is wrong")
    else:
        yield expect(False, call, f"{told(call)}: the task is not known")


@check("ext-tasks.unknown")
def an_unknown_task_draws_an_error(trace: Trace) -> Findings:
    """tasks/get for a task that does not exist draws -32602."""
    yield from declined(trace)
    yield from _unknown(trace, "tasks/get")


@check("ext-tasks.unknown-acts")
def an_unknown_task_can_neither_be_updated_nor_cancelled(trace: Trace) -> Findings:
    """tasks/update and tasks/cancel for a task that does not exist draw -32602."""
    yield from declined(trace)
    yield from _unknown(trace, "tasks/update", "tasks/cancel")


def _unknown(trace: Trace, *methods: str) -> Iterator[Finding]:
    """How requests about tasks were answered that nobody was given; in a record of others they may be older."""
    known = deferred(trace)
    for call in about_tasks(trace, *methods):
        if named_in(call) in known or not knows_tasks(call) or not is_declared(call.session.server_capabilities):
            continue
        if reason := unclear(call):
            yield undecided(call, reason)
        elif is_served(call) and trace.revision is None:
            yield undecided(call, f"{told(call)}: the task may have been made before")
        else:
            yield expect(code(call) == INVALID_PARAMS, call, f"for a task that does not exist, {told(call)}")


@check("ext-tasks.removed")
def methods_of_older_tasks_are_gone(trace: Trace) -> Findings:
    """tasks/result draws -32601; so does tasks/list, of which it is only said that there is none."""
    yield from declined(trace)
    for call in about_tasks(trace, "tasks/result", "tasks/list"):
        if not is_declared(call.session.server_capabilities):
            continue
        if reason := unclear(call):
            yield undecided(call, reason)
        elif call.request.method == "tasks/list" and code(call) != METHOD_NOT_FOUND:
            yield bent(call, told(call))
        else:
            yield expect(code(call) == METHOD_NOT_FOUND, call, told(call))


@check("ext-tasks.task-param")
def the_older_param_is_ignored(trace: Trace) -> Findings:
    """A `task` among the params of a call, as in 2025-11-25, changes nothing.

    A server may make a task of one call and not of the next, so only calls that never become one otherwise tell.
    """
    yield from declined(trace)
    plain: dict[str, list[Call]] = {}
    for call in tool_calls(trace):
        if "task" not in call.request.params and is_served(call):
            plain.setdefault(_asked(call), []).append(call)
    for call in tool_calls(trace):
        twins = plain.get(_asked(call), [])
        if "task" not in call.request.params or not twins or not is_declared(call.session.server_capabilities):
            continue
        seen = f"with a `task` among the params, {told(call)}"
        never = len(twins) > 1 and not any(map(is_task, twins))
        if reason := unclear(call):
            yield undecided(call, reason)
        elif not is_served(call):
            yield expect(False, call, f"{seen}; without it, the call is served")
        elif is_task(call) and never:
            yield expect(False, call, f"{seen}, with a task; without it, none of {len(twins)} calls became one")
        else:
            yield expect(True, call, seen)


def _asked(call: Call) -> str:
    """What was called, and whether by somebody who knows tasks."""
    params = call.request.params
    return json.dumps([params.get("name"), params.get("arguments"), knows_tasks(call)], sort_keys=True)


@check("ext-tasks.old-capability")
def the_older_capability_is_not_declared(trace: Trace) -> Findings:
    """A server with the extension does not declare `tasks` beside it, as in 2025-11-25."""
    yield from declined(trace)
    for session in sessions(trace):
        call, declared = session.discovery, session.server_capabilities
        if session.modern and call in session.calls and call is not None and is_declared(declared):
            words = f"tasks as {shown(declared['tasks'])}" if "tasks" in declared else "the extension alone"
            yield expect("tasks" not in declared, call, f"the server declares {words}")


@check("ext-tasks.id")
def ids_of_tasks_cannot_be_guessed(trace: Trace) -> Findings:
    """The ids of tasks are all different, and nobody can guess one from others."""
    yield from declined(trace)
    calls = [call for call in tool_calls(trace) if is_task(call) and is_declared(call.session.server_capabilities)]
    ids = [id for call in calls if call.response and isinstance(id := call.response.result.get("taskId"), str)]
    if len(calls) < 2 or len(ids) < 2:
        return
    if len(set(ids)) < len(ids):
        yield expect(False, calls[-1], f"{len(ids)} tasks have only {len(set(ids))} ids")
    else:
        weak = weakness(ids, "ids of tasks")
        yield expect(weak is None, calls[-1], weak or f"{len(ids)} ids of tasks, which cannot be guessed")

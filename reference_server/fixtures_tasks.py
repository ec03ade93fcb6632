"""Tools to be called as tasks; they are there in 2025-11-25 alone."""

import asyncio

from reference_server.asking import NotAnswered
from reference_server.fixtures_asking import form, sampling
from reference_server.fixtures_streaming import number
from reference_server.jsonrpc import INTERNAL_ERROR, JsonObject, RpcError
from reference_server.options import R2025_11
from reference_server.reporting import Reporting
from reference_server.state import Call
from reference_server.toolbox import fails, says, takes, tool

AFTER_ANSWER_SECONDS = 0.5


@tool(
    "Works a number of steps and reports progress after each; best called as a task.",
    schema=takes(
        steps={"type": "integer", "minimum": 0, "maximum": 10000, "default": 10},
        step_ms={"type": "integer", "minimum": 0, "maximum": 60000, "default": 50},
    ),
    since=R2025_11,
    until=R2025_11,
    tasks="optional",
)
async def test_task_slow(server: Reporting, call: Call, arguments: JsonObject) -> JsonObject:
    """Long enough to be looked at, waited for, cancelled."""
    steps = number(arguments.get("steps"), 10)
    pause = number(arguments.get("step_ms"), 50) / 1000
    for step in range(1, steps + 1):
        await asyncio.sleep(pause)
        server.send_progress(call, step, steps, f"Step {step} of {steps}")
    return says(f"done in {steps} steps")


@tool("Has to be called as a task, and is soon done.", since=R2025_11, until=R2025_11, tasks="required")
async def test_task_required(_server: Reporting, _call: Call, _arguments: JsonObject) -> JsonObject:
    """A plain call is refused."""
    return says("done as a task")


@tool("Cannot be called as a task, and says so.", since=R2025_11, until=R2025_11, tasks="forbidden")
async def test_task_forbidden(_server: Reporting, _call: Call, _arguments: JsonObject) -> JsonObject:
    """A task is refused."""
    return says("done at once")


@tool("Ends in a failure of the tool.", since=R2025_11, until=R2025_11, tasks="optional")
async def test_task_failing(_server: Reporting, _call: Call, _arguments: JsonObject) -> JsonObject:
    """A result that is an error."""
    return fails("This tool fails on purpose.")


@tool("Ends in an error of the protocol.", since=R2025_11, until=R2025_11, tasks="optional")
async def test_task_error(_server: Reporting, _call: Call, _arguments: JsonObject) -> JsonObject:
    """No result at all."""
    raise RpcError(INTERNAL_ERROR, "This tool breaks on purpose.", {"why": "to be seen"})


@tool(
    "Asks the user, or the client's model, and works on with the answer.",
    since=R2025_11,
    until=R2025_11,
    tasks="optional",
)
async def test_task_asking(server: Reporting, call: Call, _arguments: JsonObject) -> JsonObject:
    """A task that needs its client."""
    questions: dict[str, JsonObject] = {
        "elicitation/create": form(server, call, "Shall the task go on?", {"answer": {"type": "string"}}),
        "sampling/createMessage": sampling(server, call, "Shall the task go on?"),
    }
    method = next((method for method in questions if server.client_can(call.session, method)), None)
    if method is None:
        return fails("The client declared nothing that it could be asked.")
    try:
        await server.ask(call, method, questions[method])
    except NotAnswered as reason:
        return fails(f"There is no answer: {reason}.")
    await asyncio.sleep(AFTER_ANSWER_SECONDS)
    return says("went on with the answer")

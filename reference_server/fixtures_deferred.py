"""Tools that become tasks for modern clients that know these; the names are those of the official suite."""

import asyncio

from reference_server.asking import TASKS_CAPABILITY
from reference_server.fixtures_inputs import NAME, filled_in, form
from reference_server.jsonrpc import INTERNAL_ERROR, JsonObject, RpcError
from reference_server.options import R2026_07
from reference_server.reporting import Reporting
from reference_server.state import Call
from reference_server.toolbox import fails, says, takes, tool

SOON_SECONDS = 0.05
LONGEST_SECONDS = 600.0
LABEL: JsonObject = {"type": "string", "description": "A word to be found again in the result"}


@tool("Greets somebody, at once.", schema=takes(("name",), name={"type": "string"}), since=R2026_07)
async def greet(_server: Reporting, _call: Call, arguments: JsonObject) -> JsonObject:
    """Never a task."""
    return says(f"Hello, {arguments['name']}!")


@tool(
    "Takes its time.",
    schema=takes(seconds={"type": "number", "minimum": 0, "maximum": LONGEST_SECONDS}, label=LABEL),
    since=R2026_07,
    deferred=True,
)
async def slow_compute(_server: Reporting, _call: Call, arguments: JsonObject) -> JsonObject:
    """Long enough to be looked at, and to be cancelled."""
    seconds = arguments.get("seconds", 1)
    await asyncio.sleep(min(seconds, LONGEST_SECONDS) if isinstance(seconds, int | float) else 1)
    return says(f"computed {arguments.get('label', 'something')}")


@tool(
    "Ends in a failure of the tool, and works only as a task.", since=R2026_07, deferred=True, needs=TASKS_CAPABILITY
)
async def failing_job(_server: Reporting, _call: Call, _arguments: JsonObject) -> JsonObject:
    """A result that is an error."""
    await asyncio.sleep(SOON_SECONDS)
    return fails("This tool fails on purpose.")


@tool("Ends in an error of the protocol.", since=R2026_07, deferred=True)
async def protocol_error_job(_server: Reporting, _call: Call, _arguments: JsonObject) -> JsonObject:
    """No result at all."""
    await asyncio.sleep(SOON_SECONDS)
    raise RpcError(INTERNAL_ERROR, "This tool breaks on purpose.", {"why": "to be seen"})


@tool(
    "Asks whether a file that does not exist is to be deleted.",
    schema=takes(filename={"type": "string"}),
    since=R2026_07,
    deferred=True,
)
async def confirm_delete(server: Reporting, call: Call, arguments: JsonObject) -> JsonObject:
    """A task that needs its client once."""
    name = arguments.get("filename", "it")
    answers = await server.answers_to(call, confirm=form(f"Delete {name}?", "confirm", "boolean"))
    return says(f"{name}: confirmed: {filled_in(answers['confirm'], 'confirm')}")


@tool("Asks two things at once.", since=R2026_07, deferred=True)
async def multi_input(server: Reporting, call: Call, _arguments: JsonObject) -> JsonObject:
    """A task that needs its client twice; the answers may come one by one."""
    both = {"name": NAME, "confirm": form("Is that your name?", "confirm", "boolean")}
    answers = await server.answers_to(call, **both)
    return says(f"{filled_in(answers['name'], 'name')}: {filled_in(answers['confirm'], 'confirm')}")


@tool(
    "Asks for a name before it begins, and works only as a task.",
    since=R2026_07,
    deferred=True,
    needs=TASKS_CAPABILITY,
    first={"user_name": NAME},
)
async def test_tool_with_task(server: Reporting, call: Call, _arguments: JsonObject) -> JsonObject:
    """First the question, then the task, which knows the answer."""
    answers = await server.answers_to(call, user_name=NAME)
    await asyncio.sleep(SOON_SECONDS)
    return says(f"Hello, {filled_in(answers['user_name'], 'name')}, from a task!")

"""Tools that take their time, report on the way, or make the server send something elsewhere."""

import asyncio

from reference_server.jsonrpc import Json, JsonObject
from reference_server.options import R2025_11, R2026_07
from reference_server.reporting import LEVELS, Reporting
from reference_server.state import Call
from reference_server.toolbox import says, takes, tool

STEP_SECONDS = 0.02
AWAY_SECONDS = 0.1
WATCHED = "test://watched-resource"


def number(value: Json, default: int) -> int:
    """An argument that is a number, or what it is without one."""
    return int(value) if isinstance(value, int | float) else default


@tool("Sends three log messages on the way.", reports=True)
async def test_tool_with_logging(server: Reporting, call: Call, _arguments: JsonObject) -> JsonObject:
    """Log messages belong to the call."""
    server.send_log(call, "info", "Tool execution started")
    await asyncio.sleep(STEP_SECONDS)
    server.send_log(call, "info", "Tool processing data")
    await asyncio.sleep(STEP_SECONDS)
    server.send_log(call, "info", "Tool execution completed")
    return says("Tool with logging executed successfully")


@tool("Reports progress three times: 0, 50 and 100 of 100.", reports=True)
async def test_tool_with_progress(server: Reporting, call: Call, _arguments: JsonObject) -> JsonObject:
    """Progress belongs to the call."""
    for value in (0, 50, 100):
        if value:
            await asyncio.sleep(STEP_SECONDS)
        server.send_progress(call, value, 100, f"Completed step {value} of 100")
    return says("Tool with progress executed successfully")


@tool(
    "Works a number of steps and reports progress after each.",
    schema=takes(
        steps={"type": "integer", "minimum": 0, "maximum": 10000, "default": 10},
        step_ms={"type": "integer", "minimum": 0, "maximum": 60000, "default": 50},
        label={"type": "string", "description": "What test_work_done is to know this work by"},
    ),
    reports=True,
)
async def test_slow(server: Reporting, call: Call, arguments: JsonObject) -> JsonObject:
    """Long enough to be cancelled, dropped, resumed."""
    steps = number(arguments.get("steps"), 10)
    pause = number(arguments.get("step_ms"), 50) / 1000
    for step in range(1, steps + 1):
        await asyncio.sleep(pause)
        if "label" in arguments:
            server.count_work(str(arguments["label"]))
        server.send_progress(call, step, steps, f"Step {step} of {steps}")
    return says(f"done in {steps} steps")


@tool(
    "Tells how many steps test_slow has taken under a label.",
    schema=takes(("label",), label={"type": "string", "description": "The label that test_slow was given"}),
    since=R2026_07,
)
async def test_work_done(server: Reporting, _call: Call, arguments: JsonObject) -> JsonObject:
    """Whether work goes on is to be seen from the outside, and from any connection."""
    return says(str(server.work_done.get(str(arguments["label"]), 0)))


@tool("Logs once at every level.", since=R2026_07, reports=True)
async def test_logging_tool(server: Reporting, call: Call, _arguments: JsonObject) -> JsonObject:
    """Only the levels that the request asked for are heard."""
    for level in LEVELS:
        server.send_log(call, level, f"This is of level {level}.")
    return says("Logged at every level")


@tool(
    "Closes the connection on the way where the revision allows it; the answer is for the client to fetch.",
    until=R2025_11,
)
async def test_reconnection(server: Reporting, call: Call, _arguments: JsonObject) -> JsonObject:
    """Polling."""
    if call.stream is not None:
        server.close_for_polling(call.stream)
    await asyncio.sleep(AWAY_SECONDS)
    return says("Reconnection test completed successfully.")


@tool(
    "Closes the connections of the session's GET streams where the revision knows polling.",
    read_only=False,
    until=R2025_11,
)
async def test_close_get_stream(server: Reporting, call: Call, _arguments: JsonObject) -> JsonObject:
    """Polling of GET streams."""
    listening = [stream for stream in call.session.streams.values() if stream.kind == "get" and stream.leg]
    for stream in listening:
        server.close_for_polling(stream)
    return says(f"looked at {len(listening)} GET streams")


@tool("Updates the watched resource, so that its subscribers are told.", read_only=False)
async def test_update_resource(server: Reporting, _call: Call, _arguments: JsonObject) -> JsonObject:
    """A resource update concerns no request."""
    server.watched_version += 1
    server.announce_update(WATCHED)
    return says(f"{WATCHED} is now at version {server.watched_version}")


def toggle(server: Reporting, call: Call, kind: str) -> JsonObject:
    """Show what was hidden or hide what was shown, and say so; without sessions there is one list for all."""
    call.session.toggled ^= {kind}
    server.save(call.session)
    server.announce_change(call.session, kind)
    return says(f"the list of {kind} has changed")


@tool("Changes the list of tools: in a session its own, else everybody's.", read_only=False)
async def test_trigger_tool_change(server: Reporting, call: Call, _arguments: JsonObject) -> JsonObject:
    """notifications/tools/list_changed."""
    return toggle(server, call, "tools")


@tool("Changes the list of prompts: in a session its own, else everybody's.", read_only=False)
async def test_trigger_prompt_change(server: Reporting, call: Call, _arguments: JsonObject) -> JsonObject:
    """notifications/prompts/list_changed."""
    return toggle(server, call, "prompts")


@tool("Changes the list of resources: in a session its own, else everybody's.", read_only=False)
async def test_trigger_resource_change(server: Reporting, call: Call, _arguments: JsonObject) -> JsonObject:
    """notifications/resources/list_changed."""
    return toggle(server, call, "resources")


@tool(
    "Ends subscriptions in order: those whose subscriptions/listen request had this id, or all.",
    schema=takes(id={"type": "string", "description": "The id, if it is a string"}),
    read_only=False,
    since=R2026_07,
)
async def test_end_subscriptions(server: Reporting, _call: Call, arguments: JsonObject) -> JsonObject:
    """A server may want to go, and its listeners must be told."""
    name = arguments.get("id")
    return says(f"ended {server.end_subscriptions(name if isinstance(name, str) else None)} subscriptions")

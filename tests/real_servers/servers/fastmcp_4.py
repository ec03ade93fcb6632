"""FastMCP 4.x with the fixtures that the official suite knows by name, and nothing else of ours: its own event store,
its own protection from foreign origins, its own sessions. One endpoint speaks both eras.

Run by `launch.py` with the interpreter of its own environment; never imported by a test.
"""

import asyncio
from typing import Annotated, Any

import uvicorn
from fastmcp import Context, FastMCP
from fastmcp.exceptions import ToolError
from fastmcp.server.event_store import EventStore
from fastmcp.utilities.logging import configure_logging
from mcp.types import CreateMessageResult, SamplingMessage, TextContent
from pydantic import BaseModel, Field
from serving import RETRY_MS, AnnouncingServer, listener_on, options_from_argv

configure_logging(level="CRITICAL")  # it would paint the trace of each error that a tool means to raise
options = options_from_argv()
mcp = FastMCP("real-server-fastmcp", version="1.0")


class Answer(BaseModel):
    """The form that the user is asked to fill in."""

    response: str


@mcp.tool("test_simple_text")
def simple_text() -> str:
    """Answers with one text."""
    return "This is a simple text response for testing."


@mcp.tool("test_echo")
def echo(text: str) -> str:
    """Answers with the text it was given."""
    return text


@mcp.tool("test_x_mcp_header")
def header(
    region: Annotated[str, Field(json_schema_extra={"x-mcp-header": "Region"})] = "nowhere",
    priority: Annotated[int, Field(json_schema_extra={"x-mcp-header": "Priority"})] = 0,
) -> str:
    """Takes arguments that go along as headers (at 2026-07-28)."""
    return f"{region}, {priority}"


@mcp.tool("test_error_handling")
def error_handling() -> str:
    """Fails, so that the result says isError."""
    raise ToolError("This tool intentionally returns an error for testing")


@mcp.tool("test_tool_with_logging")
async def tool_with_logging(ctx: Context) -> str:
    """Logs three messages on its way."""
    for word in ("started", "working", "finished"):
        await ctx.info(f"Tool {word}")
        await asyncio.sleep(0.03)
    return "Three messages logged"


@mcp.tool("test_tool_with_progress")
async def tool_with_progress(ctx: Context) -> str:
    """Reports progress 0, 50 and 100 of 100."""
    for done in (0, 50, 100):
        await ctx.report_progress(done, 100, f"{done} of 100")
        await asyncio.sleep(0.03)
    return "Three steps reported"


@mcp.tool("test_slow")
async def slow(ctx: Context, steps: int = 10, step_ms: int = 50) -> str:
    """Takes its time and reports progress after every step."""
    for step in range(1, steps + 1):
        await asyncio.sleep(step_ms / 1000)
        await ctx.report_progress(step, steps)
    return f"{steps} steps of {step_ms} ms done"


@mcp.tool("test_structured_content")
def structured_content() -> dict[str, Any]:
    """Answers with an object."""
    return {"temperature": 22.5, "conditions": "Partly cloudy"}


@mcp.tool("test_sampling")
async def sampling(ctx: Context, prompt: str = "Say something") -> str:
    """Asks the client's model (with sessions only, where a server can ask)."""
    message = SamplingMessage(role="user", content=TextContent(type="text", text=prompt))
    answer = await ctx.session.create_message([message], max_tokens=100, related_request_id=ctx.request_id)
    said = answer.content if isinstance(answer, CreateMessageResult) else None
    return f"LLM response: {said.text if isinstance(said, TextContent) else ''}"


@mcp.tool("test_elicitation")
async def elicitation(ctx: Context, message: str = "Please answer") -> str:
    """Asks the user."""
    answer = await ctx.elicit(message, Answer)
    said = answer.data.response if answer.action == "accept" else None
    return f"User response: action={answer.action}, response={said}"


@mcp.tool("test_reconnection")
async def reconnection(ctx: Context) -> str:
    """Closes its own stream and answers while nobody listens (at 2025-11-25 only, and with a store)."""
    await ctx.info("Before the disconnection")
    await ctx.close_sse_stream()
    await asyncio.sleep(0.5)  # five times the retry: what comes while the SDK replays would be lost (field notes)
    await ctx.info("After the disconnection")
    return "Reconnection test completed"


@mcp.resource("test://static-text", mime_type="text/plain")
def static_text() -> str:
    """A text that never changes."""
    return "This is the content of the static text resource."


@mcp.resource("test://template/{id}/data", mime_type="application/json")
def template(id: str) -> str:
    """A resource of a template."""
    return f'{{"id": "{id}"}}'


@mcp.prompt("test_simple_prompt")
def simple_prompt() -> str:
    """A prompt without arguments."""
    return "This is a simple prompt for testing."


@mcp.prompt("test_prompt_with_arguments")
def prompt_with_arguments(arg1: str, arg2: str) -> str:
    """A prompt with two arguments."""
    return f"Prompt with arguments: arg1={arg1}, arg2={arg2}"


app = mcp.http_app(
    path="/mcp",
    json_response=options.json_response,
    stateless_http=options.stateless,
    event_store=EventStore() if options.store and not options.stateless else None,
    retry_interval=RETRY_MS if options.store else None,
)
config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1)
asyncio.run(AnnouncingServer(config).serve(sockets=[listener_on(options.port)]))

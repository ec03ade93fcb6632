"""The official Python SDK 1.x with the fixtures that the official suite knows by name, and a few of ours.

Run by `launch.py` with the interpreter of its own environment; never imported by a test.
"""

import asyncio
from typing import Any

import anyio
from mcp.server.fastmcp import Context, FastMCP
from mcp.server.fastmcp.exceptions import ToolError
from mcp.server.lowlevel import NotificationOptions
from mcp.server.models import InitializationOptions
from mcp.server.session import ServerSession
from mcp.types import (
    ClientCapabilities,
    ElicitationCapability,
    LoggingLevel,
    SamplingCapability,
    SamplingMessage,
    TextContent,
)
from pydantic import AnyUrl, BaseModel
from serving import Options, options_from_argv, serve

Ctx = Context[ServerSession, Any, Any]

WATCHED = "test://watched-resource"

options: Options = options_from_argv()
mcp = FastMCP("real-server-sdk-v1", log_level="WARNING")
subscribers: dict[str, set[ServerSession]] = {}


@mcp.tool("test_simple_text")
def simple_text() -> str:
    """Answers with one text."""
    return "This is a simple text response for testing."


@mcp.tool("test_echo")
def echo(text: str) -> str:
    """Answers with the text it was given."""
    return text


@mcp.tool("test_error_handling")
def error_handling() -> str:
    """Fails, so that the result says isError."""
    raise ToolError("This tool intentionally returns an error for testing")


@mcp.tool("test_tool_with_logging")
async def tool_with_logging(ctx: Ctx) -> str:
    """Logs three messages on its way."""
    for word in ("started", "working", "finished"):
        await ctx.info(f"Tool {word}")
        await asyncio.sleep(0.03)
    return "Three messages logged"


@mcp.tool("test_tool_with_progress")
async def tool_with_progress(ctx: Ctx) -> str:
    """Reports progress 0, 50 and 100 of 100."""
    for done in (0, 50, 100):
        await ctx.report_progress(done, 100, f"{done} of 100")
        await asyncio.sleep(0.03)
    return "Three steps reported"


@mcp.tool("test_slow")
async def slow(ctx: Ctx, steps: int = 10, step_ms: int = 50) -> str:
    """Takes its time and reports progress after every step."""
    for step in range(1, steps + 1):
        await asyncio.sleep(step_ms / 1000)
        await ctx.report_progress(step, steps)
    return f"{steps} steps of {step_ms} ms done"


@mcp.tool("test_sampling")
async def sampling(ctx: Ctx, prompt: str = "Say something") -> str:
    """Asks the client's model."""
    refuse_to_ask_unless(ctx, ClientCapabilities(sampling=SamplingCapability()))
    message = SamplingMessage(role="user", content=TextContent(type="text", text=prompt))
    result = await ctx.session.create_message([message], max_tokens=100, related_request_id=ctx.request_id)
    return f"LLM response: {result.content.text if isinstance(result.content, TextContent) else ''}"


class Answer(BaseModel):
    """The form that the user is asked to fill in."""

    response: str


@mcp.tool("test_elicitation")
async def elicitation(ctx: Ctx, message: str = "Please answer") -> str:
    """Asks the user."""
    refuse_to_ask_unless(ctx, ClientCapabilities(elicitation=ElicitationCapability()))
    result = await ctx.elicit(message, Answer)
    said = result.data.response if result.action == "accept" else None
    return f"User response: action={result.action}, response={said}"


def refuse_to_ask_unless(ctx: Ctx, wanted: ClientCapabilities) -> None:
    """In JSON mode the SDK drops its own question and then waits for the answer for ever."""
    if options.json_response or options.stateless:
        raise ToolError("this server was started in a mode in which it cannot ask its client")
    if not ctx.session.check_client_capability(wanted):
        raise ToolError("the client did not declare the capability that this tool needs")


@mcp.tool("test_reconnection")
async def reconnection(ctx: Ctx) -> str:
    """Closes its own stream and answers while nobody listens (from 2025-11-25 on, and with a store)."""
    await ctx.info("Before the disconnection")
    await ctx.close_sse_stream()
    await asyncio.sleep(0.5)  # five times the retry: what comes while the SDK replays would be lost (field notes)
    await ctx.info("After the disconnection")
    return "Reconnection test completed"


@mcp.tool("test_trigger_tool_change")
async def trigger_tool_change(ctx: Ctx) -> str:
    """Adds a tool, takes it away again, and tells this session that the list changed."""
    mcp.add_tool(simple_text, name="test_dynamic_tool")
    mcp.remove_tool("test_dynamic_tool")
    await ctx.session.send_tool_list_changed()
    return "The list of tools changed twice"


@mcp.tool("test_trigger_resource_update")
async def trigger_resource_update() -> str:
    """Tells every subscriber that test://watched-resource was updated."""
    told = 0
    for session in list(subscribers.get(WATCHED, ())):
        try:
            await session.send_resource_updated(AnyUrl(WATCHED))
            told += 1
        except (anyio.ClosedResourceError, anyio.BrokenResourceError):
            subscribers[WATCHED].discard(session)  # its client has ended the session
    return f"{told} told"


@mcp.resource("test://static-text", mime_type="text/plain")
def static_text() -> str:
    """A text that never changes."""
    return "This is the content of the static text resource."


@mcp.resource(WATCHED, mime_type="text/plain")
def watched_resource() -> str:
    """A text that one can subscribe to."""
    return "Watched resource content"


@mcp.prompt("test_simple_prompt")
def simple_prompt() -> str:
    """A prompt without arguments."""
    return "This is a simple prompt for testing."


def offer_what_the_sdk_leaves_out() -> None:
    """FastMCP has no logging level and no subscriptions, and declares neither subscribe nor listChanged."""
    server = mcp._mcp_server
    plain = server.create_initialization_options

    @server.set_logging_level()  # type: ignore[no-untyped-call, untyped-decorator, unused-ignore]
    async def set_level(_: LoggingLevel) -> None:
        return None

    @server.subscribe_resource()  # type: ignore[no-untyped-call, untyped-decorator, unused-ignore]
    async def subscribe(uri: AnyUrl) -> None:
        subscribers.setdefault(str(uri), set()).add(server.request_context.session)

    @server.unsubscribe_resource()  # type: ignore[no-untyped-call, untyped-decorator, unused-ignore]
    async def unsubscribe(uri: AnyUrl) -> None:
        subscribers.get(str(uri), set()).discard(server.request_context.session)

    def declared() -> InitializationOptions:
        answer = plain(NotificationOptions(tools_changed=True))
        if answer.capabilities.resources is not None:
            answer.capabilities.resources.subscribe = True
        return answer

    server.create_initialization_options = declared  # type: ignore[assignment, method-assign]


if not options.stateless:
    offer_what_the_sdk_leaves_out()
serve(mcp._mcp_server, options)

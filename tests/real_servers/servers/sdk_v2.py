"""The official Python SDK 2.x with the fixtures that the official suite knows by name, and a few of ours.

One endpoint speaks both eras: sessions up to 2025-11-25, and 2026-07-28 without them. Run by `launch.py`
with the interpreter of its own environment; never imported by a test.
"""

import asyncio
import warnings
from collections.abc import Callable
from typing import Annotated, Any

from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import NotificationOptions
from mcp.server.mcpserver import Context, Elicit, ElicitationResult, MCPServer, Resolve, Sample
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.models import InitializationOptions
from mcp.server.session import ServerSession
from mcp.server.subscriptions import ListenHandler
from mcp.shared.exceptions import MCPDeprecationWarning
from mcp.types import (
    CreateMessageResult,
    EmptyResult,
    SamplingMessage,
    SetLevelRequestParams,
    SubscribeRequestParams,
    TextContent,
    UnsubscribeRequestParams,
)
from pydantic import BaseModel, Field
from serving import Options, options_from_argv, serve

warnings.simplefilter("ignore", MCPDeprecationWarning)  # logging is what we are here to show

Ctx = Context[Any, Any]
Request = ServerRequestContext[Any, Any]

WATCHED = "test://watched-resource"

options: Options = options_from_argv()
mcp = MCPServer("real-server-sdk-v2", version="1.0", log_level="WARNING")
subscribers: dict[str, dict[str, ServerSession]] = {}


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
    dry_run: Annotated[bool, Field(json_schema_extra={"x-mcp-header": "Dry-Run"})] = False,
) -> str:
    """Takes arguments that go along as headers (at 2026-07-28)."""
    return f"{region}, {priority}, {dry_run}"


@mcp.tool("test_error_handling")
def error_handling() -> str:
    """Fails, so that the result says isError."""
    raise ToolError("This tool intentionally returns an error for testing")


@mcp.tool("test_tool_with_logging")
async def tool_with_logging(ctx: Ctx) -> str:
    """Logs three messages on its way (at 2026-07-28 only if the request asks for a log level)."""
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


def ask_the_model(prompt: str) -> Sample:
    message = SamplingMessage(role="user", content=TextContent(type="text", text=prompt))
    return Sample([message], max_tokens=100)


@mcp.tool("test_sampling")
async def sampling(
    answer: Annotated[CreateMessageResult, Resolve(ask_the_model)], prompt: str = "Say something"
) -> str:
    """Asks the client's model: by a request in a session, by an input_required result at 2026-07-28."""
    del prompt  # the resolver has read it
    return f"LLM response: {answer.content.text if isinstance(answer.content, TextContent) else ''}"


class Answer(BaseModel):
    """The form that the user is asked to fill in."""

    response: str


def ask_the_user(message: str) -> Elicit[Answer]:
    return Elicit(message, Answer)


@mcp.tool("test_elicitation")
async def elicitation(
    answer: Annotated[ElicitationResult[Answer], Resolve(ask_the_user)], message: str = "Please answer"
) -> str:
    """Asks the user: by a request in a session, by an input_required result at 2026-07-28."""
    del message  # the resolver has read it
    said = answer.data.response if answer.action == "accept" else None
    return f"User response: action={answer.action}, response={said}"


@mcp.tool("test_reconnection")
async def reconnection(ctx: Ctx) -> str:
    """Closes its own stream and answers while nobody listens (at 2025-11-25 only, and with a store)."""
    await ctx.info("Before the disconnection")
    await ctx.close_sse_stream()
    await asyncio.sleep(0.5)  # five times the retry: what comes while the SDK replays would be lost (field notes)
    await ctx.info("After the disconnection")
    return "Reconnection test completed"


@mcp.tool("test_trigger_tool_change")
async def trigger_tool_change(ctx: Ctx) -> str:
    """Adds a tool, takes it away again, and tells this session and all listeners that the list changed."""
    mcp.add_tool(simple_text, name="test_dynamic_tool")
    mcp.remove_tool("test_dynamic_tool")
    await ctx.session.send_tool_list_changed()
    await ctx.notify_tools_changed()
    return "The list of tools changed twice"


@mcp.tool("test_trigger_resource_update")
async def trigger_resource_update(ctx: Ctx) -> str:
    """Tells every subscriber and every listener that test://watched-resource was updated."""
    told = list(subscribers.get(WATCHED, {}).values())
    for session in told:
        await session.send_resource_updated(WATCHED)
    await ctx.notify_resource_updated(WATCHED)
    return f"{len(told)} told"


@mcp.tool("test_end_subscriptions")
def end_subscriptions() -> str:
    """Ends all subscriptions, as the SDK has it for a server that goes down."""
    listening = mcp._lowlevel_server.get_request_handler("subscriptions/listen")
    if listening is not None and isinstance(listening.handler, ListenHandler):
        listening.handler.close()
    return "All subscriptions are ended"


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


def session_id(request: Request) -> str:
    headers: dict[str, str] = getattr(request.request, "headers", {})
    return headers.get("mcp-session-id", "")


async def set_level(_: Request, __: SetLevelRequestParams) -> EmptyResult:
    return EmptyResult()


async def subscribe(request: Request, params: SubscribeRequestParams) -> EmptyResult:
    subscribers.setdefault(str(params.uri), {})[session_id(request)] = request.session
    return EmptyResult()


async def unsubscribe(request: Request, params: UnsubscribeRequestParams) -> EmptyResult:
    subscribers.get(str(params.uri), {}).pop(session_id(request), None)
    return EmptyResult()


def offer_what_the_sdk_leaves_out() -> None:
    """MCPServer serves neither logging/setLevel nor resources/subscribe, and never declares listChanged."""
    server = mcp._lowlevel_server
    plain: Callable[..., InitializationOptions] = server.create_initialization_options
    server.add_request_handler("logging/setLevel", SetLevelRequestParams, set_level)
    server.add_request_handler("resources/subscribe", SubscribeRequestParams, subscribe)
    server.add_request_handler("resources/unsubscribe", UnsubscribeRequestParams, unsubscribe)

    def declared() -> InitializationOptions:
        return plain(NotificationOptions(tools_changed=True))

    server.create_initialization_options = declared  # type: ignore[assignment, method-assign]


if not options.stateless:
    offer_what_the_sdk_leaves_out()
serve(mcp._lowlevel_server, options)

"""What tools there are, and calls that are wrong."""

from dataclasses import replace

import anyio

from conformance.driving.client import Client
from conformance.driving.profile import Fixture
from conformance.driving.scenario import Unmet, scenario
from conformance.driving.speaker import Speaker
from conformance.evidence.era import BOTH_ERAS
from conformance.evidence.trace import JSON
from conformance.scenarios.paging import all_entries

NOBODY = Fixture("conformance.no-such-tool")


@scenario(
    "tools.capability",
    "tools.list",
    "tools.list-order",
    "tools.name-length",
    "tools.name-chars",
    "tools.name-unique",
    "tools.unknown-error",
    revisions=BOTH_ERAS,
)
async def tools(client: Client) -> None:
    """List the tools to the last page, then once more, and call one that is not among them."""
    speaker = await client.begin()
    if "tools" not in speaker.capabilities:
        await speaker.request("tools/list", intent="tools are not declared")
        raise Unmet("the server does not declare tools")
    await speaker.pages("tools/list")
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(speaker.pages, "tools/list")
        tasks.start_soon(speaker.call, NOBODY)


@scenario("tools.name-case", "tools.validate-inputs", revisions=BOTH_ERAS)
async def misspelt_call(client: Client) -> None:
    """Call a tool by its name in other letters, and one without the arguments that it requires."""
    speaker = await client.begin()
    if "tools" not in speaker.capabilities:
        raise Unmet("the server does not declare tools")
    listed = {str(tool.get("name")): tool for tool in await all_entries(speaker, "tools/list", "tools")}
    simple, echo = client.fixture("simple"), client.fixture("echo")
    async with anyio.create_task_group() as tasks:
        if (other := simple.tool.swapcase()) not in listed:
            tasks.start_soon(speaker.call, replace(simple, tool=other))
        if _required(listed.get(echo.tool)):
            tasks.start_soon(_call_without_arguments, speaker, echo)
    if not _required(listed.get(echo.tool)):
        raise Unmet(f"{echo.tool} requires no argument")


def _required(tool: dict[str, JSON] | None) -> bool:
    schema = tool.get("inputSchema") if tool is not None else None
    return isinstance(schema, dict) and bool(schema.get("required"))


async def _call_without_arguments(speaker: Speaker, fixture: Fixture) -> None:
    await speaker.request("tools/call", {"name": fixture.tool, "arguments": {}})


@scenario(
    "tools.error-in-result",
    "tools.structured-matches",
    "tools.structured-text",
    "tools.embedded-capability",
    "tools.content-base64",
    "schema.message",
    revisions=BOTH_ERAS,
)
async def tool_results(client: Client) -> None:
    """List the tools, and call one for each kind of result."""
    roles = ["embedded", "image", "audio", "mixed", "fail", "echo"]
    if client.revision >= "2025-06-18":
        roles.append("structured")
    fixtures = client.wire.profile.fixtures
    speaker = await client.begin()
    if "tools" not in speaker.capabilities:
        raise Unmet("the server does not declare tools")
    await all_entries(speaker, "tools/list", "tools")
    async with anyio.create_task_group() as tasks:
        for role in roles:
            if role in fixtures:
                tasks.start_soon(speaker.call, fixtures[role])
    missing = [client.wire.profile.missing(role) for role in roles if role not in fixtures]
    if missing:
        raise Unmet("; ".join(missing))

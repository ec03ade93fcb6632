"""The server needs something from its client, which is what an input_required result is for."""

import anyio

from conformance.driving.client import Client
from conformance.driving.modern import ModernSpeaker
from conformance.driving.scenario import scenario
from conformance.evidence.era import MODERN_REVISIONS
from conformance.evidence.trace import JSON, Message
from conformance.scenarios.inputs import NEEDING

PROMPT = "test_input_required_result_prompt"  # this and the resource are fixtures known by name
RESOURCE = "test://input-required"
ELICITATION: dict[str, JSON] = {"form": {}, "url": {}}


@scenario(
    "mrtr.only-way",
    "mrtr.where-not",
    "mrtr.keys",
    "mrtr.kinds",
    "mrtr.not-empty",
    "caps.not-assumed",
    "stream.no-requests",
    revisions=MODERN_REVISIONS,
)
async def server_needs_input(client: Client) -> None:
    """Call all tools that need input, get a prompt and read a resource, and answer until they are done."""
    speaker = client.modern()
    known = client.wire.profile.fixtures
    needing = [known[role] for role in (*NEEDING, "input-url") if role in known]
    lists: dict[str, Message] = {}

    async def list_all(what: str) -> None:
        lists[what] = await speaker.request(f"{what}/list")

    async with anyio.create_task_group() as tasks:
        for what in ("prompts", "resources"):
            if what in speaker.capabilities:
                tasks.start_soon(list_all, what)
        tasks.start_soon(speaker.request, "server/discover")
    speaker.declared = speaker.declared | {"elicitation": ELICITATION}
    async with anyio.create_task_group() as tasks:
        for fixture in needing:
            tasks.start_soon(speaker.call, fixture)
        if "progress" in known:
            tasks.start_soon(_report, speaker, client)
        if _lists(lists, "prompts", "name", PROMPT):
            tasks.start_soon(speaker.to_the_end, speaker.asking("prompts/get", {"name": PROMPT}))
        if _lists(lists, "resources", "uri", RESOURCE):
            tasks.start_soon(speaker.to_the_end, speaker.asking("resources/read", {"uri": RESOURCE}))
    if not needing:
        client.fixture(NEEDING[0])


async def _report(speaker: ModernSpeaker, client: Client) -> None:
    """A stream, where the server has one, with more on it than the response."""
    await speaker.call(client.fixture("progress"), token="input")


def _lists(lists: dict[str, Message], what: str, member: str, value: str) -> bool:
    """Whether a list has this entry."""
    entries = lists[what].result.get(what) if what in lists else None
    return isinstance(entries, list) and any(isinstance(e, dict) and e.get(member) == value for e in entries)

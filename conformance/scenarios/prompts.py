"""What prompts there are, and what is said of those that there are not."""

import anyio

from conformance.driving.client import Client
from conformance.driving.scenario import scenario
from conformance.driving.speaker import Speaker
from conformance.evidence.era import BOTH_ERAS
from conformance.evidence.trace import JSON
from conformance.scenarios.paging import all_entries
from conformance.scenarios.resources import objects

AT_MOST = 4  # prompts that are got
UNKNOWN = "no-such-prompt"
FILLED: dict[str, dict[str, JSON]] = {  # prompts known by name, as the official suite has them, and their arguments
    "test_prompt_with_image": {},
    "test_prompt_with_embedded_resource": {"resourceUri": "test://example-resource"},
    "test_prompt_with_arguments": {"arg1": "héllo", "arg2": "wörld"},
}


@scenario(
    "prompts.capability",
    "prompts.list",
    "prompts.unknown-error",
    "prompts.missing-argument",
    "prompts.media",
    "prompts.embedded",
    "prompts.embedded-type",
    revisions=BOTH_ERAS,
)
async def prompts(client: Client) -> None:
    """List the prompts, get a few, one that there is not, and one without the arguments that it requires."""
    speaker = await client.begin()
    if "prompts" not in speaker.capabilities:
        await speaker.request("prompts/list", intent="prompts are not declared")
        return
    listed = await all_entries(speaker, "prompts/list", "prompts")
    demanding = [str(prompt["name"]) for prompt in listed if _demands(prompt)]
    easy = [str(prompt.get("name")) for prompt in listed if not _demands(prompt)]
    known = [name for name in FILLED if name in (*demanding, *easy)]
    async with anyio.create_task_group() as tasks:
        for name in list(dict.fromkeys([*known, *easy]))[:AT_MOST]:
            tasks.start_soon(_get, speaker, name, FILLED.get(name, {}), None)
        tasks.start_soon(_get, speaker, UNKNOWN, {}, "there is no such prompt")
        if demanding:
            tasks.start_soon(_get, speaker, demanding[0], {}, "the required arguments are left out")


async def _get(speaker: Speaker, name: str, arguments: dict[str, JSON], intent: str | None) -> None:
    wanted: dict[str, JSON] = {"arguments": arguments} if arguments else {}
    await speaker.request("prompts/get", {"name": name, **wanted}, intent=intent)


def _demands(prompt: dict[str, JSON]) -> bool:
    """Whether a prompt has required arguments."""
    arguments = objects(prompt.get("arguments"))
    return isinstance(prompt.get("name"), str) and any(argument.get("required") is True for argument in arguments)

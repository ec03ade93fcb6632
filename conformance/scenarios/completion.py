"""Suggestions for the arguments of prompts and templates."""

import re

import anyio

from conformance.driving.client import Client
from conformance.driving.scenario import Unmet, scenario
from conformance.driving.speaker import Speaker
from conformance.evidence.era import BOTH_ERAS
from conformance.evidence.trace import JSON
from conformance.scenarios.paging import all_entries

VARIABLE = re.compile(r"\{[+#./;?&]?([A-Za-z0-9_.%]+)")
AT_MOST = 3  # templates for which suggestions are asked
NOBODY = "conformance.no-such-prompt"
COMPLETE = "completion/complete"


@scenario(
    "completion.capability",
    "completion.max-100",
    "completion.errors",
    "completion.validate-inputs",
    revisions=BOTH_ERAS,
)
async def completion(client: Client) -> None:
    """Ask for suggestions: for a prompt, for a template, for a prompt that there is not, and for nothing at all."""
    speaker = await client.begin()
    found: list[dict[str, JSON]] = []
    async with anyio.create_task_group() as tasks:
        if "prompts" in speaker.capabilities:
            tasks.start_soon(_find_prompt, speaker, found)
        if "resources" in speaker.capabilities:
            tasks.start_soon(_find_templates, speaker, found)
    nobody = _asking({"type": "ref/prompt", "name": NOBODY}, "anything")
    if "completions" not in speaker.capabilities:
        await speaker.request(COMPLETE, (found or [nobody])[0], intent="completions are not declared")
        raise Unmet("the server does not declare completions")
    async with anyio.create_task_group() as tasks:
        for params in [*found, nobody]:
            tasks.start_soon(speaker.request, COMPLETE, params)
        tasks.start_soon(_ask_for_nothing, speaker)
    if not found:
        raise Unmet("no prompt of the server has an argument, and no resource template a variable")


async def _find_prompt(speaker: Speaker, found: list[dict[str, JSON]]) -> None:
    for prompt in await all_entries(speaker, "prompts/list", "prompts"):
        arguments = prompt.get("arguments")
        first = arguments[0] if isinstance(arguments, list) and arguments else None
        name = first.get("name") if isinstance(first, dict) else None
        if isinstance(name, str) and isinstance(prompt.get("name"), str):
            found.append(_asking({"type": "ref/prompt", "name": prompt["name"]}, name))
            return


async def _find_templates(speaker: Speaker, found: list[dict[str, JSON]]) -> None:
    templates: list[dict[str, JSON]] = []
    for entry in await all_entries(speaker, "resources/templates/list", "resourceTemplates"):
        template = entry.get("uriTemplate")
        variable = VARIABLE.search(template) if isinstance(template, str) else None
        if variable is not None:
            templates.append(_asking({"type": "ref/resource", "uri": template}, variable[1]))
    found += templates[:AT_MOST]


async def _ask_for_nothing(speaker: Speaker) -> None:
    ref: JSON = {"type": "ref/prompt", "name": NOBODY}
    await speaker.request(COMPLETE, {"ref": ref}, intent="there is no argument to be completed")


def _asking(ref: JSON, argument: str) -> dict[str, JSON]:
    return {"ref": ref, "argument": {"name": argument, "value": ""}}

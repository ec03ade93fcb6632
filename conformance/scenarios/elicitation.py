"""The server asks the client's user, by form or by address."""

import anyio

from conformance.driving.client import Client, ClientSession
from conformance.driving.profile import Fixture
from conformance.driving.scenario import Unmet, scenario
from conformance.evidence.era import MODERN_REVISIONS
from conformance.evidence.trace import JSON, Message
from conformance.scenarios.resources import heard

FORMS = ("elicit", "elicit-defaults", "elicit-enums", "input-form")
VISITS = ("elicit-url", "require-url")
COMPLETE = "notifications/elicitation/complete"
BOTH_MODES: dict[str, JSON] = {"elicitation": {"form": {}, "url": {}}}


@scenario("elicit.form-flat", "elicit.form-no-links", revisions=("2025-06-18", "2025-11-25", *MODERN_REVISIONS))
async def elicitation_forms(client: Client) -> None:
    """Call all tools that ask the user to fill in a form, side by side."""
    fixtures = client.wire.profile.fixtures
    asking = [fixtures[role] for role in FORMS if role in fixtures] or [client.fixture(FORMS[0])]
    speaker = await client.begin()
    async with anyio.create_task_group() as tasks:
        for fixture in asking:
            tasks.start_soon(speaker.call, fixture)


@scenario(
    "elicit.url-mode", "elicit.url-valid", "elicit.url-https", "elicit.url-credentials", revisions=MODERN_REVISIONS
)
async def elicitation_address(client: Client) -> None:
    """Call a tool that needs the user to open an address."""
    fixture = client.fixture("input-url")
    speaker = client.modern()
    speaker.declared = speaker.declared | BOTH_MODES
    await speaker.call(fixture)


@scenario(
    "elicit.mode-declared",
    "elicit.url-mode",
    "elicit.url-valid",
    "elicit.url-https",
    "elicit.url-credentials",
    "elicit.required-list",
    "elicit.required-url",
    "elicit.complete-id",
    "elicit.complete-client",
    revisions=("2025-11-25",),
)
async def elicitation_urls(client: Client) -> None:
    """Call the tools that send the user to an address, and listen for news of it, beside another client."""
    fixtures = client.wire.profile.fixtures
    asking = [fixtures[role] for role in VISITS if role in fixtures]
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_listen_only, client)
        for fixture in asking:
            tasks.start_soon(_visit, client, fixture)
        await client.quiet()
    missing = [client.wire.profile.missing(role) for role in VISITS if role not in fixtures]
    if missing:
        raise Unmet("; ".join(missing))


async def _visit(client: Client, fixture: Fixture) -> None:
    session = await client.initialize(capabilities=BOTH_MODES)
    stream = session.get()
    await stream.head()
    await session.call(fixture)
    await heard(client, stream, COMPLETE)


async def _listen_only(client: Client) -> None:
    """Another client, whose user is asked nothing."""
    bystander = await client.initialize(capabilities=BOTH_MODES)
    await bystander.get().head()


@scenario("elicit.mode-declared", revisions=("2025-11-25",))
async def elicitation_modes(client: Client) -> None:
    """Call a tool that asks with a form for a client that only opens addresses, and the other way round."""
    fixtures = client.wire.profile.fixtures
    only_urls = await client.initialize(capabilities={"elicitation": {"url": {}}})
    only_forms = await client.initialize(capabilities={"elicitation": {"form": {}}})
    async with anyio.create_task_group() as tasks:
        for session, role in ((only_urls, "elicit"), (only_forms, "elicit-url")):
            session.replies["elicitation/create"] = _not_this_mode
            if role in fixtures:
                tasks.start_soon(_ask_in_vain, session, fixtures[role])
    for role in ("elicit", "elicit-url"):
        client.fixture(role)


async def _ask_in_vain(session: ClientSession, fixture: Fixture) -> None:
    await session.call(fixture)


def _not_this_mode(question: Message) -> dict[str, JSON]:
    mode = question.params.get("mode", "form")
    return {"error": {"code": -32602, "message": f"this client did not declare the mode {mode}"}}

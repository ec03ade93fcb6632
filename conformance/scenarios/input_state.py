"""State that comes back altered, invented, or with another request."""

import anyio

from conformance.driving.client import Client
from conformance.driving.modern import ModernSpeaker
from conformance.driving.profile import Fixture
from conformance.driving.scenario import Unmet, scenario
from conformance.evidence.era import MODERN_REVISIONS
from conformance.evidence.trace import JSON
from conformance.scenarios.inputs import NEEDING, asked, changed, needing, try_again

STATEFUL = ("input-guarded", "input-state", "input-rounds", "input-several", *NEEDING)
AT_MOST = 4  # tools that are asked for state
BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
INVENTED: tuple[JSON, ...] = (
    "made up by the client",
    "eyJzdGVwIjoyLCJhcHByb3ZlZCI6dHJ1ZX0=",  # {"step":2,"approved":true}
    "",
    42,
    {"approved": True},
)

END = 12  # characters


@scenario("mrtr.state-tampered", "mrtr.state-untrusted", revisions=MODERN_REVISIONS)
async def input_state(client: Client) -> None:
    """Be given state, and come back with it: altered in several ways, then with something of one's own."""
    speaker = client.modern()
    [(retry, state)] = await _given(speaker, needing(client, *STATEFUL), 1)
    half = len(state) // 2
    altered = (
        f"{state}-TAMPERED",
        state[:half] + _other(state[half]) + state[half + 1 :],
        state[:-END] + "".join(map(_other, state[-END:])),  # where signatures stand
        state[: -len(state) // 4],
    )
    async with anyio.create_task_group() as tasks:
        for wrong in altered:
            tasks.start_soon(try_again, speaker, changed(speaker, retry, requestState=wrong), "the state was altered")
        for made_up in INVENTED:
            tasks.start_soon(
                try_again, speaker, changed(speaker, retry, requestState=made_up), "the state is made up"
            )


@scenario("mrtr.state-replay", revisions=MODERN_REVISIONS)
async def input_state_elsewhere(client: Client) -> None:
    """Be given state for two requests, and present that of one with the other; then each with its own."""
    speaker = client.modern()
    (retry, _), (other, state) = await _given(speaker, needing(client, *STATEFUL), 2)
    await try_again(speaker, changed(speaker, retry, requestState=state), "the state is that of another request")
    await speaker.to_the_end(retry)
    await speaker.to_the_end(other)


async def _given(speaker: ModernSpeaker, fixtures: list[Fixture], enough: int) -> list[tuple[dict[str, JSON], str]]:
    """Retries, and the state that they come with, of so many tools that give any. Raises Unmet if there are less."""
    found: list[tuple[dict[str, JSON], str]] = []
    for fixture in fixtures[:AT_MOST]:
        body = speaker.calling(fixture)
        answer = await asked(speaker, body)
        state = answer.result.get("requestState")
        if isinstance(state, str) and len(state) > 1:
            found.append((speaker.retrying(body, answer), state))
        if len(found) == enough:
            return found
    raise Unmet(f"tools that need input and give a requestState: {len(found)}, and it takes {enough}")


def _other(character: str) -> str:
    """Another character: in Base64, one whose highest bit is another, which no decoder drops as padding."""
    position = BASE64.find(character)
    return BASE64[position ^ 32] if position >= 0 else "A"

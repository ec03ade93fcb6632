"""A client comes back with its answers, but not with the state that it was to bring."""

from conformance.driving.client import Client
from conformance.driving.modern import ModernSpeaker
from conformance.driving.profile import Fixture
from conformance.driving.scenario import Unmet, scenario
from conformance.evidence.era import CLIENT_INFO, MODERN_REVISIONS
from conformance.evidence.trace import JSON

STATEFUL = ("input-state", "input-guarded", "input-several", "input-rounds")
INTENT = "the requestState is left out"


@scenario("stateless.handles", revisions=MODERN_REVISIONS)
async def state_left_out(client: Client) -> None:
    """Be given state, and try again without it; then let a stranger, over another connection, try the same."""
    known = client.wire.profile.fixtures
    fixtures = [known[role] for role in STATEFUL if role in known] or [client.fixture(STATEFUL[0])]
    for fixture in fixtures:
        speaker = client.modern()
        retry = await _bereft(speaker, fixture)
        if retry is not None:
            await speaker.complete(speaker.post(retry, intent=INTENT))
            closing = client.modern()
            await closing.request(closing.plainest, headers={"Connection": "close"})
            await _as_a_stranger(client.modern(), retry)
            return
    raise Unmet(f"{', '.join(fixture.tool for fixture in fixtures)} gave no requestState")


async def _bereft(speaker: ModernSpeaker, fixture: Fixture) -> dict[str, JSON] | None:
    """The retry of a call without its state; None if none was given."""
    body = speaker.calling(fixture)
    answer = await speaker.complete(speaker.post(body))
    if "requestState" not in answer.result:
        return None
    retry = speaker.retrying(body, answer)
    params = retry["params"]
    return retry | {
        "params": {k: v for k, v in params.items() if k != "requestState"} if isinstance(params, dict) else {}
    }


async def _as_a_stranger(stranger: ModernSpeaker, retry: dict[str, JSON]) -> None:
    """The same request under another name: a name is no handle either."""
    params = retry["params"]
    given = params if isinstance(params, dict) else {}
    meta = given.get("_meta")
    told: dict[str, JSON] = (meta if isinstance(meta, dict) else {}) | {
        CLIENT_INFO: {"name": "stranger", "version": "1"}
    }
    await stranger.complete(stranger.post(retry | {"params": given | {"_meta": told}}, intent=INTENT))

"""What the stories about input share: which tools need some, and how to be asked and to try again."""

from conformance.driving.client import Client
from conformance.driving.modern import ModernSpeaker
from conformance.driving.profile import Fixture
from conformance.driving.scenario import Unmet
from conformance.evidence.trace import JSON, Message

NEEDING = (
    *("input-form", "input-model", "input-roots", "input-several", "input-rounds", "input-state"),
    "input-stream",
    *("input-guarded", "input-capable", "elicit", "sample", "roots"),
)


def needing(client: Client, *roles: str) -> list[Fixture]:
    """The target's tools in these roles. Raises Unmet if it has none, with what its owner can do."""
    known = client.wire.profile.fixtures
    found: dict[str, Fixture] = {}
    for role in roles:
        if role in known:
            found.setdefault(known[role].tool, known[role])
    return list(found.values()) or [client.fixture(roles[0])]


async def asked(speaker: ModernSpeaker, body: dict[str, JSON]) -> Message:
    """Make a request that needs input, and return the answer. Raises Unmet if nothing is asked."""
    answer = await speaker.complete(speaker.post(body))
    if answer.result.get("resultType") != "input_required":
        raise Unmet(f"{body.get('method')} was to be answered with input_required, and got {_said(answer)}")
    return answer


def _said(answer: Message) -> str:
    """What came instead, in the server's own words if it has any."""
    if answer.kind == "result":
        return "a result"
    return f"the error {answer.error.get('code')!r}: {str(answer.error.get('message'))[:200]}"


def changed(speaker: ModernSpeaker, body: dict[str, JSON], **params: JSON) -> dict[str, JSON]:
    """The same request with other params, and an id of its own."""
    given = body.get("params")
    return speaker.asking(str(body["method"]), (given if isinstance(given, dict) else {}) | params)


def responses(body: dict[str, JSON]) -> dict[str, JSON]:
    """The answers that a retry comes with. Raises Unmet if nothing was asked, as when there is only state."""
    params = body.get("params")
    given = params.get("inputResponses") if isinstance(params, dict) else None
    if not isinstance(given, dict) or not given:
        raise Unmet("an input_required result had no questions")
    return given


async def try_again(speaker: ModernSpeaker, body: dict[str, JSON], intent: str | None = None) -> None:
    """Send what may be refused, and wait until it is over."""
    connection = speaker.post(body, intent=intent)
    await connection.head()
    await connection.until_over_or(lambda message: message.is_response)
    await connection.settle()

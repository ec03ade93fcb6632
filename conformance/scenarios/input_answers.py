"""What becomes of answers that are wrong, too many or too few, and of questions that nobody answers."""

import anyio

from conformance.driving.client import Client
from conformance.driving.scenario import scenario
from conformance.evidence.era import MODERN_REVISIONS
from conformance.evidence.trace import JSON
from conformance.scenarios.inputs import NEEDING, asked, changed, needing, responses, try_again

SEVERAL = ("input-several", *NEEDING)
EXTRA: dict[str, JSON] = {"conformance-extra": {"action": "accept", "content": {"more": "than was asked"}}}


@scenario("mrtr.validate", "mrtr.errors", "mrtr.extra", "mrtr.ask-again", revisions=MODERN_REVISIONS)
async def input_answers(client: Client) -> None:
    """Be asked, and answer: as it should be, with more, with nonsense, with no object, and with nothing at all."""
    fixture = needing(client, *NEEDING)[0]
    speaker = client.modern()

    async def answer(change: str) -> None:
        body = speaker.calling(fixture)
        retry = speaker.retrying(body, await asked(speaker, body))
        given = responses(retry)
        match change:
            case "more":
                await try_again(speaker, changed(speaker, retry, inputResponses=given | EXTRA))
            case "nonsense":
                nonsense: dict[str, JSON] = dict.fromkeys(given, 12345)
                await try_again(speaker, changed(speaker, retry, inputResponses=nonsense), "the answers are numbers")
            case "no object":
                await try_again(
                    speaker, changed(speaker, retry, inputResponses="no object"), "inputResponses is a string"
                )
            case "null":
                await try_again(speaker, changed(speaker, retry, inputResponses=None), "inputResponses is null")
            case "nothing":
                await try_again(speaker, changed(speaker, retry, inputResponses={}), "nothing is answered")
            case _:
                await try_again(speaker, retry)

    await answer("as it should be")
    async with anyio.create_task_group() as tasks:
        for change in ("more", "nonsense", "no object", "null", "nothing"):
            tasks.start_soon(answer, change)


@scenario("mrtr.ask-again", revisions=MODERN_REVISIONS)
async def input_in_part(client: Client) -> None:
    """Be asked several things, and answer only one of them, and what is asked again."""
    speaker = client.modern()
    body = speaker.calling(needing(client, *SEVERAL)[0])
    retry = speaker.retrying(body, await asked(speaker, body))
    given = responses(retry)
    first = dict(list(given.items())[:1]) if len(given) > 1 else {}
    await speaker.to_the_end(changed(speaker, retry, inputResponses=first), intent="one answer of several")


@scenario("mrtr.no-assumption", revisions=MODERN_REVISIONS)
async def input_never_comes(client: Client) -> None:
    """Be asked and do not answer; ask something else, then the same anew."""
    speaker = client.modern()
    fixture = needing(client, "input-roots", *NEEDING)[0]
    await asked(speaker, speaker.calling(fixture))
    await speaker.request(speaker.plainest)
    await try_again(speaker, speaker.calling(fixture))

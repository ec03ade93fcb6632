"""A call is cancelled while it is being worked on."""

from conformance.driving.client import Client, ClientSession
from conformance.driving.patience import at_most
from conformance.driving.profile import Fixture
from conformance.driving.scenario import scenario

TRIES = 6
SEVERAL = 4  # reports of progress after the acceptance that nobody takes for stragglers
LONG_ENOUGH = 1.0  # seconds; a slow call may need half a second or more


@scenario("cancel.stop")
async def cancellation(client: Client) -> None:
    """Call a slow tool, cancel it when it has begun, and see whether it falls silent while an equal call is answered.

    On a busy machine the call may be over before its cancellation is accepted; then try again with a slower one.
    """
    session = await client.initialize()
    for times in range(1, TRIES + 1):
        if await _cancel_in_time(client, session, client.fixture("slow").slowed(times), f"slow-{times}"):
            break
    await session.request("ping")


async def _cancel_in_time(client: Client, session: ClientSession, slow: Fixture, token: str) -> bool:
    """Whether the call had no result yet when its cancellation was accepted, and none was under way.

    With JSON there is no telling.
    """
    request = session.calling(slow, token=token)
    connection = session.post(request)
    exchange = await connection.head()
    with at_most(client.wire.window):
        await connection.until_over_or(lambda m: m.method == "notifications/progress")
    await session.notify("notifications/cancelled", {"requestId": request["id"], "reason": "changed my mind"})
    heard = len(connection.messages)
    in_time = not any(message.kind == "result" for message in connection.messages)
    if in_time and not connection.ended:
        await session.call(slow)
    await connection.settle(LONG_ENOUGH)
    connection.close()
    later = connection.messages[heard:]
    went_on = sum(message.method == "notifications/progress" for message in later) >= SEVERAL
    was_under_way = any(message.kind == "result" for message in later) and not went_on
    return (in_time and not was_under_way) or not exchange.is_stream

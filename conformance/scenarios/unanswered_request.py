"""The server asks, and nobody answers."""

from conformance.driving import replies
from conformance.driving.client import Client
from conformance.driving.scenario import scenario


@scenario("timeout.cancel", "cancel.valid-id")
async def unanswered_request(client: Client) -> None:
    """Call a tool that asks the client, keep silent, and see the server give up."""
    fixture = client.fixture("unanswered")
    session = await client.initialize()
    session.replies |= dict.fromkeys(("sampling/createMessage", "elicitation/create", "roots/list"), replies.silence)
    listening = session.get()
    await listening.head()
    connection = session.post(session.calling(fixture))
    await session.complete(connection)
    if not any(m.method == "notifications/cancelled" for m in [*connection.messages, *listening.messages]):
        await client.quiet()
    listening.close()

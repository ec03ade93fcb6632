"""A client opens a stream of its own with GET."""

from conformance.driving.client import Client
from conformance.driving.scenario import scenario


@scenario("endpoint.single", "get.sse-or-405")
async def listen(client: Client) -> None:
    """GET the endpoint, look at the head of the answer, and ping to show that the session is alive."""
    session = await client.initialize()
    connection = session.get()
    await connection.head()
    await session.request("ping")
    connection.close()

"""A whole session: a GET stream, a call with questions to the client, and the end."""

import anyio

from conformance.driving.client import Client
from conformance.driving.scenario import Unmet, scenario


@scenario("get.no-response", "streams.once", "session.ended-404", "negotiated", "jsonrpc.id-once", "schema.message")
async def complex_session(client: Client) -> None:
    """Initialize, listen with GET, answer two questions, end the session with DELETE, and speak once more."""
    questions = [client.fixture("sample"), client.fixture("elicit" if client.revision >= "2025-06-18" else "sample")]
    session = await client.initialize()
    connection = session.get()
    await connection.head()
    async with anyio.create_task_group() as tasks:
        for fixture in questions:
            tasks.start_soon(session.call, fixture)
    connection.close()
    if session.id is None:
        raise Unmet("the server gives no session id, so there is no session to end")
    ended = await session.delete()
    if not ended.ok:
        raise Unmet(f"DELETE was answered with {ended.status}: the session goes on")
    await session.post(session.asking("ping"), intent="the session has ended").head()

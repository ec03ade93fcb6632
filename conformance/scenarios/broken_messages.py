"""A client sends what no client should send."""

from collections.abc import Mapping

import anyio

from conformance.driving.client import Client, ClientSession
from conformance.driving.scenario import Unmet, scenario
from conformance.driving.speaker import Speaker
from conformance.evidence.era import BOTH_ERAS
from conformance.evidence.trace import JSON

BROKEN: Mapping[str, JSON | bytes] = {
    "JSON that ends in the middle": b'{"jsonrpc": "2.0", "id": 31, "method": "pi',
    "a string instead of a message": "ping",
    "a method that is no string": {"jsonrpc": "2.0", "id": 32, "method": 5},
    "params that are a string": {"jsonrpc": "2.0", "id": 33, "method": "ping", "params": "none"},
    "JSON-RPC of another version": {"jsonrpc": "1.0", "id": 34, "method": "ping"},
}
UNACCEPTABLE: Mapping[str, JSON] = {
    "a notification of another JSON-RPC": {"jsonrpc": "1.0", "method": "notifications/initialized"},
    "a notification with params that are a string": {
        "jsonrpc": "2.0",
        "method": "notifications/cancelled",
        "params": "all of it",
    },
    "a request's method without an id": {"jsonrpc": "2.0", "method": "tools/list"},
}


@scenario("jsonrpc", "jsonrpc.error-shape", "jsonrpc.code-int", "jsonrpc.result-or-error", revisions=BOTH_ERAS)
async def broken_messages(client: Client) -> None:
    """Send bytes that are no JSON, JSON that is no message, and messages that are no JSON-RPC 2.0."""
    session = await client.begin()
    async with anyio.create_task_group() as tasks:
        for intent, body in BROKEN.items():
            tasks.start_soon(_send, session, body, intent)


@scenario("post.reject-status", revisions=BOTH_ERAS)
async def unacceptable_notifications(client: Client) -> None:
    """Send notifications that a server has reason to refuse: wrong in themselves, or for a session nobody knows."""
    session = await client.begin()
    unknown = {"Mcp-Session-Id": "conformance-never-issued"}
    ready: JSON = {"jsonrpc": "2.0", "method": "notifications/initialized"}
    async with anyio.create_task_group() as tasks:
        for intent, body in UNACCEPTABLE.items():
            tasks.start_soon(_send, session, body, intent)
        if isinstance(session, ClientSession) and session.id is not None:
            tasks.start_soon(_send, session, ready, "a session id that nobody issued", unknown)


async def _send(
    session: Speaker, body: JSON | bytes, intent: str, headers: Mapping[str, str | None] | None = None
) -> None:
    """Send and wait for the answer; none at all is no reason to leave the rest of the story out."""
    connection = session.post(body, headers=headers, intent=intent)
    try:
        await connection.head()
        await connection.settle()
    except Unmet:
        return
    finally:
        connection.close()

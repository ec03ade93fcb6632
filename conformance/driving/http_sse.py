"""A client of 2024-11-05, whose transport was another one: HTTP+SSE.

All that the server says comes on one stream, which the client opens first. Its first event, `endpoint`, says where
messages go (2024-11-05, basic/transports, "HTTP with SSE").
"""

import httpx

from conformance.driving.client import Client, ClientSession, origin_of
from conformance.driving.connection import Connection
from conformance.driving.speaker import Changes
from conformance.driving.unmet import Unmet
from conformance.evidence.trace import JSON, Event, Message

_LONG = 100  # characters of a stranger's address that find room in a sentence


async def connect(client: Client) -> "HttpSseSession":
    """Open the stream, learn the endpoint and initialize. Raises Unmet if there is no such server."""
    session = HttpSseSession(client, f"{client.story}#http-sse")
    await session.open()
    await session.initialize()
    await session.notify("notifications/initialized")
    return session


def is_endpoint(event: Event) -> bool:
    """Whether an event says where messages go."""
    return event.name == "endpoint" and bool(event.data)


class HttpSseSession(ClientSession):
    """A session that lasts as long as its stream."""

    def __init__(self, client: Client, label: str) -> None:
        super().__init__(client, label)
        self._listening: Connection | None = None
        self._endpoint: str | None = None

    async def open(self) -> None:
        """Open the stream and read where messages go. Raises Unmet if it does not say so."""
        self._listening = self.get()
        exchange = await self._listening.head()
        if not (exchange.ok and exchange.is_stream):
            raise Unmet(f"GET was answered with {exchange.status}, not with the event stream of HTTP+SSE")
        first = (await self._listening.until_events(1, is_endpoint))[0]
        self._endpoint = _endpoint(self._wire.url, first.data or "")

    def post(
        self,
        body: JSON | bytes,
        *,
        url: str | None = None,
        headers: Changes | None = None,
        intent: str | None = None,
    ) -> Connection:
        """POST a message to where the server wants it."""
        return super().post(body, url=url or self._endpoint, headers=headers, intent=intent)

    async def complete(self, connection: Connection) -> Message:
        """Wait for the response on the stream. Raises Unmet if there is none."""
        exchange = await connection.head()
        if not exchange.ok or self._listening is None:
            raise Unmet(f"POST to the endpoint was answered with {exchange.status}")
        asked = [m.id for m in exchange.sent if isinstance(m, Message)]
        answer = await self._listening.until(lambda m: m.is_response and m.id in asked, "a response")
        await connection.settle()
        return answer

    async def first_answer(self, connection: Connection) -> Message:
        """The answer to `initialize` comes like all others."""
        return await self.complete(connection)


def _endpoint(base: str, told: str) -> str:
    """The address that an endpoint event tells, as it will be used. Raises Unmet if it is not the server's own."""
    try:
        address = httpx.URL(base).join(told.strip())
    except (httpx.InvalidURL, ValueError):
        raise Unmet("the endpoint event holds no address to send messages to") from None
    if origin_of(str(address)) != origin_of(base):
        there = "://".join((address.scheme, address.netloc.decode("ascii")))[:_LONG]
        raise Unmet(f"the endpoint event names another place, {there}, and nothing of ours is sent there")
    return str(address)

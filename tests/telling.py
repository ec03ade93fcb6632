"""Stories told to little servers that begin sessions as they should."""

import json
from collections.abc import Awaitable, Callable

import anyio
from anyio.abc import ByteStream

from conformance.driving.client import Client
from conformance.driving.connection import Wire
from conformance.driving.profile import Fixture
from conformance.driving.scenario import Scenario
from conformance.driving.target import Target
from conformance.driving.telling import Outcome, tell
from conformance.evidence.recorder import Recorder
from conformance.evidence.trace import JSON, Trace
from tests.little_servers import Serve, head, serving

JSON_TYPE = "Content-Type: application/json"
STREAM_TYPE = "Content-Type: text/event-stream"
TOOL = Fixture("work")
FOREVER = 1000.0
Told = tuple[Outcome, str, Trace]


def told(story: Callable[[Client], Awaitable[None]], serve: Serve, **about: object) -> Told:
    """How a story goes with a little server, and what was written down."""

    async def run() -> Told:
        async with serving(serve) as url:
            target = Target(url, timeout=5.0)
            async with target.http() as http:
                settings: dict[str, object] = {"recorder": Recorder(), "revision": "2025-11-25", "timeout": 5.0}
                wire = Wire(http=http, url=url, **(settings | about))  # type: ignore[arg-type]
                with anyio.fail_after(20):
                    outcome, why_not = await tell(target, wire, Scenario(story, ("ping.reply",)))
                return outcome, why_not, wire.recorder.trace()

    return anyio.run(run)


def introduced(request: bytes) -> bytes | None:
    """The answer to what begins and ends a session; None for all else."""
    if request.startswith(b"DELETE"):
        return head(204)
    body = json.loads(request.partition(b"\r\n\r\n")[2] or b"{}")
    if body.get("method") == "notifications/initialized" or "result" in body:
        return head(202)
    if body.get("method") != "initialize":
        return None
    value: JSON = {
        "protocolVersion": body["params"]["protocolVersion"],
        "capabilities": {},
        "serverInfo": {"name": "little", "version": "1"},
    }
    answer = json.dumps({"jsonrpc": "2.0", "id": body["id"], "result": value}).encode()
    return head(200, JSON_TYPE, "Mcp-Session-Id: s-1") + answer


def with_session(work: Serve) -> Serve:
    """A server that begins sessions; what else is asked is `work`."""

    async def serve(stream: ByteStream, request: bytes) -> None:
        known = introduced(request)
        if known is not None:
            await stream.send(known)
        else:
            await work(stream, request)

    return serve


def event(body: JSON, id: str | None = None) -> bytes:
    return (f"id: {id}\n" if id else "").encode() + b"data: " + json.dumps(body).encode() + b"\n\n"


def result(id: int) -> JSON:
    return {"jsonrpc": "2.0", "id": id, "result": {}}


async def call(client: Client) -> None:
    session = await client.initialize()
    await session.call(TOOL)

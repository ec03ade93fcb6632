"""Before anything else: is there an MCP server at all, and which revisions does it speak?

Each revision is really negotiated, all at once. A target that cannot be judged is told so in one sentence that
says why and what to try; nothing about it is called a failure of a requirement.
"""

import time
from dataclasses import dataclass
from typing import Any

import anyio
import httpx

from conformance.client import Client
from conformance.connection import Wire
from conformance.recorder import Recorder
from conformance.scenario import Unmet
from conformance.target import Target
from conformance.trace import JSON, Exchange, Message
from conformance.views import SESSION_REVISIONS

STORY = "survey"
_WINDOW = 0.25  # seconds of silence that count, on a server that answers at once


class Unjudgeable(Exception):
    """The target cannot be judged. The sentence says why, and what to try."""


@dataclass(frozen=True, slots=True)
class Survey:
    """What pre-flight found: a wire for each revision to be judged, and who answered.

    `latency` is the longest wait for the head of an answer, in seconds.
    """

    wires: tuple[Wire, ...]
    server: str
    latency: float
    declined: tuple[str, ...] = ()


async def survey(target: Target, http: httpx.AsyncClient) -> Survey:
    """Find out which revisions the target speaks. Raises Unjudgeable."""
    wanted = target.revisions or SESSION_REVISIONS
    await _wait_until_up(target, http)
    looks = [_Look(target, http, revision) for revision in wanted]
    try:
        with anyio.fail_after(target.timeout):
            async with anyio.create_task_group() as tasks:
                for look in looks:
                    tasks.start_soon(look.take)
    except TimeoutError:
        for look in looks:
            look.give_up()
    spoken = [look for look in looks if look.negotiated == look.wire.revision]
    if not spoken:
        raise Unjudgeable(_why_none(looks, wanted))
    latency = max(look.latency for look in spoken)
    for look in spoken:
        look.wire.window = _WINDOW + 3 * latency
    declined = tuple(look.wire.revision for look in looks if look not in spoken)
    return Survey(tuple(look.wire for look in spoken), spoken[-1].server, latency, declined)


class _Look:
    """One revision: initialize, list the tools, leave."""

    def __init__(self, target: Target, http: httpx.AsyncClient, revision: str) -> None:
        self.wire = Wire(
            http=http,
            recorder=Recorder(revision=revision, target=target.url),
            url=target.url,
            revision=revision,
            headers=dict(target.headers),
            profile=target.profile,
            timeout=target.timeout,
        )
        self.negotiated: str | None = None
        self.server = ""
        self.latency = 0.0
        self._client: Client | None = None

    async def take(self) -> None:
        async with anyio.create_task_group() as tasks:
            client = Client(self.wire, STORY, tasks)
            try:
                session = await client.initialize()
                self.negotiated = session.revision
                self.server = _name(session.result.get("serverInfo"))
                self.latency = max(
                    (x.head_at - x.started for x in self._exchanges() if x.head_at is not None), default=0.0
                )
                if "tools" in session.capabilities:
                    answer = await session.request("tools/list")
                    tools = answer.result.get("tools")
                    self.wire.profile = self.wire.profile.completed(tools if isinstance(tools, list) else [])
                await client.leave()
            except Unmet:
                pass
            tasks.cancel_scope.cancel()

    def give_up(self) -> None:
        for exchange in self._exchanges():
            self.wire.recorder.lost(exchange.number, "", "timed out")

    def first(self) -> Exchange:
        return self.wire.recorder.exchange(0)

    def _exchanges(self) -> tuple[Exchange, ...]:
        return self.wire.recorder.trace().exchanges


async def _wait_until_up(target: Target, http: httpx.AsyncClient) -> None:
    """With --mcp-wait: ask again until a server answers at all."""
    until = time.monotonic() + target.wait
    while time.monotonic() < until:
        try:
            await http.request("OPTIONS", target.url, timeout=target.timeout)
            return
        except httpx.TransportError:
            await anyio.sleep(0.1)


def _why_none(looks: list[_Look], wanted: tuple[str, ...]) -> str:
    others = sorted({look.negotiated for look in looks if look.negotiated})
    if others:
        asked = " or ".join(wanted)
        return f"the server does not speak {asked}; it offers {', '.join(others)}: choose one with --mcp-revision"
    return diagnose(looks[-1].first(), looks[-1].wire.timeout)


def diagnose(exchange: Exchange, timeout: float) -> str:
    """Why the first `initialize` did not work, in one sentence with what to try."""
    if exchange.status is None:
        return _unanswered(exchange, timeout)
    location = exchange.response_header("location")
    errors = [m for m in exchange.received if isinstance(m, Message) and m.kind == "error"]
    match exchange.status:
        case 401 | 403:
            return (
                f"the server asks for authorization ({exchange.status}): give it a token in the environment variable "
                "MCP_TOKEN, or a header with --mcp-header"
            )
        case 404:
            return "nothing is served at this path (404): is it the MCP endpoint? Many servers use /mcp"
        case 405:
            return "POST is not allowed here (405): this may be an endpoint of the older HTTP+SSE transport"
        case 429 | 502 | 503 | 504:
            return f"the server is not ready ({exchange.status}): try again, or wait for it with --mcp-wait SECONDS"
        case status if 300 <= status < 400 and location:
            return f"the server redirects ({status}): give --target {location!r} if you trust that address"
    if exchange.media_type == "text/html":
        return (
            f"a web page came back ({exchange.status}, text/html): this is not an MCP endpoint; check host and path"
        )
    if errors:
        return f"initialize was refused ({exchange.status}): {errors[0].error.get('message', errors[0].error)!r}"
    return _not_mcp(exchange, timeout)


def _unanswered(exchange: Exchange, timeout: float) -> str:
    if exchange.ending in ("timed out", "open"):
        return f"the server took the connection and said nothing for {timeout:g} s: is it hanging? Try --mcp-timeout"
    trouble = exchange.trouble
    if "refused" in trouble:
        hint = "is the server running? Wait for it with --mcp-wait SECONDS"
    elif "host name" in trouble:
        hint = "check the host in --target"
    elif "certificate" in trouble:
        hint = "name its authority with --mcp-ca FILE, or use --mcp-insecure on a test machine"
    elif "TLS" in trouble:
        hint = "check that the scheme in --target is right"
    else:
        hint = "check that host, port and scheme in --target are right"
    return f"no answer from the server, {trouble or 'the connection broke'}: {hint}"


def _not_mcp(exchange: Exchange, timeout: float) -> str:
    if exchange.ending == "cut off":
        return "the answer to initialize has no end: megabytes came without a response in them; this is not MCP"
    if exchange.ending in ("timed out", "open"):
        return f"the answer to initialize began ({exchange.status}), but no response came within {timeout:g} s"
    kind = exchange.media_type or "no media type"
    return (
        f"the answer to initialize is not MCP: {exchange.status}, {kind}, {len(exchange.body)} bytes without a "
        "JSON-RPC response; check that --target is the MCP endpoint"
    )


def _name(info: Any) -> str:
    if not isinstance(info, dict):
        return ""
    value: dict[str, JSON] = info
    return f"{value.get('name', '')} {value.get('version', '')}".strip()

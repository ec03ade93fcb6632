"""Before anything else: is there an MCP server at all, and which revisions does it speak?

Each revision is really negotiated, all at once. A target that cannot be judged is told so in one sentence that
says why and what to try; nothing about it is called a failure of a requirement.
"""

from dataclasses import dataclass
from typing import Any

import anyio
import httpx

from conformance.client import Client
from conformance.connection import Wire
from conformance.diagnosis import diagnose, needs_authorization, quoted
from conformance.recorder import Recorder
from conformance.scenario import Unmet
from conformance.target import Target
from conformance.trace import JSON, Exchange
from conformance.views import SESSION_REVISIONS

STORY = "survey"
_NAME = 100  # characters of the server's name and version that are shown
_ONLY = f"this suite judges {', '.join(SESSION_REVISIONS)} only"
_AGAIN = 0.1  # seconds between attempts to reach a server that is not up yet
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
    with anyio.move_on_after(target.timeout):
        async with anyio.create_task_group() as tasks:
            for look in looks:
                tasks.start_soon(look.take)
    spoken = [look for look in looks if look.is_spoken]
    if not spoken:
        raise Unjudgeable(_why_none(looks))
    latency = max(look.latency for look in spoken)
    for look in spoken:
        look.wire.window = _WINDOW + 3 * latency
        look.wire.profile = look.wire.profile.paced(look.wire.window)
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

    @property
    def is_spoken(self) -> bool:
        """Whether the revision was agreed to, and what came next was not kept back for want of a token."""
        return self.negotiated == self.wire.revision and self._locked() is None

    def why_not(self) -> str:
        """Why this revision cannot be judged."""
        if (locked := self._locked()) is not None:
            return diagnose(locked, self.wire.timeout)
        if self.negotiated is not None:
            judged = "choose it with --mcp-revision" if self.negotiated in SESSION_REVISIONS else _ONLY
            return (
                f"the server offers version {quoted(self.negotiated)[1:-1]} in place of what was asked for: {judged}"
            )
        return diagnose(self.wire.recorder.exchange(0), self.wire.timeout)

    def _locked(self) -> Exchange | None:
        return next((x for x in self._exchanges() if x.method == "POST" and needs_authorization(x)), None)

    def _exchanges(self) -> tuple[Exchange, ...]:
        return self.wire.recorder.trace().exchanges


async def _wait_until_up(target: Target, http: httpx.AsyncClient) -> None:
    """With --mcp-wait: ask again until a server answers, and not only a gateway that still waits for it."""
    if target.wait <= 0:
        return
    with anyio.move_on_after(target.wait):
        while not await _is_up(target, http):
            await anyio.sleep(_AGAIN)


async def _is_up(target: Target, http: httpx.AsyncClient) -> bool:
    with anyio.move_on_after(target.timeout):
        try:
            async with http.stream("OPTIONS", target.url) as response:
                return response.status_code not in (502, 503, 504)
        except (httpx.HTTPError, OSError, UnicodeError):
            return False
    return False


def _why_none(looks: list[_Look]) -> str:
    """One sentence if all revisions fail for the same reason, else one for each reason."""
    reasons: dict[str, list[str]] = {}
    for look in looks:
        reasons.setdefault(look.why_not(), []).append(look.wire.revision)
    if len(reasons) == 1:
        return next(iter(reasons))
    told = (f"{' and '.join(revisions)}: {reason}" for reason, revisions in reasons.items())
    return f"no revision can be judged, for different reasons. {'. '.join(told)}"


def _name(info: Any) -> str:
    if not isinstance(info, dict):
        return ""
    value: dict[str, JSON] = info
    return f"{value.get('name', '')} {value.get('version', '')}".strip()[:_NAME]

"""Before anything else: is there an MCP server at all, and which revisions does it speak?

Each revision is really tried, all at once: with `initialize`, and from 2026-07-28 on with a request that stands
alone. Only a target that understands none of them is tried with HTTP+SSE, the transport of 2024-11-05. A target that
cannot be judged is told so in one sentence that says why and what to try; nothing about it is called a failure of a
requirement.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import anyio
import httpx

from conformance.client import Client
from conformance.connection import Wire
from conformance.diagnosis import diagnose, needs_authorization, quoted
from conformance.era import BOTH_ERAS, HTTP_SSE, MODERN_CODES, SERVER_INFO, UNSUPPORTED_VERSION, is_modern, meta_of
from conformance.http_sse import connect, is_endpoint
from conformance.recorder import Recorder
from conformance.scenario import Unmet
from conformance.speaker import Speaker
from conformance.target import Target
from conformance.trace import JSON, Exchange, Message

STORY = "survey"
_NAME = 100  # characters of the server's name and version that are shown
_ONLY = f"this suite judges {', '.join(BOTH_ERAS)} only"
_AGAIN = 0.1  # seconds between attempts to reach a server that is not up yet
_WINDOW = 0.25  # seconds of silence that count, on a server that answers at once


AT_ONCE = 128  # stories under way at the same time: so many that the longest decides how long a run takes
FEW = 6  # the same for a server to which each session is dear: a gateway may start a process for it
_DEAR = 0.4  # seconds that `initialize` takes on such a server, and several times as long as what comes after it


class Unjudgeable(Exception):
    """The target cannot be judged. The sentence says why, and what to try."""


@dataclass(frozen=True, slots=True)
class Survey:
    """What pre-flight found: a wire for each revision to be judged, and who answered.

    `latency` is the longest wait for the head of an answer, in seconds. `at_once` is how many stories may be told at
    the same time.
    """

    wires: tuple[Wire, ...]
    server: str
    latency: float
    declined: tuple[str, ...] = ()
    at_once: int = AT_ONCE


async def survey(target: Target, http: httpx.AsyncClient) -> Survey:
    """Find out which revisions the target speaks. Raises Unjudgeable."""
    wanted = target.revisions or BOTH_ERAS
    await _wait_until_up(target, http)
    looks = [_look_at(target, http, revision) for revision in wanted]
    await _take_all(looks, target.timeout)
    if not target.revisions and not any(look.is_spoken for look in looks):
        looks += await _look_for_http_sse(target, http, looks)
    spoken = [look for look in looks if look.is_spoken]
    if not spoken:
        raise Unjudgeable(_why_none(looks))
    latency = max(look.latency for look in spoken)
    for look in spoken:
        look.wire.window = _WINDOW + 3 * latency
        look.wire.profile = look.wire.profile.paced(look.wire.window)
    declined = tuple(look.wire.revision for look in looks if look not in spoken)
    at_once = FEW if any(look.greets_dearly for look in spoken) else AT_ONCE
    return Survey(tuple(look.wire for look in spoken), spoken[-1].server, latency, declined, at_once)


async def _look_for_http_sse(target: Target, http: httpx.AsyncClient, looks: list["_Look"]) -> list["_Look"]:
    """The transport before Streamable HTTP, sought last, where somebody answers and is not understood."""
    if not any(look.is_answered for look in looks):
        return []
    last = _HttpSseLook(target, http, HTTP_SSE)
    await _take_all([last], target.timeout)
    if last.has_begun and not last.is_spoken:
        raise Unjudgeable(last.why_not())
    return [last] if last.is_spoken else []


async def _take_all(looks: Sequence["_Look"], timeout: float) -> None:
    with anyio.move_on_after(timeout):
        async with anyio.create_task_group() as tasks:
            for look in looks:
                tasks.start_soon(look.take)


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
            with suppress(Unmet):
                await self._meet(client)
                await client.leave()
            tasks.cancel_scope.cancel()

    async def _meet(self, client: Client) -> None:
        session = await client.initialize()
        self.negotiated = session.revision
        self.server = _name(session.result.get("serverInfo"))
        self.latency = self._longest_wait()
        if "tools" in session.capabilities:
            await self._list_tools(session)

    async def _list_tools(self, speaker: Speaker) -> Message:
        pages = await speaker.pages("tools/list")
        listed = [page.result.get("tools") for page in pages]
        tools = [tool for page in listed if isinstance(page, list) for tool in page]
        self.wire.tools = tuple(tool for tool in tools if isinstance(tool, dict))
        self.wire.profile = self.wire.profile.completed(tools)
        return pages[0]

    def _longest_wait(self) -> float:
        return max((x.head_at - x.started for x in self._exchanges() if x.head_at is not None), default=0.0)

    @property
    def greets_dearly(self) -> bool:
        """Whether the beginning of a session takes far longer than what is asked in it."""
        waits = [x.head_at - x.started for x in self._exchanges() if x.head_at is not None and x.method == "POST"]
        return len(waits) > 1 and waits[0] > max(_DEAR, 3 * max(waits[1:]))

    @property
    def is_spoken(self) -> bool:
        """Whether the revision was agreed to, and what came next was not kept back for want of a token."""
        return self.negotiated == self.wire.revision and self._locked() is None

    @property
    def is_answered(self) -> bool:
        """Whether anything came back that is HTTP."""
        return any(exchange.status is not None for exchange in self._exchanges())

    def why_not(self) -> str:
        """Why this revision cannot be judged."""
        if (locked := self._locked()) is not None:
            return diagnose(locked, self.wire.timeout)
        if self.negotiated is not None:
            judged = "choose it with --mcp-revision" if self.negotiated in BOTH_ERAS else _ONLY
            return (
                f"the server offers version {quoted(self.negotiated)[1:-1]} in place of what was asked for: {judged}"
            )
        return diagnose(self.wire.recorder.exchange(0), self.wire.timeout)

    def named(self) -> list[JSON]:
        """The versions that the first error names, instead of the one that was asked for."""
        errors = [m.error.get("data") for m in self.wire.recorder.exchange(0).received if isinstance(m, Message)]
        lists = [data.get("supported") for data in errors if isinstance(data, dict)]
        return [version for listed in lists if isinstance(listed, list) for version in listed]

    def _locked(self) -> Exchange | None:
        return next((x for x in self._exchanges() if x.method == "POST" and needs_authorization(x)), None)

    def _exchanges(self) -> tuple[Exchange, ...]:
        return self.wire.recorder.trace().exchanges


class _ModernLook(_Look):
    """A revision without `initialize`: discover what there is, or else at least list the tools.

    A refusal is read as the specification says (basic/transports/streamable-http, "Backward Compatibility"): a
    modern error in its body tells a modern server, anything else an older one.
    """

    async def _meet(self, client: Client) -> None:
        speaker = client.modern()
        answer = await speaker.request("server/discover")
        self.latency = self._longest_wait()
        self.wire.discovered = answer.result
        self.server = _name(meta_of(answer).get(SERVER_INFO))
        if not self._is_modern(answer):
            answer = await self._list_tools(speaker)  # no older server's result has a type
            self.negotiated = self.wire.revision if "resultType" in answer.result else None
        elif self._accepts(answer):
            self.negotiated = self.wire.revision
            if "tools" in speaker.capabilities:
                await self._list_tools(speaker)

    def _is_modern(self, answer: Message) -> bool:
        """Whether no older server would answer like this."""
        if answer.kind == "error":
            return answer.error.get("code") in MODERN_CODES
        return "supportedVersions" in answer.result or "resultType" in answer.result

    def _accepts(self, answer: Message) -> bool:
        """Whether the server counts this revision among its own, or does not say which they are."""
        data = answer.error.get("data")
        told = data.get("supported") if isinstance(data, dict) else answer.result.get("supportedVersions")
        named = self.wire.revision in told if isinstance(told, list) else None
        return bool(named) if answer.error.get("code") == UNSUPPORTED_VERSION else named is not False

    def why_not(self) -> str:
        """Why this revision cannot be judged."""
        if (locked := self._locked()) is not None:
            return diagnose(locked, self.wire.timeout)
        first = self.wire.recorder.exchange(0)
        said = any(isinstance(message, Message) and message.is_response for message in first.received)
        if not said and first.status != 400:  # as the specification has it, 400 is what older servers say
            return diagnose(first, self.wire.timeout)
        return f"a request of {self.wire.revision} was not understood: is this a server of an older revision?"


class _HttpSseLook(_Look):
    """The revision before Streamable HTTP, which is recognised and judged by few rules."""

    obstacle = "initialize was not answered in time: is the server hanging? Try --mcp-timeout"

    async def _meet(self, client: Client) -> None:
        try:
            session = await connect(client)
        except Unmet as unmet:
            self.obstacle = str(unmet)
            raise
        self.negotiated = session.revision
        self.server = _name(session.result.get("serverInfo"))
        self.latency = self._longest_wait()

    @property
    def has_begun(self) -> bool:
        """Whether the target began as this transport does, however it went on."""
        return any(is_endpoint(event) for exchange in self._exchanges() for event in exchange.events)

    def why_not(self) -> str:
        """Why this revision cannot be judged."""
        locked = next((x for x in self._exchanges() if needs_authorization(x)), None)
        if locked is not None:
            return diagnose(locked, self.wire.timeout)
        if self.has_begun and self.negotiated is not None:
            offered = quoted(self.negotiated)[1:-1]
            return f"the server speaks HTTP+SSE, but offers version {offered} there in place of {HTTP_SSE}"
        if self.has_begun:
            return f"the server begins like one of HTTP+SSE ({HTTP_SSE}), but {self.obstacle}"
        return f"GET opened no event stream that begins with an endpoint event, as HTTP+SSE of {HTTP_SSE} has it"


def _look_at(target: Target, http: httpx.AsyncClient, revision: str) -> _Look:
    if revision == HTTP_SSE:
        return _HttpSseLook(target, http, revision)
    return _ModernLook(target, http, revision) if is_modern(revision) else _Look(target, http, revision)


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
    """One sentence if all revisions fail for the same reason, else one for each reason.

    Of a target that understands nobody, what `initialize` drew says most, unless it was sent to a modern revision.
    """
    reasons: dict[str, list[str]] = {}
    modern = [look for look in looks if isinstance(look, _ModernLook)]
    older = [look for look in looks if look not in modern]
    sent_on = [version for look in older for version in look.named()]
    for look in [look for look in modern if look.wire.revision in sent_on] or older or looks:
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

"""One look at a target for each revision: does it speak this one, and who is it?

Each era is greeted in its own way. A look never raises: what came of it is asked afterwards.
"""

from contextlib import suppress
from typing import Any

import anyio
import httpx

from conformance.driving.client import Client
from conformance.driving.connection import Wire
from conformance.driving.http_sse import connect, is_endpoint
from conformance.driving.scenario import Unmet
from conformance.driving.speaker import Speaker
from conformance.driving.target import Target
from conformance.evidence.era import (
    BOTH_ERAS,
    HTTP_SSE,
    MODERN_CODES,
    SERVER_INFO,
    UNSUPPORTED_VERSION,
    is_modern,
    meta_of,
)
from conformance.evidence.recorder import Recorder
from conformance.evidence.trace import JSON, Exchange, Message
from conformance.preflight.diagnosis import diagnose, needs_authorization, quoted

STORY = "survey"
_NAME = 100  # characters of the server's name and version that are shown
_ONLY = f"this suite judges {', '.join(BOTH_ERAS)} only"
_FAILURE = 500  # the first status that speaks of the server and not of the request
_DEAR = 0.4  # seconds that `initialize` takes where sessions are dear, and several times as long as what follows


class Look:
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
            tokens=target.tokens,
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
        self.negotiated = session.revision or (self.wire.revision if _is_introduced(session.result) else None)
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
    def is_locked(self) -> bool:
        """Whether it takes a token to find out more, and none was shown."""
        locked = self._locked()
        shown = any(name.lower() == "authorization" for name in self.wire.headers)
        return locked is not None and not shown and self.negotiated in (None, self.wire.revision)

    @property
    def has_failed(self) -> bool:
        """Whether the first thing that came back was the server's own failure."""
        first = next(iter(self._exchanges()), None)
        return first is not None and first.status is not None and first.status >= _FAILURE

    @property
    def is_answered(self) -> bool:
        """Whether anything came back that is HTTP."""
        return any(exchange.status is not None for exchange in self._exchanges())

    def why_not(self) -> str:
        """Why this revision cannot be judged."""
        if (locked := self._locked()) is not None:
            return diagnose(locked, self.wire.timeout)
        offered = self.negotiated or self._offered()
        if offered not in (None, self.wire.revision):
            judged = "choose it with --mcp-revision" if offered in BOTH_ERAS else _ONLY
            return f"the server offers version {quoted(offered)[1:-1]} in place of what was asked for: {judged}"
        posts = (x for x in self._exchanges() if x.method == "POST")
        silent = next((x for x in posts if x.status is None), None)  # the beginning itself, or what came next
        return diagnose(silent or self.wire.recorder.exchange(0), self.wire.timeout)

    def _offered(self) -> str | None:
        """The version in the answer to `initialize`, if nothing came of it afterwards."""
        said = [m for m in self.wire.recorder.exchange(0).messages if isinstance(m, Message)]
        asked = [m.id for m in said if m.kind == "request"]
        named = next((m.result.get("protocolVersion") for m in said if m.kind == "result" and m.id in asked), None)
        return named if isinstance(named, str) else None

    def named(self) -> list[JSON]:
        """The versions that the first error names, instead of the one that was asked for."""
        errors = [m.error.get("data") for m in self.wire.recorder.exchange(0).received if isinstance(m, Message)]
        lists = [data.get("supported") for data in errors if isinstance(data, dict)]
        return [version for listed in lists if isinstance(listed, list) for version in listed]

    def _locked(self) -> Exchange | None:
        return next((x for x in self._exchanges() if x.method == "POST" and needs_authorization(x)), None)

    def _exchanges(self) -> tuple[Exchange, ...]:
        return self.wire.recorder.trace().exchanges


class ModernLook(Look):
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


class HttpSseLook(Look):
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


def look_at(target: Target, http: httpx.AsyncClient, revision: str) -> Look:
    if revision == HTTP_SSE:
        return HttpSseLook(target, http, revision)
    return ModernLook(target, http, revision) if is_modern(revision) else Look(target, http, revision)


def _is_introduced(result: dict[str, JSON]) -> bool:
    """Whether this is how a server of MCP introduces itself, be the version in it or not: a check will say so."""
    return isinstance(result.get("capabilities"), dict) and isinstance(result.get("serverInfo"), dict)


def _name(info: Any) -> str:
    if not isinstance(info, dict):
        return ""
    value: dict[str, JSON] = info
    return f"{value.get('name', '')} {value.get('version', '')}".strip()[:_NAME]

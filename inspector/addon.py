"""mitmproxy's hooks, turned into records. No rules, no screen: what passes is seen, told, and let through.

Works in `inspector.proxy.process`, and as a script for those who have a mitmproxy set up already:

    mitmdump -s inspector/addon.py --set mcp_record=FILE --set mcp_feed=SOCKET

There mode, upstream and all options stay as they chose them.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mitmproxy import ctx, version
from mitmproxy.addonmanager import Loader
from mitmproxy.connection import Client
from mitmproxy.http import Headers as HeaderFields
from mitmproxy.http import HTTPFlow

from conformance.evidence.recording import About, Asked
from conformance.evidence.trace import Headers
from inspector.proxy import mitm, peers
from inspector.proxy.commands import Command, Cut, Resume, Stall, Throttle
from inspector.proxy.delay import Meter
from inspector.proxy.faults import Behind, Fault, Scripted, Waiting
from inspector.proxy.mcp_like import McpLike
from inspector.proxy.outbox import recording
from inspector.proxy.setup import CannotStart
from inspector.proxy.tap import Sink, Tap, Watched
from inspector.proxy.viewer import connected

_BUFFERED = 64 * 1024  # bytes; what a client uploads at one go may as well arrive at one go
_LOOPBACK = ("127.", "::1", "::ffff:127.")


class Passing:
    """A flow that is going by: the exchange that is recorded, and the faults that wait for it."""

    def __init__(self, flow: HTTPFlow, watched: Watched) -> None:
        self.flow = flow
        self.watched = watched
        self.waiting = Waiting()
        self.behind: Behind | None = None  # once it is cut
        self.is_streamed = False  # the answer; else it comes whole


class Inspector:
    """The addon. `only_mcp` leaves out what does not look like MCP: for a proxy that many things go through."""

    def __init__(self, tap: Tap, faults: tuple[Fault, ...] = (), *, only_mcp: bool = False) -> None:
        self.meter = Meter()
        self._tap = tap
        self._scripted = Scripted(faults)
        self._wanted: Callable[[Asked], bool] = McpLike().recognizes if only_mcp else lambda _: True
        self._clients: dict[str, str] = {}
        self._flows: dict[str, Passing] = {}
        self._tasks = set[asyncio.Task[None]]()

    async def client_connected(self, client: Client) -> None:
        try:
            mitm.unbind(client)
        except Exception as error:  # mitmproxy's insides have changed
            self._tap.deed(f"mitmproxy may cut or hold up streams: {type(error).__name__}: {error}")
        their, our = client.peername[:2], client.sockname[:2]
        if str(their[0]).startswith(_LOOPBACK):
            process = peers.known_process(their, our) or await asyncio.to_thread(peers.find_process, their, our)
            if process:
                self._clients[client.id] = process

    def client_disconnected(self, client: Client) -> None:
        self._clients.pop(client.id, None)
        mitm.let_go(client)
        for passing in [p for p in self._flows.values() if p.flow.client_conn.id == client.id]:
            # answered before the request was whole, which then never became whole: there is no hook for that
            del self._flows[passing.flow.id]
            passing.watched.lost("hung up", "the connection was closed")

    def requestheaders(self, flow: HTTPFlow) -> None:
        request = flow.request
        who = self._clients.get(flow.client_conn.id) or peers.described(
            str(flow.client_conn.peername[0]), request.headers.get("user-agent", "")
        )
        watched = self._tap.watch(who, request.method, request.url, _pairs(request.headers), self._wanted)
        self._flows[flow.id] = Passing(flow, watched)
        length = request.headers.get("content-length", "")
        if not (length.isdecimal() and int(length) <= _BUFFERED):
            request.stream = lambda data: _uploaded(watched, data)

    def request(self, flow: HTTPFlow) -> None:
        if passing := self._flows.get(flow.id):
            if not flow.request.stream:
                passing.watched.uploaded(flow.request.raw_content or b"")
            passing.watched.asked()
            self._forget(passing)

    def responseheaders(self, flow: HTTPFlow) -> None:
        assert flow.response is not None
        passing = self._flows.get(flow.id)
        if passing is None:
            flow.response.stream = True
            return
        flow.response.stream = lambda data: self._let_through(passing, data)
        passing.watched.head(flow.response.status_code, _pairs(flow.response.headers))
        if flow.response.headers.get("content-type", "").partition(";")[0].strip().lower() == "text/event-stream":
            for fault in self._scripted.for_stream(flow.request.method):
                self._put(passing, fault)

    def response(self, flow: HTTPFlow) -> None:
        if passing := self._flows.get(flow.id):
            if flow.response and flow.response.raw_content and not passing.is_streamed:  # another addon's answer
                passing.watched.downloaded(passing.watched.plain(flow.response.raw_content))
            passing.watched.ended()
            self._forget(passing)

    def error(self, flow: HTTPFlow) -> None:
        if passing := self._flows.pop(flow.id, None):
            ending, why = mitm.broken_by(flow)
            if ending == "cut off":
                passing.watched.cut_off(f"the proxy could not pass this on, and answered itself: {why}")
            else:
                passing.watched.lost(ending, why)

    def obey(self, command: Command) -> None:
        """Do what a viewer asks for. What cannot be done is said in a deed."""
        try:
            self._obey(command)
        except Exception as error:  # mitmproxy's insides have changed; the traffic goes on
            self._tap.deed(f"not done: {type(error).__name__}: {error}", command.number)

    def _obey(self, command: Command) -> None:
        passing = next((p for p in self._flows.values() if p.watched.number == command.number), None)
        if passing is None or passing.watched.over:
            self._tap.deed("too late: this exchange is over", command.number)
            return
        match command:
            case Cut(when=when, event_id=event_id, side=side, reset=reset):
                after, wanted = (1 if when == "after-next" else None), (event_id if when == "after-id" else None)
                self._put(passing, Fault("cut", after, wanted, side=side, reset=reset))
            case Stall(seconds=seconds):
                self._put(passing, Fault("stall", seconds=seconds))
            case Throttle(bytes_per_second=rate):
                self._put(passing, Fault("throttle", rate=rate))
            case Resume():
                self._tap.deed("goes on", command.number)
                mitm.resume(passing.flow)

    def _forget(self, passing: Passing) -> None:
        """Of an exchange that is over nothing has to be kept, unless its stream is still there to be let through."""
        if passing.watched.over and (passing.flow.response is None or passing.flow.response.timestamp_end):
            self._flows.pop(passing.flow.id, None)

    def _let_through(self, passing: Passing, data: bytes) -> bytes | list[bytes]:
        """What the client gets of these bytes. mitmproxy would let a stream go dead for an exception."""
        began = time.perf_counter()
        try:
            passing.is_streamed = True
            return self._pass(passing, data)
        except Exception as error:
            passing.watched.give_up(f"an error of the inspector: {type(error).__name__}: {error}")
            return data
        finally:
            self.meter.worked(time.perf_counter() - began)

    def _pass(self, passing: Passing, data: bytes) -> bytes | list[bytes]:
        """What the client gets of these bytes: all of them, unless a cut comes due in their midst."""
        watched = passing.watched
        if passing.behind is not None:
            self._keep_back(passing, watched.plain(data))
            return []  # never b"": with chunked encoding that would be a proper end
        if watched.over or not data:
            return data
        plain = watched.plain(data)
        due = list(passing.waiting.see(plain)) if passing.waiting else []
        end, cut = next(((end, fault) for end, fault in due if fault.kind == "cut"), (0, None))
        if cut is not None and self._scripted.take(cut):
            if watched.is_encoded:
                end = len(plain)
            else:
                data = plain[:end]
            watched.downloaded(plain[:end])
            self._cut(passing, cut)
            self._keep_back(passing, plain[end:])
            return [data]
        watched.downloaded(plain)
        for _, fault in due:
            if fault.kind != "cut":
                self._begin(passing, fault)
        return data

    def _keep_back(self, passing: Passing, plain: bytes) -> None:
        """Tell of the events in bytes that came too late."""
        if passing.behind is not None:
            for event_id in passing.behind.see(plain):
                passing.watched.kept_back(event_id)

    def _put(self, passing: Passing, fault: Fault) -> None:
        if fault.at_once:
            self._begin(passing, fault)
        else:
            passing.waiting.add(fault)

    def _begin(self, passing: Passing, fault: Fault) -> None:
        if not self._scripted.take(fault):
            return
        match fault.kind:
            case "cut":
                self._cut(passing, fault)
            case "stall":
                self._stall(passing, fault)
            case "throttle":
                self._tap.deed(f"throttled to {fault.rate} bytes per second", passing.watched.number)
                mitm.throttle(passing.flow, fault.rate)

    def _cut(self, passing: Passing, fault: Fault) -> None:
        passing.behind = Behind(at_an_end=not fault.at_once)
        how = "reset" if fault.reset else "closed"
        passing.watched.cut_off(f"{f'cut {fault.when}'.rstrip()}: connection to the {fault.side} {how}")
        self._do(mitm.cut(passing.flow, fault.side, fault.reset))

    def _stall(self, passing: Passing, fault: Fault) -> None:
        how_long = "" if fault.seconds is None else f" for {fault.seconds:g} s"
        self._tap.deed(f"stalled {fault.when}".rstrip() + how_long, passing.watched.number)
        mitm.pause(passing.flow)
        if fault.seconds is not None:
            self._do(self._go_on(passing, fault.seconds))

    async def _go_on(self, passing: Passing, seconds: float) -> None:
        await asyncio.sleep(seconds)
        self._tap.deed("goes on", passing.watched.number)
        mitm.resume(passing.flow)

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        """Let something happen once mitmproxy has sent what it is about to send."""
        task = asyncio.get_running_loop().create_task(_soon(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _soon(work: Coroutine[Any, Any, None]) -> None:
    await asyncio.sleep(0)
    await work


def _uploaded(watched: Watched, data: bytes) -> bytes:
    watched.uploaded(data)
    return data


def _pairs(headers: HeaderFields) -> Headers:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers.fields)


class Script:
    """The addon for `mitmdump -s`, with options of its own: mcp_record (a file) and mcp_feed (a unix socket)."""

    def __init__(self) -> None:
        self._open = AsyncExitStack()

    def load(self, loader: Loader) -> None:
        loader.add_option("mcp_record", str, "", "Write the MCP traffic that passes into this file.")
        loader.add_option("mcp_feed", str, "", "Send the MCP traffic that passes to the viewer at this unix socket.")

    async def running(self) -> None:
        """Begin, unless an option cannot be followed: then mitmproxy ends with this one sentence."""
        try:
            await self._begin()
        except CannotStart as error:
            logging.error(str(error))

    async def _begin(self) -> None:
        facts = About(by=f"mcp-http-conformance, mitmproxy {version.VERSION}", began=datetime.now(UTC).isoformat())
        sinks: list[Sink] = []
        if path := ctx.options.mcp_record:
            sinks.append(await self._open.enter_async_context(recording(Path(path), facts)))
        tap = Tap(sinks)
        inspector = Inspector(tap, only_mcp=not ctx.options.mode[0].startswith("reverse:"))
        if socket := ctx.options.mcp_feed:
            viewer = await self._open.enter_async_context(connected(socket))
            viewer.greet("", facts)
            sinks.append(viewer.outbox.put)
            self._open.callback(asyncio.create_task(viewer.stay(inspector.obey, inspector.meter)).cancel)
        self._open.callback(tap.close, "mitmproxy was ended")
        master: Any = ctx.master
        master.addons.add(inspector)

    async def done(self) -> None:
        await self._open.aclose()


addons = [Script()]

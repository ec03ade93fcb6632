"""The one place that knows mitmproxy's insides, and how 11.0.2 (Python 3.11) and 12.2 and later differ.

Much of this is private to mitmproxy, so each function has a contract test against the installed version. What its
defaults would do to what we watch, and the cure:

    waits for the end of a stream           the addon sets `stream` for every answer
    cuts a connection silent for 600 s      `unbind` takes the watchdog's patience off (11.0.2 has no option for it)
    five upstream connections a client      `unbind`: with HTTP/2 in front of HTTP/1.1 the sixth stream would hang
    opens upstream before anybody asks      lazy: the server sees a connection only where a client makes a request
    rewrites Host                           kept, unless the setup says otherwise
    refuses headers that it finds odd       let through: whoever is in front of the server shall see them
    ends the process when a port is taken   `errorcheck` is taken out, and the port is one sentence
    may forget an upstream connection       `let_go`: it is closed when its client has gone
    prints tracebacks when it stops         connections are closed first, and its log goes nowhere
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from mitmproxy import ctx
from mitmproxy.connection import Client, Connection
from mitmproxy.http import HTTPFlow
from mitmproxy.options import Options
from mitmproxy.tools.dump import DumpMaster

from conformance.evidence.trace import Ending
from inspector.proxy.setup import CannotStart, Setup

_FOREVER = 10 * 365 * 24 * 3600.0  # seconds
_MANY = 1_000_000  # upstream connections of one client
_PATIENCE = 2.0  # seconds for connections to close, and for sent bytes to arrive, before we go on
_CLIENT_LEFT = ("client disconnected", "stream reset by client")
_SLICES = 20  # pieces a second in which a throttled stream comes through


@asynccontextmanager
async def serving(setup: Setup, *addons: object) -> AsyncIterator[tuple[str, int]]:
    """Run mitmproxy with these addons while the block runs; yields where it listens. Raises CannotStart."""
    logging.getLogger().addHandler(logging.NullHandler())  # or what it logs appears on somebody's screen
    host, port = setup.address
    mode = [f"reverse:{setup.origin}"] if setup.upstream else ["regular"]
    master: Any = DumpMaster(
        Options(mode=mode, listen_host=host, listen_port=port), with_termlog=False, with_dumper=False
    )
    _without_errorcheck(master)
    master.options.update(
        connection_strategy="lazy",
        keep_host_header=setup.keeps_host,
        validate_inbound_headers=False,
        ssl_insecure=setup.insecure,
        ssl_verify_upstream_trusted_ca=str(setup.ca) if setup.ca else None,
    )
    started = _Started()
    master.addons.add(*addons, started)
    running = asyncio.create_task(master.run())
    trying = asyncio.create_task(started.event.wait())
    try:
        await asyncio.wait([running, trying], return_when=asyncio.FIRST_COMPLETED)
        yield _listening(master, setup)
    finally:
        trying.cancel()
        await _stop(master)
        await running


class _Started:
    """An addon that knows when mitmproxy has tried to listen."""

    def __init__(self) -> None:
        self.event = asyncio.Event()

    def running(self) -> None:
        self.event.set()


def _without_errorcheck(master: Any) -> None:
    errorcheck = master.addons.get("errorcheck")
    errorcheck.finish()
    master.addons.remove(errorcheck)


def _listening(master: Any, setup: Setup) -> tuple[str, int]:
    servers = master.addons.get("proxyserver")
    addresses = servers.listen_addrs()
    if addresses:
        host, port, *_ = addresses[0]
        return str(host), int(port)
    errors = [server.last_exception for server in servers.servers if server.last_exception]
    why = (errors[0].strerror or str(errors[0])) if errors else "mitmproxy does not say why"
    sentence, *_advice = why.splitlines()  # to say --mode, which is not one of our options
    raise CannotStart(f"cannot listen at {setup.listen}: {sentence.rpartition(' with ')[2].rpartition(': ')[2]}")


async def _stop(master: Any) -> None:
    """Stop listening, close what is open, and only then end: the other way round there are tracebacks."""
    proxyserver = master.addons.get("proxyserver")
    for server in proxyserver.servers:
        if server.is_running:
            await server.stop()
    async with _bounded():
        while proxyserver.connections:
            for handler in list(proxyserver.connections.values()):
                if io := handler.transports.get(handler.client):
                    io.writer.close()
            await asyncio.sleep(0.01)
    master.shutdown()


@asynccontextmanager
async def _bounded() -> AsyncIterator[None]:
    with suppress(TimeoutError):
        async with asyncio.timeout(_PATIENCE):
            yield


def _handler(client: Client) -> Any:
    """What serves this client's connection: its sockets and its limits. None when it is gone."""
    master: Any = ctx.master
    return master.addons.get("proxyserver").connections.get(client.id)


def unbind(client: Client) -> None:
    """Take off what would cut or hold up the streams of a connection."""
    if handler := _handler(client):
        handler.max_conns = defaultdict(lambda: asyncio.Semaphore(_MANY))
        handler.timeout_watchdog.timeout = _FOREVER


def let_go(client: Client) -> None:
    """Close what is still open upstream for a client that has gone: mitmproxy 12 leaves some of it to chance."""
    if handler := _handler(client):
        for io in handler.transports.values():
            if io.writer is not None:
                io.writer.close()


def broken_by(flow: HTTPFlow) -> tuple[Ending, str]:
    """Who broke a flow off, asked in its `error` hook: as an ending of its exchange, and in words."""
    why = flow.error.msg if flow.error else "nobody says why"
    if why.lower().startswith(_CLIENT_LEFT):
        return "hung up", why
    if flow.response is None and (flow.server_conn.timestamp_tcp_setup is None or flow.server_conn.error):
        return "cut off", why
    return "lost" if flow.client_conn.connected else "hung up", why


def _io(flow: HTTPFlow, connection: Connection) -> Any:
    handler = _handler(flow.client_conn)
    return handler.transports.get(connection) if handler else None


async def cut(flow: HTTPFlow, side: str, reset: bool) -> None:
    """Close the connection to one side once it has what was sent to it; the other side's follows.

    One stream of several on an HTTP/2 connection is cut on the server's side, so that the others live.
    """
    delivered = _io(flow, flow.client_conn)
    if delivered is not None:
        await _delivered(delivered.writer.transport)
    shared = flow.client_conn.alpn == b"h2"
    io = _io(flow, flow.server_conn if side == "server" or shared else flow.client_conn)
    if io is None or io.writer is None:
        return
    io.writer.transport.abort() if reset else io.writer.transport.close()


async def _delivered(transport: Any) -> None:
    """Wait until the kernel has it; a reset would take back what we still hold."""
    async with _bounded():
        while transport.get_write_buffer_size():
            await asyncio.sleep(0.005)


def pause(flow: HTTPFlow) -> None:
    """Read nothing more from the server of a flow; it will feel it once the buffers on the way are full."""
    if (io := _io(flow, flow.server_conn)) and io.writer:
        io.writer.transport.pause_reading()


def resume(flow: HTTPFlow) -> None:
    """Read again as fast as can be."""
    if (io := _io(flow, flow.server_conn)) and io.writer:
        if isinstance(valve := io.reader.__dict__.get("feed_data"), _Valve):
            valve.open()
        io.writer.transport.resume_reading()


def throttle(flow: HTTPFlow, bytes_per_second: int) -> None:
    """Read no faster than this from the server of a flow."""
    if (io := _io(flow, flow.server_conn)) and io.writer:
        if isinstance(valve := io.reader.__dict__.get("feed_data"), _Valve):
            valve.open()
        io.reader.feed_data = _Valve(io.reader, io.writer.transport, bytes_per_second)


class _Valve:
    """Stands in for a StreamReader's `feed_data`: what the socket has comes through piece by piece."""

    def __init__(self, reader: Any, transport: Any, bytes_per_second: int) -> None:
        self._reader = reader
        self._transport = transport
        self._piece = max(1, bytes_per_second // _SLICES)
        self._pause = self._piece / bytes_per_second
        self._held = bytearray()
        self._timer: asyncio.TimerHandle | None = None
        self._feed, self._feed_eof = reader.feed_data, reader.feed_eof
        reader.feed_eof = self.open_at_the_end

    def __call__(self, data: bytes) -> None:
        """The socket has bytes."""
        self._held += data
        self._transport.pause_reading()
        if self._timer is None:
            self._next()

    def open(self) -> None:
        """Let through what is held, and from now on all at once."""
        if self._timer is not None:
            self._timer.cancel()
        del self._reader.feed_data, self._reader.feed_eof
        if self._held:
            self._feed(bytes(self._held))

    def open_at_the_end(self) -> None:
        """The connection is closed: nothing can be held up any more."""
        self.open()
        self._feed_eof()

    def _next(self) -> None:
        piece = bytes(self._held[: self._piece])
        del self._held[: self._piece]
        if not piece:
            self._timer = None
            self._transport.resume_reading()
            return
        self._feed(piece)
        self._timer = asyncio.get_running_loop().call_later(self._pause, self._next)

"""An ASGI application on a real loopback socket, with uvicorn: in the foreground, or in a thread for tests."""

import asyncio
import contextlib
import signal
import socket
import threading
from collections.abc import Awaitable, Callable, Generator, Iterator
from types import FrameType

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from reference_server.exchange import HEAD, Receive, Scope, Send

GRACE_SECONDS = 0.05
BACKLOG = 512
HEAD_ENDS = b"\r\n\r\n"
HERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # who listens on all addresses is also to be found at this one

App = Callable[[Scope, Receive, Send], Awaitable[None]]


def bind(host: str, port: int) -> socket.socket:
    """A socket that listens at this address, so that its port is known and nobody is turned away from now on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # or asyncio leaves Nagle on
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(BACKLOG)
    except OSError:
        listening.close()
        raise
    return listening


def url_of(listening: socket.socket, path: str) -> str:
    """Where a client on this machine finds the endpoint."""
    host, port = listening.getsockname()[:2]
    host = HERE.get(host, host)
    return f"http://{f'[{host}]' if ':' in host else host}:{port}{path}"


class Protocol(H11Protocol):
    """HTTP/1.1 that hands on how a request's head was written: ASGI lowers the names and trims the values."""

    _came = b""

    def data_received(self, data: bytes) -> None:
        """Keep the head of the request that comes now."""
        if HEAD_ENDS in self._came and self.cycle.response_complete:
            self._came = b""
        if HEAD_ENDS not in self._came:
            self._came += data
        self.app_state = {HEAD: self._came.partition(HEAD_ENDS)[0]}
        super().data_received(data)


class Listener(uvicorn.Server):
    """uvicorn, made to start and stop without polling: streams that never end must not hold it up."""

    def __init__(self, app: App, on_started: Callable[[], None]) -> None:
        super().__init__(
            uvicorn.Config(
                _quiet_when_cancelled(app),
                http=Protocol,
                ws="none",
                lifespan="off",
                interface="asgi3",
                log_config=None,
                access_log=False,
                proxy_headers=False,
                server_header=False,
                timeout_keep_alive=30,
            )
        )
        self._on_started = on_started
        self._app = app
        self._wake: Callable[[], object] = bool  # nobody waits before the main loop

    def serve_on(self, listening: socket.socket) -> None:
        """Serve until asked to stop."""
        self._tell("open_at", url_of(listening, ""))
        try:
            asyncio.run(self.serve(sockets=[listening]))
        finally:
            self._tell("close")

    def _tell(self, what: str, *words: str) -> None:
        """An application may have these methods.

        `open_at` is called with its address before anybody is served, `stop` when it shall end its streams, and
        `close` at the end.
        """
        getattr(self._app, what, bool)(*words)

    def stop(self) -> None:
        """Ask the server to stop; from any thread or from a signal handler."""
        self.should_exit = True
        self._wake()

    async def main_loop(self) -> None:
        """Tell that connections are accepted, then refresh the Date header each second until asked to stop."""
        loop, stopped = asyncio.get_running_loop(), asyncio.Event()
        self._wake = lambda: loop.call_soon_threadsafe(stopped.set)
        self._on_started()
        while not await self.on_tick(0):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(1.0):
                    await stopped.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let streams end, wait a moment, then cut what is left."""
        for server in self.servers:
            server.close()
        for listening in sockets or []:
            listening.close()
        self._tell("stop")
        for connection in list(self.server_state.connections):
            connection.shutdown()
        if self.server_state.tasks:
            await asyncio.wait(list(self.server_state.tasks), timeout=GRACE_SECONDS)
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        await asyncio.sleep(0)
        for task in list(self.server_state.tasks):
            task.cancel()
        if self.server_state.tasks:
            await asyncio.wait(list(self.server_state.tasks), timeout=GRACE_SECONDS)

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """SIGINT and SIGTERM stop the server in order; that is not an error."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        former = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in former.items():
                signal.signal(number, handler)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """A signal is a wish to stop."""
        self.stop()


def _quiet_when_cancelled(app: App) -> App:
    async def quiet(scope: Scope, receive: Receive, send: Send) -> None:
        with contextlib.suppress(asyncio.CancelledError):
            await app(scope, receive, send)

    return quiet


def run(app: App, listening: socket.socket, on_started: Callable[[], None]) -> None:
    """Serve in the foreground until a signal comes."""
    Listener(app, on_started).serve_on(listening)


def _loopback() -> str:
    return "127.0.0.1"


@contextlib.contextmanager
def serve(app: App, path: str = "/mcp", port: int = 0) -> Iterator[str]:
    """Serve in a thread while the block runs, where the application wants to; yields the endpoint's URL."""
    host = getattr(app, "host_to_bind", _loopback)()
    listening, started = bind(host, port), threading.Event()
    listener = Listener(app, started.set)
    thread = threading.Thread(target=listener.serve_on, args=(listening,), daemon=True)
    url = url_of(listening, path)
    thread.start()
    try:
        if not started.wait(5):
            raise RuntimeError(f"the server at {url} did not start within 5 seconds")
        yield url
    finally:
        listener.stop()
        thread.join(5)

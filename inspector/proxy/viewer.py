"""The proxy's end of the socket to a viewer: one line of greeting, then a recording's lines; commands come back.

The greeting says where clients find the proxy, or in one sentence why it does not start. Among the recording's lines
there is one each second that says how late the proxy is.
"""

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from conformance.evidence.lines import Wrong, line_of, object_of
from conformance.evidence.recording import About, about_line
from inspector.proxy.commands import Command, command_of
from inspector.proxy.delay import Meter, delay_line
from inspector.proxy.outbox import Outbox
from inspector.proxy.setup import CannotStart


@asynccontextmanager
async def connected(socket: str) -> AsyncIterator["Viewer"]:
    """A viewer at this unix socket, who gets the last records too. Raises CannotStart."""
    try:
        reader, writer = await asyncio.open_unix_connection(socket)
    except OSError as error:
        raise CannotStart(f"no viewer at {socket}: {error.strerror}") from None
    viewer = Viewer(reader, writer)
    try:
        yield viewer
    except CannotStart as error:
        writer.write(line_of({"cannot": str(error)}))
        raise
    finally:
        with suppress(ConnectionError):
            await viewer.outbox.flush(writer)
            writer.close()
            await writer.wait_closed()


class Viewer:
    """Whoever reads the records. `outbox.put` is the sink."""

    def __init__(self, reader: StreamReader, writer: StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self.outbox = Outbox()

    def greet(self, url: str, about: About) -> None:
        """Say where clients find the proxy, empty where it was not us who chose."""
        self._writer.write(line_of({"ready": url}) + about_line(about))

    async def stay(self, obey: Callable[[Command], None], meter: Meter) -> None:
        """Send records and delays and take commands, until the viewer has gone."""
        measuring = meter.run(lambda delay: self.outbox.add(delay_line(delay)))
        works = self.outbox.send(self._writer), self._listen(obey), measuring
        tasks = [asyncio.create_task(work) for work in works]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)

    async def _listen(self, obey: Callable[[Command], None]) -> None:
        with suppress(ConnectionError):
            while line := await self._reader.readline():
                with suppress(Wrong):  # a viewer of ours never sends one
                    obey(command_of(object_of(line)))

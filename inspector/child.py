"""Processes of ours beside the screen, for what would make it wait: records go in as lines, and lines come out."""

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from conformance.evidence.recording import About, about_line

_LONGEST_LINE = 64 * 1024 * 1024  # bytes, of those that come out
_STOP = 5.0  # seconds


@asynccontextmanager
async def child(module: str, about: About) -> AsyncIterator[Process]:
    """A module as a process that lives as long as the block; it has been told what the recording is about."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module),
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        limit=_LONGEST_LINE,
        start_new_session=True,  # Ctrl-C is for the viewer
    )
    try:
        assert process.stdin is not None
        process.stdin.write(about_line(about))
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
            with suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), _STOP)

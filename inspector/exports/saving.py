"""Saving a recording in another form while a screen is shown: by a process of its own, which is in nobody's way."""

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE
from contextlib import suppress
from pathlib import Path

NAMES = {
    "har": "HAR, for browsers and other tools",
    "mermaid": "Mermaid, a diagram for issues and documents",
    "html": "HTML, one page with rules, pictures and messages",
    "curl": "curl, commands for a shell",
}
ENDINGS = {"har": "har", "mermaid": "mmd", "html": "html", "curl": "sh"}  # of files, by form
_COURTESY = 10  # how much sooner than this others get the processor (nice(2))


async def save(file: Path, form: str, saved: Path, *, masked: bool = False) -> str:
    """Export a recording as the command does. Returns what to tell the user, in one sentence.

    What was `masked` when it was written is not masked again: its masks would become others.
    """
    told = [str(file), "--as", form, "-o", str(saved), *(["--raw"] if masked else [])]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "inspector", "export", *told),
        stdin=DEVNULL,
        stdout=DEVNULL,
        stderr=PIPE,
        start_new_session=True,  # Ctrl-C is for the viewer
    )
    try:
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, process.pid, _COURTESY)
        _, errors = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode == 0:
        return f"saved as {saved}, secrets masked"
    words = errors.decode("utf-8", "replace").strip().splitlines()
    return words[-1] if words else f"{saved} was not written: the export was ended"

"""Starts the bundled reference server as a process of its own, for `--target bundled`."""

import shlex
import subprocess
import sys
from pathlib import Path

from conformance.target import BadTarget

_ROOT = Path(__file__).resolve().parent.parent


class BundledServer:
    """The reference server on a free port of the loopback address. `args` are its own command-line options."""

    def __init__(self, args: str = "") -> None:
        command = [sys.executable, "-m", "reference_server", "--port", "0", *shlex.split(args)]
        self._process = subprocess.Popen(
            command, cwd=_ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
        )

    def url(self) -> str:
        """The address, as soon as the server accepts connections. Raises BadTarget if it does not start."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            _, complaint = self._process.communicate()
            reason = complaint.strip().rpartition("\n")[2] or "no reason given"
            raise BadTarget(f"the bundled server did not start: {reason}")
        return line.split()[-1]

    def stop(self) -> None:
        self._process.kill()
        self._process.communicate()

"""Starts the bundled reference server as a process of its own, for `--target bundled`."""

import shlex
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from conformance.driving.target import BadTarget

_ROOT = Path(__file__).resolve().parent.parent


class BundledServer:
    """The reference server on a free port of the loopback address. `args` are its own command-line options.

    `tokens` are those that it prints at start, by role: after `url` was asked for, and with --auth only.
    """

    def __init__(self, args: str = "") -> None:
        self._args = _words(args)
        self.tokens: dict[str, str] = {}
        command = [sys.executable, "-m", "reference_server", "--until-eof", "--port", "0", *self._args]
        pipe = subprocess.PIPE  # as standard input: it ends with us, however we end
        self._process = subprocess.Popen(
            command, cwd=_ROOT, stdin=pipe, stdout=pipe, stderr=pipe, text=True, encoding="utf-8"
        )

    def url(self) -> str:
        """The address, as soon as the server accepts connections. Raises BadTarget if it does not start."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line.startswith("listening on "):
            _, complaint = self._process.communicate()
            reason = complaint.strip().rpartition("\n")[2] or "it printed something else and ended"
            raise BadTarget(f"the bundled server did not start: {reason}")
        if "--auth" in self._args:
            self.tokens = dict(self._tokens(self._process.stdout))
        return line.split()[-1]

    @staticmethod
    def _tokens(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
        """The lines `token ROLE VALUE`, up to the first that is none."""
        for line in lines:
            if not line.startswith("token "):
                return
            _, role, value = line.split()
            yield role, value

    def stop(self) -> None:
        """End the server, whatever it is doing."""
        self._process.kill()
        self._process.communicate()


def _words(args: str) -> list[str]:
    """A command line, taken apart as a shell does. Raises BadTarget."""
    try:
        return shlex.split(args)
    except ValueError as error:
        raise BadTarget(f"--mcp-bundled {args}: {error}") from None

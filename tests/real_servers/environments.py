"""One environment per third-party server, below `.venvs/` (ignored by git), built when it is first asked for.

An environment whose stamp file names the pins of today is used as it is; any other is built anew. The
pins include the packages that decide about the bytes on the wire, so that a quirk stays where it was.
"""

import fcntl
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

ROOT = Path(__file__).parents[2] / ".venvs"
STAMP = "pins.txt"
BUILD_SECONDS = 300
WEB_STACK = ("starlette==1.10.0", "sse-starlette==3.7.0", "uvicorn==0.54.0")

# How pip and npm say that they could not reach their registry, as opposed to "there is no such version".
UNREACHABLE = re.compile(
    r"NewConnectionError|ConnectTimeout|ReadTimeout|Connection(Reset|Refused)?Error|Failed to establish|"
    r"Temporary failure|ProxyError|\bEAI_AGAIN\b|\bENOTFOUND\b|\bECONNREFUSED\b|\bECONNRESET\b|\bETIMEDOUT\b"
)


class EnvironmentUnavailable(Exception):
    """This machine cannot have the environment now: a reason to skip, not to fail."""


class EnvironmentBroken(Exception):
    """The registry answered and the environment could still not be built: our pins are wrong."""


@dataclass(frozen=True, slots=True)
class Environment:
    """What an environment is called, which tool builds it, and what goes into it."""

    name: str
    kind: Literal["python", "node"]
    pins: tuple[str, ...]

    @property
    def folder(self) -> Path:
        return ROOT / self.name

    @property
    def is_built(self) -> bool:
        stamp = self.folder / STAMP
        return stamp.is_file() and stamp.read_text() == self.stamp

    @property
    def stamp(self) -> str:
        return "\n".join(self.pins) + "\n"


ENVIRONMENTS = {
    environment.name: environment
    for environment in (
        Environment("mcp-1.30.0", "python", ("mcp==1.30.0", *WEB_STACK)),
        Environment("mcp-2.3.0", "python", ("mcp==2.3.0", *WEB_STACK)),
        Environment("fastmcp-4.1.2", "python", ("fastmcp==4.1.2", "mcp==2.3.0", *WEB_STACK)),
        Environment(
            "server-everything",
            "node",
            ("@modelcontextprotocol/server-everything@2026.8.31", "@modelcontextprotocol/sdk@1.32.2"),
        ),
        Environment(
            "typescript-2.4.0",
            "node",
            (
                "@modelcontextprotocol/server@2.4.0",
                "@modelcontextprotocol/node@2.1.2",
                "@hono/node-server@2.1.8",
                "zod@4.6.7",
            ),
        ),
    )
}


def ensure(name: str) -> Path:
    """The folder of an environment that is ready for use; builds it if need be, one process at a time."""
    environment = ENVIRONMENTS[name]
    if environment.kind == "node":
        path_of("node"), path_of("npm")
    with locked(name):
        if not environment.is_built:
            build(environment)
    return environment.folder


def path_of(program: str) -> str:
    if found := shutil.which(program):
        return found
    raise EnvironmentUnavailable(f"{program} is not on the PATH, and the servers from npm need it")


@contextmanager
def locked(name: str) -> Iterator[None]:
    """The lock goes with the process that holds it, however that ends."""
    ROOT.mkdir(exist_ok=True)
    with (ROOT / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def build(environment: Environment) -> None:
    shutil.rmtree(environment.folder, ignore_errors=True)
    BUILDERS[environment.kind](environment)
    (environment.folder / STAMP).write_text(environment.stamp)


def build_python(environment: Environment) -> None:
    run(environment, sys.executable, "-m", "venv", environment.folder)
    pip = (environment.folder / "bin" / "python", "-m", "pip", "--disable-pip-version-check")
    run(environment, *pip, "install", "--retries", "1", "--timeout", "30", *environment.pins)


def build_node(environment: Environment) -> None:
    environment.folder.mkdir(parents=True)
    (environment.folder / "package.json").write_text('{"private": true}\n')
    quiet = ("--no-audit", "--no-fund", "--no-update-notifier", "--ignore-scripts", "--fetch-retries=1")
    run(environment, path_of("npm"), "install", "--save-exact", *quiet, *environment.pins)


BUILDERS: dict[str, Callable[[Environment], None]] = {"python": build_python, "node": build_node}


def run(environment: Environment, *command: str | Path) -> None:
    """Run one step of a build, and say in a sentence why it failed."""
    where = environment.folder if environment.kind == "node" else ROOT
    try:
        done = subprocess.run(
            command, cwd=where, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=BUILD_SECONDS
        )
    except subprocess.TimeoutExpired as late:
        raise EnvironmentUnavailable(
            f"{environment.name} was not installed within {BUILD_SECONDS} s; is the registry slow or blocked?"
        ) from late
    if done.returncode == 0:
        return
    if UNREACHABLE.search(done.stdout):
        raise EnvironmentUnavailable(f"{environment.name} cannot be installed: the registry is not reachable")
    tail = "\n".join(done.stdout.splitlines()[-15:])
    raise EnvironmentBroken(f"{environment.name} ({', '.join(environment.pins)}) could not be built:\n{tail}")

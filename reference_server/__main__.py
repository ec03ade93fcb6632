"""The command line: `python -m reference_server`."""

import argparse
import dataclasses
import os
import re
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from socket import socket
from typing import NoReturn

from reference_server.http_sse import SSE_PATH
from reference_server.options import R2024_11, REVISIONS, Options
from reference_server.server import ReferenceServer
from reference_server.serving import bind, run, url_of

DEFAULTS = Options()
FOR_TESTS_ONLY = "THESE TOKENS ARE FOR TESTS ONLY: whoever asks this issuer for one gets one, and nobody logs in."
PAGES = "let pages of these origins in, besides those of this machine"
SPOKEN = f"speak only these of {', '.join(REVISIONS)}"


class Words(argparse.ArgumentParser):
    """A parser whose errors are one sentence."""

    def error(self, message: str) -> NoReturn:
        """Say it and stop."""
        fail(f"{message}; --help lists what can be said")


def fail(sentence: str) -> NoReturn:
    """One clear sentence, exit 2."""
    print(f"reference_server: {sentence}", file=sys.stderr)
    raise SystemExit(2)


def whole(least: int, most: int | None = None) -> Callable[[str], int]:
    """A whole number in a range."""

    def read(text: str) -> int:
        limits = f"at least {least}" if most is None else f"from {least} to {most}"
        if not text.isdecimal() or int(text) < least or (most is not None and int(text) > most):
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number {limits}")
        return int(text)

    return read


def seconds(text: str) -> float:
    """A time, not negative."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < 1e6:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds")
    return value


def like(pattern: str, expected: str) -> Callable[[str], str]:
    """A text that the pattern matches as a whole; `expected` is how an error calls it."""

    def read(text: str) -> str:
        if not re.fullmatch(pattern, text, re.ASCII):
            raise argparse.ArgumentTypeError(f"{text!r} is not {expected}")
        return text

    return read


path = like(r"/[\w.~!$&'()*+,;=:@/-]*", "a path such as /mcp, without query or fragment")
token = like(r"[\w.~+/-]+=*", "a bearer token: letters, digits and -._~+/, then = at most")
origin = like(r"null|[a-z][a-z0-9+.-]*://[^\s/?#]+", "an origin such as http://localhost:6274, without a path")


def words() -> Words:
    """What can be said on the command line; what is left unsaid is as in `Options`."""
    about = "An MCP server by the book, for tests."
    parser = Words(prog="python -m reference_server", description=about, allow_abbrev=False)
    say = parser.add_argument
    say("--host", help="address to listen at (default: loopback)")
    say("--port", type=whole(0, 65535), help="0, the default, takes any free port")
    say("--path", type=path, help="path of the endpoint (default: /mcp, and without --auth /message as well)")
    say("--stateless", action="store_true", help="keep no sessions, in the revisions that have them")
    say("--json-response", action="store_true", help="answer requests with JSON, never with a stream")
    say("--http-sse", action="store_true", help="speak 2024-11-05 as well, over HTTP+SSE at /sse")
    say("--no-tasks", dest="tasks", action="store_const", const=False, help="offer no tasks, in either era")
    say("--store", help="memory (the default) or sqlite:FILE")
    say("--fault", metavar="NAME", action="append", default=[], help="be wrong in one point; may be said again")
    say("--list-faults", action="store_true", help="list the points to be wrong in, and stop")
    say("--progress-route", choices=("request", "primary"), help="primary sends progress over the GET stream")
    say("--bearer", type=token, metavar="TOKEN", help="want this token on every request")
    say("--auth", action="store_true", help="be an OAuth resource, with an issuer of its own that is for tests only")
    say("--allow-origin", dest="allow_origins", type=origin, metavar="ORIGIN", nargs="+", action="extend", help=PAGES)
    say("--revisions", nargs="+", choices=REVISIONS, metavar="REVISION", help=SPOKEN)
    say("--latency", type=seconds, metavar="SECONDS", help="hold the head of every answer back")
    say("--jitter", type=seconds, metavar="SECONDS", help="and by up to so much more, at random")
    say("--max-body", type=whole(1), metavar="BYTES", help="longer requests draw 413 (default: 4 MiB)")
    say("--max-sessions", type=whole(1), metavar="N", help="sessions at a time (default: 1000)")
    say("--max-streams", type=whole(1), metavar="N", help="open streams at a time (default: 1000)")
    say("--page-size", type=whole(1), metavar="N", help="entries on a page of a list (default: almost all)")
    say("--keep-alive", type=seconds, metavar="SECONDS", help="time between comments on a silent stream")
    say("--until-eof", action="store_true", help="stop when standard input ends, as when whoever started it is gone")
    return parser


def options_from(said: argparse.Namespace) -> Options:
    """What was said, over what goes without saying."""
    names = {field.name for field in dataclasses.fields(Options)}
    given = {name: value for name, value in vars(said).items() if name in names and value is not None}
    if "allow_origins" in given:
        given["allow_origins"] = tuple(given["allow_origins"])
    if "revisions" in given:
        given["revisions"] = tuple(revision for revision in REVISIONS if revision in given["revisions"])
    return dataclasses.replace(DEFAULTS, **given)


def server_class(names: Sequence[str], *, auth: bool) -> type[ReferenceServer]:
    """The server itself, or the one with these faults."""
    if not names:
        return ReferenceServer
    from reference_server import faults  # loaded only when asked for: starting must be quick

    try:
        found = tuple(dict.fromkeys(faults.find(name) for name in names))
    except LookupError as error:
        fail(str(error))
    for fault in found:
        if faults.needs_auth(fault) and not auth:
            fail(f"the fault {fault.__name__} shows with --auth only")
    return found[0] if len(found) == 1 else type("SeveralFaults", found, {"__doc__": "Wrong in several points."})


def list_faults() -> None:
    """One line per fault."""
    from reference_server import faults

    for name, fault in sorted(faults.load().items()):
        where = " with --auth" if faults.needs_auth(fault) else ""
        print(f"{name}  breaks {faults.broken_by(fault)}{where}: {faults.sentence_of(fault)}")


def stop_at_eof() -> None:
    """Ask this process to stop when nothing can be said to it any more."""
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


def announce(server: ReferenceServer, listening: socket) -> None:
    """One line per address, then one per token, and what to think of those."""
    print(f"listening on {url_of(listening, server.options.paths[0])}")
    if server.options.http_sse:
        print(f"HTTP+SSE of {R2024_11} at {url_of(listening, SSE_PATH)}")
    for role, token in server.tokens.items():
        print(f"token {role} {token}")
    if server.options.auth:
        print(FOR_TESTS_ONLY)
    print(end="", flush=True)


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until a signal comes."""
    said = words().parse_args(arguments)
    if said.list_faults:
        list_faults()
        return
    options = options_from(said)
    try:
        server = server_class(said.fault, auth=options.auth)(options)
        listening = bind(server.host_to_bind(), options.port)
    except ValueError as error:
        fail(str(error))
    except OSError as error:
        fail(f"cannot listen at {options.host}:{options.port}: {error.strerror}")
    if said.until_eof:
        threading.Thread(target=stop_at_eof, daemon=True).start()
    run(server, listening, lambda: announce(server, listening))


if __name__ == "__main__":
    main()

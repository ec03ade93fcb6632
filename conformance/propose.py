"""`python -m conformance profile URL`: ask a target for its tools, and write a profile to start from.

The options are those of the pytest run, with or without their prefix, because pre-flight names them in its advice.
"""

import argparse
import io
import sys
from pathlib import Path

import anyio

from conformance.suite import BAD_OPTION, CANNOT_JUDGE, SuiteSession

BAD_INPUT, UNJUDGEABLE = 2, 4


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("mcp_target", metavar="URL", help="the server; 'bundled' starts the reference server")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="write to this new file")
    _add(parser, "header", "send this with every request (repeatable)", "'NAME: VALUE'", action="append", default=[])
    _add(parser, "ca", "trust the certificate authorities in this PEM file", "FILE")
    _add(parser, "cert", "client certificate and key, one PEM file", "FILE")
    parser.add_argument(
        "--insecure", "--mcp-insecure", dest="mcp_insecure", action="store_true", help="do not verify the certificate"
    )
    _add(parser, "timeout", "how long anything may take (10)", "SECONDS", type=float, default=10.0)
    _add(parser, "wait", "wait so long until the server is up", "SECONDS", type=float, default=0.0)
    parser.set_defaults(
        mcp_revision=[],
        mcp_token=[],
        mcp_profile=None,
        mcp_known_failures=None,
        mcp_report=".",
        mcp_bundled="",
        do=lambda chosen: propose(chosen),
    )


def propose(options: argparse.Namespace) -> int:
    """Write the profile. Returns the exit code; what is wrong is said in one sentence."""
    if options.output is not None and options.output.exists():
        return _complain(f"{options.output} is there already: name a new file with -o", BAD_INPUT)
    try:
        session = SuiteSession(vars(options).__getitem__)
    except BAD_OPTION as error:
        return _complain(str(error), UNJUDGEABLE)
    try:
        anyio.run(session.prepare)
        text = session.starter()
    except CANNOT_JUDGE as error:
        return _complain(f"cannot judge {session.shown}: {error}", UNJUDGEABLE)
    finally:
        session.close()
    return _write(text, options.output)


def _write(text: str, file: Path | None) -> int:
    if file is None:
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8")  # what a profile is read as
        print(text, end="")
        return 0
    try:
        with file.open("x", encoding="utf-8") as opened:
            opened.write(text)
    except OSError as error:
        return _complain(f"{file} cannot be written: {error.strerror}", BAD_INPUT)
    return 0


def _complain(sentence: str, code: int) -> int:
    print(sentence, file=sys.stderr)
    return code


def _add(parser: argparse.ArgumentParser, name: str, about: str, value: str, **more: object) -> None:
    parser.add_argument(f"--{name}", f"--mcp-{name}", dest=f"mcp_{name}", help=about, metavar=value, **more)  # type: ignore[arg-type]

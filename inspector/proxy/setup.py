"""What a proxy is told before it starts: in front of whom, where it listens, and which faults it makes on purpose."""

import argparse
import ipaddress
import re
import ssl
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from inspector.proxy.faults import Fault, fault_of

LISTEN = "127.0.0.1:0"
_ONE_WORD = re.compile(r"\S+")


class CannotStart(Exception):
    """Why the proxy does not start, in one sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Setup:
    """The wishes of a user. `upstream` is empty for an ordinary HTTP proxy (`--mode regular`).

    `keep_host` is whether the server is told the Host header that the client sent; None means: where the server is on
    this machine. There it shows whether the server is safe from DNS rebinding. Elsewhere a name decides who answers.
    """

    upstream: str = ""
    listen: str = LISTEN
    insecure: bool = False
    ca: Path | None = None
    keep_host: bool | None = None
    faults: tuple[Fault, ...] = ()

    @property
    def origin(self) -> str:
        """Scheme, host and port of the server, where all requests go. Raises CannotStart."""
        try:
            parts = urlsplit(self.upstream)
            host, port = parts.hostname, parts.port
        except ValueError as error:
            raise CannotStart(f"--upstream {self.upstream}: {error}") from None
        if parts.scheme not in ("http", "https") or not host or port == 0 or not _ONE_WORD.fullmatch(self.upstream):
            raise CannotStart(f"--upstream {self.upstream}: expected a URL such as http://127.0.0.1:3000/mcp")
        if parts.username is not None:
            raise CannotStart("--upstream has a user name in it, which nobody would send: give it to the client")
        host = f"[{host}]" if ":" in host else host
        return f"{parts.scheme}://{host}:{port or (443 if parts.scheme == 'https' else 80)}"

    @property
    def address(self) -> tuple[str, int]:
        """Where to listen; port 0 means any. Raises CannotStart."""
        host, _, port = self.listen.rpartition(":")
        if not port.isdecimal() or not port.isascii() or int(port) > 65535:
            raise CannotStart(f"--listen {self.listen}: expected HOST:PORT, such as 127.0.0.1:7100")
        return host.strip("[]") or "127.0.0.1", int(port)

    @property
    def keeps_host(self) -> bool:
        return self.keep_host if self.keep_host is not None else _is_here(urlsplit(self.upstream).hostname or "")

    def url_at(self, host: str, port: int) -> str:
        """What a client has to be given instead of the server's URL."""
        where = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        if not self.upstream:
            return where
        parts = urlsplit(self.upstream)
        return where + parts.path + (f"?{parts.query}" if parts.query else "")

    def check(self) -> None:
        """Raises CannotStart for what can be seen to be wrong before anything is started."""
        host, port = self.address
        if self.upstream and self.origin == f"http://{host}:{port}":
            raise CannotStart(f"--listen {self.listen} is where the server of --upstream is: choose another port")
        if self.ca:
            _check_certificates(self.ca)

    def arguments(self) -> list[str]:
        """The same wishes as a command line."""
        upstream = ["--upstream", self.upstream] if self.upstream else ["--mode", "regular"]
        ca = ["--ca", str(self.ca)] if self.ca else []
        insecure = ["--insecure"] if self.insecure else []
        host = [] if self.keep_host is None else ["--keep-host" if self.keep_host else "--no-keep-host"]
        faults = [word for fault in self.faults for word in ("--fault", str(fault))]
        return [*upstream, "--listen", self.listen, *ca, *insecure, *host, *faults]


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options that make a `Setup`."""
    parser.add_argument("--upstream", metavar="URL", default="", help="the server's endpoint, path included")
    parser.add_argument("--mode", choices=["reverse", "regular"], default="reverse", help="regular: an HTTP proxy")
    parser.add_argument("--listen", metavar="HOST:PORT", default=LISTEN, help="any free port unless given")
    parser.add_argument("--insecure", action="store_true", help="do not verify the server's certificate")
    parser.add_argument("--ca", type=Path, metavar="FILE", help="certificates to trust, as PEM")
    parser.add_argument(
        "--keep-host",
        action=argparse.BooleanOptionalAction,
        help="tell the server the Host that the client named (unless given: only a server on this machine)",
    )
    parser.add_argument(
        "--fault",
        action="append",
        default=[],
        metavar="SPEC",
        help="break on purpose: cut:after=3,stream=post  cut:id=7:1  stall:after=2,for=5s  throttle:rate=1k",
    )


def setup_of(chosen: argparse.Namespace) -> Setup:
    """The wishes in a command line. Raises CannotStart."""
    if (chosen.mode == "regular") == bool(chosen.upstream):
        raise CannotStart("expected either --upstream URL or --mode regular")
    try:
        faults = tuple(fault_of(text) for text in chosen.fault)
    except ValueError as error:
        raise CannotStart(str(error)) from None
    setup = Setup(chosen.upstream, chosen.listen, chosen.insecure, chosen.ca, chosen.keep_host, faults)
    setup.check()
    return setup


def _check_certificates(file: Path) -> None:
    """Raises CannotStart for a file that mitmproxy would trip over at the first connection."""
    if not file.is_file():
        raise CannotStart(f"--ca {file}: there is no such file")
    try:
        ssl.create_default_context(cafile=file)
    except OSError as error:
        raise CannotStart(f"--ca {file} holds no certificate that can be read: {error.strerror}") from None


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False

"""Who is judged: the address, what to send with every request, and how to reach it safely."""

import math
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from conformance.driving.profile import Profile
from conformance.evidence.secret import in_address

_IDLE = 2.0  # seconds that an unused connection is kept: Node and uvicorn close it after 5, perhaps as we write
NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, 5.6.2


class BadTarget(ValueError):
    """An option about the target cannot be used. The message is one sentence for the person who gave it."""


@dataclass(frozen=True, slots=True)
class Target:
    """A server to judge. Times are in seconds; `revisions` empty means all that it speaks.

    `tokens` are all that stories may show, by role (see `tokens`); the full one stands in the headers as well.
    """

    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    tokens: Mapping[str, str] = field(default_factory=dict, repr=False)
    ca_file: Path | None = None
    client_certificate: Path | None = None
    insecure: bool = False
    timeout: float = 10.0
    wait: float = 0.0
    revisions: tuple[str, ...] = ()
    profile: Profile = field(default_factory=Profile)

    def __post_init__(self) -> None:
        if not _is_http(self.url):
            raise BadTarget(
                f"the target must be an http or https URL such as http://127.0.0.1:8000/mcp, not {shown(self.url)!r}"
            )
        if not 0 < self.timeout < math.inf:
            raise BadTarget(f"--mcp-timeout is given in seconds, more than 0 and finite, not {self.timeout:g}")
        if math.isnan(self.wait):
            raise BadTarget("--mcp-wait is given in seconds, not nan")

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must not be written or printed anywhere: all that the user gave and that opens a door."""
        return (*self.headers.values(), *self.tokens.values(), *in_address(self.url))

    def http(self) -> httpx.AsyncClient:
        """Connections for one story. Nothing is remembered, followed or taken from the environment.

        Raises BadTarget if a certificate file cannot be used.
        """
        encrypted = urlsplit(self.url).scheme == "https"
        return httpx.AsyncClient(
            verify=_tls(self.ca_file, self.client_certificate, self.insecure) if encrypted else _no_tls(),
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            trust_env=False,
            follow_redirects=False,
            timeout=httpx.Timeout(None, connect=0.9 * self.timeout, pool=self.timeout),
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=40, keepalive_expiry=_IDLE),
            headers={"Accept-Encoding": "identity", "User-Agent": "mcp-http-conformance"},
        )


def _is_http(url: str) -> bool:
    """Whether this is an address that a client could go to."""
    try:
        parts = urlsplit(url)
        httpx.URL(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except (ValueError, httpx.InvalidURL):
        return False


@cache
def _tls(ca_file: Path | None, client_certificate: Path | None, insecure: bool) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=ca_file)
        if client_certificate:
            context.load_cert_chain(client_certificate, password="")  # never ask for one at the terminal
    except (OSError, ssl.SSLError, ValueError) as error:
        raise BadTarget(f"the certificate file {client_certificate or ca_file} cannot be used: {error}") from None
    if insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


@cache
def _no_tls() -> ssl.SSLContext:
    """For http targets: empty, because loading the world's authorities takes longer than a story."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def shown(url: str) -> str:
    """An address as it may be printed: without a password and without the values of its query."""
    bare, question_mark, _ = url.partition("?")
    scheme, slashes, rest = bare.partition("://")
    if not slashes:
        scheme, rest = "", scheme
    host, slash, path = rest.partition("/")
    if "@" in path:  # it cannot be read as an address, and may well be a password with a slash in it
        host, slash, path = rest.rpartition("@")[2], "", ""
    return f"{scheme}{slashes}{host.rpartition('@')[2]}{slash}{path}{'?…' if question_mark else ''}"


def header_of(line: str) -> tuple[str, str]:
    """Read `Name: value`. Raises BadTarget."""
    name, colon, value = line.partition(":")
    if not colon or not NAME.fullmatch(name.strip()) or not value.strip().isprintable():
        raise BadTarget("--mcp-header is given as 'NAME: VALUE', and this one is not")
    return name.strip(), value.strip()

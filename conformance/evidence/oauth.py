"""OAuth as far as stories and checks both know it: what a refusal says, and where metadata is to be found.

Challenges are written as RFC 9110, 11.6.1 and RFC 6750, 3 have it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urljoin

from conformance.evidence.trace import Exchange

RESOURCE = "/.well-known/oauth-protected-resource"  # RFC 9728, 3.1
ISSUER = "/.well-known/oauth-authorization-server"  # RFC 8414, 3.1
DEFAULTS = ("/authorize", "/token", "/register")  # 2025-03-26, where there is no metadata

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_PARAM = re.compile(rf'({_TOKEN})[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^\s,"=][^\s,"]*))')
_SCHEME = re.compile(_TOKEN)
_TOKEN68 = re.compile(r"[ \t]+[A-Za-z0-9._~+/-]+=*(?=[ \t]*(?:,|$))")
_GAP = re.compile(r"[\s,]*")
_ESCAPED = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True)
class Challenge:
    """One way to be let in: a scheme and what goes with it, both names in lower case."""

    scheme: str
    params: Mapping[str, str]

    @property
    def scopes(self) -> frozenset[str]:
        return frozenset(self.params.get("scope", "").split())


def challenges(exchange: Exchange) -> list[Challenge]:
    """All challenges of an answer, over all its header lines. What cannot be read is passed over."""
    lines = [value for name, value in exchange.response_headers if name.lower() == "www-authenticate"]
    return [challenge for line in lines for challenge in _read(line)]


def bearer(exchange: Exchange) -> Challenge | None:
    """The first Bearer challenge of an answer."""
    return next((challenge for challenge in challenges(exchange) if challenge.scheme == "bearer"), None)


def metadata_address(exchange: Exchange) -> str | None:
    """Where a 401 says that the metadata of the resource is; as it was written, if that makes no sense."""
    challenge = bearer(exchange) if exchange.status == 401 else None
    address = challenge.params.get("resource_metadata") if challenge else None
    try:
        return urljoin(exchange.url, address) if address else None
    except ValueError:
        return address


def _read(line: str) -> Iterator[Challenge]:
    """Whether a word is a scheme or a parameter is told by what follows it: commas separate both."""
    scheme, params, at = "", dict[str, str](), 0
    while (at := _end(_GAP.match(line, at), at)) < len(line):
        if scheme and (param := _PARAM.match(line, at)):
            name, quoted, plain = param.groups()
            params.setdefault(name.lower(), plain if quoted is None else _ESCAPED.sub(r"\1", quoted))
            at = param.end()
        elif word := _SCHEME.match(line, at):
            if scheme:
                yield Challenge(scheme, params)
            scheme, params = word[0].lower(), {}
            at = _end(_TOKEN68.match(line, word.end()), word.end())
        else:
            at += 1
    if scheme:
        yield Challenge(scheme, params)


def _end(match: re.Match[str] | None, otherwise: int) -> int:
    return match.end() if match else otherwise

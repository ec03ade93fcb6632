"""The documents in which a server says where tokens are to be had, as clients looked them up beside the endpoint."""

import json
from collections.abc import Iterable, Iterator
from ipaddress import ip_address
from urllib.parse import urljoin, urlsplit

from conformance.checks.challenges import bearer
from conformance.trace import JSON, Exchange, Trace

RESOURCE = "/.well-known/oauth-protected-resource"  # RFC 9728, 3.1
ISSUER = "/.well-known/oauth-authorization-server"  # RFC 8414, 3.1
DEFAULTS = ("/authorize", "/token", "/register")  # 2025-03-26, where there is no metadata
GONE = (404, 410)

Document = tuple[Exchange, dict[str, JSON]]


def resource_documents(trace: Trace) -> list[Document]:
    """The protected resource metadata that was found, at a well-known place or where a challenge says that it is."""
    named = {address for _, address in named_addresses(trace)}
    sought = (x for x in trace.documents() if path_of(x.url).startswith(RESOURCE) or x.url in named)
    return [(x, said) for x, said in read(sought) if isinstance(said.get("resource"), str)]


def named_addresses(trace: Trace) -> Iterator[tuple[Exchange, str]]:
    """Where the challenges of refusals say that the metadata is."""
    for exchange in trace.spoken():
        challenge = bearer(exchange) if exchange.status == 401 else None
        if challenge and (address := challenge.params.get("resource_metadata")):
            yield exchange, joined(exchange.url, address)


def issuer_documents(trace: Trace) -> list[Document]:
    """The metadata of an authorization server on the same host that was found, whatever its place."""
    sought = (x for x in trace.documents() if path_of(x.url).startswith(ISSUER))
    return [(x, said) for x, said in read(sought) if isinstance(said.get("issuer"), str)]


def read(sought: Iterable[Exchange]) -> Iterator[Document]:
    """Those of the answers that hold a JSON object."""
    for exchange in sought:
        try:
            said = json.loads(exchange.body) if exchange.status == 200 else None
        except (ValueError, RecursionError):
            continue
        if isinstance(said, dict):
            yield exchange, said


def path_of(url: str) -> str:
    """The path of an address, empty if there is none to be read."""
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def joined(base: str, address: str) -> str:
    """An address as it is meant where it was said, or as it was written if it makes no sense."""
    try:
        return urljoin(base, address)
    except ValueError:
        return address


def is_loopback(url: str) -> bool:
    """Whether an address is on this very machine, where nobody asks for TLS."""
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or host.endswith(".localhost") or ip_address(host).is_loopback
    except ValueError:
        return False

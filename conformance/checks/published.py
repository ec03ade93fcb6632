"""The documents in which a server says where tokens are to be had, as clients looked them up beside the endpoint."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from ipaddress import ip_address
from typing import TypeAlias
from urllib.parse import urlsplit

from conformance.evidence.jsonrpc import NotJson, parse
from conformance.evidence.oauth import ISSUER, RESOURCE, metadata_address
from conformance.evidence.trace import JSON, Exchange, Trace

GONE = (404, 410)

Document: TypeAlias = tuple[Exchange, dict[str, JSON]]


def resource_documents(trace: Trace) -> list[Document]:
    """The protected resource metadata that was found, at a well-known place or where a challenge says that it is."""
    named = {address for _, address in named_addresses(trace)}
    sought = (x for x in trace.documents() if path_of(x.url).startswith(RESOURCE) or x.url in named)
    return [(x, said) for x, said in read(sought) if isinstance(said.get("resource"), str)]


def named_addresses(trace: Trace) -> Iterator[tuple[Exchange, str]]:
    """Where the challenges of refusals say that the metadata is."""
    for exchange in trace.spoken():
        if (address := metadata_address(exchange)) is not None:
            yield exchange, address


def issuer_documents(trace: Trace) -> list[Document]:
    """The metadata of an authorization server on the same host that was found, whatever its place."""
    sought = (x for x in trace.documents() if path_of(x.url).startswith(ISSUER))
    return [(x, said) for x, said in read(sought) if isinstance(said.get("issuer"), str)]


def foreign_issuers(trace: Trace) -> Document | None:
    """The metadata of the resource, if all the authorization servers that it names are on other hosts."""
    for exchange, said in resource_documents(trace):
        servers = said.get("authorization_servers")
        if isinstance(servers, list) and servers and not any(_same_origin(each, exchange.url) for each in servers):
            return exchange, said
    return None


def _same_origin(address: JSON, url: str) -> bool:
    try:
        return isinstance(address, str) and urlsplit(address)[:2] == urlsplit(url)[:2]
    except ValueError:
        return False


def read(sought: Iterable[Exchange]) -> Iterator[Document]:
    """Those of the answers that hold a JSON object."""
    for exchange in sought:
        with suppress(NotJson):
            said = parse(exchange.body) if exchange.status == 200 else None
            if isinstance(said, dict):
                yield exchange, said


def path_of(url: str) -> str:
    """The path of an address, empty if there is none to be read."""
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def is_loopback(url: str) -> bool:
    """Whether an address is on this very machine, where nobody asks for TLS."""
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or host.endswith(".localhost") or ip_address(host).is_loopback
    except ValueError:
        return False

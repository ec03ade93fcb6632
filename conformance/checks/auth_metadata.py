"""Where a server says that tokens are to be had: basic/authorization, "Authorization Server Discovery".

From 2025-06-18 on the server is a resource and names its authorization servers in metadata of its own (RFC 9728).
Before, it is its authorization server as well, at the root of its host (RFC 8414, and addresses for want of it). One
that was built for the other revisions is blamed only where it was seen to speak this one.
"""

from collections.abc import Iterator

from conformance.checks.doors import is_spoken, judged, says_nothing, what, why_not
from conformance.checks.published import (
    GONE,
    foreign_issuers,
    is_loopback,
    issuer_documents,
    named_addresses,
    path_of,
    resource_documents,
)
from conformance.evidence.oauth import DEFAULTS, ISSUER, RESOURCE, bearer
from conformance.evidence.trace import JSON, Exchange, Trace
from conformance.judging.check import Finding, Findings, bent, check, expect, moot, undecided

_NOT_SEEN = "whether the server speaks this revision is not to be seen without a token"


def _sought(trace: Trace, *beginnings: str) -> list[Exchange]:
    """The documents that were looked for at such paths."""
    return [x for x in trace.documents() if path_of(x.url).startswith(beginnings)]


def _answers(sought: list[Exchange]) -> str:
    return ", ".join(f"{path_of(x.url)}: {x.status or x.trouble or x.ending}" for x in sought)


def _missing(sought: list[Exchange], later: bool, trace: Trace, seen: str) -> Finding:
    """What was not found is a breach, unless nobody could answer or the server is one of `later` or older rules."""
    if unanswered := [reason for x in sought if (reason := says_nothing(x)) is not None]:
        return undecided(sought[0], f"{seen}; {unanswered[0]}")
    if later and not is_spoken(trace):
        return undecided(sought[0], f"{seen}; {_NOT_SEEN}")
    return expect(False, sought[0], seen)


# The server as a resource


@check("rs.prm")
def resource_metadata_is_published(trace: Trace) -> Findings:
    """A protected server publishes the metadata of a resource, with `resource` in it (RFC 9728, 2)."""
    yield from why_not(trace)
    named = {address for _, address in named_addresses(trace)}
    sought = [x for x in trace.documents() if path_of(x.url).startswith(RESOURCE) or x.url in named]
    if not judged(trace) or not sought:
        return
    found = resource_documents(trace)
    for exchange, said in found:
        yield expect(True, exchange, f"{path_of(exchange.url)} has the metadata of {said.get('resource')!r:.200}")
    if found:
        return
    seen = f"no metadata of the resource was found ({_answers(sought)})"
    if elsewhere := [address for address in named if address not in {x.url for x in sought}]:
        yield undecided(sought[0], f"{seen}; a challenge names {elsewhere[0]:.200}, where the suite does not go")
    else:
        yield _missing(sought, bool(issuer_documents(trace)), trace, seen)


@check("rs.prm-servers")
def resource_metadata_names_an_authorization_server(trace: Trace) -> Findings:
    """The metadata of the resource has `authorization_servers`, with at least one."""
    yield from why_not(trace)
    for exchange, said in resource_documents(trace) if judged(trace) else ():
        servers = said.get("authorization_servers")
        good = isinstance(servers, list) and bool(servers) and all(isinstance(each, str) for each in servers)
        yield expect(good, exchange, f"authorization_servers is {servers!r:.200}")


@check("rs.401-prm-url")
def refusals_name_the_resource_metadata(trace: Trace) -> Findings:
    """Every 401 says in its Bearer challenge where the metadata of the resource is.

    From 2025-11-25 on a well-known place is enough.
    """
    yield from why_not(trace)
    for exchange in judged(trace):
        if exchange.status != 401:
            continue
        challenge = bearer(exchange)
        address = challenge.params.get("resource_metadata") if challenge else None
        seen = f"the challenge to {what(exchange)} names {address or 'no resource_metadata'}"
        if address or is_spoken(trace) or not resource_documents(trace):
            yield expect(bool(address), exchange, seen)
        else:
            yield undecided(exchange, f"{seen}; {_NOT_SEEN}")


@check("rs.prm-discovery")
def resource_metadata_can_be_found(trace: Trace) -> Findings:
    """The metadata is named in a challenge, or is at a well-known place, with the endpoint's path or without."""
    yield from why_not(trace)
    named = list(named_addresses(trace)) if judged(trace) else []
    for exchange, address in named:
        yield expect(True, exchange, f"the challenge to {what(exchange)} names {address:.200}")
    sought = _sought(trace, RESOURCE) if judged(trace) else []
    found = [x for x, _ in resource_documents(trace) if x in sought]
    for exchange in found:
        yield expect(True, exchange, f"{path_of(exchange.url)} has it")
    if sought and not named and not found:
        seen = f"no challenge names the metadata, and it is at no well-known place ({_answers(sought)})"
        yield _missing(sought, bool(issuer_documents(trace)), trace, seen)


# The server as its own authorization server, in 2025-03-26


@check("as.metadata")
def the_authorization_server_publishes_metadata(trace: Trace) -> Findings:
    """The server publishes metadata of an authorization server (RFC 8414)."""
    yield from why_not(trace)
    sought = _sought(trace, ISSUER) if judged(trace) else []
    found = issuer_documents(trace)
    if sought and found:
        yield expect(
            True, found[0][0], f"{path_of(found[0][0].url)} has the metadata of {found[0][1]['issuer']!r:.200}"
        )
    elif sought and (away := _issuer_elsewhere(trace)) is not None:
        yield away
    elif sought:
        seen = f"no metadata of an authorization server was found ({_answers(sought)})"
        yield _missing(sought, bool(resource_documents(trace)), trace, seen)


@check("as.metadata-location")
def the_metadata_is_at_the_root_of_the_host(trace: Trace) -> Findings:
    """Metadata of the authorization server is at the root of the host, whatever the path of the endpoint."""
    yield from why_not(trace)
    yield from _no_issuer(trace)
    sought = _sought(trace, ISSUER) if judged(trace) else []
    found = [x for x, _ in issuer_documents(trace)]
    if sought and found:
        at_root = [x for x in found if path_of(x.url) == ISSUER]
        where = f"the metadata is at {path_of((at_root or found)[0].url)}"
        if at_root:
            yield expect(True, at_root[0], where)
        else:
            yield _missing(sought, bool(resource_documents(trace)), trace, where)


def _issuer_elsewhere(trace: Trace) -> Finding | None:
    """A server that sends its clients to an authorization server on another host is none itself."""
    if (found := foreign_issuers(trace)) is None:
        return None
    servers = found[1]["authorization_servers"]
    return moot(found[0], f"the authorization server is another one, as later revisions have it: {servers!r:.200}")


def _no_issuer(trace: Trace) -> Findings:
    sought = _sought(trace, ISSUER) if judged(trace) else []
    if sought and not issuer_documents(trace):
        yield moot(sought[0], f"the server publishes no metadata of an authorization server ({_answers(sought)})")


@check("as.default-uris")
def without_metadata_the_default_addresses_work(trace: Trace) -> Findings:
    """A server without metadata has its endpoints at /authorize, /token and /register.

    Only where all of them are missing is that plain: a GET is not what each of them is for.
    """
    yield from why_not(trace)
    sought = [x for x in trace.documents() if path_of(x.url) in DEFAULTS] if judged(trace) else []
    there = [x for x in sought if x.status is not None and x.status not in (401, 403, *GONE) and not says_nothing(x)]
    if there:
        yield expect(True, there[0], f"somebody answers there ({_answers(sought)})")
    elif sought and issuer_documents(trace):
        yield moot(sought[0], "the metadata of the authorization server says where its endpoints are")
    elif sought:
        yield _issuer_elsewhere(trace) or _nobody_at(sought, trace)


def _nobody_at(sought: list[Exchange], trace: Trace) -> Finding:
    seen = f"there is no metadata, and nobody at the default addresses ({_answers(sought)})"
    if any(x.status in (401, 403) for x in sought):
        return undecided(sought[0], f"{seen}: what is behind the refusals is not to be seen")
    if resource_documents(trace) and is_spoken(trace):
        return bent(sought[0], f"{seen}: the authorization server is named as later revisions have it")
    return _missing(sought, bool(resource_documents(trace)), trace, seen)


@check("as.https")
def authorization_endpoints_use_https(trace: Trace) -> Findings:
    """The addresses of endpoints in the metadata of the authorization server are https, except on this machine."""
    yield from why_not(trace)
    yield from _no_issuer(trace)
    for exchange, said in issuer_documents(trace) if judged(trace) else ():
        for name, address in _endpoints(said):
            seen = f"{name} is {address:.200}"
            if is_loopback(address):
                yield moot(exchange, f"{seen}: on a loopback address nobody asks for TLS")
            else:
                yield expect(address.lower().startswith("https://"), exchange, seen)


def _endpoints(said: dict[str, JSON]) -> Iterator[tuple[str, str]]:
    return ((name, value) for name, value in said.items() if name.endswith("_endpoint") and isinstance(value, str))

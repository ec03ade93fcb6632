"""What is a secret: everything in a trace that opens a door, so that `masking` can take it out."""

import base64
import binascii
import json
import re
from collections.abc import Iterable, Iterator
from urllib.parse import parse_qsl, unquote, unquote_plus, urlsplit

from conformance.evidence.trace import Event, Exchange, Trace

SCHEME_HEADERS = {"authorization", "proxy-authorization"}
VALUE_HEADERS = {"mcp-session-id", "x-api-key", "api-key", "x-auth-token"}
BODY_FIELDS = {
    *("access_token", "refresh_token", "id_token", "client_secret", "client_assertion", "code_verifier"),
    *("device_code", "registration_access_token", "subject_token", "actor_token"),
}  # of OAuth (RFC 6749, 7591, 7636, 8628, 8693) and OpenID Connect
KEY_FIELDS = {"api_key", "apikey", "api-key", "apiKey", "password", "secret"}  # of tools; only what looks like a key
QUERY_FIELDS = BODY_FIELDS | {"code", "token", "api_key", "apikey", "key"}
SESSION_FIELDS = {"session", "session_id", "session-id", "sessionid", "sid"}  # in the addresses of HTTP+SSE
SCHEMES = {"bearer", "basic", "digest", "token", "apikey", "negotiate"}
PROTOCOL_HEADERS = {"accept", "accept-encoding", "connection", "content-type", "mcp-protocol-version"}
PLAIN_HEADERS = PROTOCOL_HEADERS | {
    "content-length",
    "date",
    "host",
    "last-event-id",
    "origin",
    "server",
    "user-agent",
}

_ADDRESS = re.compile(r"(/|https?://)\S*", re.IGNORECASE)
_COOKIES = re.compile(r"[^=;\s]+=[^;\s]+(;\s*[^=;\s]+=[^;\s]*)*;?")
_WITHIN = re.compile(r"https?://[^\s\"'<>]+", re.IGNORECASE)  # an address in a sentence
_RANDOM = 16  # characters at least of a part of an address that is no word of it, whatever its name
_NAMES = "|".join(sorted(BODY_FIELDS | KEY_FIELDS | {"code"}))
_FIELD = re.compile(rf'"(?P<name>{_NAMES})"\s*:\s*(?P<value>"(?:[^"\\]|\\.)*")')
_INNER = re.compile(rf'\\+"(?P<name>{_NAMES})\\+"\s*:\s*\\+"(?P<value>[^"\\]+)\\+"')  # JSON as a text in JSON


def secrets_of(trace: Trace, extra_secrets: Iterable[str] = ()) -> frozenset[str]:
    """Everything in a trace that opens a door, and what the user gave besides.

    What requests say in the headers of the protocol, such as a media type, is none: masking it would destroy the
    evidence.
    """
    found, plain = set(doors(extra_secrets)), set[str]()
    for exchange in trace.exchanges:
        found.update(found_in(exchange))
        plain.update(plain_in(exchange))
    found.update(_in_url(trace.target))
    return frozenset(found - plain - {""})


def found_in(exchange: Exchange) -> Iterator[str]:
    """Everything in an exchange that seems to open a door."""
    for name, value in (*exchange.request_headers, *exchange.response_headers):
        yield from in_header(name.lower(), value)
    yield from _in_url(exchange.url)
    for raw in (exchange.request_body, exchange.body, *(event.raw for event in exchange.events)):
        yield from _in_body(raw)
    for event in exchange.events:
        yield from _in_event(event, exchange.url)


def plain_in(exchange: Exchange) -> Iterator[str]:
    """What a request says in the headers of the protocol, such as a media type: that is no secret."""
    for name, value in exchange.request_headers:
        if name.lower() in PROTOCOL_HEADERS:
            yield from (value, *re.split(r"[,;\s]+", value))


def doors(given: Iterable[str]) -> frozenset[str]:
    """What opens a door among the values that a user gave: header values with and without their scheme, passwords."""
    values = [value.strip() for value in given]
    parts = [part for value in values for part in (value, _after_scheme(value), *_password(_after_scheme(value)))]
    cookies = [part for value in values if _COOKIES.fullmatch(value) for part in in_header("cookie", value)]
    return frozenset(filter(None, (*parts, *cookies)))


def in_address(url: str) -> frozenset[str]:
    """What opens a door in an address: user, password, and values of its query."""
    return frozenset(filter(None, _in_url(url)))


def in_words(text: str) -> frozenset[str]:
    """What opens a door in the addresses that a sentence holds."""
    return frozenset().union(*(in_address(found[0]) for found in _WITHIN.finditer(text)))


def in_header(name: str, value: str) -> Iterator[str]:
    """What opens a door in one header, its name in lower case."""
    value = value.strip(" \t")
    if name in VALUE_HEADERS:
        yield value
    elif name in SCHEME_HEADERS:
        token = value.partition(" ")[2].strip() or value
        yield token
        yield from _password(token)
    elif name in ("cookie", "set-cookie"):
        cookies = value.split(";") if name == "cookie" else [value.partition(";")[0]]
        yield from (cookie.partition("=")[2].strip(' \t"') for cookie in cookies)


def _after_scheme(value: str) -> str:
    scheme, _, token = value.strip().partition(" ")
    return token.strip() if scheme.lower() in SCHEMES else ""


def _password(token: str) -> Iterator[str]:
    """The password in the token of Basic authentication (RFC 7617)."""
    try:
        user, colon, password = base64.b64decode(token, validate=True).decode("utf-8").partition(":")
    except (binascii.Error, ValueError):
        return
    if colon and user.isprintable():
        yield password


def _in_url(url: str) -> Iterator[str]:
    try:
        parts = urlsplit(url)
        yield from (parts.password or "", parts.username or "")
    except ValueError:
        return
    for name, value in _values(parts.query):
        if name in QUERY_FIELDS | SESSION_FIELDS:
            yield value


def _in_event(event: Event, url: str) -> Iterator[str]:
    """What opens a door in the address by which HTTP+SSE begins: a session may be named in any part of it."""
    address = (event.data or "").strip()
    if event.name != "endpoint" and not _ADDRESS.fullmatch(address):
        return
    yield from _in_url(address)
    path, _, query = address.partition("?")
    parts = {value for _, value in _values(query)} | (set(path.split("/")) - set(url.split("/")))
    yield from (part for part in parts if len(part) >= _RANDOM)


def _values(query: str) -> Iterator[tuple[str, str]]:
    """The fields of a query with their values, as they are written and as they are meant."""
    for pair in query.partition("#")[0].split("&"):
        name, _, value = pair.partition("=")
        yield from ((name.lower(), spelled) for spelled in (value, unquote(value), unquote_plus(value)))


def _in_body(raw: bytes) -> Iterator[str]:
    """The values of OAuth's fields, in JSON or in a form. `code` is no OAuth word in JSON-RPC."""
    text = raw.decode("utf-8", "replace")
    for field in _FIELD.finditer(text):
        if not (field["name"] == "code" and '"jsonrpc"' in text):
            try:
                value = str(json.loads(field["value"], strict=False))
            except ValueError:
                continue
            if field["name"] not in KEY_FIELDS or _looks_random(value):
                yield value
    for field in _INNER.finditer(text):
        if _looks_random(field["value"]):
            yield field["value"]
    if "=" in text and "{" not in text:
        yield from (value for name, value in parse_qsl(text.strip()) if name in QUERY_FIELDS)


def _looks_random(value: str) -> bool:
    """Whether a value may be a key, and is no word that has a meaning elsewhere."""
    return len(value) >= _RANDOM and any(c.isdigit() for c in value) and any(c.isalpha() for c in value)

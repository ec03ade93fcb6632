"""Secrets out of traces, findings and reports, so that evidence can be shown around.

A secret is replaced by a mask wherever it occurs: of the same length, digit for digit, letter for letter (hexadecimal
for hexadecimal, capital for capital), everything else unchanged. So what is judged by length and characters, or by
two values being one, is judged the same. A mask follows from its secret alone, so two masked traces of one run
agree; whoever has a guess can therefore test it, as with any fingerprint.
"""

import base64
import binascii
import hashlib
import itertools
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from conformance import jsonrpc
from conformance.recorder import read_again
from conformance.trace import JSON, Exchange, Headers, Trace

SECRET_FIELDS = {"access_token", "refresh_token", "id_token", "client_secret", "client_assertion", "code_verifier"}
QUERY_FIELDS = SECRET_FIELDS | {"code", "token", "api_key", "apikey", "key"}
SECRET_HEADERS = {"mcp-session-id", "x-api-key", "api-key", "x-auth-token"}
SCHEME_HEADERS = {"authorization", "proxy-authorization"}
ORDINARY_HEADERS = {
    "accept", "accept-encoding", "accept-language", "connection", "content-length", "content-type", "date", "host",
    "last-event-id", "mcp-protocol-version", "origin", "server", "transfer-encoding", "user-agent",
}  # fmt: skip
SHORT = 8  # characters; a shorter secret may stand in any text by chance, so it is masked in headers only

_CLASSES = ("0123456789", "abcdef", "ghijklmnopqrstuvwxyz", "ABCDEF", "GHIJKLMNOPQRSTUVWXYZ")
_CLASS_OF = {character: members for members in _CLASSES for character in members}
_LABELLED = re.compile(r"([A-Za-z][A-Za-z_.:-]*)([0-9][0-9_.:-]{0,30})")  # session-17: a label and a number
_TRIES = 1000  # to find a mask that is not taken; only very short secrets need a second one
_CUT = 16  # characters of a secret at least that are recognized where a text shows only its beginning
_ESCAPED = "\\u00"


class Masker:
    """Replaces known secrets, each by its mask."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._masks: dict[str, str] = {}
        for secret in sorted(set(secrets), key=lambda s: (-len(s), s)):
            if any(character in _CLASS_OF for character in secret):
                self._masks[secret] = self._new_mask(secret)
        long = {secret: mask for secret, mask in self._masks.items() if len(secret) >= SHORT}
        self._spelled = {s: m for secret, mask in long.items() for s, m in _spellings(secret, mask)}
        self._escaped = [(re.compile(_any_escape(secret)), mask) for secret, mask in long.items()]

    def text(self, text: str) -> str:
        """A text without secrets; one that was cut short is recognized by its beginning."""
        text = self._everywhere(text)
        for secret, mask in self._spelled.items():
            start = text.find(secret[:_CUT]) if len(secret) > _CUT else -1
            while start >= 0:
                length = sum(1 for _ in itertools.takewhile(lambda p: p[0] == p[1], zip(secret, text[start:])))
                text = text[:start] + mask[:length] + text[start + length :]
                start = text.find(secret[:_CUT], start + length)
        return text

    def data(self, raw: bytes) -> bytes:
        """Bytes without secrets."""
        text = raw.decode("latin-1")
        masked = self._everywhere(text)
        return raw if masked is text else masked.encode("latin-1")

    def headers(self, headers: Headers) -> Headers:
        """Headers without secrets, the short ones included."""
        return tuple((name, self._header(name.lower(), value)) for name, value in headers)

    def exchange(self, exchange: Exchange) -> Exchange:
        """An exchange without secrets, read again from its masked bytes."""
        bare = replace(
            exchange,
            client=self._everywhere(exchange.client),
            url=self._everywhere(exchange.url),
            request_headers=self.headers(exchange.request_headers),
            request_body=self.data(exchange.request_body),
            response_headers=self.headers(exchange.response_headers),
            body=self.data(exchange.body),
            trouble=self._everywhere(exchange.trouble),
            events=(),
            messages=(),
        )
        return read_again(bare, [(e.at, self.data(e.raw)) for e in exchange.events], self.data(exchange.tail))

    def _header(self, name: str, value: str) -> str:
        if name not in ORDINARY_HEADERS:
            for secret in _parts(name, value):
                mask = self._masks.get(secret)
                if mask is not None:
                    value = value.replace(secret, mask)
        return self._everywhere(value)

    def _everywhere(self, text: str) -> str:
        for secret, mask in self._spelled.items():
            if secret in text:
                text = text.replace(secret, mask)
        if _ESCAPED in text:
            for pattern, mask in self._escaped:
                text = pattern.sub(lambda match, mask=mask: _like(match[0], mask), text)
        return text

    def _new_mask(self, secret: str) -> str:
        """A mask that no other secret has; a label and its number are masked apart, so that labels stay alike."""
        labelled = _LABELLED.fullmatch(secret)
        label = _mask(labelled[1], "") if labelled else ""
        rest = secret[len(label) :]
        taken = {*self._masks.values(), *self._masks, secret}
        masks = (label + _mask(rest, f"{secret}/{attempt}") for attempt in range(_TRIES))
        return next((mask for mask in masks if mask not in taken), label + _mask(rest, secret))


def mask_trace(trace: Trace, extra_secrets: Iterable[str] = ()) -> Trace:
    """A trace without its own secrets, and without those that the user gave."""
    masker = Masker(secrets_of(trace, extra_secrets))
    return replace(
        trace,
        exchanges=tuple(masker.exchange(exchange) for exchange in trace.exchanges),
        target=masker.text(trace.target),
        notes=tuple(masker.text(note) for note in trace.notes),
    )


def secrets_of(trace: Trace, extra_secrets: Iterable[str] = ()) -> frozenset[str]:
    """Everything in a trace that opens a door, and what the user gave besides.

    What also stands in an ordinary header, such as a media type, is none: masking it would destroy the evidence.
    """
    found = {part for value in extra_secrets for part in _parts("authorization", value.strip())} | {*extra_secrets}
    ordinary: set[str] = set()
    for exchange in trace.exchanges:
        for name, value in (*exchange.request_headers, *exchange.response_headers):
            if name.lower() in ORDINARY_HEADERS:
                ordinary |= {value, *re.split(r"[,;\s]+", value)}
            else:
                found.update(_parts(name.lower(), value))
        found.update(_in_url(exchange.url))
        for raw in (exchange.request_body, exchange.body, *(event.raw for event in exchange.events)):
            found.update(_in_body(raw))
    found.update(_in_url(trace.target))
    return frozenset(found - ordinary - {""})

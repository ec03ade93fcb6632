"""Secrets out of traces, findings and reports, so that evidence can be shown around.

A secret is replaced by a mask wherever it occurs: of the same length, digit for digit, letter for letter (hexadecimal
for hexadecimal, capital for capital), everything else unchanged. So what is judged by length and characters, or by
two values being one, is judged the same. A mask follows from its secret alone, so two masked traces of one run
agree; whoever has a guess can therefore test it, as with any fingerprint.
"""

import base64
import hashlib
import itertools
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property, partial
from urllib.parse import quote

from conformance.evidence.recorder import read_again
from conformance.evidence.secret import PLAIN_HEADERS, QUERY_FIELDS, SESSION_FIELDS, doors, in_header, secrets_of
from conformance.evidence.trace import Exchange, Headers, Trace

SHORT = 8  # characters; a shorter secret may stand in any text by chance, so it is masked in headers only

_CLASSES = ("0123456789", "abcdef", "ghijklmnopqrstuvwxyz", "ABCDEF", "GHIJKLMNOPQRSTUVWXYZ")
_CLASS_OF = {character: members for members in _CLASSES for character in members}
_LABELLED = re.compile(r"([A-Za-z][A-Za-z_.:-]*)[0-9][0-9_.:-]*")  # session-17: a label and a number
_TRIES = 200  # to find a mask that is not taken; only very short secrets need a second one
_CUT = 16  # characters at least by which a secret is recognized where a text shows only its beginning
_URL_SAFE = str.maketrans("+/", "-_")
_UNIT = re.compile(r"\\u[0-9a-fA-F]{4}|\\.|.", re.DOTALL)  # a character in JSON, escaped or not
_PIECE = 8  # characters of a piece by which a part of a given secret is found
_GAP = re.compile(r"\.\.\.|…")
_NAMED = re.compile(rf"([?&](?:{'|'.join(sorted(SESSION_FIELDS | QUERY_FIELDS))})=)([^&#\s\"'\\<>]+)", re.IGNORECASE)
_USER = re.compile(r"(?<=://)[^/?#@\s\"'\\]+(?=@)")  # user and password in an address


class Masker:
    """Replaces known secrets, each by its mask. `given` are those of the user, which are looked for everywhere."""

    def __init__(self, secrets: Iterable[str], given: Iterable[str] = ()) -> None:
        own = doors(given)
        secrets = {*secrets, *own}
        hidden = {secret for secret in secrets if any(character in _CLASS_OF for character in secret)}
        self._masks: dict[str, str] = {}
        taken: set[str] = set()
        for secret in sorted(hidden, key=lambda s: (-len(s), s)):
            self._masks[secret] = mask_of(secret, hidden, taken)
            taken.add(self._masks[secret])
        self._long = {secret: mask for secret, mask in self._masks.items() if len(secret) >= SHORT}
        self._texts: dict[str, str] = {}  # findings often say the same
        self._spelled = {s: m for secret, mask in self._long.items() for s, m in spellings(secret, mask)}
        mine = {secret: mask for secret, mask in self._long.items() if secret in own}
        self._spelled |= {s: m for secret, mask in mine.items() for s, m in _disguises(secret, mask)}
        self._pieces = [
            (secret[n : n + _PIECE], n, secret, mask)
            for secret, mask in mine.items()
            for n in range(0, len(secret) - _PIECE + 1, _PIECE)
            if len(secret) > _CUT
        ]

    def text(self, text: str) -> str:
        """A text without secrets; one that was cut is recognized by its beginning, or by its end after a gap."""
        if text not in self._texts:
            self._texts[text] = self._text(text)
        return self._texts[text]

    def _text(self, text: str) -> str:
        text = self._everywhere(text)
        for secret, mask in self._spelled.items():
            start = text.find(secret[:_CUT]) if len(secret) > _CUT else -1
            while start >= 0:
                length = _shared(secret, text[start : start + len(secret)])
                text = text[:start] + mask[:length] + text[start + length :]
                start = text.find(secret[:_CUT], start + length)
        for gap in reversed(list(_GAP.finditer(text))):
            text = text[: gap.end()] + self._without_end(text[gap.end() :])
        return text

    def _without_end(self, text: str) -> str:
        """A text without the end of a secret with which it begins."""
        for secret, mask in self._spelled.items():
            at = secret.find(text[:_PIECE])
            if at > 0 and len(secret) - at >= _PIECE and text.startswith(secret[at:]):
                return mask[at:] + text[len(secret) - at :]
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
        masked = replace(
            exchange,
            client=self._everywhere(exchange.client),
            url=self._everywhere(exchange.url),
            request_headers=self.headers(exchange.request_headers),
            request_body=self.data(exchange.request_body),
            response_headers=self.headers(exchange.response_headers),
            body=self.data(exchange.body),
            tail=self.data(exchange.tail),
            trouble=self._everywhere(exchange.trouble),
        )
        events = [self.data(event.raw) for event in exchange.events]
        if _said(masked) == _said(exchange) and events == [event.raw for event in exchange.events]:
            return masked
        bare = replace(masked, events=(), messages=())
        return read_again(bare, [(e.at, raw) for e, raw in zip(exchange.events, events, strict=True)], masked.tail)

    def trace(self, trace: Trace) -> Trace:
        """A trace without secrets."""
        return replace(
            trace,
            exchanges=tuple(self.exchange(exchange) for exchange in trace.exchanges),
            target=self.text(trace.target),
            notes=tuple(self.text(note) for note in trace.notes),
        )

    def _header(self, name: str, value: str) -> str:
        if name not in PLAIN_HEADERS:
            for secret in {*in_header(name, value), value.strip(" \t")} & self._masks.keys():
                whole = rf'(?<![^\s="]){re.escape(secret)}(?![^\s;,"])'
                value = re.sub(whole, partial(_verbatim, self._masks[secret]), value)
        return self._everywhere(value)

    def _everywhere(self, text: str) -> str:
        text = self._plainly(text)
        if "\\u00" in text:
            for pattern, mask in self._escaped:
                text = pattern.sub(partial(_alike, mask), text)
        for piece, at, secret, mask in self._pieces:
            if piece in text:
                text = _without_parts(text, piece, at, secret, mask)
        if "=" in text:
            text = _NAMED.sub(lambda named: named[1] + self._masks.get(named[2], named[2]), text)
        return _USER.sub(self._user, text) if "@" in text else text

    def _plainly(self, text: str) -> str:
        """A text without what is spelled in it from beginning to end."""
        for secret, mask in self._spelled.items():
            if secret in text:
                text = text.replace(secret, mask)
        return text

    def _user(self, found: re.Match[str]) -> str:
        return ":".join(self._masks.get(part, part) for part in found[0].split(":", 1))

    @cached_property
    def _escaped(self) -> list[tuple[re.Pattern[str], str]]:
        """Patterns for secrets of which some characters are written as JSON escapes."""
        return [(re.compile("".join(map(_escapable, secret))), mask) for secret, mask in self._long.items()]


def _said(exchange: Exchange) -> tuple[str, bytes, bytes, bytes]:
    """What the messages of an exchange are read from, beside its events."""
    return exchange.media_type, exchange.request_body, exchange.body, exchange.tail


def mask_trace(trace: Trace, extra_secrets: Iterable[str] = ()) -> Trace:
    """A trace without its own secrets, and without those that the user gave."""
    given = tuple(extra_secrets)
    return Masker(secrets_of(trace, given), given).trace(trace)


def mask_of(secret: str, hidden: set[str], taken: set[str]) -> str:
    """A mask that no other secret has, and that is none, if there is one.

    A label and its number are masked apart, so that what differs only in a number still does.
    """
    labelled = _LABELLED.fullmatch(secret)
    label = labelled[1] if labelled else ""
    rest = secret[len(label) :]
    label = _scrambled(label, label)
    masks = [label + _scrambled(rest, secret)]
    if masks[0] in taken or masks[0] in hidden:
        masks += [label + _scrambled(rest, f"{secret}/{attempt}") for attempt in range(_TRIES)]
    free = [mask for mask in masks if mask not in taken]
    return next((mask for mask in free if mask not in hidden), (free or masks)[0])


def _scrambled(text: str, key: str) -> str:
    """Every digit and letter replaced by one of its class, as the hash of the key has it."""
    blocks = (hashlib.sha256(f"{key}#{n}".encode("utf-8", "surrogatepass")).digest() for n in itertools.count())
    stream = itertools.chain.from_iterable(blocks)
    characters = []
    for character in text:
        members = _CLASS_OF.get(character)
        characters.append(members[(next(stream) * 256 + next(stream)) % len(members)] if members else character)
    return "".join(characters)


def spellings(secret: str, mask: str) -> Iterator[tuple[str, str]]:
    """The ways to write a secret: plain, escaped for JSON or a URL, and UTF-8 taken for Latin-1 or the reverse."""
    for spell in (str, _json, _ascii_json, _slashed, _quoted, _as_latin_1, _as_utf_8):
        try:
            yield spell(secret), spell(mask)
        except UnicodeError:
            continue


def _disguises(secret: str, mask: str) -> Iterator[tuple[str, str]]:
    """Further ways to write a secret that a person gave, whose mask is written in the same way."""
    for spell in (str.lower, str.upper, _hex, lambda text: _hex(text).upper(), _percent, _percent_lower):
        yield spell(secret), spell(mask)
    for before in range(3):
        standard = _base64(secret, before), _base64(mask, before)
        yield standard
        yield (standard[0].translate(_URL_SAFE), standard[1].translate(_URL_SAFE))


def _without_parts(text: str, piece: str, at: int, secret: str, mask: str) -> str:
    """A text without parts of a secret that hold this piece, which stands `at` so many characters from its start."""
    start = text.find(piece)
    while start >= 0:
        left = _shared(secret[:at][::-1], text[max(0, start - at) : start][::-1])
        right = _shared(secret[at:], text[start : start + len(secret) - at])
        if left + right >= _CUT - 1:
            text = text[: start - left] + mask[at - left : at + right] + text[start + right :]
        start = text.find(piece, start + right)
    return text


def _shared(left: str, right: str) -> int:
    """How many characters two texts have in common from the beginning on."""
    shorter = min(len(left), len(right))
    return next((n for n in range(shorter) if left[n] != right[n]), shorter)


def _json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _ascii_json(text: str) -> str:
    return json.dumps(text)[1:-1]


def _slashed(text: str) -> str:
    return _json(text).replace("/", "\\/")


def _quoted(text: str) -> str:
    return quote(text, safe="")


def _hex(text: str) -> str:
    return text.encode("utf-8", "surrogatepass").hex()


def _percent(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode("utf-8", "surrogatepass"))


def _percent_lower(text: str) -> str:
    return re.sub("%[0-9A-F]{2}", lambda found: found[0].lower(), quote(text, safe="", errors="surrogatepass"))


def _base64(text: str, before: int) -> str:
    """What stands in Base64 for a text that so many bytes precede: the characters that belong to it alone."""
    raw = text.encode("utf-8", "surrogatepass")
    encoded = base64.b64encode(b"\0" * before + raw).decode()
    return encoded[(0, 2, 3)[before] : (before + len(raw)) * 8 // 6]


def _as_latin_1(text: str) -> str:
    return text.encode("utf-8").decode("latin-1")


def _as_utf_8(text: str) -> str:
    return text.encode("latin-1").decode("utf-8")


def _escapable(character: str) -> str:
    """A pattern for a character in JSON, escaped in one way or another, or not."""
    code = f"{ord(character):04x}"
    return rf"(?:{re.escape(character)}|\\{re.escape(character)}|\\u(?i:{code}))"


def _alike(mask: str, found: re.Match[str]) -> str:
    """A mask in the place of a secret with escapes; what the mask does not change stays escaped."""
    units = _UNIT.findall(found[0])
    return "".join(m if m in _CLASS_OF else unit for unit, m in zip(units, mask, strict=True))


def _verbatim(mask: str, _found: re.Match[str]) -> str:
    return mask

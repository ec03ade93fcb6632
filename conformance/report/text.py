"""A stranger's text made harmless: visible, bounded, and never a name in our folder."""

import hashlib
import re
import unicodedata

from markupsafe import Markup, escape

_SEEN = 10_000  # characters of one value that reach a page, whatever else was forgotten
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 but tab and newline, DEL, C1
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffc\ufffe\uffff\ud800-\udfff\U000e0000-\U000e0fff]"
)
_CONTROLS = (
    "NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS", "TAB", "LF", "VT", "FF", "CR", "SO", "SI",
    "DLE", "DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB", "CAN", "EM", "SUB", "ESC", "FS", "GS", "RS", "US",
)  # fmt: skip
_FILE_NAME = re.compile(r"[a-z0-9][A-Za-z0-9._-]{0,79}")


def visible(text: str) -> str:
    """The text with characters that nobody can see, or that move others about, written out."""
    return _HIDDEN.sub(_written_out, text)


def content(text: str) -> Markup:
    """The text for the inside of an element, never for an attribute: quotes stay, which keeps JSON small."""
    bounded = visible(cut(text, _SEEN))
    return Markup(bounded.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))


def prose(text: str) -> Markup:
    """A sentence of ours, in which `backticks` mark code."""
    parts = [escape(visible(part)) for part in text.split("`")]
    if len(parts) % 2 == 0:
        return Markup("`").join(parts)
    return Markup("").join(Markup("<code>{}</code>").format(p) if i % 2 else p for i, p in enumerate(parts))


def finalize(value: object) -> object:
    """What every expression of a template goes through: text is made visible; Jinja escapes it afterwards."""
    return visible(cut(value, _SEEN)) if isinstance(value, str) and not isinstance(value, Markup) else value


def cut(text: str, length: int) -> str:
    """At most so many characters, and how many more there were."""
    if len(text) <= length:
        return text
    return f"{text[:length]} … [cut here: {len(text) - length:,} more characters]"


def short(text: str, width: int) -> str:
    """One line that fits into so many columns of a picture, ending in … if something is missing."""
    line = visible(" ".join(text[: 4 * width].split()))
    if len(line) <= width and line.isascii():
        return line
    used, kept = 0, ""
    for character in line:
        used += 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if used > width - 1:
            return f"{kept}…"
        kept += character
    return kept


def file_name(name: str) -> str:
    """A name for a file: the given one if it is plain, else one made from its hash."""
    if _FILE_NAME.fullmatch(name):
        return name
    return "x-" + hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def count(number: int, thing: str, things: str | None = None) -> str:
    """1 event, 2 events; `things` where the plural is another word."""
    return f"{number:,} {thing if number == 1 else things or thing + 's'}"


def listed(words: list[str]) -> str:
    """a, b and c."""
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)


def duration(seconds: float) -> str:
    """A time given in seconds, as people write it."""
    if seconds < 0.0995:
        return f"{seconds * 1000:.0f} ms" if seconds >= 0.001 or seconds <= 0 else "under 1 ms"
    return f"{seconds:.2f} s" if seconds < 9.995 else f"{seconds:,.0f} s"


def size(number: int) -> str:
    """A number of bytes, as people write it."""
    if number < 1000:
        return count(number, "byte")
    return f"{number / 1000:.1f} KB" if number < 1_000_000 else f"{number / 1_000_000:.1f} MB"


def _written_out(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"‹{_CONTROLS[code]}›" if code < len(_CONTROLS) else f"‹U+{code:04X}›"

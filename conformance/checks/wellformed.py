"""What is a URI, a media type, Base64: small readings that the checks of content share. No checks here."""

import re
from base64 import b64decode
from urllib.parse import urlsplit

from conformance.evidence.trace import JSON

URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*")
_TOKEN = r"[A-Za-z0-9!#$&^_.+-]+"
MEDIA_TYPE = re.compile(rf"{_TOKEN}/{_TOKEN}\s*(?:;.*)?", re.DOTALL)
_NO_URL = re.compile(r"[\x00-\x20\x7f<>\"{}|\\^`]")


def is_uri(value: JSON) -> bool:
    """Whether this is a URI by the characters and the scheme that RFC 3986 wants."""
    return isinstance(value, str) and URI.fullmatch(value) is not None


def is_media_type(value: JSON) -> bool:
    """Whether this is a type and a subtype (RFC 6838, 4.2); which of them are registered is not asked."""
    return isinstance(value, str) and MEDIA_TYPE.fullmatch(value) is not None


def is_base64(value: JSON) -> bool:
    """Whether this is Base64 (RFC 4648, 4). Line breaks are tolerated: RFC 2045 has them."""
    if not isinstance(value, str):
        return False
    try:
        b64decode(value.replace("\r", "").replace("\n", ""), validate=True)
    except ValueError:  # binascii.Error, and characters beyond ASCII
        return False
    return True


def is_url(value: JSON) -> bool:
    """Whether this is an absolute URL, as generously as browsers read them: other alphabets are welcome."""
    if not isinstance(value, str) or _NO_URL.search(value):
        return False
    try:
        parts = urlsplit(value)
        parts.port  # noqa: B018  # raises ValueError if it is none
    except ValueError:
        return False
    if parts.scheme.lower() in ("http", "https"):
        return bool(parts.hostname)
    return bool(parts.scheme and (parts.netloc or parts.path))

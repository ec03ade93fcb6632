"""The forms that W3C gives to the context of a trace: Trace Context (sections 3.2 and 3.3), and Baggage (3.2).

No checks here. Where the levels of Trace Context differ, what any of them allows is allowed.
"""

import re
from collections.abc import Callable, Mapping

MOST_STATES, LONGEST_KEY = 32, 256

PARENT = re.compile(r"(?!ff)([0-9a-f]{2})-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-.*)?")
STATE_KEY = re.compile(r"[a-z0-9][a-z0-9_*/@-]*")
STATE_VALUE = re.compile(r"[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]")
TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
OCTETS = r"[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*"
BAGGAGE_VALUE = re.compile(rf"[ \t]*{TOKEN}[ \t]*=[ \t]*{OCTETS}[ \t]*")
BAGGAGE_PROPERTY = re.compile(rf"[ \t]*{TOKEN}[ \t]*(=[ \t]*{OCTETS}[ \t]*)?")


def is_traceparent(value: str) -> bool:
    """Version, trace, parent and flags in small hexadecimal digits; only later versions than 00 may go on."""
    found = PARENT.fullmatch(value)
    return found is not None and (found[2] is None or found[1] != "00")


def is_tracestate(value: str) -> bool:
    """At most 32 different keys, each with a value; members may be empty."""
    members = [member.strip(" \t") for member in value.split(",")]
    entries = [member.partition("=") for member in members if member]
    keys = [key for key, _, _ in entries]
    good = all(
        len(key) <= LONGEST_KEY and STATE_KEY.fullmatch(key) and sign and STATE_VALUE.fullmatch(text)
        for key, sign, text in entries
    )
    return good and len(set(keys)) == len(keys) <= MOST_STATES


def is_baggage(value: str) -> bool:
    """Keys with values, and behind each any number of properties."""
    for member in value.split(","):
        first, *more = member.split(";")
        if not BAGGAGE_VALUE.fullmatch(first) or not all(BAGGAGE_PROPERTY.fullmatch(entry) for entry in more):
            return False
    return True


FORMS: Mapping[str, Callable[[str], bool]] = {
    "traceparent": is_traceparent,
    "tracestate": is_tracestate,
    "baggage": is_baggage,
}

"""What the headers of modern requests say beside their bodies (basic/transports/streamable-http, "Request Metadata").

No checks here. A request whose body is complete is read for what is wrong with its headers (`flaws`) and for the
ways in which right headers can be written (`forms`); how it was answered tells the rest.
"""

import base64
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, TypeAlias

from conformance.checks.marks import Mark, sound_marks
from conformance.checks.offers import answered, entries
from conformance.checks.reading import is_sound, shown
from conformance.evidence.era import CAPABILITIES, NAMED_BY, VERSION, at_path, meta_of
from conformance.evidence.trace import JSON, Exchange, Message, Trace
from conformance.evidence.views import Call, Session, once_per_trace, sessions

Kind: TypeAlias = Literal["missing", "differs", "wrapping", "letters"]
Form: TypeAlias = Literal["spelled", "spaced", "wrapped name", "plain param", "wrapped param", "number", "omitted"]

VERSION_HEADER, METHOD_HEADER, NAME_HEADER, PARAM = "MCP-Protocol-Version", "Mcp-Method", "Mcp-Name", "Mcp-Param-"
STANDARD = (VERSION_HEADER, METHOD_HEADER, NAME_HEADER)
LETTERS = re.compile(r"[\t\x20-\x7e]*")
WRAPPED = re.compile(r"=\?base64\?(.*)\?=")
MARKS = re.compile(r"^=\?base64\?|\?=$", re.IGNORECASE)
NUMBER = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,40})?")


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that is wrong with a header, with words for it.

    missing: it is not there. differs: it says something else. wrapping: only a wrong decoder would read what the
    body says. letters: it has characters that no header value may have.
    """

    header: str
    kind: Kind
    seen: str

    @property
    def in_param(self) -> bool:
        return self.header.startswith(PARAM)


@dataclass(eq=False, slots=True)
class Mirrored:
    """A request of the modern era, with what is to be said of its headers."""

    call: Call
    flaws: list[Flaw] = field(default_factory=list)
    forms: set[Form] = field(default_factory=set)

    @property
    def flaw(self) -> Flaw | None:
        """What is wrong, if it is one thing only: of several nobody can tell which was answered."""
        return self.flaws[0] if len(self.flaws) == 1 else None

    @property
    def asked(self) -> str:
        """What was asked, whatever the headers and the metadata: two requests that are alike here have one answer."""
        params = {key: value for key, value in self.call.request.params.items() if key != "_meta"}
        return json.dumps([self.call.request.method, params], sort_keys=True)


@once_per_trace
def mirrored(trace: Trace) -> list[Mirrored]:
    """The requests of the modern era of which something can be said."""
    found = [session for session in sessions(trace) if session.modern]
    tools = _schemas(found)
    return [read for session in found for call in session.calls if (read := _read(call, tools)) is not None]


def tool_lists(found: list[Session]) -> Iterator[Call]:
    """Every tools/list that got a result in the modern era."""
    for session in found:
        if session.modern:
            yield from answered(session, "tools/list")


@once_per_trace
def listed_tools(trace: Trace) -> frozenset[str]:
    """The names of all tools that the server listed in the modern era."""
    return frozenset(str(tool.get("name")) for call in tool_lists(sessions(trace)) for tool in entries(call, "tools"))


def _schemas(found: list[Session]) -> dict[str, list[Mark] | None]:
    """The marks of each listed tool; None where they are wrong, or where the tool was not always listed the same."""
    schemas: dict[str, list[JSON]] = {}
    for call in tool_lists(found):
        for tool in entries(call, "tools"):
            known = schemas.setdefault(str(tool.get("name")), [])
            if tool.get("inputSchema") not in known:
                known.append(tool.get("inputSchema"))
    return {name: sound_marks(known[0]) if len(known) == 1 else None for name, known in schemas.items()}


def _read(call: Call, tools: dict[str, list[Mark] | None]) -> Mirrored | None:
    """None where a flaw of the body comes first, or where nothing says what the server has to think of a header."""
    request, exchange = call.request, call.exchange
    meta = meta_of(request)
    version = meta.get(VERSION)
    names = Counter(name.lower() for name, _ in exchange.request_headers if name.lower().startswith("mcp-"))
    if len(exchange.sent) != 1 or not is_sound(request) or max(names.values(), default=0) > 1:
        return None
    if not isinstance(version, str) or not isinstance(meta.get(CAPABILITIES), dict):
        return None
    read = Mirrored(call)
    _read_literal(read, VERSION_HEADER, version)
    _read_literal(read, METHOD_HEADER, request.method)
    if request.method in NAMED_BY and not _read_name(read, request.params.get(NAMED_BY[request.method])):
        return None
    if request.method == "tools/call" and not _read_params(read, tools.get(str(request.params.get("name")), [])):
        return None
    if version != call.session.revision and not any(flaw.header == VERSION_HEADER for flaw in read.flaws):
        return None
    read.forms.update(_written(exchange))
    return read


def _read_literal(read: Mirrored, header: str, value: str) -> None:
    given = read.call.exchange.request_header(header)
    if given is None:
        read.flaws.append(Flaw(header, "missing", f"{header} is missing"))
    elif given != value:
        read.flaws.append(Flaw(header, "differs", f"{header} is {shown(given)}, the body says {shown(value)}"))


def _read_name(read: Mirrored, value: JSON) -> bool:
    if not isinstance(value, str):
        return False
    given = read.call.exchange.request_header(NAME_HEADER)
    if given is not None and WRAPPED.fullmatch(given) and decoded(given) == value:
        read.forms.add("wrapped name")
    if (flaw := _compared(NAME_HEADER, given, value)) is not None:
        read.flaws.append(flaw)
    return True


def _read_params(read: Mirrored, marks: list[Mark] | None) -> bool:
    for mark in marks or ():
        header = f"{PARAM}{mark.value}"
        value = at_path(read.call.request.params.get("arguments"), mark.path or ())
        given = read.call.exchange.request_header(header)
        if value is None and given is None:
            read.forms.add("omitted")
        elif value is None or not isinstance(value, str | int | float):
            return (
                False  # a header for what is not there, or for what no header can say: nothing is asked of the server
            )
        elif given is not None and _is_same_number(decoded(given), value):
            read.forms.add("number")
        elif (flaw := _compared(header, given, text_of(value))) is not None:
            read.flaws.append(flaw)
        else:
            read.forms.add("wrapped param" if given is not None and WRAPPED.fullmatch(given) else "plain param")
    return marks is not None


def _can_be_told(value: JSON) -> bool:
    """A text, a truth value or an integer; 42.0 is one."""
    return value.is_integer() if isinstance(value, float) else isinstance(value, str | int)


def _is_same_number(text: str | None, value: JSON) -> bool:
    """Whether header and argument are one number, of which one is not written as integers usually are."""
    if text is None or isinstance(value, bool) or not isinstance(value, int | float) or not NUMBER.fullmatch(text):
        return False
    return (isinstance(value, float) or text != str(value)) and Decimal(text) == Decimal(text_of(value))


def text_of(value: JSON) -> str:
    """The letters in which a header tells an argument."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(int(value)) if isinstance(value, float) else str(value)


def _compared(header: str, given: str | None, value: str) -> Flaw | None:
    if given is None:
        return Flaw(header, "missing", f"{header} is missing, the body says {shown(value)}")
    seen = f"{header} is {shown(given)}, the body says {shown(value)}"
    if not LETTERS.fullmatch(given):
        return Flaw(header, "letters", f"{seen}: no header value may have such characters")
    if decoded(given) == value:
        return None
    return Flaw(header, "wrapping" if _looks_alike(given, value) else "differs", seen)


def decoded(given: str) -> str | None:
    """What a header value stands for: itself, or what is wrapped in it; None if that is no Base64 of UTF-8."""
    wrapped = WRAPPED.fullmatch(given)
    if wrapped is None:
        return given
    try:
        return base64.b64decode(wrapped[1], validate=True).decode("utf-8")
    except ValueError:
        return None


def _looks_alike(given: str, value: str) -> bool:
    """Whether a lenient decoder would read the value: marks in capitals or half missing, strange or no padding."""
    inner = re.sub(r"[^A-Za-z0-9+/]", "", MARKS.sub("", given))
    try:
        return base64.b64decode(inner + "=" * (-len(inner) % 4)).decode("utf-8") == value
    except ValueError:
        return False


def _written(exchange: Exchange) -> Iterator[Form]:
    """In what unusual ways the headers are written."""
    for name, value in exchange.request_headers:
        usual = next((known for known in (*STANDARD, PARAM) if name.lower().startswith(known.lower())), None)
        if usual is not None and not name.startswith(usual):
            yield "spelled"
        if usual is not None and value != value.strip(" \t"):
            yield "spaced"


def error_code(exchange: Exchange) -> JSON:
    """The code of the JSON-RPC error in an answer, None without one; its id is not asked for here."""
    found = (m for m in exchange.received if isinstance(m, Message) and m.kind == "error")
    return next((m.error.get("code") for m in found), None)

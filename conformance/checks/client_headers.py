"""Headers in which a client repeats the body: basic/transports/streamable-http "Request Metadata".

Which arguments are to be repeated, the list of tools says that the same client was given before.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from conformance.checks.marks import Mark, sound_marks
from conformance.checks.mirrors import LETTERS, MARKS, METHOD_HEADER, NAME_HEADER, PARAM, STANDARD, decoded, text_of
from conformance.checks.offers import answered, entries
from conformance.checks.reading import is_sound, shown
from conformance.evidence.era import NAMED_BY, TASK_METHODS, at_path, header_value
from conformance.evidence.trace import JSON
from conformance.evidence.views import Call, Session
from conformance.judging.check import Finding, Findings, check, expect

SAFE_INTEGER = 2**53 - 1


@dataclass(frozen=True, slots=True)
class Told:
    """One header that has to repeat a value: what it says, None if it is not there, and the value."""

    call: Call
    header: str
    given: str | None
    value: JSON

    @property
    def text(self) -> str:
        """The letters of the value, before they are made fit for a header."""
        return text_of(self.value)

    @property
    def is_safe(self) -> bool:
        """Whether the letters may stand in a header as they are."""
        return header_value(self.text) == self.text

    @property
    def looks_wrapped(self) -> bool:
        """Whether plain letters look like the Base64 form."""
        return self.text.startswith("=?base64?") and self.text.endswith("?=")

    @property
    def is_right(self) -> bool:
        if self.given is None or not LETTERS.fullmatch(self.given):
            return False
        return decoded(self.given) == self.text

    @property
    def seen(self) -> str:
        return f"{self.header} is {shown(self.given)}, the body says {shown(self.value)}"

    def finding(self) -> Finding:
        return expect(self.is_right, self.call, self.seen)


def _requests(session: Session) -> Iterator[Call]:
    if session.modern:
        yield from (call for call in session.calls if is_sound(call.request) and len(call.exchange.sent) == 1)


@check("hdr.sent", party="client")
def every_request_has_its_headers(session: Session) -> Findings:
    """Every request has the headers of its version and method, and where it is about something named, of its name."""
    for call in _requests(session):
        wanted = STANDARD if isinstance(_name_in(call), str) else STANDARD[:2]
        missing = [header for header in wanted if call.exchange.request_header(header) is None]
        told = f"without {', '.join(missing)}" if missing else "with its headers"
        yield expect(not missing, call, f"{call.request.method} came {told}")


@check("hdr.required", party="client")
def method_and_name_are_repeated(session: Session) -> Findings:
    """Mcp-Method repeats the method of a request, and Mcp-Name the name or URI that a request is about."""
    for call in _requests(session):
        method = Told(call, METHOD_HEADER, call.exchange.request_header(METHOD_HEADER), call.request.method)
        yield expect(method.given == call.request.method, call, method.seen)
    for told in _names(session):
        if told.is_safe or told.given is None:
            yield told.finding()


@check("hdr.name-encode", party="client")
def names_that_no_header_can_hold_are_wrapped(session: Session) -> Findings:
    """A name that cannot stand in a header as it is comes in the Base64 form."""
    for told in _names(session):
        if not told.is_safe and not told.looks_wrapped and told.given is not None and not _has_other_marks(told):
            yield told.finding()


@check("xhdr.mirror", party="client")
def marked_arguments_are_repeated(session: Session) -> Findings:
    """An argument that its tool marks is repeated in its Mcp-Param header."""
    for told in _params(session):
        if told.given is None or (isinstance(told.value, str) and told.is_safe):
            yield told.finding()


@check("xhdr.int-range", party="client")
def marked_integers_are_in_the_safe_range(session: Session) -> Findings:
    """A marked integer is one that JavaScript can hold exactly."""
    for told in _params(session):
        if isinstance(told.value, int) and not isinstance(told.value, bool):
            yield expect(abs(told.value) <= SAFE_INTEGER, told.call, f"the marked argument is {shown(told.value)}")


@check("hdr.encode", party="client")
def arguments_become_text_in_one_way(session: Session) -> Findings:
    """An integer is written in decimal digits, and a truth value as `true` or `false`."""
    for told in _params(session):
        if told.given is not None and isinstance(told.value, bool | int) and not _has_other_marks(told):
            yield told.finding()


@check("hdr.base64", party="client")
def arguments_that_no_header_can_hold_are_wrapped(session: Session) -> Findings:
    """An argument that cannot stand in a header as it is comes in the Base64 form."""
    for told in _params(session):
        unsafe = isinstance(told.value, str) and not told.is_safe and not told.looks_wrapped
        if unsafe and told.given is not None and not _has_other_marks(told):
            yield told.finding()


@check("hdr.base64-ambiguous", party="client")
def what_looks_wrapped_is_wrapped(session: Session) -> Findings:
    """A value that itself looks like the Base64 form is wrapped once more."""
    for told in (*_names(session), *_params(session)):
        if told.looks_wrapped and told.given is not None and not _has_other_marks(told):
            yield told.finding()


@check("hdr.markers", party="client")
def the_base64_form_has_its_marks_exactly(session: Session) -> Findings:
    """The Base64 form begins with `=?base64?` and ends with `?=`, in these letters."""
    for told in (*_names(session), *_params(session)):
        if told.given is not None and not told.is_safe and MARKS.search(told.given):
            yield expect(not _has_other_marks(told), told.call, told.seen)


@check("hdr.client-steps", party="client")
def no_header_tells_an_argument_that_is_not_there(session: Session) -> Findings:
    """Of the marked arguments those that are there have a header, and those that are not, or are null, have none."""
    for call, mark in _marked(session):
        header = f"{PARAM}{mark.value}"
        value, given = _value(call, mark), call.exchange.request_header(header)
        told = "is missing" if value is None else "is there"
        if value is None or given is not None:
            seen = f"the argument {told}, and {header} is {shown(given)}"
            yield expect((given is None) == (value is None), call, seen)


def _has_other_marks(told: Told) -> bool:
    """Whether what is given is the Base64 form but for the letters of its marks."""
    given = told.given or ""
    inner = MARKS.sub("", given)
    exact = f"=?base64?{inner}?="
    return given != exact and len(given) == len(exact) and decoded(exact) == told.text


def _name_in(call: Call) -> JSON:
    """What Mcp-Name has to repeat; of extensions nothing is said."""
    member = NAMED_BY.get(call.request.method, "") if call.request.method not in TASK_METHODS else ""
    return call.request.params.get(member)


def _names(session: Session) -> Iterator[Told]:
    for call in _requests(session):
        if isinstance(name := _name_in(call), str):
            yield Told(call, NAME_HEADER, call.exchange.request_header(NAME_HEADER), name)


def _params(session: Session) -> Iterator[Told]:
    """The marked arguments that are there."""
    for call, mark in _marked(session):
        value, header = _value(call, mark), f"{PARAM}{mark.value}"
        if isinstance(value, str | int):
            yield Told(call, header, call.exchange.request_header(header), value)


def _value(call: Call, mark: Mark) -> JSON:
    return at_path(call.request.params.get("arguments"), mark.path or ())


def _marked(session: Session) -> Iterator[tuple[Call, Mark]]:
    """Calls, each with every mark of its tool, as all lists had it that the client was given before."""
    for call in _requests(session):
        if call.request.method == "tools/call":
            schemas = [tool.get("inputSchema") for tool in _listed(session, call)]
            if schemas and all(schema == schemas[0] for schema in schemas):
                yield from ((call, mark) for mark in sound_marks(schemas[0]) or ())


def _listed(session: Session, before: Call) -> Iterator[dict[str, JSON]]:
    for listing in answered(session, "tools/list"):
        if listing.response is not None and listing.response.at < before.request.at:
            found = entries(listing, "tools")
            yield from (tool for tool in found if tool.get("name") == before.request.params.get("name"))

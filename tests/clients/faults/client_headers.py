"""Faults in the headers that repeat the body."""

import base64
from typing import ClassVar

from conformance.evidence.era import header_value
from conformance.evidence.trace import JSON
from tests.clients.modern import RightModernClient
from tests.clients.talking import Body, Headers, as_object

SENT: dict[str, str] = {"hdr.sent": "it is one of the headers that every request has"}


class NoMethodHeader(RightModernClient):
    """Requests do not repeat their method."""

    breaks = "hdr.required"
    also: ClassVar = SENT

    def method_header(self, body: Body) -> Headers:
        return {}


class NoNameHeader(RightModernClient):
    """Requests do not repeat what they are about."""

    breaks = "hdr.sent"
    also: ClassVar = {"hdr.required": "the name is one of the two that are compulsory"}

    def name_header(self, body: Body) -> Headers:
        return {}


class NamesInOtherWords(RightModernClient):
    """The header of a name says it in capitals."""

    breaks = "hdr.required"

    def name_header(self, body: Body) -> Headers:
        plain = as_object(body.get("params")).get("name") == "test_simple_text"
        return {"Mcp-Name": "TEST_SIMPLE_TEXT"} if plain else super().name_header(body)


class NamesLoseTheirAccents(RightModernClient):
    """What no header can hold is left out of a name."""

    breaks = "hdr.name-encode"

    def name_header(self, body: Body) -> Headers:
        name = str(as_object(body.get("params")).get("name"))
        return super().name_header(body) if name.isascii() else {"Mcp-Name": name.encode("ascii", "ignore").decode()}


class RegionsAreNotRepeated(RightModernClient):
    """A marked argument is not repeated."""

    breaks = "xhdr.mirror"

    def param_headers(self, body: Body) -> Headers:
        return {name: value for name, value in super().param_headers(body).items() if name != "Mcp-Param-Region"}


class HugeIntegers(RightModernClient):
    """A marked integer is larger than JavaScript can tell exactly."""

    breaks = "xhdr.int-range"

    def priority(self) -> JSON:
        return 2**53


class TruthIsCapital(RightModernClient):
    """Truth values are written as Python has them."""

    breaks = "hdr.encode"

    def as_param(self, value: JSON) -> str:
        return str(value) if isinstance(value, bool) else super().as_param(value)


class ValuesLoseTheirAccents(RightModernClient):
    """What no header can hold is left out of an argument."""

    breaks = "hdr.base64"

    def as_param(self, value: JSON) -> str:
        plain = isinstance(value, str) and not value.isascii()
        return str(value).encode("ascii", "ignore").decode() if plain else super().as_param(value)


class CapitalMarks(RightModernClient):
    """The Base64 form begins with capitals."""

    breaks = "hdr.markers"

    def as_header(self, value: str) -> str:
        return header_value(value).replace("=?base64?", "=?BASE64?")


class WrappedIsLeftAsItIs(RightModernClient):
    """A value that looks wrapped is not wrapped again."""

    breaks = "hdr.base64-ambiguous"

    def as_header(self, value: str) -> str:
        return value if value.startswith("=?") else header_value(value)


class EmptyHeadersForNothing(RightModernClient):
    """Marked arguments that are not there have an empty header."""

    breaks = "hdr.client-steps"

    def param_headers(self, body: Body) -> Headers:
        about = as_object(body.get("params")).get("name") == "test_x_mcp_header"
        return ({"Mcp-Param-Zone": ""} if about else {}) | super().param_headers(body)


class Base64OfLatin1(RightModernClient):
    """What is wrapped is encoded in Latin-1."""

    breaks = "hdr.base64"

    def as_param(self, value: JSON) -> str:
        if isinstance(value, str) and not value.isascii():
            return f"=?base64?{base64.b64encode(value.encode('latin-1')).decode()}?="
        return super().as_param(value)

"""Faults in the headers that repeat arguments, and in what a tool marks for them."""

import base64
import re
from typing import ClassVar

from reference_server.exchange import Refusal
from reference_server.jsonrpc import HEADER_MISMATCH, INVALID_PARAMS, Json, JsonObject, as_object
from reference_server.server import ReferenceServer
from reference_server.toolbox import Tool


class _MarkedElsewhere(ReferenceServer):
    """A tool has one more parameter, which nobody needs."""

    more: ClassVar[JsonObject] = {}

    def input_schema(self, tool: Tool) -> Json:
        schema = as_object(super().input_schema(tool))
        if tool.name != "test_simple_text":
            return schema
        return {**schema, "properties": {**as_object(schema.get("properties")), **self.more}}


class MarksMayHaveSpaces(_MarkedElsewhere):
    """A parameter is marked with words that no header can be named after."""

    breaks: ClassVar = "xhdr.valid"
    more: ClassVar = {"language": {"type": "string", "x-mcp-header": "The language"}}


class MarksMayBeEmpty(_MarkedElsewhere):
    """A parameter is marked with nothing."""

    breaks: ClassVar = "xhdr.valid"
    more: ClassVar = {"language": {"type": "string", "x-mcp-header": ""}}


class TwoParametersHaveOneMark(_MarkedElsewhere):
    """Two parameters are marked with one name, once in small letters."""

    breaks: ClassVar = "xhdr.valid"
    more: ClassVar = {
        "language": {"type": "string", "x-mcp-header": "Language"},
        "speech": {"type": "string", "x-mcp-header": "language"},
    }


class FractionsAreMarked(_MarkedElsewhere):
    """A parameter that may be any number is marked."""

    breaks: ClassVar = "xhdr.valid"
    more: ClassVar = {"ratio": {"type": "number", "x-mcp-header": "Ratio"}}


class EntriesOfListsAreMarked(_MarkedElsewhere):
    """What is marked is one of a list, so nobody can say which."""

    breaks: ClassVar = "xhdr.valid"
    more: ClassVar = {"words": {"type": "array", "items": {"type": "string", "x-mcp-header": "Word"}}}


class AlternativesAreMarked(_MarkedElsewhere):
    """What is marked is there only in one of two alternatives."""

    breaks: ClassVar = "xhdr.valid"
    more: ClassVar = {"word": {"anyOf": [{"type": "string", "x-mcp-header": "Word"}, {"type": "null"}]}}


class ParamHeadersAreNotCompared(ReferenceServer):
    """The headers of arguments have to be there, and may say anything."""

    breaks: ClassVar = "xhdr.match"

    def on_other_value_in_param(self, name: str, header: str, value: Json) -> None:
        pass


class WrappedParamsAreNotDecoded(ReferenceServer):
    """Arguments in the Base64 form are compared as they stand in the header."""

    breaks: ClassVar = "xhdr.match"

    def decode_param(self, header: str) -> str | None:
        return header


class ParamsHalfWrappedAreDecoded(ReferenceServer):
    """What only begins like the Base64 form is decoded."""

    breaks: ClassVar = "xhdr.match"
    also: ClassVar = {"codes.meaning": "the refusal says that headers are wrong, and they are not"}

    def decode_param(self, header: str) -> str | None:
        begun = header.startswith("=?base64?") and not header.endswith("?=")
        return super().decode_param(f"{header}?=" if begun else header)


class StrangeLettersInWrappedParamsAreSkipped(ReferenceServer):
    """Letters that do not belong into Base64 are passed over, and padding is made up."""

    breaks: ClassVar = "xhdr.match"

    def decode_param(self, header: str) -> str | None:
        if not (header.startswith("=?base64?") and header.endswith("?=")):
            return header
        return base64.b64decode(header[len("=?base64?") : -len("?=")] + "==").decode()


class TruthIsToldInCapitals(ReferenceServer):
    """The header of a truth value is expected to say True."""

    breaks: ClassVar = "xhdr.match"
    also: ClassVar = {"codes.meaning": "the refusal says that headers are wrong, and they are not"}

    def param_is_same(self, text: str | None, value: Json) -> bool:
        return text == str(value) if isinstance(value, bool) else super().param_is_same(text, value)


class ParamHeadersMayBeMissing(ReferenceServer):
    """Arguments need no headers."""

    breaks: ClassVar = "xhdr.missing"

    def on_missing_param_header(self, name: str) -> None:
        pass


class ParamHeadersMayHaveAnyLetters(ReferenceServer):
    """Headers of arguments with characters that no header may have are passed over."""

    breaks: ClassVar = "xhdr.bad-chars"

    def on_bad_letters_in_param(self, name: str) -> None:
        pass


class OtherValuesInParamHeadersAreInvalidParams(ReferenceServer):
    """Headers that differ from the arguments draw -32602."""

    breaks: ClassVar = "xhdr.mismatch"

    def on_other_value_in_param(self, name: str, header: str, value: Json) -> None:
        raise self.refusal(INVALID_PARAMS, f"{name} differs from the argument.")


class MissingParamHeadersAreConflicts(ReferenceServer):
    """Arguments without their headers draw 409."""

    breaks: ClassVar = "xhdr.mismatch"

    def on_missing_param_header(self, name: str) -> None:
        raise Refusal(409, f"{name} is missing.", code=HEADER_MISMATCH)


class NoArgumentNeedsAHeaderToo(ReferenceServer):
    """Marked parameters that are null or left out are expected to have a header."""

    breaks: ClassVar = "xhdr.omit-ok"

    def is_mirrored(self, value: Json) -> bool:
        return value is None or super().is_mirrored(value)


class NumbersInHeadersAreComparedAsText(ReferenceServer):
    """42.0 in a header is not the argument 42."""

    breaks: ClassVar = "xhdr.int-compare"

    def number_is_same(self, text: str, value: Json) -> bool:
        return text == str(value)


class ZeroAndFalseNeedNoHeader(ReferenceServer):
    """An argument that is 0 or false counts as none, so that nobody misses its header."""

    breaks: ClassVar = "xhdr.missing"

    def is_mirrored(self, value: Json) -> bool:
        return bool(value) and super().is_mirrored(value)


class NumbersAreReadByTheirBeginning(ReferenceServer):
    """The header of an integer may go on after its digits."""

    breaks: ClassVar = "xhdr.match"

    def number_is_same(self, text: str, value: Json) -> bool:
        digits = re.match(r"-?[0-9]{1,40}", text)
        return super().number_is_same(digits[0] if digits and not text.endswith(".0") else text, value)

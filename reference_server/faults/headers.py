"""Faults in the headers that repeat a request's version, method and name."""

import base64
import re
from typing import ClassVar
from urllib.parse import unquote

from reference_server.exchange import Exchange, Refusal
from reference_server.jsonrpc import HEADER_MISMATCH, INVALID_REQUEST, Json, Request
from reference_server.metadata import NAMED_BY
from reference_server.options import MODERN_REVISIONS
from reference_server.server import ReferenceServer


class TheMethodHeaderMayBeMissing(ReferenceServer):
    """Requests without Mcp-Method are served."""

    breaks: ClassVar = "hdr.required"

    def on_missing_header(self, name: str) -> None:
        if name != "Mcp-Method":
            super().on_missing_header(name)


class TheNameHeaderMayBeMissing(ReferenceServer):
    """Requests without Mcp-Name are served."""

    breaks: ClassVar = "hdr.required"

    def on_missing_header(self, name: str) -> None:
        if name != "Mcp-Name":
            super().on_missing_header(name)


class TheNameOfAPromptMayBeMissing(ReferenceServer):
    """Mcp-Name is asked for where a tool is called or a resource is read, and forgotten for prompts."""

    breaks: ClassVar = "hdr.required"

    def check_name_header(self, http: Exchange, request: Request) -> None:
        if request.method != "prompts/get" or http.header("mcp-name") is not None:
            super().check_name_header(http, request)


class TheMethodHeaderIsNotCompared(ReferenceServer):
    """Mcp-Method has to be there, and may say anything."""

    breaks: ClassVar = "hdr.mismatch"

    def on_other_value_in_header(self, name: str, header: str, value: Json) -> None:
        if name != "Mcp-Method":
            super().on_other_value_in_header(name, header, value)


class MethodsInHeadersHaveNoCase(ReferenceServer):
    """Mcp-Method may name the method in capitals."""

    breaks: ClassVar = "hdr.mismatch"

    def on_other_value_in_header(self, name: str, header: str, value: Json) -> None:
        if name != "Mcp-Method" or header.lower() != str(value).lower():
            super().on_other_value_in_header(name, header, value)


class NamesInHeadersHaveNoCase(ReferenceServer):
    """Mcp-Name may name the tool in capitals."""

    breaks: ClassVar = "hdr.mismatch"

    def on_other_value_in_header(self, name: str, header: str, value: Json) -> None:
        if name != "Mcp-Name" or header.lower() != str(value).lower():
            super().on_other_value_in_header(name, header, value)


class OtherValuesInHeadersAreUnprocessable(ReferenceServer):
    """Headers that differ from the body draw 422."""

    breaks: ClassVar = "hdr.mismatch"

    def on_other_value_in_header(self, name: str, header: str, value: Json) -> None:
        raise Refusal(422, f"{name} differs from the body.", code=HEADER_MISMATCH)


class MissingHeadersAreForbiddenMethods(ReferenceServer):
    """Requests without the headers that they need draw 405."""

    breaks: ClassVar = "hdr.mismatch"

    def on_missing_header(self, name: str) -> None:
        raise Refusal(405, f"{name} is missing.", code=HEADER_MISMATCH)


class OtherValuesInHeadersAreInvalidRequests(ReferenceServer):
    """Headers that differ from the body draw -32600."""

    breaks: ClassVar = "hdr.mismatch-code"

    def on_other_value_in_header(self, name: str, header: str, value: Json) -> None:
        raise self.refusal(INVALID_REQUEST, f"{name} differs from the body.")


class MissingHeadersAreInvalidRequests(ReferenceServer):
    """Headers that are missing draw -32600."""

    breaks: ClassVar = "hdr.mismatch-code"

    def on_missing_header(self, name: str) -> None:
        raise self.refusal(INVALID_REQUEST, f"{name} is missing.")


class WrappedNamesAreNotDecoded(ReferenceServer):
    """Names in the Base64 form are compared as they stand there."""

    breaks: ClassVar = "hdr.decode"

    def decode_name(self, header: str) -> str | None:
        return header


class StrangeLettersInWrappedNamesAreSkipped(ReferenceServer):
    """Letters that do not belong into Base64 are passed over."""

    breaks: ClassVar = "hdr.decode"

    def decode_name(self, header: str) -> str | None:
        wrapped = re.fullmatch(r"=\?base64\?(.*)\?=", header)
        return base64.b64decode(wrapped[1] + "==").decode() if wrapped else header


class TheMarksOfWrappedNamesHaveNoCase(ReferenceServer):
    """Names are decoded whichever letters the marks are in."""

    breaks: ClassVar = "hdr.decode"

    def decode_name(self, header: str) -> str | None:
        return super().decode_name(header.replace("=?BASE64?", "=?base64?"))


class NamesOfHeadersHaveCase(ReferenceServer):
    """Only Mcp-Name is Mcp-Name, and mcp-name is not."""

    breaks: ClassVar = "hdr.name-case"

    def check_name_header(self, http: Exchange, request: Request) -> None:
        if request.method in NAMED_BY and not any(line.startswith(b"Mcp-Name:") for line in http.lines):
            self.on_missing_header("Mcp-Name")
        super().check_name_header(http, request)


class WhiteSpaceBelongsToTheValue(ReferenceServer):
    """White space before a name is taken for a part of it."""

    breaks: ClassVar = "hdr.white-space"

    def check_name_header(self, http: Exchange, request: Request) -> None:
        if request.method in NAMED_BY and any(re.match(rb"(?i)mcp-name: [ \t]", line) for line in http.lines):
            self.on_other_value_in_header("Mcp-Name", "", None)
        super().check_name_header(http, request)


class OnlyTheVersionInTheBodyCounts(ReferenceServer):
    """The version header has to be there, and may name another version than the body."""

    breaks: ClassVar = "hdr.version-mismatch"

    def on_other_version_in_header(self, header: str, asked: str) -> None:
        pass


class TwoVersionsAreAnInvalidRequest(ReferenceServer):
    """Two versions in one request draw -32600."""

    breaks: ClassVar = "hdr.version-mismatch"

    def on_other_version_in_header(self, header: str, asked: str) -> None:
        raise self.refusal(INVALID_REQUEST, "The header names another version than the body.")


class UnsupportedVersionsComeBeforeDifferentOnes(ReferenceServer):
    """Of two versions in one request the one that is not supported is complained of, not that they differ."""

    breaks: ClassVar = "hdr.version-mismatch"

    def on_other_version_in_header(self, header: str, asked: str) -> None:
        self.on_unsupported_version(asked if header in self.modern_revisions() else header)


class TheModernVersionHeaderMayBeMissing(ReferenceServer):
    """A server that has no clients of old serves requests without a version header."""

    breaks: ClassVar = "hdr.version-missing"

    def supported_revisions(self) -> tuple[str, ...]:
        return MODERN_REVISIONS

    def on_missing_version_header(self) -> None:
        pass


class EmptyNamesAreNotCompared(ReferenceServer):
    """Mcp-Name has to be there, and is compared only if it says something."""

    breaks: ClassVar = "hdr.mismatch"

    def check_name_header(self, http: Exchange, request: Request) -> None:
        if http.header("mcp-name") != "":
            super().check_name_header(http, request)


class NamesAreUnquoted(ReferenceServer):
    """Mcp-Name is decoded as a part of a URL would be."""

    breaks: ClassVar = "hdr.mismatch"

    def decode_name(self, header: str) -> str | None:
        return super().decode_name(unquote(header))

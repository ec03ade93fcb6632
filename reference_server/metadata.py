"""What a modern request says about itself: `_meta` in its body, and headers that repeat a part of the body.

Every check here raises a `Refusal`.  Their order is that of `Modern.admit`.
"""

import base64
import re

from reference_server.answering import Answering
from reference_server.exchange import Exchange, Refusal
from reference_server.jsonrpc import (
    HEADER_MISMATCH,
    INVALID_PARAMS,
    METHOD_NOT_FOUND,
    UNSUPPORTED_VERSION,
    Json,
    JsonObject,
    Request,
)
from reference_server.reporting import LEVELS

VERSION = "io.modelcontextprotocol/protocolVersion"
CAPABILITIES = "io.modelcontextprotocol/clientCapabilities"
LOG_LEVEL = "io.modelcontextprotocol/logLevel"

NAMED_BY = {"tools/call": "name", "prompts/get": "name", "resources/read": "uri"}
WRAPPED = re.compile(r"=\?base64\?(.*)\?=")
PLAIN = re.compile(r"[\t\x20-\x7e]*")


class Metadata(Answering):
    """Complete, understood, and the same in headers and body."""

    def check_version(self, http: Exchange, meta: JsonObject) -> None:
        """The version is in the header and in the body, is the same in both, and is one that needs no session."""
        header, asked = http.header("mcp-protocol-version"), meta.get(VERSION)
        if not header:
            self.on_missing_version_header()
        elif isinstance(asked, str) and header != asked:
            self.on_other_version_in_header(header, asked)
        if isinstance(asked, str) and asked not in self.modern_revisions():
            self.on_unsupported_version(asked)

    def on_missing_version_header(self) -> None:
        """A request without a version header draws -32020."""
        raise self.header_mismatch("The MCP-Protocol-Version header is missing.")

    def on_other_version_in_header(self, header: str, asked: str) -> None:
        """Two versions in one request draw -32020, also where one of them is not supported."""
        raise self.header_mismatch(f"MCP-Protocol-Version is {header!r}, but the body says {asked!r}.")

    def on_unsupported_version(self, asked: str) -> None:
        """A version that is not supported draws -32022."""
        known = ", ".join(str(version) for version in self.versions_in_error())
        reason = f"Version {asked!r} is not supported; these are: {known}."
        raise self.refusal(self.code_for_unsupported_version(), reason, self.data_for_unsupported_version(asked))

    def data_for_unsupported_version(self, asked: str) -> JsonObject:
        """With the error come the versions that are supported, and the one that was asked for."""
        return {"supported": self.versions_in_error(), "requested": asked}

    def code_for_unsupported_version(self) -> int:
        """A version that is not supported draws -32022."""
        return UNSUPPORTED_VERSION

    def versions_in_error(self) -> list[Json]:
        """Whoever asks for a version that is not supported is told all that are, the newest first."""
        return list(reversed(self.supported_revisions()))

    def check_metadata(self, meta: JsonObject) -> None:
        """The version and the client's capabilities are in every `_meta`; who the client is may be left unsaid."""
        if not isinstance(meta.get(VERSION), str):
            self.on_missing_metadata(VERSION, "a string")
        if not isinstance(meta.get(CAPABILITIES), dict):
            self.on_missing_metadata(CAPABILITIES, "an object")
        if not self.log_level_is_good(meta):
            level = meta[LOG_LEVEL]
            raise self.refusal(INVALID_PARAMS, f"There is no log level {level!r}; these are: {', '.join(LEVELS)}.")

    def on_missing_metadata(self, key: str, kind: str) -> None:
        """Metadata that is missing, or not of its type, draws -32602."""
        raise self.refusal(self.code_for_missing_metadata(), f"params._meta needs {key!r}, {kind}.")

    def code_for_missing_metadata(self) -> int:
        """Metadata that is missing draws -32602."""
        return INVALID_PARAMS

    def log_level_is_good(self, meta: JsonObject) -> bool:
        """A log level is one of the eight, or is not there."""
        return LOG_LEVEL not in meta or meta[LOG_LEVEL] in LEVELS

    def check_method_header(self, http: Exchange, request: Request) -> None:
        """Mcp-Method repeats the method of every request, letter by letter."""
        header = http.header("mcp-method")
        if header is None:
            self.on_missing_header("Mcp-Method")
        elif header != request.method:
            self.on_other_value_in_header("Mcp-Method", header, request.method)

    def check_name_header(self, http: Exchange, request: Request) -> None:
        """Mcp-Name repeats what is called, read or got, where that is a string."""
        member = self.name_member(request.method)
        if member is None:
            return
        header, name = http.header("mcp-name"), request.params.get(member)
        if header is None and isinstance(name, str):
            self.on_missing_header("Mcp-Name")
        elif header is not None and self.decode_name(header) != name:
            self.on_other_value_in_header("Mcp-Name", header, name)

    def name_member(self, method: str) -> str | None:
        """The param that Mcp-Name repeats, if it repeats any."""
        return NAMED_BY.get(method)

    def on_missing_header(self, name: str) -> None:
        """A header that is needed and missing draws -32020."""
        raise self.header_mismatch(f"The {name} header is missing.")

    def on_other_value_in_header(self, name: str, header: str, value: Json) -> None:
        """A header that says something else than the body draws -32020."""
        raise self.header_mismatch(f"{name} is {header!r}, but the body says {value!r}.")

    def decode_name(self, header: str) -> str | None:
        """A name is told as the value of any header that may be wrapped."""
        return self.decode_header(header)

    def decode_header(self, header: str) -> str | None:
        """What a header stands for: itself, or the UTF-8 text inside =?base64?...?=; nothing if it is not valid."""
        if not PLAIN.fullmatch(header):
            return None
        wrapped = WRAPPED.fullmatch(header)
        if wrapped is None:
            return header
        try:
            return base64.b64decode(wrapped[1], validate=True).decode("utf-8")
        except ValueError:
            return None

    def header_mismatch(self, reason: str) -> Refusal:
        """Headers that are missing, malformed or not like the body draw one code, whichever they are."""
        return self.refusal(self.code_for_header_mismatch(), reason)

    def code_for_header_mismatch(self) -> int:
        """Headers that are missing, malformed or not like the body draw -32020."""
        return HEADER_MISMATCH

    def refusal(self, code: int, reason: str, data: Json = None) -> Refusal:
        """A request that is refused before any work on it draws the status that goes with the code."""
        status = self.status_for_unknown_method() if code == METHOD_NOT_FOUND else self.status_for_bad_request(code)
        return Refusal(status, reason, code=code, data=data)

    def status_for_unknown_method(self) -> int:
        """An unknown method draws 404."""
        return 404

    def status_for_bad_request(self, code: int) -> int:
        """Metadata, headers, versions and capabilities that are not as they must be draw 400."""
        return 400

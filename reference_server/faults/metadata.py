"""Faults in what requests and results say of themselves."""

from typing import ClassVar

from reference_server.jsonrpc import (
    HEADER_MISMATCH,
    INVALID_PARAMS,
    INVALID_REQUEST,
    MISSING_CLIENT_CAPABILITY,
    JsonObject,
    RpcError,
)
from reference_server.metadata import CAPABILITIES, VERSION
from reference_server.server import ReferenceServer
from reference_server.state import Call

CLIENT_INFO = "io.modelcontextprotocol/clientInfo"


class ResultsHaveNoType(ReferenceServer):
    """The results of tools do not say of what type they are."""

    breaks: ClassVar = "result.type"
    also: ClassVar = {"schema.message": "the schema too wants every result to have a type"}

    def finish(self, call: Call, result: JsonObject) -> JsonObject:
        finished = super().finish(call, result)
        hidden = call.request.method == "tools/call" and finished["resultType"] == "complete"
        return {name: value for name, value in finished.items() if not (hidden and name == "resultType")}


class ResultsAreOfATypeOfTheirOwn(ReferenceServer):
    """Prompts are of a type that neither the core knows nor an extension, for none is declared."""

    breaks: ClassVar = "result.type-known"

    def result_type(self, call: Call) -> JsonObject:
        return {"resultType": "prompt"} if call.request.method == "prompts/get" else super().result_type(call)

    def extensions(self) -> JsonObject:
        return {}


class MissingMetadataIsAnInvalidRequest(ReferenceServer):
    """A request that lacks metadata draws -32600."""

    breaks: ClassVar = "meta.missing"

    def code_for_missing_metadata(self) -> int:
        return INVALID_REQUEST


class MissingMetadataIsAHeaderMismatch(ReferenceServer):
    """A request without capabilities draws -32020, although its headers are right."""

    breaks: ClassVar = "meta.missing"

    def code_for_missing_metadata(self) -> int:
        return HEADER_MISMATCH


class MissingMetadataIsAnsweredWith200(ReferenceServer):
    """The error about missing metadata comes with the status of a success."""

    breaks: ClassVar = "meta.missing"

    def status_for_bad_request(self, code: int) -> int:
        return 200 if code == INVALID_PARAMS else super().status_for_bad_request(code)


class MissingVersionsAreGuessed(ReferenceServer):
    """A request whose body names no version is served all the same."""

    breaks: ClassVar = "meta.missing"

    def check_metadata(self, meta: JsonObject) -> None:
        super().check_metadata({VERSION: self.modern_revisions()[-1], **meta})


class MissingCapabilitiesAreNone(ReferenceServer):
    """A request that says nothing of the client's capabilities is served as if it said that there are none."""

    breaks: ClassVar = "meta.missing"

    def check_metadata(self, meta: JsonObject) -> None:
        super().check_metadata({CAPABILITIES: {}, **meta})


class ClientsHaveToNameThemselves(ReferenceServer):
    """A request that does not name the client is refused."""

    breaks: ClassVar = "meta.missing"

    def check_metadata(self, meta: JsonObject) -> None:
        super().check_metadata(meta)
        if CLIENT_INFO not in meta:
            self.on_missing_metadata(CLIENT_INFO, "an object")


class OnlyDiscoveryNamesTheServer(ReferenceServer):
    """After discovery no result says who is speaking."""

    breaks: ClassVar = "meta.server-info"

    def server_info_in_result(self, call: Call) -> JsonObject:
        return super().server_info_in_result(call) if call.request.method == "server/discover" else {}


class TracesAreCutShort(ReferenceServer):
    """The trace context that comes back holds the id of the trace and nothing else."""

    breaks: ClassVar = "meta.trace"

    def trace_context(self, call: Call) -> JsonObject:
        context = super().trace_context(call)
        return {**context, "traceparent": str(context["traceparent"])[3:35]} if "traceparent" in context else context


class BaggageIsAnObject(ReferenceServer):
    """The baggage of a trace is unpacked before it comes back."""

    breaks: ClassVar = "meta.trace"

    def trace_context(self, call: Call) -> JsonObject:
        context = super().trace_context(call)
        return {**context, "baggage": {"unpacked": context["baggage"]}} if "baggage" in context else context


class ToolsRunWithoutWhatTheyNeed(ReferenceServer):
    """A tool that needs the client's model runs for clients that have none."""

    breaks: ClassVar = "caps.missing"

    def missing_capabilities(self, call: Call) -> JsonObject:
        return {}


class MissingCapabilitiesAreAList(ReferenceServer):
    """What the client would have to declare is told as a list of names."""

    breaks: ClassVar = "caps.missing"

    def missing_capability(self, missing: JsonObject) -> RpcError:
        error = super().missing_capability(missing)
        return RpcError(error.code, error.message, {"requiredCapabilities": [*missing]})


class MissingCapabilitiesAreInvalidParams(ReferenceServer):
    """A client that declared too little gets -32602."""

    breaks: ClassVar = "caps.missing"

    def missing_capability(self, missing: JsonObject) -> RpcError:
        return RpcError(INVALID_PARAMS, "The client did not declare what this needs.")


class MissingCapabilitiesAreAnsweredWith200(ReferenceServer):
    """The error about missing capabilities comes with the status of a success."""

    breaks: ClassVar = "caps.missing"

    def status_for_bad_request(self, code: int) -> int:
        return 200 if code == MISSING_CLIENT_CAPABILITY else super().status_for_bad_request(code)

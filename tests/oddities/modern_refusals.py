"""What 2026-07-28 leaves open about errors: their order, codes and statuses that nobody fixed, other eras."""

import itertools
from typing import ClassVar, Literal

from reference_server.dispatch import Handler
from reference_server.exchange import Exchange, Refusal
from reference_server.jsonrpc import (
    INTERNAL_ERROR,
    INVALID_PARAMS,
    INVALID_REQUEST,
    METHOD_NOT_FOUND,
    UNSUPPORTED_VERSION,
    Json,
    JsonObject,
    Message,
    Notification,
    Request,
    as_object,
)
from reference_server.metadata import VERSION
from reference_server.options import R2026_07, Options
from reference_server.params import marked
from reference_server.state import Call
from reference_server.toolbox import TOOLS
from tests.oddities.modern_answers import ALONE
from tests.oddities.odd import ModernOdd

STATELESS = Options(stateless=True)


class UnsupportedVersionsComeFirst(ModernOdd):
    """Trap 72: where two versions differ and one is not supported, no order is given."""

    warned: ClassVar = frozenset({"hdr.version-mismatch"})

    def check_version(self, http: Exchange, meta: JsonObject) -> None:
        for version in (http.header("mcp-protocol-version"), meta.get(VERSION)):
            if isinstance(version, str) and version not in self.modern_revisions():
                self.on_unsupported_version(version)
        super().check_version(http, meta)


class MissingVersionsAreHeadersWithoutBody(ModernOdd):
    """Trap 74: the header has a value that the body lacks."""

    warned: ClassVar = frozenset({"meta.missing"})

    def check_version(self, http: Exchange, meta: JsonObject) -> None:
        if VERSION not in meta and http.header("mcp-protocol-version"):
            raise self.header_mismatch("The header has a version, and the body has none.")
        super().check_version(http, meta)


class MethodsAreLookedUpFirst(ModernOdd):
    """Trap 70: in what order several errors are found is nowhere said."""

    def admit(self, http: Exchange, request: Request) -> Call:
        self.check_method(request)
        return super().admit(http, request)


class MetadataIsLookedAtFirst(ModernOdd):
    """Trap 70: the body may be read before any header."""

    def admit(self, http: Exchange, request: Request) -> Call:
        self.check_metadata(request.meta)
        return super().admit(http, request)


class HeadersAreLookedAtLast(ModernOdd):
    """Trap 70: methods, metadata and capabilities may come before headers."""

    def admit(self, http: Exchange, request: Request) -> Call:
        if http.header("mcp-protocol-version"):
            self.check_metadata(request.meta)
            self.check_method(request)
            if request.meta.get(VERSION) in self.modern_revisions():
                self.check_capabilities(Call(self.session_for_request(request), request))
        return super().admit(http, request)


class HeadersAreLookedAtBeforeTheBody(ModernOdd):
    """Trap 70: who routes by headers wants them on every POST, whatever the body is, and before it is JSON."""

    async def post(self, http: Exchange) -> None:
        if http.header("mcp-protocol-version") == R2026_07 and http.header("mcp-method") is None:
            raise self.header_mismatch("The Mcp-Method header is missing.")
        await super().post(http)


class TheHeaderTellsTheEra(ModernOdd):
    """Trap 72: a header that names an older version may lead to the rules of that version."""

    def era_of(self, http: Exchange, message: Message | list[Message]) -> Literal["session", "modern"]:
        old = http.header("mcp-protocol-version") in self.session_revisions()
        return "session" if old else super().era_of(http, message)


class NoVersionHeaderMeansAnOlderClient(ModernOdd):
    """Trap 71: a request without a version header may be taken for one of 2025-03-26, and served."""

    settings: ClassVar = STATELESS

    def era_of(self, http: Exchange, message: Message | list[Message]) -> Literal["session", "modern"]:
        return super().era_of(http, message) if http.header("mcp-protocol-version") else "session"


class NoVersionHeaderNeedsASession(ModernOdd):
    """Trap 71: an older client without a session is refused as such."""

    def era_of(self, http: Exchange, message: Message | list[Message]) -> Literal["session", "modern"]:
        return super().era_of(http, message) if http.header("mcp-protocol-version") else "session"


class NotificationsAreRefusedInManyWays(ModernOdd):
    """Trap 24: this revision has no notification that clients send, and any error status refuses one."""

    statuses: ClassVar = itertools.cycle([400, 404, 405, 415, 500, 501])

    def accepted_notifications(self) -> set[str]:
        return set()

    def status_for_bad_notification(self) -> int:
        return next(self.statuses)


class AllNotificationsAreAccepted(ModernOdd):
    """Trap 24: or all of them are accepted, whatever they say."""

    def check_modern_notification(self, http: Exchange, notification: Notification) -> None:
        return None


class NotificationsNeedTheHeadersOfRequests(ModernOdd):
    """Trap 24: what headers a notification needs is not defined, so a server may want them all."""

    def check_modern_notification(self, http: Exchange, notification: Notification) -> None:
        if notification.meta.get(VERSION) is None or http.header("mcp-method") != notification.method:
            raise self.header_mismatch("Mcp-Method is missing, or it is not the method.")
        super().check_modern_notification(http, notification)


class RemovedMethodsAreStillAnswered(ModernOdd):
    """Trap 70: extras are not forbidden."""

    def modern_handler_for(self, method: str) -> Handler | None:
        return super().modern_handler_for(method) or (self.ping if method in ("ping", "logging/setLevel") else None)


class UndeclaredParamHeadersAreRefused(ModernOdd):
    """Trap 79: what a Mcp-Param header draws that no schema declares is unspecified."""

    def check_param_headers(self, http: Exchange, request: Request) -> None:
        super().check_param_headers(http, request)
        marks = self.marks_of(request.params.get("name"))
        if any(line.lower().startswith(b"mcp-param-") and self.mark_in(line) not in marks for line in http.lines):
            raise self.header_mismatch("A Mcp-Param header belongs to no argument.")

    def marks_of(self, name: Json) -> set[str]:
        tool = TOOLS.get(name) if isinstance(name, str) else None
        return {mark.lower() for mark, _ in marked(tool.input_schema)} if tool else set()

    def mark_in(self, line: bytes) -> str:
        return line.partition(b":")[0].decode("latin-1").lower().removeprefix("mcp-param-")


class ErrorsHaveOtherStatuses(ModernOdd):
    """Trap 27: what is not fixed is free: 400 for params, 500 for mistakes of the server."""

    def status_for_response(self, response: JsonObject) -> int:
        free = {INVALID_PARAMS: 400, INVALID_REQUEST: 422, INTERNAL_ERROR: 500}
        code = as_object(response.get("error")).get("code")
        return free.get(code, super().status_for_response(response)) if isinstance(code, int) else 200


class UnknownThingsAreNotFound(ModernOdd):
    """Trap 27: the status of -32602 is free, and 404 is what REST has for tools and resources that are not there."""

    def status_for_response(self, response: JsonObject) -> int:
        code = as_object(response.get("error")).get("code")
        return 404 if code == INVALID_PARAMS else super().status_for_response(response)


class DataOfErrorsHasMoreMembers(ModernOdd):
    """Trap 73: an error may have more members than it needs in its data, and may say in its words what it likes."""

    def data_for_unsupported_version(self, asked: str) -> JsonObject:
        return {**super().data_for_unsupported_version(asked), "hint": "see the manual", "link": None}


class OlderVersionsAreNotToldToModernClients(ModernOdd):
    """server/discover: the versions of clients that send metadata are the modern ones."""

    def versions_in_discovery(self) -> list[Json]:
        return [*self.modern_revisions()]

    def versions_in_error(self) -> list[Json]:
        return [*self.modern_revisions()]


class NewerVersionsAreSpoken(ModernOdd):
    """basic/versioning: versions are texts; there will be newer ones, and there are drafts."""

    def supported_revisions(self) -> tuple[str, ...]:
        return (*super().supported_revisions(), "2027-03-01", "DRAFT-2027-v2")

    def modern_revisions(self) -> tuple[str, ...]:
        return (R2026_07, "2027-03-01", "DRAFT-2027-v2")


class _Alone(ModernOdd):
    """The only revision. `initialize` comes without metadata and headers, and its error is free (trap 75)."""

    settings: ClassVar = ALONE
    code: ClassVar[int] = 0
    status: ClassVar[int] = 400

    def admit(self, http: Exchange, request: Request) -> Call:
        if request.method == "initialize" and (self.code != UNSUPPORTED_VERSION or not request.meta):
            asked = request.params.get("protocolVersion")
            data: JsonObject = {"supported": self.versions_in_error(), "requested": asked}
            words = f"There are no sessions here; this server speaks {R2026_07}."
            raise Refusal(self.status, words, code=self.code, data=data)
        return super().admit(http, request)


class InitializeIsAnUnknownMethod(_Alone):
    """Trap 75: -32601 with 404."""

    code: ClassVar = METHOD_NOT_FOUND
    status: ClassVar = 404


class InitializeAsksForAnUnsupportedVersion(_Alone):
    """Trap 75: -32022, whose data the client of an older version can show."""

    code: ClassVar = UNSUPPORTED_VERSION


class InitializeHasBadParams(_Alone):
    """Trap 75: -32602 for the metadata that is missing."""

    code: ClassVar = INVALID_PARAMS


class InitializeIsABadRequest(_Alone):
    """Trap 75: -32600."""

    code: ClassVar = INVALID_REQUEST


class InitializeHasACodeOfItsOwn(_Alone):
    """Trap 75: the code is implementation-defined."""

    code: ClassVar = 1001


class OlderTrafficIsNotFound(ModernOdd):
    """Trap 21: 405 to GET and DELETE is a SHOULD."""

    settings: ClassVar = ALONE
    warned: ClassVar = frozenset({"era.old-traffic"})

    def status_for_bad_method(self) -> int:
        return 404

"""Messages that say the same in other words, more than they must, or less than they could."""

import json
import random
from typing import ClassVar

from reference_server.dispatch import Handler
from reference_server.jsonrpc import INVALID_PARAMS, Json, JsonObject, RequestId, RpcError, as_object
from reference_server.options import Options
from reference_server.reporting import LEVELS
from reference_server.state import Call, Session
from reference_server.toolbox import Tool
from tests.oddities.odd import Odd

META: JsonObject = {"com.example/trace": "1", "": 1, "a": 2, "A_b.c-d": 3, "com.example/": {}, "a1/b": None}


class ResultsHaveMoreMembers(Odd):
    """A result is open, `_meta` is for everybody, and trap 69: the answer to ping too."""

    def result_response(self, request_id: RequestId, result: JsonObject) -> JsonObject:
        more: JsonObject = {
            **result,
            "x-extra": [1, None, {"a": True}],
            "_meta": {**META, **as_object(result.get("_meta"))},
        }
        return super().result_response(request_id, more)

    def notification(self, method: str, params: JsonObject | None = None) -> JsonObject:
        return super().notification(
            method, {**(params or {}), "_meta": {**META, **as_object((params or {}).get("_meta"))}}
        )


class JsonIsWrittenOtherwise(Odd):
    """RFC 8259: order of members, white space and escapes mean nothing in JSON, and may differ each time."""

    def message_text(self, message: Json) -> str:
        return "  " + json.dumps(_in_any_order(message), separators=(" ,\t", " : ")).replace("/", "\\/") + " "


def _in_any_order(value: Json) -> Json:
    """The same value, its members in another order at every depth."""
    if isinstance(value, dict):
        return {name: _in_any_order(value[name]) for name in random.sample(list(value), len(value))}
    return [_in_any_order(entry) for entry in value] if isinstance(value, list) else value


class NumbersAreWrittenAsFractions(Odd):
    """JSON has one type of number: the id 1 may come back as 1.0 (trap 29), and so may a progress token."""

    def answer_id(self, request_id: RequestId) -> Json:
        return float(request_id) if isinstance(request_id, int) else request_id

    def progress_token(self, call: Call) -> Json:
        token = super().progress_token(call)
        return float(token) if isinstance(token, int) else token


class CodesAreWrittenAsFractions(Odd):
    """RFC 8259, 6: JSON has one type of number, so -32601.0 is the integer -32601."""

    def error_object(self, error: RpcError) -> JsonObject:
        return {**super().error_object(error), "code": float(error.code)}

    def status_for_response(self, response: JsonObject) -> int:
        code = as_object(response.get("error")).get("code")
        plain: JsonObject = {"error": {"code": int(code)}} if isinstance(code, float) else response
        return super().status_for_response(plain)


class ErrorsHaveData(Odd):
    """JSON-RPC, 5.1: an error may have data of any kind, and any words."""

    def error_object(self, error: RpcError) -> JsonObject:
        return {
            **super().error_object(error),
            "message": "ошибка ✗",
            "data": {"stack": ["a"], **as_object(error.data)},
        }


class NoToolIsListed(Odd):
    """Trap 98: a missing fixture is no failure; an empty list is a list."""

    def tools_of(self, session: Session) -> list[Tool]:
        return []


class NothingIsDeclared(Odd):
    """Trap 68: a server may have nothing to offer but ping."""

    settings: ClassVar = Options(tasks=False)

    def declared_capabilities(self) -> JsonObject:
        return {}

    def handler_for(self, method: str) -> Handler | None:
        return super().handler_for(method) if method == "ping" else None


class OnlyToolsAreDeclared(Odd):
    """Trap 68: what is not declared is not asked for."""

    settings: ClassVar = Options(tasks=False)
    warned: ClassVar = frozenset({"tools.embedded-capability"})  # resources in results, and none to read

    def declared_capabilities(self) -> JsonObject:
        return {"tools": {}, "experimental": {"acme.example/x": {}}, "acme": {}}

    def log_allowed(self, session: Session, level: str) -> bool:
        return False

    def announce_change(self, session: Session, kind: str) -> None:
        return None

    def handler_for(self, method: str) -> Handler | None:
        return super().handler_for(method) if method in ("ping", "tools/list", "tools/call") else None


class ToolsAreListedOnPages(Odd):
    """server/utilities/pagination: a list may come on pages; its cursor is opaque."""

    async def list_tools(self, call: Call) -> JsonObject:
        listed: list[Json] = [self.tool_listing(call.session, tool) for tool in self.tools_of(call.session)]
        cursor = str(call.request.params.get("cursor", "page 0")).removeprefix("page ")
        if not cursor.isdecimal():
            raise RpcError(INVALID_PARAMS, "There is no such page.")
        first = int(cursor)
        more: JsonObject = {"nextCursor": f"page {first + 8}"} if first + 8 < len(listed) else {}
        return {"tools": listed[first : first + 8], **more}


class ToolsSayLittle(Odd):
    """The schema, Tool and Implementation: name and input schema; name and version, which may be empty."""

    settings: ClassVar = Options(tasks=False)

    def tool_listing(self, session: Session, tool: Tool) -> JsonObject:
        return {"name": tool.name, "inputSchema": {"type": "object"}}

    def server_info(self, session: Session) -> JsonObject:
        return {"name": "", "version": ""}


class EveryToolFails(Odd):
    """server/tools, Error Handling: a failure of a tool is a result."""

    settings: ClassVar = Options(tasks=False)

    async def call_tool(self, call: Call) -> JsonObject:
        return {"content": [], "isError": True}


class TextIsInEveryScript(Odd):
    """RFC 8259, 7 and 8: text is Unicode, with line breaks of other kinds, byte order marks and NUL."""

    def tool_listing(self, session: Session, tool: Tool) -> JsonObject:
        return {**super().tool_listing(session, tool), "description": "日本語\u2028\u0085 𝄞 \u0000 é\ufeff"}

    def message_text(self, message: Json) -> str:
        return json.dumps(message, ensure_ascii=False)


class ResultsAreLarge(Odd):
    """Trap 8: no size is too large: a megabyte."""

    async def call_tool(self, call: Call) -> JsonObject:
        result = await super().call_tool(call)
        more: JsonObject = {"type": "text", "text": "é\n" * 500_000}
        large = call.request.params.get("name") in ("test_simple_text", "test_tool_with_progress")
        return {**result, "content": [more]} if large else result


class _Progress(Odd):
    """Progress in other numbers."""

    def numbers(self, value: float) -> JsonObject:
        return {"progress": value}

    def send_progress(self, call: Call, value: float, total: float, message: str) -> None:
        token = self.progress_token(call)
        if token is not None and not call.done:
            params: JsonObject = {"progressToken": token, **self.numbers(value)}
            self.place(call.session, self.notification("notifications/progress", params), call)


class ProgressIsBare(_Progress):
    """basic/utilities/progress: `total` and `message` are optional, and progress may be a fraction, or negative."""

    def numbers(self, value: float) -> JsonObject:
        return {"progress": value / 7 - 3}


class ProgressIsHuge(_Progress):
    """basic/utilities/progress: no number is too large, and a total may change or be passed."""

    def numbers(self, value: float) -> JsonObject:
        return {"progress": 2**60 + int(value), "total": value + 0.5, "message": ""}


class NoProgressIsReported(Odd):
    """Trap 89: to report nothing is allowed."""

    def send_progress(self, call: Call, value: float, total: float, message: str) -> None:
        return None


class LogsComeAllTheTime(Odd):
    """Traps 67 and 91: lines of every level at any time, before the client is ready too, about anything."""

    def log_allowed(self, session: Session, level: str) -> bool:
        return True

    async def perform(self, call: Call) -> JsonObject:
        for level in LEVELS:
            params: JsonObject = {"level": level, "data": [level, None, 1], "logger": ""}
            self.place(call.session, self.notification("notifications/message", params), call)
        return await super().perform(call)


class ChangesComeAllTheTime(Odd):
    """Trap 49: equal notifications are no copies; every session is told, on GET streams and on those of calls."""

    def announce_change(self, session: Session, kind: str) -> None:
        for every in list(self.sessions.values()):
            super().announce_change(every, kind)

    async def perform(self, call: Call) -> JsonObject:
        changed = self.notification("notifications/tools/list_changed", {})
        self.place(call.session, changed, call)
        self.announce_change(call.session, "tools")
        return await super().perform(call)


class ExtensionsAreSpoken(Odd):
    """Trap 5: what the schema does not know is free."""

    async def perform(self, call: Call) -> JsonObject:
        self.place(call.session, self.notification("notifications/acme/heartbeat", {"x": [1]}), call)
        if call.stream and call.session.id and call.session.initialized:
            question = self.request(self.next_request_id(call.session), "acme/question", {"q": 1})
            self.place(call.session, question, call)
        return await super().perform(call)


class SlowToolsAreFast(Odd):
    """Trap 90: a cancellation may come too late."""

    steps: ClassVar[JsonObject] = {"steps": 4, "step_ms": 15}

    async def call_tool(self, call: Call) -> JsonObject:
        if call.request.params.get("name") == "test_slow":
            call.request.params["arguments"] = {**as_object(call.request.params.get("arguments")), **self.steps}
        return await super().call_tool(call)

"""The lowest layer: how messages of ours are built, and how they become text, bytes and SSE events."""

import json

from reference_server.jsonrpc import Json, JsonObject, RequestId, RpcError
from reference_server.options import Options

LINE_BREAKS = {code: f"\\u{code:04x}" for code in (0x85, 0x2028, 0x2029)}


class Messages:
    """Well-formed JSON-RPC 2.0, well-formed SSE, UTF-8."""

    def __init__(self, options: Options) -> None:
        self.options = options

    def envelope(self) -> JsonObject:
        """Every message says that it is JSON-RPC 2.0."""
        return {"jsonrpc": "2.0"}

    def answer_id(self, request_id: RequestId) -> Json:
        """An answer repeats the request's id, type and all."""
        return request_id

    def result_response(self, request_id: RequestId, result: JsonObject) -> JsonObject:
        """A good answer has a result and no error."""
        return {**self.envelope(), "id": self.answer_id(request_id), "result": result}

    def error_response(self, request_id: RequestId | None, error: RpcError) -> JsonObject:
        """A bad answer has an error and no result; without an id only if none could be read."""
        about = {} if request_id is None else {"id": self.answer_id(request_id)}
        return {**self.envelope(), **about, "error": self.error_object(error)}

    def error_object(self, error: RpcError) -> JsonObject:
        """An error has a code and a message."""
        data: JsonObject = {} if error.data is None else {"data": error.data}
        return {"code": self.error_code(error.code), "message": error.message, **data}

    def error_code(self, code: int) -> Json:
        """An error code is an integer."""
        return code

    def notification(self, method: str, params: JsonObject | None = None) -> JsonObject:
        """A notification has no id."""
        given: JsonObject = {} if params is None else {"params": params}
        return {**self.envelope(), "method": method, **given}

    def request(self, request_id: Json, method: str, params: JsonObject | None = None) -> JsonObject:
        """A request has an id that is a string or an integer."""
        given: JsonObject = {} if params is None else {"params": params}
        return {**self.envelope(), "id": request_id, "method": method, **given}

    def message_text(self, message: Json) -> str:
        """A message is one line of JSON, also for those who take every line break of Unicode for one."""
        text = json.dumps(message, ensure_ascii=False, separators=(",", ":"))
        if text.isascii():
            return text
        try:
            text.encode("utf-8")
        except UnicodeEncodeError:  # half a surrogate pair can only be sent as an escape
            return json.dumps(message, separators=(",", ":"))
        return text.translate(LINE_BREAKS)

    def encode_text(self, text: str) -> bytes:
        """Everything on the wire is UTF-8."""
        return text.encode("utf-8")

    def encode_message(self, message: Json) -> bytes:
        """A JSON answer's body is the message and nothing else."""
        return self.encode_text(self.message_text(message))

    def encode_event(self, event_id: str | None, data: str) -> bytes:
        """An event is its id, its data and an empty line."""
        head = "" if event_id is None else f"id: {event_id}\n"
        return self.encode_text(f"{head}data: {data}\n\n" if data else f"{head}data:\n\n")

    def encode_retry(self, milliseconds: int) -> bytes:
        """How long to wait before coming back: an event of its own, without an id, so that no id is skipped."""
        return self.encode_text(f"retry: {milliseconds}\ndata:\n\n")

    def encode_keep_alive(self) -> bytes:
        """A comment keeps the connection alive and means nothing."""
        return b": still here\n\n"

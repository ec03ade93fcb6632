"""JSON and bytes that readers stumble over."""

import itertools
import json
import socket
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from reference_server.jsonrpc import Json, JsonObject, RequestId, RpcError
from tests.hostile.hostile import JSON_TYPE, STREAM_TYPE, Asked, Raw, Twisted, asks, head, silence
from tests.hostile.words import LATIN_1
from tests.oddities.odd import Answer

DEEP = 100_000
READABLE = 180  # levels: about as many as the suite reads
IDS = ("null", "true", "-1", "1e3", "1.5", '""', '"1"', "[1]", '{"id": 1}', "9" * 400, '"' + "9" * 9000 + '"')


class _OnCalls(Raw):
    """Answers those who call a tool with `text`, and says it is JSON; all others get good answers."""

    text: ClassVar[bytes]

    def is_victim(self, asked: Asked) -> bool:
        return asks(asked, "tools/call")

    def attack(self, client: socket.socket, asked: Asked) -> None:
        client.sendall(head(JSON_TYPE) + asked.answer(result="|").replace(b'"|"', self.text))


class DeepJson(_OnCalls):
    """A tool's result is an array in an array, a hundred thousand times."""

    text: ClassVar = b"[" * DEEP + b"]" * DEEP


class DeepObjectsEverywhere(Twisted):
    """All that may be any JSON is an object in an object, a hundred and eighty times."""

    def message_text(self, message: Json) -> str:
        deep = '{"a":' * READABLE + "1" + "}" * READABLE
        marked = super().message_text(_with_hole(message))
        return marked.replace('"|"', deep)


class HugeIntegers(_OnCalls):
    """A tool's result has integers of a hundred thousand digits, for numbers, names and codes."""

    text: ClassVar = b'{"content": [], "isError": %s, "_meta": {"progressToken": %s}}' % ((b"9" * 100_000,) * 2)


class HugeIdsAndCodes(Raw):
    """Errors have codes, and answers ids, of four thousand digits and more."""

    def is_victim(self, asked: Asked) -> bool:
        return asks(asked, "tools/call", "completion/complete")

    def attack(self, client: socket.socket, asked: Asked) -> None:
        digits = b"9" * (3_999 if asks(asked, "tools/call") else 5_000)
        text = b'{"jsonrpc": "2.0", "id": %s, "error": {"code": %s, "message": "no"}}' % (digits, digits)
        mine = asked.answer(error={"code": 77, "message": "no"}).replace(b"77", digits)
        client.sendall(head(STREAM_TYPE) + b"data: " + text + b"\n\ndata: " + mine + b"\n\n")


class NumbersThatAreNone(_OnCalls):
    """A tool's result has NaN and infinity, which are no JSON."""

    text: ClassVar = b'{"content": [], "_meta": {"a": NaN, "b": Infinity, "c": -Infinity}}'


class NumbersWithoutEnd(Twisted):
    """Progress, priorities and codes are 1e999, which Python reads as infinite."""

    def message_text(self, message: Json) -> str:
        text = super().message_text(_with_numbers(message))
        return text.replace('"|"', "1e999")


class DoubledMembers(Twisted):
    """Every message has each of its members twice, and not alike."""

    def message_text(self, message: Json) -> str:
        first = json.dumps(dict.fromkeys(message, "owned") if isinstance(message, dict) else {})
        return f"{first[:-1]}, {super().message_text(message)[1:]}"


class DoubledMembersOfResults(_OnCalls):
    """A tool's result has each of its members twice."""

    text: ClassVar = b'{"content": 7, "content": [], "isError": "a", "isError": false, "isError": null}'


class HalfSurrogates(Twisted):
    """Texts hold halves of surrogate pairs, which no UTF-8 can carry."""

    def message_text(self, message: Json) -> str:
        return super().message_text(message).replace("test", "\\ud800test\\udfff")


class Utf8ThatIsNone(_OnCalls):
    """A tool's result is not UTF-8."""

    text: ClassVar = b'{"content": [{"type": "text", "text": "\xff\xfe\xc0\xaf\xed\xa0\x80"}]}'


class EventsThatAreNotUtf8(Twisted):
    """Every event has bytes in it that are no UTF-8: in data, ids, names, comments and names of fields."""

    def pieces(self, answer: Answer, chunk: bytes, more: bool) -> Iterable[bytes]:
        if answer.is_stream and chunk:
            chunk = b"\xff\xfe: \xff\n:\xc0\xaf\nretry: \xff\n\n" + chunk.replace(b"id: ", b"id: \xff\xe2\x80")
        yield chunk


class HeadsThatAreNotUtf8(Raw):
    """Reason phrases, names and values of headers are not ASCII, and control characters beside."""

    def is_victim(self, asked: Asked) -> bool:
        return asked.method == "POST" and "id" in asked.message and not asks(asked, "initialize", "ping")

    def attack(self, client: socket.socket, asked: Asked) -> None:
        lines = (f"X-Owned: {LATIN_1}", f"Content-Type: application/json; charset={LATIN_1}", f"ETag: {LATIN_1}")
        client.sendall(head(*lines, status=f"200 {LATIN_1}") + asked.answer())


class NulBytes(Twisted):
    """Texts, event ids and comments hold bytes of zero."""

    def message_text(self, message: Json) -> str:
        return super().message_text(message).replace("test", "\\u0000test")

    def pieces(self, answer: Answer, chunk: bytes, more: bool) -> Iterable[bytes]:
        yield chunk.replace(b"id: ", b":\0\0\nid: \0\nid: ") if answer.is_stream else chunk


class BodiesOfZeros(_OnCalls):
    """A tool's result is a megabyte of bytes of zero."""

    text: ClassVar = b"\0" * 2**20


class IdsOfEveryType(Raw):
    """Answers come with ids of every type of JSON, and the right one last."""

    def is_victim(self, asked: Asked) -> bool:
        return asks(asked, "tools/call", "tools/list", "ping") and asked.message.get("id") != 1

    def attack(self, client: socket.socket, asked: Asked) -> None:
        strange = "".join(f'data: {{"jsonrpc": "2.0", "id": {id}, "result": {{}}}}\n\n' for id in IDS)
        asking = "".join(f'data: {{"jsonrpc": "2.0", "id": {id}, "method": "ping"}}\n\n' for id in IDS)
        errors = 'data: {"jsonrpc": "2.0", "id": [[]], "error": 7}\n\ndata: {"error": {"code": {}}}\n\n'
        mine = b"data: " + asked.answer() + b"\n\n"
        client.sendall(head(STREAM_TYPE) + (strange + asking + errors).encode() + mine)

    kept: ClassVar = ()


class AnswersToWhatNobodyAsked(Raw):
    """Answers to a thousand requests that nobody sent come to those who listen."""

    def is_victim(self, asked: Asked) -> bool:
        return asked.method == "GET"

    def attack(self, client: socket.socket, asked: Asked) -> None:
        answers = (b'data: {"jsonrpc": "2.0", "id": %d, "result": {"owned": 1}}\n\n' % n for n in range(1000))
        client.sendall(head(STREAM_TYPE) + b"".join(answers))
        silence(client)


class ABatchOfTenThousand(_OnCalls):
    """A tool's answer is a batch of ten thousand messages, few of which are any."""

    revision: ClassVar = "2025-03-26"

    def attack(self, client: socket.socket, asked: Asked) -> None:
        client.sendall(head(JSON_TYPE) + b"[" + b'1, [], {}, {"method": 7}, ' * 10_000 + asked.answer() + b"]")


class EveryMessageIsOfAnotherType(Raw):
    """What should be an object is a number, a text, a list or nothing, at every depth."""

    kept: ClassVar = ()
    values: ClassVar[Iterator[Any]] = itertools.cycle([7, "a", [], None, True, [[]], -1.5, {"owned": []}])

    def is_victim(self, asked: Asked) -> bool:
        return "id" in asked.message and not asks(asked, "initialize", "server/discover")

    def attack(self, client: socket.socket, asked: Asked) -> None:
        names = ("tools", "content", "resources", "prompts", "contents", "messages", "task", "tasks", "completion")
        more = ("_meta", "structuredContent", "nextCursor", "isError", "status", "taskId", "inputRequests", "ttlMs")
        result = {name: next(self.values) for name in (*names, *more)}
        nested = {name: [value, {name: value, "name": value, "uri": value}] for name, value in result.items()}
        errors: list[dict[str, Any]] = [
            {"error": 7},
            {"error": {"code": "a", "message": []}},
            {"error": {"code": None, "data": [7]}},
        ]
        results = ({"result": value} for value in (result, nested, next(self.values)))
        members: list[dict[str, Any]] = [*results, *errors]
        client.sendall(head(JSON_TYPE) + asked.answer(**members[hash(asked.body) % len(members)]))


class EveryModernMessageIsOfAnotherType(EveryMessageIsOfAnotherType):
    """The same in the era without sessions."""

    revision: ClassVar = "2026-07-28"


class ErrorsHaveDeepData(Twisted):
    """Every refusal carries an object in an object, a hundred and eighty times, where versions are named."""

    def error_response(self, request_id: RequestId | None, error: RpcError) -> JsonObject:
        deep: Json = "down"
        for _ in range(READABLE):
            deep = {"supported": deep, "elicitations": deep} if deep == "down" else {"supported": deep}
        known = super().error_response(request_id, error)
        return {**known, "error": {"code": -32600, "message": "no", "data": deep}}


def _with_hole(message: Json) -> Json:
    """A message with a hole wherever any JSON may stand."""
    if not isinstance(message, dict):
        return message
    for part in (message.get("result"), message.get("params"), message.get("error")):
        if isinstance(part, dict):
            part["_meta"] = {**(part["_meta"] if isinstance(part.get("_meta"), dict) else {}), "owned": "|"}  # type: ignore[dict-item]
            part["data"] = "|"
            for tool in part["tools"] if isinstance(part.get("tools"), list) else ():  # type: ignore[union-attr]
                tool |= {"outputSchema": "|", "annotations": "|", "icons": "|"}  # type: ignore[operator]
    return json.loads(json.dumps(message))  # type: ignore[no-any-return]


def _with_numbers(value: Json) -> Json:
    """The same with a hole in the place of each number that is no id."""
    if isinstance(value, dict):
        return {k: v if k in ("id", "progressToken") else _with_numbers(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_with_numbers(item) for item in value]
    return "|" if isinstance(value, int | float) and not isinstance(value, bool) else value

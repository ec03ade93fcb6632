"""A server that streams as fast as it is read, and its client.

    python -m tests.bench.streaming                              the server
    python -m tests.bench.streaming PORT STREAMS RATE SECONDS    its client; the rate is of events on each stream

The server speaks just enough MCP for every rule to be judged. A call of its tool says in its arguments how many
progress notifications shall come before the answer, and how many a second, 0 for as many as can be.
"""

import asyncio
import json
import random
import re
import sys
import time
from asyncio import StreamReader, StreamWriter
from itertools import count
from typing import Any

REVISION = "2025-11-25"
_AT_ONCE = 10  # events that are written together where as many as can be are wanted
_FILLER = "x" * 120  # makes an event about 300 bytes long
_LAST_CHUNK = b"0\r\n\r\n"
_READ = 256 * 1024
_SENT_AT = re.compile(rb"sent at ([0-9.]+)")
_ids = count(1)


async def serve(reader: StreamReader, writer: StreamWriter) -> None:
    """One connection, request after request."""
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"content-length: *(\d+)", head, re.IGNORECASE)
            body = json.loads(await reader.readexactly(int(length[1]) if length else 0))
            await _answer(writer, body)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def _answer(writer: StreamWriter, body: dict[str, Any]) -> None:
    match body.get("method"):
        case "initialize":
            info = {"name": "streaming", "version": "1"}
            result = {"protocolVersion": REVISION, "capabilities": {"tools": {}}, "serverInfo": info}
            _whole(writer, {"jsonrpc": "2.0", "id": body["id"], "result": result}, "Mcp-Session-Id: bench\r\n")
        case "tools/call":
            await _stream(writer, body)
        case _ if "id" in body:
            _whole(writer, {"jsonrpc": "2.0", "id": body["id"], "result": {}})
        case _:
            writer.write(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")


def _whole(writer: StreamWriter, message: dict[str, Any], more: str = "") -> None:
    data = json.dumps(message).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{more}Content-Length: {len(data)}\r\n\r\n"
    writer.write(head.encode() + data)


async def _stream(writer: StreamWriter, body: dict[str, Any]) -> None:
    wanted, token = body["params"]["arguments"], body["params"]["_meta"]["progressToken"]
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
    many = _chunk(b"id: %d\ndata:\n\n" % token)
    for number in range(1, wanted["events"] + 1):
        said = f"sent at {time.monotonic():.6f} {_FILLER}"
        params = {"progressToken": token, "progress": number, "message": said}
        many += _event({"jsonrpc": "2.0", "method": "notifications/progress", "params": params})
        if wanted["rate"] or number % _AT_ONCE == 0:
            writer.write(many)
            await writer.drain()
            many = b""
        if wanted["rate"]:
            await asyncio.sleep(random.expovariate(wanted["rate"]))
    result = {"content": [{"type": "text", "text": "done"}]}
    writer.write(many + _event({"jsonrpc": "2.0", "id": body["id"], "result": result}) + _LAST_CHUNK)


def _event(message: dict[str, Any]) -> bytes:
    return _chunk(b"data: " + json.dumps(message).encode() + b"\n\n")


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


class Client:
    """A session with the server, directly or through whatever listens at `port`."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def begin(self) -> None:
        """Begin the session."""
        hello = {"protocolVersion": REVISION, "capabilities": {}, "clientInfo": {"name": "bench", "version": "1"}}
        await self._call({"jsonrpc": "2.0", "id": next(_ids), "method": "initialize", "params": hello}, [])
        await self._call({"jsonrpc": "2.0", "method": "notifications/initialized"}, [])

    async def load(self, events: int, streams: int) -> float:
        """Events per second, as fast as they come."""
        began = time.monotonic()
        await asyncio.gather(*(self._stream(events // streams, 0, []) for _ in range(streams)))
        return events / (time.monotonic() - began)

    async def delays(self, streams: int, rate: float, seconds: float) -> list[float]:
        """How long each event was under way, in seconds, sorted; so many come per second and stream."""
        delays: list[float] = []
        await asyncio.gather(*(self._stream(int(rate * seconds), rate, delays) for _ in range(streams)))
        return sorted(delays)

    async def requests(self, number: int, at_once: int) -> float:
        """Requests per second, each answered by JSON, on so many connections."""

        async def some() -> None:
            reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
            for _ in range(number // at_once):
                writer.write(self._request({"jsonrpc": "2.0", "id": next(_ids), "method": "ping"}))
                head = await reader.readuntil(b"\r\n\r\n")
                length = re.search(rb"content-length: *(\d+)", head, re.IGNORECASE)
                await reader.readexactly(int(length[1]) if length else 0)
            writer.close()

        began = time.monotonic()
        await asyncio.gather(*(some() for _ in range(at_once)))
        return number / (time.monotonic() - began)

    async def _stream(self, events: int, rate: float, delays: list[float]) -> None:
        number = next(_ids)
        params = {"name": "stream", "arguments": {"events": events, "rate": rate}, "_meta": {"progressToken": number}}
        await self._call({"jsonrpc": "2.0", "id": number, "method": "tools/call", "params": params}, delays)

    async def _call(self, message: dict[str, Any], delays: list[float]) -> None:
        """Ask, and read the answer to its end."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        writer.write(self._request(message, "Connection: close\r\n"))
        end = b""
        while not end.endswith(_LAST_CHUNK) and (data := await reader.read(_READ)):
            now = time.monotonic()
            delays += (now - float(found[1]) for found in _SENT_AT.finditer(data))
            end = (end + data)[-len(_LAST_CHUNK) :]
            if message["method"] != "tools/call":
                break
        writer.close()

    def _request(self, message: dict[str, Any], more: str = "") -> bytes:
        data = json.dumps(message).encode()
        begun = message["method"] != "initialize"
        session = f"Mcp-Session-Id: bench\r\nMCP-Protocol-Version: {REVISION}\r\n" if begun else ""
        head = (
            f"POST /mcp HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\nContent-Type: application/json\r\n"
            f"Accept: application/json, text/event-stream\r\n{session}{more}Content-Length: {len(data)}\r\n\r\n"
        )
        return head.encode() + data


async def main() -> None:
    """Serve until killed; the first line that is printed is the port."""
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


async def load(port: int, streams: int, rate: float, seconds: float) -> None:
    """Be a client for so long, with so many events per second on each stream."""
    client = Client(port)
    await client.begin()
    await client.delays(streams, rate, seconds)


if __name__ == "__main__":
    asyncio.run(load(*map(int, sys.argv[1:])) if sys.argv[1:] else main())

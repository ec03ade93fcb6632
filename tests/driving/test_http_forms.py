"""Legal forms of HTTP/1.1 that no ASGI server lets an application choose: they mean what they always mean."""

import json

import anyio
import pytest
from anyio.abc import ByteStream

from conformance.driving.target import Target
from tests.little_servers import Serve, serving
from tests.refusals import found, result

BODY = json.dumps(result()).encode()
CHUNKED = b'5;name="a;b"\r\n' + BODY[:5] + b"\r\n" + f"{len(BODY) - 5:X};last\r\n".encode() + BODY[5:] + b"\r\n0\r\n"
FORMS = {
    "RFC 9112, 7.1.1: chunks have extensions": (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: Chunked\r\n\r\n" + CHUNKED + b"\r\n"
    ),
    "RFC 9110, 6.5: trailers follow": (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTrailer: X-Sum\r\ntransfer-encoding: chunked\r\n\r\n"
        + CHUNKED
        + b"X-Sum: 1\r\nContent-Type: text/html\r\n\r\n"
    ),
    "RFC 9110, 15.2: informational answers come first": (
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\nContent-Type: a/b\r\n\r\n"
        + b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"
        + BODY
    ),
    "RFC 9112, 2.3: the server is one of HTTP/1.0": (
        b"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n" + BODY
    ),
    "RFC 9112, 4: there is no reason phrase": (
        b"HTTP/1.1 200 \r\ncontent-type: application/json\r\nconnection: close\r\n\r\n" + BODY
    ),
    "RFC 9112, 5.1 (trap 6): white space stands around values": (
        b"HTTP/1.1 200 OK\r\nCONTENT-TYPE:\t application/json \t\r\nMcp-Session-Id:abc \r\nContent-Length: "
        + f"{len(BODY)}".encode()
        + b"  \r\nConnection: close\r\n\r\n"
        + BODY
    ),
}


def says_bytes(answer: bytes) -> Serve:
    async def serve(stream: ByteStream, _request: bytes) -> None:
        await stream.send(answer)

    return serve


@pytest.mark.parametrize("form", FORMS)
def test_an_answer_of_legal_form_is_understood(form: str) -> None:
    async def ask() -> str:
        async with serving(says_bytes(FORMS[form])) as url:
            return (await found(Target(url, timeout=5.0, revisions=("2025-11-25",)))).server

    assert anyio.run(ask) == "little 1"


def test_white_space_is_no_part_of_a_session_id() -> None:
    async def ask() -> str | None:
        async with serving(says_bytes(FORMS["RFC 9112, 5.1 (trap 6): white space stands around values"])) as url:
            (wire,) = (await found(Target(url, timeout=5.0, revisions=("2025-11-25",)))).wires
            return wire.recorder.exchange(1).request_header("mcp-session-id")

    assert anyio.run(ask) == "abc"

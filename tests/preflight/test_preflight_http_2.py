"""A target that speaks HTTP/2 and nothing older: it is told so, because what this suite has to send needs HTTP/1.1.

Names in other letter case and white space around values are part of it, and HTTP/2 carries neither.
"""

import ssl

import anyio
import httpx
import pytest
from anyio.abc import ByteStream

from tests.little_servers import says
from tests.refusals import why

FOREVER = 1000.0
HTTP_2_ONLY = "let it, or the proxy before it, offer HTTP/1.1 too, which is what this suite speaks"


def test_a_server_that_agrees_to_http_2_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """OpenSSL's words for the alert; the ssl module of Python cannot be made to send it."""

    async def refused(*_: object, **__: object) -> None:
        raise ssl.SSLError(1, "[SSL] tlsv1 alert no application protocol (_ssl.c:1006)")

    monkeypatch.setattr(httpx.AsyncClient, "send", refused)
    assert why(says(200)) == f"no answer from the server, the server speaks HTTP/2 and nothing older: {HTTP_2_ONLY}"


def test_a_server_that_begins_with_http_2_at_once() -> None:
    async def serve(stream: ByteStream, _request: bytes) -> None:
        await stream.send(bytes.fromhex("000000040000000000"))  # RFC 9113, 6.5: empty SETTINGS
        await anyio.sleep(FOREVER)

    told = why(serve, timeout=5.0)
    assert told == f"no answer from the server, the answer is no HTTP/1.1, and begins as HTTP/2 does: {HTTP_2_ONLY}"

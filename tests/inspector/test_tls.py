"""TLS on either side: certificates of the server's that are trusted or not, mitmproxy's own, and HTTP/2."""

import ssl
import warnings
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
import trustme
from anyio.abc import ByteStream
from hypothesis import given, settings

from conformance.evidence.recording import Asked, Chunk, Deed, End, Lost
from inspector.proxy.setup import Setup
from tests.inspector.behind import LAST_CHUNK, STREAM, chunk, proxy_before, proxy_for, run
from tests.inspector.test_transparent import PIECES
from tests.little_servers import Serve, head, serving

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # mitmproxy uses pyOpenSSL as it was
EVENT = b"id: 1\ndata: 1\n\n"
CALL = b'{"jsonrpc":"2.0","id":1,"method":"ping"}'


async def one_event(stream: ByteStream, _request: bytes) -> None:
    await stream.send(head(200, *STREAM) + chunk(EVENT) + LAST_CHUNK)


@asynccontextmanager
async def serving_tls(serve: Serve, folder: Path) -> AsyncIterator[tuple[str, Path]]:
    """A server with a certificate, and a file with what has to be trusted for it."""
    authority, file = trustme.CA(), folder / "ca.pem"
    authority.cert_pem.write_to_path(file)
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    async with serving(serve, tls) as url:
        yield url, file


@pytest.mark.parametrize("how", ["--ca", "--insecure"])
def test_a_server_that_speaks_tls_is_reached(how: str, tmp_path: Path) -> None:
    async def test() -> None:
        async with serving_tls(one_event, tmp_path) as (url, ca):
            setup = Setup(url, ca=ca) if how == "--ca" else Setup(url, insecure=True)
            async with proxy_for(setup) as proxied, httpx.AsyncClient(trust_env=False) as client:
                assert (await client.get(proxied.url)).content == EVENT
                await proxied.seen.until(End)
                assert proxied.seen.received() == EVENT

    run(test)


def test_a_server_that_is_not_trusted_is_not_charged_with_that(tmp_path: Path) -> None:
    async def test() -> None:
        async with (
            serving_tls(one_event, tmp_path) as (url, _),
            proxy_for(Setup(url)) as proxied,
            httpx.AsyncClient(trust_env=False) as client,
        ):
            assert (await client.get(proxied.url)).status_code == 502
            assert (await proxied.seen.until(Lost)).ending == "cut off"
            assert "ertificate verify failed" in (await proxied.seen.until(Deed)).what

    run(test)


def test_https_through_an_ordinary_proxy_is_read_with_its_own_certificate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))

    async def test() -> None:
        async with serving_tls(one_event, tmp_path) as (url, ca), proxy_for(Setup(ca=ca)) as proxied:
            trusted = ssl.create_default_context(cafile=tmp_path / ".mitmproxy" / "mitmproxy-ca-cert.pem")
            trusted.verify_flags &= ~ssl.VERIFY_X509_STRICT
            async with httpx.AsyncClient(proxy=proxied.url, verify=trusted, trust_env=False) as client:
                answer = await client.post(url, content=CALL, headers={"Content-Type": "application/json"})
            assert answer.content == EVENT
            asked = await proxied.seen.until(Asked)
            assert (asked.url, asked.body) == (url, CALL)
            await proxied.seen.until(End)
            assert proxied.seen.received() == EVENT

    run(test)


class OnlyHttp2(ssl.SSLContext):
    """httpx prefers HTTP/1.1, whatever it is told, and mitmproxy does as its client prefers."""

    def set_alpn_protocols(self, _: Iterable[str]) -> None:
        super().set_alpn_protocols(["h2"])


@settings(max_examples=10, deadline=None)
@given(down=PIECES, up=PIECES, broken_off=...)
def test_bytes_arrive_over_http2_as_they_were_sent(down: list[bytes], up: list[bytes], broken_off: bool) -> None:
    pytest.importorskip("h2")

    async def test() -> None:
        got: list[bytes] = []

        async def answer(stream: ByteStream, request: bytes) -> None:
            got.append(request.partition(b"\r\n\r\n")[2])
            await stream.send(head(200, *STREAM))
            for piece in down:
                await stream.send(chunk(piece))
            if not broken_off:
                await stream.send(LAST_CHUNK)

        trusting = OnlyHttp2(ssl.PROTOCOL_TLS_CLIENT)
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        async with proxy_before(answer) as proxied:
            url, arrived = proxied.url.replace("http://", "https://"), b""
            client = httpx.AsyncClient(http1=False, http2=True, verify=trusting, trust_env=False)
            async with client, client.stream("POST", url, content=b"".join(up)) as response:
                assert response.http_version == "HTTP/2"
                try:
                    async for data in response.aiter_raw():
                        arrived += data
                    assert not broken_off
                except httpx.RemoteProtocolError:
                    assert broken_off
            assert (arrived, got) == (b"".join(down), [b"".join(up)])
            await proxied.seen.until(Lost if broken_off else End)
            assert b"".join(c.data for c in proxied.seen.all(Chunk)) == arrived

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        run(test)

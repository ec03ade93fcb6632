"""A target that cannot be judged is told why, in one sentence, in time, and without filling the memory."""

import socket
import ssl
import sys
import tracemalloc
from pathlib import Path

import anyio
import pytest
import trustme
from anyio.abc import ByteStream

from conformance.driving.target import BadTarget, Target, header_of
from conformance.evidence.trace import JSON
from conformance.preflight.survey import AT_ONCE, FEW, Survey, Unjudgeable
from reference_server.exchange import Exchange, Receive, Scope, Send
from reference_server.jsonrpc import Request
from reference_server.options import Options
from reference_server.server import ReferenceServer
from reference_server.serving import serve
from tests.little_servers import Serve, head, says, serving
from tests.refusals import JSON_TYPE, STREAM_TYPE, asked_for, found, result, says_json, why, why_at

FOREVER = 1000.0


# No connection


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_nobody_listens() -> None:
    assert why_at(f"http://127.0.0.1:{free_port()}/mcp") == (
        "no answer from the server, the connection was refused: is the server running? Wait for it with --mcp-wait "
        "SECONDS"
    )


@pytest.mark.parametrize("host", ["nowhere.invalid", "a..b", "a" * 70 + ".invalid"])
def test_the_host_is_not_known(host: str) -> None:
    assert why_at(f"http://{host}/mcp", timeout=10.0) == (
        "no answer from the server, the host name is not known: check the host in --target"
    )


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a queue of none still takes connections")
def test_no_connection_is_made_in_time() -> None:
    with socket.socket() as full, socket.socket() as one, socket.socket() as two:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for filler in (one, two):
            filler.setblocking(False)
            filler.connect_ex(full.getsockname())
        assert why_at(f"http://127.0.0.1:{full.getsockname()[1]}/mcp") == (
            "no answer from the server, no connection could be made in time: is the host up, and is no firewall in "
            "between? Try --mcp-timeout"
        )


# TLS


def test_a_certificate_that_nobody_vouches_for(tmp_path: Path) -> None:
    authority = trustme.CA()
    tls = server_tls(authority)
    ca_file = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(ca_file)

    async def ask(**about: object) -> str:
        async with serving(says(404), tls) as url:
            try:
                await found(Target(url, timeout=5.0, **about))  # type: ignore[arg-type]
            except Unjudgeable as refusal:
                return str(refusal)
        return ""

    refused = anyio.run(lambda: ask())
    assert refused.startswith("no answer from the server, the certificate is not trusted: ")
    assert refused.endswith(": name its authority with --mcp-ca FILE, or use --mcp-insecure on a test machine")
    assert "(404)" in anyio.run(lambda: ask(ca_file=ca_file))
    assert "(404)" in anyio.run(lambda: ask(insecure=True))


def server_tls(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


def test_https_where_http_is_spoken() -> None:
    async def ask() -> str:
        async with serving(says(200)) as url:
            try:
                await found(Target(url.replace("http:", "https:"), timeout=5.0))
            except Unjudgeable as refusal:
                return str(refusal)
        return ""

    told = anyio.run(ask)
    assert told.startswith("no answer from the server, TLS failed: ")
    assert told.endswith(": check that the scheme in --target is right")


# An answer that is none


def test_something_that_is_not_http() -> None:
    async def serve(stream: ByteStream, _request: bytes) -> None:
        await stream.send(b"220 mail.example ESMTP ready\r\n\r\n")

    told = why(serve, timeout=5.0)
    assert told.startswith("no answer from the server, the answer is not HTTP: ")
    assert told.endswith(": check host, port and scheme in --target")


def test_the_connection_is_closed_without_a_word() -> None:
    async def serve(_stream: ByteStream, _request: bytes) -> None:
        return

    assert why(serve, timeout=5.0) == (
        "no answer from the server, the connection was closed without an HTTP answer: check host, port and scheme in "
        "--target"
    )


def test_silence_after_the_connection_is_made() -> None:
    async def serve(_stream: ByteStream, _request: bytes) -> None:
        await anyio.sleep(FOREVER)

    assert why(serve) == (
        "the server took the connection and gave no HTTP answer for 0.4 s: is it hanging, or no HTTP server? Try "
        "--mcp-timeout"
    )


def test_silence_where_a_notification_is_to_be_accepted() -> None:
    async def serve(stream: ByteStream, request: bytes) -> None:
        if asked_for(request).get("method") == "notifications/initialized":
            await anyio.sleep(FOREVER)
        await says_json(result())(stream, request)

    assert "the server answered initialize, and then gave notifications/initialized no HTTP answer" in why(serve)


@pytest.mark.parametrize("kind", [JSON_TYPE, STREAM_TYPE])
def test_silence_after_the_head(kind: str) -> None:
    async def serve(stream: ByteStream, _request: bytes) -> None:
        await stream.send(head(200, kind))
        await anyio.sleep(FOREVER)

    assert why(serve) == (
        "the answer to initialize began (200), but no response came within 0.4 s: is the server hanging? Try "
        "--mcp-timeout"
    )


def test_the_answer_breaks_off() -> None:
    told = why(says(200, JSON_TYPE, "Content-Length: 1000", body=b'{"jsonrpc":'), timeout=5.0)
    assert told == (
        "the answer to initialize began (200), but the connection was closed in the middle of the answer: look into "
        "the server's log"
    )


def endless(kind: str, piece: bytes) -> Serve:
    async def serve(stream: ByteStream, _request: bytes) -> None:
        await stream.send(head(200, kind))
        while True:
            await stream.send(piece)

    return serve


@pytest.mark.parametrize(
    ("kind", "piece"),
    [
        (STREAM_TYPE, b": still here\n\n" * 5000),
        (STREAM_TYPE, b"data" * 16_000),
        (JSON_TYPE, b"[" * 64_000),
        ("Content-Type: text/plain", b"x" * 64_000),
    ],
)
def test_an_answer_without_end_neither_lasts_nor_fills_the_memory(kind: str, piece: bytes) -> None:
    tracemalloc.start()
    try:
        told = why(endless(kind, piece), timeout=10.0, revisions=("2025-11-25",))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert told == "the answer to initialize has no end: megabytes came without a response in them; this is not MCP"
    assert most < 64 * 1024 * 1024


def test_a_trickle_without_end_ends_in_time() -> None:
    async def serve(stream: ByteStream, _request: bytes) -> None:
        await stream.send(head(200, STREAM_TYPE))
        while True:
            await stream.send(b": ping\n\n")
            await anyio.sleep(0.05)

    assert why(serve).startswith("the answer to initialize began (200), but no response came within 0.4 s")


# What is well


def test_a_server_that_speaks_one_revision_is_judged_in_that_one() -> None:
    async def ask() -> Survey:
        async with serving(says_json(result())) as url:
            return await found(Target(url, timeout=5.0))

    seen = anyio.run(ask)
    assert [wire.revision for wire in seen.wires] == ["2025-11-25"]
    assert seen.declined == ("2025-03-26", "2025-06-18", "2026-07-28")
    assert seen.server == "little 1"


@pytest.mark.parametrize("change", [{"id": "1"}, {"result": {"capabilities": {}, "serverInfo": {"name": "x"}}}])
def test_a_slip_at_the_beginning_is_for_a_check_to_say(change: dict[str, JSON]) -> None:
    assert why(says_json(result() | change), timeout=5.0) == "nothing is wrong with it"


def test_a_gateway_whose_server_is_not_up_yet_is_asked_again() -> None:
    async def ask() -> str:
        requests = 0

        async def serve(stream: ByteStream, _request: bytes) -> None:
            nonlocal requests
            requests += 1
            await stream.send(head(503 if requests == 1 else 418))

        async with serving(serve) as url:
            try:
                await found(Target(url, timeout=5.0, wait=10.0))
            except Unjudgeable as refusal:
                return str(refusal)
        return ""

    assert "418" in anyio.run(ask)


# Options


@pytest.mark.parametrize(
    "url",
    ["", "localhost:8000", "ftp://x/", "http://", "http://[::1", "http://x:99999/", "http://x:port/", "http://x:0/"],
)
def test_what_is_no_address_is_told_before_anything_is_sent(url: str) -> None:
    with pytest.raises(BadTarget, match="must be an http or https URL"):
        Target(url)


@pytest.mark.parametrize("line", ["", "Name", ": x", "A name: x", "Näme: x", "Name: a\x00b", "Name: a\nb"])
def test_what_is_no_header_is_told(line: str) -> None:
    with pytest.raises(BadTarget, match="NAME: VALUE"):
        header_of(line)


def test_a_timeout_of_nothing_is_told() -> None:
    with pytest.raises(BadTarget, match="more than 0"):
        Target("http://127.0.0.1/", timeout=0)


@pytest.mark.parametrize("content", ["", "not a certificate"])
def test_a_certificate_file_that_is_none_is_told(tmp_path: Path, content: str) -> None:
    file = tmp_path / "ca.pem"
    file.write_text(content)
    for target in (
        Target("https://127.0.0.1/", ca_file=file),
        Target("https://127.0.0.1/", client_certificate=file),
        Target("https://127.0.0.1/", ca_file=tmp_path / "missing.pem"),
    ):
        with pytest.raises(BadTarget, match="cannot be used"):
            target.http()


class SessionsAreDear(ReferenceServer):
    """A gateway that starts a process for each session."""

    async def post_initialize(self, http: Exchange, request: Request) -> None:
        await anyio.sleep(0.6)
        await super().post_initialize(http, request)


@pytest.mark.parametrize(("kind", "at_once"), [(SessionsAreDear, FEW), (ReferenceServer, AT_ONCE)])
def test_a_server_to_which_sessions_are_dear_is_not_asked_for_many_at_once(
    kind: type[ReferenceServer], at_once: int
) -> None:
    with serve(kind(Options(revisions=("2025-11-25",)))) as url:
        assert anyio.run(found, Target(url, timeout=5.0)).at_once == at_once


class TheFirstRequestStartsIt(ReferenceServer):
    """A server that begins with its first request, and fails for those that come at the same time."""

    requests = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.requests += 1
        if 1 < self.requests <= 3:
            await send({"type": "http.response.start", "status": 500, "headers": []})
            await send({"type": "http.response.body", "body": b"not yet"})
        else:
            await super().__call__(scope, receive, send)


def test_a_server_that_was_only_starting_is_asked_once_more() -> None:
    with serve(TheFirstRequestStartsIt(Options())) as url:
        assert anyio.run(found, Target(url, timeout=5.0)).declined == ()

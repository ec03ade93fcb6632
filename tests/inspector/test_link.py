"""The proxy as a child process: it starts or says why not, tells, obeys, and goes when it shall."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import anyio
import httpx
import pytest
from anyio.abc import ByteStream

from conformance.evidence.recording import Asked, Chunk, Deed, Lost, Record, read
from inspector.proxy import link as link_module
from inspector.proxy.commands import Cut
from inspector.proxy.link import Link
from inspector.proxy.setup import CannotStart, Setup
from tests.inspector.behind import PATIENCE, STREAM, asking, chunk, read_until, run
from tests.little_servers import head, serving

HERE = Path(__file__).parents[2]


async def endless(stream: ByteStream, _request: bytes) -> None:
    await stream.send(head(200, *STREAM) + chunk(b"id: 1\ndata: 1\n\n"))
    await stream.receive()


async def some(link: Link, kind: type[Record]) -> Record:
    """The next record of this kind."""
    with anyio.fail_after(PATIENCE):
        async for record in link:
            if isinstance(record, kind):
                return record
    raise AssertionError(f"the proxy ended without a {kind.__name__}")


def test_a_viewer_sees_what_passes_and_cuts_it(tmp_path: Path) -> None:
    async def test() -> None:
        file = tmp_path / "live.rec"
        async with serving(endless) as upstream, Link(Setup(upstream), file) as link:
            assert link.url.endswith("/mcp")
            assert link.about.upstream == upstream
            async with asking(int(link.url.split(":")[2].removesuffix("/mcp"))) as client:
                await read_until(client, b"data: 1\n\n")
                asked, data = await some(link, Asked), await some(link, Chunk)
                assert isinstance(data, Chunk)
                assert data.data == b"id: 1\ndata: 1\n\n"
                await link.send(Cut(asked.number))
                assert isinstance(lost := await some(link, Lost), Lost)
                assert lost.ending == "cut off"
            link.stop()
            assert [record async for record in link] == []
        assert [exchange.ending for exchange in read(file).trace().exchanges] == ["cut off"]

    run(test)


def test_what_is_still_open_at_the_end_is_told_before_it() -> None:
    async def test() -> None:
        async with (
            serving(endless) as upstream,
            Link(Setup(upstream)) as link,
            httpx.AsyncClient() as client,
            client.stream("GET", link.url) as answer,
        ):
            arriving = answer.aiter_raw()
            await anext(arriving)
            await some(link, Chunk)
            link.stop()
            rest = [record async for record in link]
            assert [type(record) for record in rest] == [Deed, Lost]

    run(test)


@pytest.mark.parametrize(
    ("setup", "why"),
    [
        (Setup("ftp://127.0.0.1/mcp"), "expected a URL such as http://127.0.0.1:3000/mcp"),
        (Setup("http://[::1/mcp"), "--upstream http://[::1/mcp: Invalid IPv6 URL"),
        (Setup("http://127.0.0.1/mcp", listen="7100x"), "expected HOST:PORT"),
        (Setup("http://127.0.0.1/mcp", listen="192.0.2.1:0"), "cannot listen at 192.0.2.1:0"),
        (Setup("https://127.0.0.1/mcp", ca=Path("/nowhere")), "there is no such file"),
    ],
)
def test_a_proxy_that_cannot_start_says_why(setup: Setup, why: str) -> None:
    async def test() -> None:
        with pytest.raises(CannotStart) as refused:
            async with Link(setup):
                pass
        assert why in str(refused.value)
        assert "\n" not in str(refused.value)

    run(test)


def test_a_port_that_is_taken_is_named_by_the_viewer_too() -> None:
    async def test() -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            listen = f"127.0.0.1:{taken.getsockname()[1]}"
            with pytest.raises(CannotStart, match="ddress already in use"):
                async with Link(Setup("http://127.0.0.1:9/mcp", listen=listen)):
                    pass

    run(test)


def test_without_mitmproxy_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link_module, "find_spec", lambda _: None)

    async def test() -> None:
        with pytest.raises(CannotStart, match="pip install 'mcp-http-conformance"):
            async with Link(Setup("http://127.0.0.1/mcp")):
                pass

    run(test)


def test_when_the_viewer_is_killed_the_proxy_ends(tmp_path: Path) -> None:
    async def test() -> None:
        path, came = tmp_path / "feed", asyncio.Queue[asyncio.StreamWriter]()
        server = await asyncio.start_unix_server(lambda _, writer: came.put_nowait(writer), path)
        command = [
            sys.executable,
            "-m",
            "inspector.proxy.process",
            "--upstream",
            "http://127.0.0.1:9/mcp",
            "--feed",
            str(path),
        ]
        child = await asyncio.create_subprocess_exec(*command, cwd=HERE)
        (await came.get()).close()
        server.close()
        assert await child.wait() == 0

    run(test)


def test_a_recording_without_a_viewer_ends_quietly_with_a_signal(tmp_path: Path) -> None:
    async def test() -> None:
        file = tmp_path / "live.rec"
        async with serving(endless) as upstream:
            command = [sys.executable, "-m", "inspector", "record", "--upstream", upstream, "--record", str(file)]
            child = subprocess.Popen(
                command, cwd=HERE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(os.environ)
            )
            assert child.stdout
            said = await anyio.to_thread.run_sync(child.stdout.readline)
            url = next(word for word in said.split() if word.startswith("http://"))
            async with httpx.AsyncClient() as client, client.stream("GET", url) as answer:
                arriving = answer.aiter_raw()
                await anext(arriving)
                child.send_signal(signal.SIGINT)
                out, err = await anyio.to_thread.run_sync(child.communicate)
        assert err == ""
        assert out.startswith(f"{file}: 1 exchanges, ")
        assert child.returncode == 0
        assert read(file).trace().exchanges[0].ending == "cut off"

    run(test)

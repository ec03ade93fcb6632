"""The addon as a script, in a mitmproxy that somebody else has set up."""

import asyncio
import os
import socket
import subprocess
import sysconfig
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import pytest

from conformance.evidence.lines import object_of
from conformance.evidence.recording import Asked, Chunk, Head, Lost, Record, about_of, read, record_of
from inspector.proxy.commands import Cut, command_line
from tests.inspector.behind import PATIENCE, STREAM, asking, read_all, read_until, run
from tests.inspector.test_link import endless
from tests.little_servers import says, serving

ADDON = Path(__file__).parents[2] / "inspector" / "addon.py"


def installed() -> Path:
    """The program, beside this Python."""
    program = Path(sysconfig.get_path("scripts")) / "mitmdump"
    if not program.exists():
        pytest.skip("mitmdump is not installed beside this Python")
    return program


@asynccontextmanager
async def mitmdump(folder: Path, upstream: str, option: str) -> AsyncIterator[int]:
    """mitmdump with the script and one of its options, in front of a server. It says nothing."""
    program = installed()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    mode = f"reverse:{upstream.removesuffix('/mcp')}"
    command = [str(program), "-q", "-s", str(ADDON), "--set", option, "--mode", mode, "--set", f"confdir={folder}"]
    child = subprocess.Popen(
        [*command, "--listen-host", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ADDON.parents[1]), "PYTHONWARNINGS": "ignore"},
    )
    try:
        with anyio.fail_after(2 * PATIENCE):
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port)).close()
                    break
                except OSError:
                    await anyio.sleep(0.05)
        yield port
    finally:
        child.terminate()
        said = (await anyio.to_thread.run_sync(child.communicate))[0].decode()
    assert said == ""


def test_it_writes_a_recording(tmp_path: Path) -> None:
    async def test() -> None:
        file = tmp_path / "live.rec"
        async with serving(says(200, STREAM[0], body=b"data: 1\n\n")) as url:
            async with mitmdump(tmp_path, url, f"mcp_record={file}") as port, asking(port) as client:
                assert (await read_all(client)).endswith(b"data: 1\n\n")
            assert [event.data for event in read(file).trace().exchanges[0].events] == ["1"]

    run(test)


def test_a_recording_that_cannot_be_written_is_one_sentence_and_no_proxy() -> None:
    command = [str(installed()), "-q", "-p", "0", "-s", str(ADDON), "--set", "mcp_record=/nowhere/r.jsonl"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert "/nowhere/r.jsonl cannot be written: No such file or directory" in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_it_tells_a_viewer_and_obeys_it(tmp_path: Path) -> None:
    async def test() -> None:
        path, came = tmp_path / "feed", asyncio.Queue[tuple[StreamReader, StreamWriter]]()
        server = await asyncio.start_unix_server(lambda r, w: came.put_nowait((r, w)), path)
        async with serving(endless) as url, mitmdump(tmp_path, url, f"mcp_feed={path}") as port:
            reader, writer = await came.get()
            assert object_of(await reader.readline()) == {"ready": ""}
            assert "mitmproxy" in about_of(object_of(await reader.readline())).by
            async with asking(port) as client:
                await read_until(client, b"data: 1\n\n")
                records = [await following(reader) for _ in range(3)]
                assert [type(record) for record in records] == [Asked, Head, Chunk]
                writer.write(command_line(Cut(records[0].number)))
                assert not (await read_all(client)).endswith(b"0\r\n\r\n")
                await following(reader)
                assert isinstance(await following(reader), Lost)
            server.close()
            writer.close()

    run(test)


async def following(reader: StreamReader) -> Record:
    """The next record."""
    with anyio.fail_after(PATIENCE):
        return record_of(object_of(await reader.readline()))

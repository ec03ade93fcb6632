"""The process that keeps what was seen, asked from beside a screen: save, stop, export."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from conformance.evidence.recording import Asked, about_line, record_line
from inspector.keeping import keeper as keeper_module
from inspector.keeping.keeper import Keeper, keeping
from tests.clients.talking import TOKEN
from tests.inspector.kept import LIFE, content, exchanges_in, expected
from tests.inspector.traffic import ABOUT


def in_folder(tmp_path: Path, test: Callable[[Keeper], Coroutine[Any, Any, None]]) -> None:
    """Run a test with a keeper whose files go into this folder."""

    async def run() -> None:
        async with kept_in(tmp_path) as keeper:
            await test(keeper)

    asyncio.run(run())


@asynccontextmanager
async def kept_in(folder: Path) -> AsyncIterator[Keeper]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        async with asyncio.timeout(60), keeping(ABOUT) as keeper:
            yield keeper
    finally:
        os.chdir(before)


def test_r_saves_and_r_stops(tmp_path: Path) -> None:
    async def test(keeper: Keeper) -> None:
        for record in LIFE.records[:50]:
            keeper.put(record)
        told = await keeper.toggle()
        file = Path(keeper.path)
        assert told == f"everything since the start is in {file}, and what comes goes there too"
        assert file.name.startswith("mcp-2")
        for record in LIFE.records[50:]:
            keeper.put(record)
        assert await keeper.toggle() == f"{file} is complete"
        assert keeper.path == ""
        assert len(exchanges_in(file)) == sum(isinstance(record, Asked) for record in LIFE.records)

    in_folder(tmp_path, test)


def test_what_is_recorded_is_complete_when_the_viewer_leaves(tmp_path: Path) -> None:
    async def test(keeper: Keeper) -> None:
        await keeper.toggle()
        for record in LIFE.records:
            keeper.put(record)

    in_folder(tmp_path, test)
    (file,) = tmp_path.iterdir()
    assert content(file) == expected(tmp_path)


VIEWER = """
import asyncio, sys
from pathlib import Path
from conformance.evidence.recording import read
from inspector.keeping.keeper import keeping

async def main() -> None:
    life = read(Path(sys.argv[1]))
    async with keeping(life.about) as keeper:
        for record in life.records:
            keeper.put(record)
        await keeper.toggle()
        print(keeper.path, flush=True)
        await asyncio.sleep(600)

asyncio.run(main())
"""


def test_of_a_viewer_who_is_killed_the_recording_is_left_and_nothing_else(tmp_path: Path) -> None:
    temporary, life = tmp_path / "temporary", tmp_path / "life"
    temporary.mkdir()
    life.write_bytes(about_line(ABOUT) + b"".join(map(record_line, LIFE.records)))
    there = {"PYTHONPATH": str(Path(__file__).parents[2]), "TMPDIR": str(temporary)}
    command = [sys.executable, "-c", VIEWER, str(life)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=tmp_path, env=os.environ | there) as viewer:
        assert viewer.stdout is not None
        file = tmp_path / viewer.stdout.readline().strip()
        viewer.kill()
    assert content(file) == expected(tmp_path)
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize(
    ("form", "ending", "begins"),
    [
        ("har", "har", "{"),
        ("mermaid", "mmd", "sequenceDiagram"),
        ("html", "html", "<!doctype"),
        ("curl", "sh", "# 0"),
    ],
)
def test_e_saves_what_was_seen_until_now(form: str, ending: str, begins: str, tmp_path: Path) -> None:
    async def test(keeper: Keeper) -> None:
        for record in LIFE.records:
            keeper.put(record)
        told = await keeper.export(form)
        (file,) = tmp_path.iterdir()
        assert told == f"saved as {file.name}, secrets masked"
        assert file.suffix == f".{ending}"
        assert file.read_text("utf-8").startswith(begins)
        assert TOKEN not in file.read_text("utf-8")

    in_folder(tmp_path, test)


def test_an_export_and_a_recording_do_not_get_in_each_others_way(tmp_path: Path) -> None:
    async def test(keeper: Keeper) -> None:
        for record in LIFE.records[:100]:
            keeper.put(record)
        recording = asyncio.create_task(keeper.toggle())
        exporting = [asyncio.create_task(keeper.export(form)) for form in ("har", "curl")]
        for record in LIFE.records[100:]:
            keeper.put(record)
            await asyncio.sleep(0)
        await recording
        file = keeper.path
        assert [told.startswith("saved as") for told in await asyncio.gather(*exporting)] == [True, True]
        assert await keeper.toggle() == f"{file} is complete"
        assert content(tmp_path / file) == expected(tmp_path)

    in_folder(tmp_path, test)


def test_without_its_process_the_keeper_says_so(tmp_path: Path) -> None:
    async def test(keeper: Keeper) -> None:
        keeper._to.close()
        while not keeper.trouble:
            await asyncio.sleep(0.01)
        gone = "what was seen is not kept any more: the process that kept it has ended"
        keeper.put(LIFE.records[0])
        assert (await keeper.toggle(), await keeper.export("har"), keeper.trouble) == (gone, gone, gone)

    in_folder(tmp_path, test)


def test_an_export_that_fails_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper_module, "_name", lambda ending: f"no/where.{ending}")

    async def test(keeper: Keeper) -> None:
        assert await keeper.export("har") == "no/where.har cannot be written: No such file or directory"

    in_folder(tmp_path, test)

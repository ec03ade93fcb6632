"""Saving what was seen, after it was seen, in front of a real proxy."""

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path

import anyio
import httpx
import pytest

from inspector.app import InspectorApp
from inspector.exports.saving import NAMES
from inspector.keeping.keeper import keeping
from inspector.opening import opened
from inspector.proxy.link import Link
from inspector.proxy.setup import Setup
from inspector.running import Running
from tests.inspector.tui.piloting import PATIENCE, screen_of
from tests.little_servers import says, serving

pytest.importorskip("mitmproxy", reason="mitmproxy is not installed: pip install -e '.[inspector]'")

TOKEN = "sk-4f9a8b7c6d5e4f3a2b1c"


def test_what_was_seen_before_a_key_is_saved_by_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    async def ask(url: str, app: InspectorApp) -> None:
        """One request, of which the screen knows when this returns."""
        seen = app.source.feed.rows.next_number
        async with httpx.AsyncClient(trust_env=False, headers={"Authorization": f"Bearer {TOKEN}"}) as http:
            await http.post(url, json={"jsonrpc": "2.0", "id": 7, "method": "tools/list"})
        await until(lambda: app.source.feed.rows.next_number == seen + 2)  # it, and its answer

    async def until(condition: Callable[[], object]) -> None:
        while not condition():
            await asyncio.sleep(0.02)

    async def test() -> None:
        answer = b'{"jsonrpc":"2.0","id":7,"result":{"tools":[]}}'
        serve = says(200, "Content-Type: application/json", body=answer)
        with anyio.fail_after(3 * PATIENCE):
            async with serving(serve) as upstream, Link(Setup(upstream)) as link, keeping(link.about) as keeper:
                exports = {name: partial(keeper.export, form) for form, name in NAMES.items()}
                app = InspectorApp(Running(link, keeper.put), recorder=keeper, exports=exports)
                async with app.run_test(size=(160, 48)) as pilot:
                    await ask(link.url, app)
                    await pilot.press("r")
                    await until(lambda: "recording" in screen_of(app)[0])
                    await pilot.press("e", "enter")
                    await until(lambda: any(told.message.startswith("saved as mcp-") for told in app._notifications))
                    await ask(link.url, app)
                    await pilot.press("r")
                    await until(lambda: "recording" not in screen_of(app)[0])

    asyncio.run(test())
    (recording,), (exported,) = tmp_path.glob("*.jsonl"), tmp_path.glob("*.har")
    assert len(opened(recording).trace().exchanges) == 2
    assert exported.read_text("utf-8").count('"startedDateTime"') == 1
    assert TOKEN not in recording.read_text("utf-8") + exported.read_text("utf-8")

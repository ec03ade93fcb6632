"""What each screen looks like, in three widths; dark and light, with ASCII signs, and without colour.

See `pictures` for what is compared and how the files are renewed.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from conformance.evidence.recording import About, Recording
from inspector.app import InspectorApp
from inspector.exports.saving import NAMES
from inspector.replay import Replay
from inspector.rulebook import Chapter, RuleLine, State
from tests.inspector.tale import URL, crowd, whole
from tests.inspector.tui.pictures import compare, picture
from tests.inspector.tui.piloting import Live, piloted, press

SIZES = {80: (80, 24), 120: (120, 36), 160: (160, 48)}
VIEWS = ("lanes", "messages", "sessions", "violations", "rates", "rules", "hung")
TO_THE_MISPLACED = ("n", "n", "n")
NOTHING = Recording(About(URL, "", "a test"), ())


def look(name: str, app: InspectorApp, keys: Sequence[str], width: int, aside: Path, theme: str = "dark") -> None:
    """Press keys, and compare what is to be seen then."""

    async def run() -> None:
        async with piloted(app, SIZES[width]) as pilot:
            app.theme = f"inspector-{theme}"
            await press(app, pilot, *keys)
            compare(f"{name}-{width}", picture(app), aside)

    asyncio.run(run())


def replayed(**options: Any) -> InspectorApp:
    return InspectorApp(Replay(whole()), **options)


def rulebook(_news: object) -> list[Chapter]:
    """A few rules, so that not every new rule is a new picture."""
    states: list[State] = ["broken", "broken", "kept", "not applicable", "never seen", "not observable"]
    levels = ["MUST", "SHOULD", "MUST", "MUST", "SHOULD", "MUST"]
    lines = tuple(
        RuleLine(
            "2025-11-25", "server", f"rule.{number}", level, "What has to be so is so.", URL, state, 1, "a reason"
        )
        for number, (state, level) in enumerate(zip(states, levels, strict=True), 1)
    )
    return [Chapter("2025-11-25", "server", lines), Chapter("2025-11-25", "client", lines[2:5])]


@pytest.mark.parametrize("width", SIZES)
@pytest.mark.parametrize("view", VIEWS)
def test_each_view(view: str, width: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inspector.screens.overviews.chapters", rulebook)
    look(view, replayed(), [*TO_THE_MISPLACED, str(VIEWS.index(view) + 1)], width, tmp_path)


@pytest.mark.parametrize(
    ("view", "width", "keys"), [("lanes", 120, ""), ("violations", 120, "4"), ("message", 80, "")]
)
@pytest.mark.parametrize(("kind", "theme", "ascii_only"), [("light", "light", False), ("ascii", "dark", True)])
def test_light_and_with_ascii_signs(
    view: str, width: int, keys: str, kind: str, theme: str, ascii_only: bool, tmp_path: Path
) -> None:
    pressed = [*TO_THE_MISPLACED, *keys, *(["enter"] if view == "message" else [])]
    look(f"{view}-{kind}", replayed(ascii_only=ascii_only), pressed, width, tmp_path, theme)


def test_without_colour(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    look("lanes-grey", replayed(), TO_THE_MISPLACED, 80, tmp_path)


@pytest.mark.parametrize(
    ("name", "keys", "width"),
    [("cut", ["x", "down", "down", "enter"], 80), ("stall", ["t"], 120), ("export", ["e"], 120)],
)
def test_menus(name: str, keys: list[str], width: int, tmp_path: Path) -> None:
    async def nothing() -> str:
        return "nothing"

    forms = dict.fromkeys(NAMES.values(), nothing)
    look(name, InspectorApp(Live(whole()), exports=forms), keys, width, tmp_path)


@pytest.mark.parametrize("width", [80, 160])
def test_help(width: int, tmp_path: Path) -> None:
    look("help", replayed(), ["question_mark"], width, tmp_path)


def test_a_filter_with_mistakes(tmp_path: Path) -> None:
    look("filter", replayed(), ["slash", *'methd:tools kind:brokn "not found'], 80, tmp_path)


def test_more_streams_than_columns(tmp_path: Path) -> None:
    look("crowd", InspectorApp(Replay(crowd())), [], 120, tmp_path)


def test_before_anybody_has_said_anything(tmp_path: Path) -> None:
    look("waiting", InspectorApp(Live(NOTHING)), [], 120, tmp_path)

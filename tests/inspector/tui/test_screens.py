"""What is to be read on the screens, and that the mouse gets everywhere. What they look like: `test_pictures`."""

import pytest

from inspector.app import InspectorApp
from inspector.proxy.commands import Cut
from inspector.widgets.message import MessagePane
from inspector.widgets.prose import Prose
from tests.inspector.tale import hostile, whole
from tests.inspector.tui.piloting import Driver, live, on, press, screen_of

SIZES = {80: (80, 24), 120: (120, 36), 160: (160, 48)}


@pytest.mark.parametrize("width", SIZES)
def test_the_rules_that_are_broken_come_first(width: int) -> None:
    async def test(app: InspectorApp, pilot: Driver) -> None:
        await press(app, pilot, "6")
        lines = screen_of(app)
        assert "Rules of the revisions that are spoken" in lines[2]
        assert "2025-11-25 server  ✗ 4 broken  ✓ " in lines[3]
        assert "▌  ! get.unrelated              SHOULD Messages on a GET stream" in lines[4]
        assert any(" rules of the client exercised" in line for line in lines)

    on(whole(), test, size=SIZES[width])


@pytest.mark.parametrize("key", ["1", "6", "7", "question_mark", "slash", "ctrl+p"])
@pytest.mark.parametrize("width", [80, 160])
def test_with_ascii_signs_no_other_is_drawn(key: str, width: int) -> None:
    async def test(app: InspectorApp, pilot: Driver) -> None:
        await press(app, pilot, "n", key)
        assert [line for line in screen_of(app) if not line.isascii()] == []

    on(whole(), test, ascii_only=True, size=SIZES[width])


def test_a_small_terminal_has_room_for_lanes_alone() -> None:
    async def test(app: InspectorApp, _: Driver) -> None:
        assert [pane.id for pane in app.main.home.query(".framed") if pane.display and pane.region] == ["middle"]

    on(whole(), test, size=SIZES[80])


@pytest.mark.parametrize("digit", range(1, 8))
def test_a_click_on_a_name_shows_the_view(digit: int) -> None:
    async def test(app: InspectorApp, pilot: Driver) -> None:
        text = screen_of(app)[1]
        await pilot.click("#tabs", offset=(text.index(f"{digit} "), 0))
        await press(app, pilot, "shift")
        assert app.main.view.id == f"view-{digit}"

    on(whole(), test)


def test_a_click_chooses_a_row_and_its_message_is_shown() -> None:
    async def test(app: InspectorApp, pilot: Driver) -> None:
        await pilot.click("Lanes", offset=(20, 1))
        await press(app, pilot, "shift")
        assert app.main.rows.cursor == 0
        assert "#0 initialize" in app.main.home.query_one(MessagePane).told

    on(whole(), test)


@pytest.mark.parametrize("key", ["3", "4", "6", "7"])
def test_enter_goes_from_a_list_to_the_lanes(key: str) -> None:
    async def test(app: InspectorApp, pilot: Driver) -> None:
        await press(app, pilot, key, "enter")
        assert app.main.view.id == "view-1"
        assert not app.main.rows.follow

    on(whole(), test)


def test_the_pane_tells_all_of_a_message() -> None:
    async def test(app: InspectorApp, pilot: Driver) -> None:
        await press(app, pilot, "n", "n", "n")
        told = app.main.home.query_one(MessagePane).told
        for words in ("get.unrelated", "SHOULD", "seen  progress", "owner  #7 tools/call slow", "id: g:18", "schema"):
            assert words in told
        assert "MCP-Session-Id: 7f3a…" in told

    on(whole(), test)


def test_a_cut_is_drawn_as_ours_and_the_ledger_tells_what_became_of_the_stream() -> None:
    async def test(app: InspectorApp, pilot: Driver) -> None:
        await press(app, pilot, "slash", *"from:ours", "enter", "home")
        rows = app.main.rows
        assert ("cut by us after 7:1", "ours") in list(rows.parts_at(0))
        await press(app, pilot, "right_square_bracket")
        told = app.main.home.query_one(MessagePane).told
        assert "ledger  3 sent, 3 delivered" in told

    on(whole(), test)


@pytest.mark.parametrize("key", ["1", "2", "3", "4", "5", "6", "7"])
def test_hostile_text_is_only_shown(key: str) -> None:
    async def test(app: InspectorApp, pilot: Driver) -> None:
        await press(app, pilot, key)
        for _ in range(8):
            await press(app, pilot, "down")
        picture = app.export_screenshot()
        assert not {character for character in picture if character in "\x1b\x07\x9b\u202e\u202c\u200d"}
        assert any("[bold" in line for line in screen_of(app)) or key in "56"

    on(hostile(), test)


@pytest.mark.parametrize("width", SIZES)
def test_enter_shows_the_message_wherever_there_is_room_for_it(width: int) -> None:
    async def test(app: InspectorApp, pilot: Driver) -> None:
        await press(app, pilot, "n", "enter")
        pane = app.main.home.query_one(MessagePane)
        assert pane.has_focus
        assert any("SHOULD, broken by the" in line for line in screen_of(app))
        assert any("1 Lanes  2 Messages" in line for line in screen_of(app)[:2])
        await press(app, pilot, "n")
        assert "#s1 roots/list" in pane.told
        for way_back in ("escape", "1", *(["z"] if app.main.maximized is not None else [])):
            await press(app, pilot, way_back)
            assert app.focused is app.main.rows
            await press(app, pilot, "enter")
        await press(app, pilot, "escape")
        assert any("seconds" in line for line in screen_of(app))

    on(whole(), test, size=SIZES[width])


def test_one_click_chooses_in_a_menu() -> None:
    async def test(app: InspectorApp, pilot: Driver) -> None:
        await press(app, pilot, "x")
        await pilot.click("CutMenu Listing", offset=(5, 1))
        await pilot.click("CutMenu Listing", offset=(5, 9))  # between two groups
        await pilot.click("CutMenu Listing", offset=(5, 10))
        await press(app, pilot, "shift")
        assert app.main.is_current

    assert live(test, whole()).sent == [Cut(2, when="after-next")]


def test_a_click_on_why_a_call_hangs_is_one_on_the_call() -> None:
    async def test(app: InspectorApp, pilot: Driver) -> None:
        await press(app, pilot, "7", "end")
        await pilot.click("HungView Listing", offset=(20, 1))
        await press(app, pilot, "shift")
        assert "#8 tools/call ask_user" in app.main.view.query_one(Prose).told

    on(whole(), test)

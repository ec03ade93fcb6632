"""Keys that do something to a stream, or take something away with them."""

from inspector.app import InspectorApp
from inspector.proxy.commands import Cut, Resume, Stall, Throttle
from inspector.screens.menus import CutMenu, Menu
from tests.inspector.tale import whole
from tests.inspector.tui.piloting import Driver, Notebook, live, on, press, screen_of


def told(app: InspectorApp) -> list[str]:
    """What the app has said in a corner."""
    return [notification.message for notification in app._notifications]


def test_what_is_over_cannot_be_cut() -> None:
    async def test(app: InspectorApp, pilot: Driver) -> None:
        await press(app, pilot, "x", "t", "r")
        assert app.screen is app.main
        assert told(app)[0] == "this is a recording: what is over cannot be changed"

    on(whole(), test)


def test_x_cuts_the_stream_of_the_row() -> None:
    async def test(app: InspectorApp, pilot: Driver) -> None:
        await press(app, pilot, "x")
        assert isinstance(app.screen, CutMenu)
        await press(app, pilot, "c")
        assert app.main.is_current

    assert live(test, whole()).sent == [Cut(2)]


def test_the_menu_asks_when_and_how() -> None:
    async def test(app: InspectorApp, pilot: Driver) -> None:
        await press(app, pilot, "x", "down", "enter")  # after the next event
        await press(app, pilot, "down", "down", "down", "space")  # towards the server
        await press(app, pilot, "end", "up", "enter", "c")  # with RST

    assert live(test, whole()).sent == [Cut(2, "server", "after-next", reset=True)]


def test_a_cut_after_an_event_id_proposes_the_last_one() -> None:
    async def test(app: InspectorApp, pilot: Driver) -> None:
        await press(app, pilot, "x", "down", "down", "enter", "c")

    assert live(test, whole()).sent == [Cut(2, when="after-id", event_id="g:18")]


def test_escape_leaves_the_menu_without_a_cut() -> None:
    async def test(app: InspectorApp, pilot: Driver) -> None:
        await press(app, pilot, "x", "escape")
        assert app.screen is app.main

    assert live(test, whole()).sent == []


def test_without_an_open_stream_there_is_nothing_to_cut() -> None:
    async def test(app: InspectorApp, pilot: Driver) -> None:
        await press(app, pilot, "home", "x")
        assert told(app) == ["put the cursor on a row of an open stream first"]

    live(test, whole())


def test_t_stalls_throttles_and_resumes() -> None:
    async def test(app: InspectorApp, pilot: Driver) -> None:
        await press(app, pilot, "t", "enter")
        await press(app, pilot, "t", "down", "enter")
        await press(app, pilot, "t", "end", "up", "enter")
        await press(app, pilot, "t", "end", "enter")

    assert live(test, whole()).sent == [Stall(2), Stall(2, 5.0), Throttle(2, 10_000), Resume(2)]


def test_r_starts_and_stops_a_recording() -> None:
    async def test(app: InspectorApp, pilot: Driver) -> None:
        await press(app, pilot, "r")
        assert "recording" in screen_of(app)[0]
        await press(app, pilot, "r")
        assert told(app) == ["started", "stopped"]

    live(test, whole(), recorder=Notebook())


def test_e_saves_in_the_form_that_is_chosen() -> None:
    saved = []

    async def no() -> str:
        return "no"

    async def save() -> str:
        saved.append("HAR")
        return "saved"

    async def test(app: InspectorApp, pilot: Driver) -> None:
        await press(app, pilot, "e")
        assert isinstance(app.screen, Menu)
        await press(app, pilot, "down", "enter")
        assert (saved, told(app)) == (["HAR"], ["exporting as HAR: where it is will be said here", "saved"])

    live(test, whole(), exports={"HTML": no, "HAR": save})


def test_without_forms_e_says_so() -> None:
    async def test(app: InspectorApp, pilot: Driver) -> None:
        await press(app, pilot, "e")
        assert told(app) == ["there is nothing here to export with"]

    on(whole(), test)

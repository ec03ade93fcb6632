"""What each key does."""

from inspector.app import InspectorApp
from inspector.screens.help import Help
from inspector.widgets.prose import Prose
from tests.inspector.tale import SESSION, opened, request, whole
from tests.inspector.tui.piloting import Driver, Live, Notebook, live, on, press, screen_of


def words(app: InspectorApp) -> str:
    """What the row under the cursor says."""
    row = app.main.rows.row
    assert row is not None
    return row.words


def told(app: InspectorApp) -> list[str]:
    """What the app has said in a corner."""
    return [notification.message for notification in app._notifications]


def shown(app: InspectorApp) -> list[str]:
    """The words of the rows that are listed."""
    rows = app.main.rows
    return [row.words for number in rows.index if (row := rows.source.feed.rows.get(number)) is not None]


def test_the_cursor_follows_the_newest_row_until_somebody_moves_it() -> None:
    async def test(app: InspectorApp, pilot: Driver) -> None:
        rows = app.main.rows
        assert rows.follow
        assert words(app) == ": keepalive"
        await press(app, pilot, "up")
        assert not rows.follow
        assert words(app).startswith("#9 error")
        await press(app, pilot, "home")
        assert words(app) == "#0 initialize"
        await press(app, pilot, "pagedown", "f")
        assert rows.follow
        assert words(app) == ": keepalive"

    on(whole(), test)


def test_space_stops_the_picture_and_counts_what_comes() -> None:
    async def test(app: InspectorApp, pilot: Driver) -> None:
        await press(app, pilot, "space")
        listed = len(app.main.rows.index)
        tale = opened()
        tale.ask(100, 30.0, request(10, "ping"))
        for record in tale.records:
            app.source.feed.take(record)
        await press(app, pilot, "shift")
        assert len(app.main.rows.index) == listed
        assert "paused +4" in screen_of(app)[0]
        await press(app, pilot, "space")
        assert "paused" not in screen_of(app)[0]

    live(test, whole())


def test_n_goes_to_what_broke_a_rule_and_begins_again_at_the_end() -> None:
    async def test(app: InspectorApp, pilot: Driver) -> None:
        visited = []
        for _ in range(4):
            await press(app, pilot, "n")
            visited.append(words(app))
        assert visited == ["#8 200 event stream", "#s1 roots/list", "progress 2/4 of #7", "#8 200 event stream"]
        await press(app, pilot, "N")
        assert words(app) == "progress 2/4 of #7"

    on(whole(), test)


def test_p_goes_from_a_request_to_its_response_and_back() -> None:
    async def test(app: InspectorApp, pilot: Driver) -> None:
        await press(app, pilot, "home", "p")
        assert words(app) == "#0 result 21 ms"
        await press(app, pilot, "p")
        assert words(app) == "#0 initialize"
        await press(app, pilot, "n", "n", "n", "p")
        assert words(app) == "#7 tools/call slow"

    on(whole(), test)


def test_brackets_stay_on_the_stream() -> None:
    async def test(app: InspectorApp, pilot: Driver) -> None:
        await press(app, pilot, "n", "n", "n", "left_square_bracket")
        assert words(app) == "GET 200 event stream"
        await press(app, pilot, "right_square_bracket", "right_square_bracket")
        assert words(app) == ": keepalive"

    on(whole(), test)


def test_m_marks_a_row() -> None:
    async def test(app: InspectorApp, pilot: Driver) -> None:
        await press(app, pilot, "home", "m", "down")
        assert app.main.rows.marked == {0}
        assert any("»" in line and "initialize" in line for line in screen_of(app))
        await press(app, pilot, "up", "m")
        assert app.main.rows.marked == set()

    on(whole(), test)


def test_a_filter_shows_what_matches_while_it_is_typed() -> None:
    async def test(app: InspectorApp, pilot: Driver) -> None:
        await press(app, pilot, "slash", *"keepal")
        assert shown(app) == [": keepalive"]
        await press(app, pilot, "enter")
        assert app.focused is app.main.rows
        assert any("filter: keepal" in line for line in screen_of(app))
        await press(app, pilot, "escape")
        assert len(shown(app)) == 24

    on(whole(), test)


def test_a_slash_in_a_filter_is_a_slash() -> None:
    async def test(app: InspectorApp, pilot: Driver) -> None:
        await press(app, pilot, "slash", *"method:tools", "slash", *"list")
        assert shown(app) == ["#9 tools/list", "#9 tools/list", "#9 error -32600 again? 10 ms"]

    on(whole(), test)


def test_going_to_a_row_that_the_filter_hides_gives_the_filter_up() -> None:
    async def test(app: InspectorApp, pilot: Driver) -> None:
        await press(app, pilot, "slash", *"keepal", "enter", "p")
        await press(app, pilot, "n")
        assert words(app) == "#8 200 event stream"

    on(whole(), test)


def test_z_shows_one_pane_alone() -> None:
    async def test(app: InspectorApp, pilot: Driver) -> None:
        await press(app, pilot, "z")
        assert app.main.maximized is not None
        assert not any("Sessions ─" in line for line in screen_of(app))
        await press(app, pilot, "z")
        assert app.main.maximized is None

    on(whole(), test)


def test_y_copies_a_command_without_secrets() -> None:
    async def test(app: InspectorApp, pilot: Driver) -> None:
        await press(app, pilot, "n", "p", "y")
        assert app.clipboard.startswith("curl --include --no-buffer http://127.0.0.1:3000/mcp")
        assert SESSION not in app.clipboard
        assert "$MCP_SESSION" in app.clipboard
        assert told(app) == ["exchange 4 is in the clipboard as a curl command"]

    on(whole(), test)


def test_the_time_of_a_file_goes_back_and_on() -> None:
    async def test(app: InspectorApp, pilot: Driver) -> None:
        await press(app, pilot, "comma")
        assert app.source.now() == 6.21
        assert words(app).startswith("#9 error")
        await press(app, pilot, "full_stop")
        assert words(app) == ": keepalive"
        await press(app, pilot, "less_than_sign")
        assert app.source.now() == 19.0
        await press(app, pilot, "greater_than_sign")
        assert app.source.now() == 20.0

    on(whole(), test)


def test_the_mouse_scrubs() -> None:
    async def test(app: InspectorApp, pilot: Driver) -> None:
        await pilot.click("#scrub", offset=(12, 0))
        await press(app, pilot, "shift")
        assert app.source.now() < 0.5
        assert len(shown(app)) < 6

    on(whole(), test)


def test_live_there_is_no_time_to_choose() -> None:
    async def test(app: InspectorApp, pilot: Driver) -> None:
        await press(app, pilot, "comma", "less_than_sign")
        assert not app.main.query("#scrub")
        assert words(app) == ": keepalive"

    live(test, whole())


def test_help_tells_of_every_key() -> None:
    async def test(app: InspectorApp, pilot: Driver) -> None:
        await press(app, pilot, "question_mark")
        assert isinstance(app.screen, Help)
        text = "".join(prose.told for prose in app.screen.query(Prose))
        for key in ("space", "/", "[", "]", "x", "t", "y", "?"):
            assert f"{key:>10}  " in text
        await press(app, pilot, "escape")
        assert app.main.is_current

    on(whole(), test)


def test_every_key_has_a_tooltip_and_stands_in_the_palette() -> None:
    async def test(app: InspectorApp, pilot: Driver) -> None:
        assert all(tooltip for tooltip in app.main.keys().values())
        commands = {command.title: command for command in app.get_system_commands(app.main)}
        assert {"Pause", "Filter", "Partner", "Cut", "Stall", "Curl", "Export", "Violations"} <= set(commands)
        commands["Violations"].callback()
        await press(app, pilot, "shift")
        assert app.main.view.id == "view-4"

    on(whole(), test)


def test_d_changes_between_dark_and_light() -> None:
    async def test(app: InspectorApp, pilot: Driver) -> None:
        assert app.theme == "inspector-dark"
        await press(app, pilot, "D")
        assert app.theme == "inspector-light"

    on(whole(), test)


def test_an_error_of_ours_is_said_on_top() -> None:
    class Broken(Live):
        async def run(self) -> None:
            raise RuntimeError("no more")

    async def test(app: InspectorApp, pilot: Driver) -> None:
        await press(app, pilot, "shift")
        assert "an error of the inspector: RuntimeError('no more')" in screen_of(app)[0]

    live(test, whole(), source=Broken)


def test_what_is_not_kept_is_said_on_top() -> None:
    async def test(app: InspectorApp, pilot: Driver) -> None:
        await press(app, pilot, "shift")
        assert "256 MiB are kept" in screen_of(app)[0]

    notebook = Notebook()
    notebook.trouble = "256 MiB are kept: what comes later is only in recordings (r)"
    live(test, whole(), recorder=notebook)


def test_q_leaves() -> None:
    async def test(app: InspectorApp, pilot: Driver) -> None:
        await pilot.press("q")
        assert not app.is_running or app._exit

    on(whole(), test)

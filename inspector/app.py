"""The terminal interface: one screen with seven views, over one source."""

import gc
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, ClassVar

from textual.app import App, SystemCommand
from textual.binding import Binding
from textual.command import CommandPalette
from textual.screen import Screen
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.worker import Worker, WorkerState

from inspector.glyphs import ASCII, UNICODE
from inspector.screens.main import Main
from inspector.source import Recorder, Source
from inspector.themes import COLOURS_DARK, COLOURS_LIGHT, DARK, LIGHT

# The collector looks at every row there is, for a fifth of a second: too long for a picture that moves. What is
# forgotten refers to nothing that refers back, so it need not come often.
_COLLECT = 20_000, 20, 200


class PlainBar(ScrollBarRender):
    """A scroll bar of colours alone."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "] * len(ScrollBarRender.VERTICAL_BARS)
    HORIZONTAL_BARS: ClassVar[list[str]] = [" "] * len(ScrollBarRender.HORIZONTAL_BARS)


class InspectorApp(App[None]):
    """The inspector in a terminal.

    `exports` are forms in which what was seen can be taken away: each saves it, and returns a sentence that says
    where.
    """

    CSS_PATH = "inspector.tcss"
    TITLE = "MCP inspector"
    ENABLE_COMMAND_PALETTE = True

    def __init__(
        self,
        source: Source,
        ascii_only: bool = False,
        recorder: Recorder | None = None,
        exports: Mapping[str, Callable[[], Awaitable[str]]] | None = None,
    ) -> None:
        super().__init__()
        self.source = source
        self.glyphs = ASCII if ascii_only else UNICODE
        ScrollBar.renderer = PlainBar if ascii_only else ScrollBarRender
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.theme = DARK.name
        self.set_class(ascii_only, "ascii")
        self.main = Main(source, self.glyphs, recorder)
        self.main.exports = exports or {}

    def on_mount(self) -> None:
        """Show the screen, and let the source run beside it."""
        gc.freeze()
        gc.set_threshold(*_COLLECT)
        self.push_screen(self.main)
        self.run_worker(self.source.run(), exit_on_error=False)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """What goes wrong beside the picture is said on top of it."""
        if event.state is WorkerState.ERROR:
            self.source.trouble = f"an error of the inspector: {event.worker.error!r}"

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our own colours, for themes that do not know of them."""
        dark = self.theme == DARK.name or self.current_theme.dark
        return COLOURS_DARK if dark else COLOURS_LIGHT

    def action_command_palette(self) -> None:
        """All that can be done, by its name."""
        if not isinstance(self.screen, CommandPalette):
            self.push_screen(CommandPalette(placeholder="Search for commands", id="--command-palette"))

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """All keys in the command palette too."""
        yield from super().get_system_commands(screen)
        if screen is self.main:
            for binding in self.main.BINDINGS:
                if isinstance(binding, Binding):
                    yield SystemCommand(binding.description, binding.tooltip, self._doing(binding.action))

    def _doing(self, action: str) -> Callable[[], None]:
        def do() -> None:
            self.main.run_worker(self.run_action(action, self.main))

        return do

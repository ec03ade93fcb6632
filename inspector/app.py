"""The terminal interface: `Home` and the screens beside it, over one source."""

from typing import ClassVar

from textual.app import App
from textual.binding import Binding, BindingType

from inspector.glyphs import ASCII, UNICODE
from inspector.screens.home import Home
from inspector.source import Source


class InspectorApp(App[None]):
    """The inspector in a terminal."""

    CSS_PATH = "inspector.tcss"
    TITLE = "MCP inspector"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "quit", "Quit", tooltip="End the proxy, and leave"),
    ]

    def __init__(self, source: Source, ascii_only: bool = False) -> None:
        super().__init__()
        self.source = source
        self.glyphs = ASCII if ascii_only else UNICODE

    def on_mount(self) -> None:
        self.push_screen(Home(self.source, self.glyphs))
        self.run_worker(self.source.run(), exit_on_error=False)

"""Keys that do something to a stream, or take something away with them: cut, slow down, copy, record, export."""

from abc import abstractmethod
from collections.abc import Awaitable, Callable, Hashable, Mapping
from typing import ClassVar

from textual.app import App
from textual.binding import Binding

from conformance.report.curl import curl
from inspector.glyphs import Glyphs
from inspector.model.nouns import LiveStream
from inspector.proxy.commands import Command, Cut, Resume, Stall, Throttle
from inspector.screens.help import Help
from inspector.screens.menus import CutMenu, Menu, slowing
from inspector.source import Recorder, Source
from inspector.widgets.rowlist import RowList


class Deeds:
    """Part of the screen. `exports` are the forms in which what was seen can be taken away, by name."""

    KEYS: ClassVar[list[Binding]] = [
        Binding("x", "cut", "Cut", tooltip="Cut the stream of this row: now, or after an event"),
        Binding("t", "slow", "Stall", tooltip="Stall or throttle the stream of this row"),
        Binding("y", "copy", "Curl", show=False, tooltip="Copy the request of this row as a curl command"),
        Binding(
            "r",
            "record",
            "Record",
            show=False,
            tooltip="Save all since the start and record on, or stop",
        ),
        Binding("e", "export", "Export", tooltip="Save what was seen as HAR, Mermaid, page or curl"),
        Binding("D", "dark", "Dark or light", show=False, tooltip="Change between dark and light"),
    ]
    source: Source
    glyphs: Glyphs
    recorder: Recorder | None
    app: App[None]
    exports: Mapping[str, Callable[[], Awaitable[str]]] = {}

    @property
    @abstractmethod
    def rows(self) -> RowList:
        """The rows that keys are about."""

    @abstractmethod
    def tell(self, sentence: str) -> None:
        """Say something in a corner."""

    @abstractmethod
    def stream_here(self) -> LiveStream | None:
        """The stream of the row under the cursor."""

    @abstractmethod
    def keys(self) -> Mapping[str, str]:
        """All keys of this screen, and what they do."""

    def action_cut(self) -> None:
        """Ask when and how, and do it."""
        stream = self._open_stream()
        if stream is not None:
            menu = CutMenu(stream.legs[-1].number, stream.name, stream.last_id or "", self.glyphs)
            self.app.push_screen(menu, self._do)

    def action_slow(self) -> None:
        """Ask how slow, and do it."""
        stream = self._open_stream()
        if stream is not None:
            self.app.push_screen(
                Menu(f"Slow down stream {stream.name}", slowing(stream.legs[-1].number), self.glyphs), self._do
            )

    def action_copy(self) -> None:
        """The request, as a command for a shell."""
        row = self.rows.row
        if row is not None:
            self.app.copy_to_clipboard(curl(row.exchange.facts, row.session.id))
            self.tell(f"exchange {row.exchange.number} is in the clipboard as a curl command")

    def action_record(self) -> None:
        """Save what was seen, and go on writing down what passes; or stop."""
        if self.recorder is None:
            self.tell("this is a recording" if not self.source.live else "there is nothing here to record with")
        else:
            self.app.run_worker(self._tell_of(self.recorder.toggle()))

    def action_export(self) -> None:
        """Ask in which form, and save it."""
        if not self.exports:
            self.tell("there is nothing here to export with")
            return
        choices = [(name, name) for name in self.exports]
        self.app.push_screen(Menu("Export as", choices, self.glyphs), self._export)

    def action_help(self) -> None:
        """Keys and signs."""
        self.app.push_screen(Help(self.keys().items(), self.glyphs))

    def action_dark(self) -> None:
        """Change between dark and light."""
        self.app.theme = "inspector-light" if self.app.current_theme.dark else "inspector-dark"

    def _open_stream(self) -> LiveStream | None:
        if not self.source.live:
            self.tell("this is a recording: what is over cannot be changed")
            return None
        stream = self.stream_here()
        if stream is None or stream.state != "open":
            self.tell("put the cursor on a row of an open stream first")
            return None
        return stream

    def _do(self, command: Hashable) -> None:
        if isinstance(command, Cut | Stall | Throttle | Resume):
            self.app.run_worker(self._send(command))

    async def _send(self, command: Command) -> None:
        await self.source.send(command)

    def _export(self, name: Hashable) -> None:
        if isinstance(name, str):
            self.tell(f"exporting as {name.partition(',')[0]}: where it is will be said here")
            self.app.run_worker(self._tell_of(self.exports[name]()))

    async def _tell_of(self, work: Awaitable[str]) -> None:
        self.tell(await work)

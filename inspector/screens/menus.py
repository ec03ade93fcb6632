"""Small menus over the screen: what to break on a stream, and in which form to export."""

from collections.abc import Hashable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from inspector.glyphs import Glyphs
from inspector.proxy.commands import Command, Cut, Resume, Side, Stall, Throttle, When
from inspector.widgets.frames import entitle
from inspector.widgets.listing import Line, Listing

_RATES = 100, 1_000, 10_000  # bytes per second
_STALLS = 5, 30, 120  # seconds
_WHENS: tuple[tuple[When, str], ...] = (
    ("now", "now"),
    ("after-next", "after the next event"),
    ("after-id", "after the event with this id:"),
)
_SIDES: tuple[tuple[Side, str], ...] = (
    ("client", "towards the client, as if the server had gone"),
    ("server", "towards the server, as if the client had gone"),
)
_ENDS = ((False, "with FIN: the end of the connection"), (True, "with RST: a broken connection"))


class Menu(ModalScreen[Hashable]):
    """One thing of a few. The result is its key, None if nothing was chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "leave", "Leave", tooltip="Choose nothing")]

    def __init__(self, title: str, choices: Sequence[tuple[Hashable, str]], glyphs: Glyphs) -> None:
        super().__init__()
        self.caption = title
        self.choices = choices
        self.glyphs = glyphs

    def compose(self) -> ComposeResult:
        """A frame with the choices."""
        with Vertical(classes="menu"):
            yield Listing(self.glyphs, eager=True)
            yield Static("enter or a click chooses, escape leaves", classes="hint", markup=False)

    def on_mount(self) -> None:
        """The first choice is under the cursor."""
        entitle(self.query_one(".menu"), self.caption)
        self.refill()
        self.query_one(Listing).focus()

    def refill(self) -> None:
        """Show the choices."""
        lines = [Line(key, ((text, "text"),)) for key, text in self.choices]
        self.query_one(Listing).styles.height = len(lines)
        self.query_one(Listing).fill(lines)

    def on_listing_picked(self, event: Listing.Picked) -> None:
        """A choice was made."""
        event.stop()
        self.pick(event.key)

    def pick(self, key: Hashable) -> None:
        """That is it."""
        self.dismiss(key)

    def action_leave(self) -> None:
        """Nothing."""
        self.dismiss(None)


class CutMenu(Menu):
    """When and how to cut a stream. The result is a `Cut`."""

    def __init__(self, number: int, name: str, last_id: str, glyphs: Glyphs) -> None:
        super().__init__(f"Cut stream {name}", (), glyphs)
        self.chosen = Cut(number, event_id=last_id)

    def compose(self) -> ComposeResult:
        """The choices, and behind one of them a field for an event id."""
        with Vertical(classes="menu"):
            yield Listing(self.glyphs, eager=True)
            yield Input(self.chosen.event_id, placeholder="event id", compact=True)
            yield Static("enter, space or a click chooses, c cuts, escape leaves", classes="hint", markup=False)

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "pick", "Choose", tooltip="Choose the line under the cursor"),
        Binding("c", "cut", "Cut", tooltip="Do it"),
    ]

    def refill(self) -> None:
        """Show the choices as they stand."""
        lines = [self._line("when", key, text, self.chosen.when == key) for key, text in _WHENS]
        lines += [Line(None, (("", ""),))]
        lines += [self._line("side", key, text, self.chosen.side == key) for key, text in _SIDES]
        lines += [Line(None, (("", ""),))]
        lines += [self._line("reset", key, text, self.chosen.reset is key) for key, text in _ENDS]
        lines += [Line(None, (("", ""),)), Line("cut", ((f"{self.glyphs.cut} cut", "ours"),))]
        self.query_one(Listing).styles.height = len(lines)
        self.query_one(Listing).fill(lines)
        self.query_one(Input).display = self.chosen.when == "after-id"

    def pick(self, key: Hashable) -> None:
        """Choose, or cut."""
        match key:
            case "cut":
                self.action_cut()
            case ("when", "now" | "after-next" | "after-id" as when):
                self._choose(when=when)
            case ("side", "client" | "server" as side):
                self._choose(side=side)
            case ("reset", bool() as reset):
                self._choose(reset=reset)

    def _choose(self, when: When | None = None, side: Side | None = None, reset: bool | None = None) -> None:
        was = self.chosen
        reset = was.reset if reset is None else reset
        self.chosen = Cut(was.number, side or was.side, when or was.when, was.event_id, reset)
        self.refill()

    def _line(self, group: str, key: Hashable, text: str, chosen: bool) -> Line:
        sign = self.glyphs.live if chosen else " "
        return Line((group, key), ((f"({sign}) {text}", "title" if chosen else "text"),))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """The id is typed: back to the choices."""
        event.stop()
        self.query_one(Listing).focus()

    def action_pick(self) -> None:
        """Choose the line under the cursor."""
        self.query_one(Listing).action_choose()

    def action_cut(self) -> None:
        """Do it."""
        was, event_id = self.chosen, self.query_one(Input).value
        self.dismiss(Cut(was.number, was.side, was.when, event_id if was.when == "after-id" else "", was.reset))


def slowing(number: int) -> list[tuple[Command, str]]:
    """The ways to slow a stream down, and the way back."""
    ways: list[tuple[Command, str]] = [(Stall(number), "stall: let nothing more through until it is resumed")]
    ways += [(Stall(number, float(seconds)), f"stall for {seconds} s") for seconds in _STALLS]
    ways += [(Throttle(number, rate), f"throttle to {rate:,} bytes a second") for rate in _RATES]
    return [*ways, (Resume(number), "resume: let everything through again")]

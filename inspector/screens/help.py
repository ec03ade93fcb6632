"""What the keys do, and what the signs mean."""

from collections.abc import Iterable, Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from inspector.filters import FIELDS
from inspector.glyphs import Glyphs
from inspector.widgets.frames import entitle
from inspector.widgets.lines import Part
from inspector.widgets.prose import Prose

_MEANINGS = (
    ("opened", "a stream opens"),
    ("idle", "it is open"),
    ("event", "a message on it"),
    ("question", "a request of the server's"),
    ("response", "a response"),
    ("ended", "it ends"),
    ("cut", "it breaks off"),
    ("severed", "it is broken off, and may be resumed"),
    ("resumed", "it goes on with another leg"),
    ("prime", "an event that only brings an id"),
    ("comment", "a comment, as keep-alives are"),
    ("request", "a message of the client's"),
    ("reply", "a response of the client's"),
    ("malformed", "no message, where one belongs"),
    ("deed", "what the inspector did itself"),
    ("must", "a MUST was broken"),
    ("should", "a SHOULD was broken"),
    ("mark", "you marked this row"),
)


class Help(ModalScreen[None]):
    """Keys and signs."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark", "dismiss", "Close", tooltip="Back to the screen")
    ]

    def __init__(self, keys: Iterable[tuple[str, str]], glyphs: Glyphs) -> None:
        super().__init__()
        self.keys = list(keys)
        self.glyphs = glyphs

    def compose(self) -> ComposeResult:
        """One text in a frame."""
        with Vertical(classes="menu tall"):
            yield Prose()

    def on_mount(self) -> None:
        """Tell."""
        entitle(self.query_one(".menu"), "Help")
        self.query_one(Prose).tell(self._parts())
        self.query_one(Prose).focus()

    def _parts(self) -> Iterator[Part]:
        yield "Keys\n", "head"
        for key, tooltip in self.keys:
            yield f"{key:>12}  ", "ours"
            yield f"{tooltip}\n", "text"
        yield "\nSigns\n", "head"
        for name, meaning in _MEANINGS:
            yield f"{getattr(self.glyphs, name):>12}  ", "ours"
            yield f"{meaning}\n", "text"
        yield "\nFilters\n", "head"
        fields = " ".join(f"{name}:" for name in FIELDS if name)
        yield f"Words are looked for in what rows say. {fields} say where.\n", "text"
        yield "All must hold; - turns one round; quotes keep words together.\n", "text"
        yield 'method:tools/call -kind:comment "not found"\n', "stream-1"

"""What the keys do, what the signs mean, and how the lanes are drawn."""

import textwrap
from collections.abc import Iterable, Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen

from inspector.filters import FIELDS, KINDS
from inspector.glyphs import Glyphs
from inspector.widgets.columns import QUIET
from inspector.widgets.frames import entitle
from inspector.widgets.lines import Lines, Part
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
    ("belongs", "where a message belongs that came on another stream"),
    ("request", "a message of the client's"),
    ("reply", "a response of the client's"),
    ("waiting", "its response is still to come"),
    ("malformed", "no message, where one belongs"),
    ("deed", "what the inspector did itself"),
    ("must", "a MUST was broken"),
    ("should", "a SHOULD was broken"),
    ("mark", "you marked this row"),
)
_ROOM = 100  # columns from which on there are two texts side by side
_WIDEST, _FRAME = 132, 6  # columns of the frame with its inside, and without
_KEY = 10  # columns of a key, or of a sign


class Help(ModalScreen[None]):
    """Keys and signs."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark", "dismiss", "Close", tooltip="Back to the screen")
    ]

    def __init__(self, keys: Iterable[tuple[str, str]], glyphs: Glyphs) -> None:
        super().__init__()
        self.keys = list(keys)
        self._width = 0
        self.glyphs = glyphs

    def compose(self) -> ComposeResult:
        """Two texts in a frame, or one where there is no room."""
        with Vertical(classes="menu tall"), Horizontal():
            yield Prose()
            if self.app.size.width >= _ROOM:
                yield Prose()

    def on_mount(self) -> None:
        """Tell."""
        entitle(self.query_one(".menu"), "Help")
        texts = list(self.query(Prose))
        inside = min(_WIDEST, self.app.size.width * 95 // 100) - _FRAME
        self._width = inside // len(texts) - 3
        if len(texts) > 1:
            texts[0].tell(self._keys())
            texts[1].tell(self._meanings())
        else:
            texts[0].tell((*self._keys(), ("\n", ""), *self._meanings()))
        texts[0].focus()

    def _keys(self) -> Iterator[Part]:
        yield "Keys\n", "head"
        views = [tooltip.removeprefix("Go to: ") for key, tooltip in self.keys if key.isdigit()]
        yield from self._line(f"1 to {len(views)}", ", ".join(views))
        for key, tooltip in self.keys:
            if not key.isdigit():
                yield from self._line(key, tooltip)
        yield "\nIn lists\n", "head"
        for binding in Lines.BINDINGS:
            if isinstance(binding, Binding):
                yield from self._line(binding.key.replace("page", "page ").replace(",", ", "), binding.tooltip)
        yield from self._line("tab", "To the next pane")
        yield from self._line("mouse", "A click chooses, two go there")

    def _meanings(self) -> Iterator[Part]:
        yield "Signs\n", "head"
        for name, meaning in _MEANINGS:
            yield from self._line(getattr(self.glyphs, name), meaning)
        yield "\nColumns\n", "head"
        yield "Each stream has a column, and a colour. Where there are more of them, the quietest share +n: ", "text"
        yield "one that speaks takes the column of one that is over, or has been ", "text"
        yield f"silent for {QUIET:.0f} s.\n", "text"
        yield "\nRates\n", "head"
        yield "The proxy is late by how much a timer in it was, at worst: what passed then waited as long. ", "text"
        yield "Not told is what mitmproxy takes for each message, nor the network.\n", "dim"
        yield "\nFilters\n", "head"
        fields = " ".join(f"{name}:" for name in FIELDS if name)
        yield f"Words are looked for in what rows say. {fields} say where.\n", "text"
        yield f"kind: is one of {', '.join(KINDS)}.\n", "dim"
        yield "All must hold; - turns one round; quotes keep words together.\n", "text"
        yield 'method:tools/call -kind:comment "not found"\n', "stream-1"

    def _line(self, sign: str, meaning: str) -> Iterator[Part]:
        yield f"{sign:>{_KEY}}  ", "ours"
        lines = textwrap.wrap(meaning, max(10, self._width - _KEY - 2))
        yield "\n".join((lines[0], *(f"{'':{_KEY + 2}}{line}" for line in lines[1:]), "")), "text"

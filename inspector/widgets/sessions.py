"""Sessions and their streams, as a tree of lines: who speaks, in which revision, and how each stream is doing."""

from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual.message import Message as TextualMessage
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from inspector.feed import Feed
from inspector.glyphs import UNICODE, Glyphs
from inspector.model import LiveSession, LiveStream

_SHOWN = 100  # sessions; the newest
_STREAMS = 12  # of each session; the newest


@dataclass(frozen=True, slots=True)
class _Line:
    """What an option stands for. A session alone, or one of its streams."""

    session: LiveSession
    stream: LiveStream | None = None


class SessionTree(OptionList):
    """The newest session first, its streams below it."""

    DEFAULT_CSS = """
    SessionTree { border: none; padding: 0; background: $surface; height: 1fr; }
    """
    BORDER_TITLE: ClassVar[str] = "Sessions"

    class Chosen(TextualMessage):
        """A session, or one of its streams, was chosen."""

        def __init__(self, session: LiveSession, stream: LiveStream | None) -> None:
            self.session, self.stream = session, stream
            super().__init__()

    def __init__(self, feed: Feed, glyphs: Glyphs = UNICODE, **rest: str) -> None:
        super().__init__(**rest)  # type: ignore[arg-type]
        self.feed = feed
        self.glyphs = glyphs
        self._entries: list[_Line] = []
        self._shown: list[str] = []

    def catch_up(self) -> None:
        """Show what has changed. Called a few times a second."""
        sessions = list(self.feed.sessions)[-_SHOWN:]
        lines: list[_Line] = []
        for session in reversed(sessions):
            lines.append(_Line(session))
            lines += [_Line(session, stream) for stream in session.streams[-_STREAMS:]]
        texts = [self._text(line) for line in lines]
        plain = [text.markup for text in texts]
        if plain == self._shown:
            return
        if len(plain) == len(self._shown) and [x.session for x in lines] == [x.session for x in self._entries]:
            for place, text in enumerate(texts):
                if plain[place] != self._shown[place]:
                    self.replace_option_prompt_at_index(place, text)
        else:
            self._rebuild(lines, texts)
        self._entries, self._shown = lines, plain

    def _rebuild(self, lines: list[_Line], texts: list[Text]) -> None:
        chosen = self._entries[self.highlighted] if self.highlighted is not None and self._entries else None
        self.clear_options()
        self.add_options(Option(text) for text in texts)
        if chosen in lines:
            self.highlighted = lines.index(chosen)

    def _text(self, line: _Line) -> Text:
        return self._stream(line.stream) if line.stream is not None else self._session(line.session)

    def _session(self, session: LiveSession) -> Text:
        text = Text(no_wrap=True, overflow="ellipsis")
        name = session.client_name or session.client
        text.append(f"{session.shown_id} ", "bold" if not session.ended else "dim")
        text.append(name, "" if not session.ended else "dim")
        broken = sum(v.level == "MUST" for v in session.violations)
        warned = len(session.violations) - broken
        text.append(f"  {self.glyphs.must}{broken}", "bold red") if broken else None
        text.append(f"  {self.glyphs.should}{warned}", "yellow") if warned else None
        text.append(f"\n  {session.revision or 'revision unknown'}", "dim")
        text.append(f", {session.messages} messages", "dim")
        return text

    def _stream(self, stream: LiveStream) -> Text:
        sign = {"open": self.glyphs.live, "ended": self.glyphs.ended, "severed": self.glyphs.severed}[stream.state]
        text = Text(f"  {sign} {stream.name:<8.8} {stream.events} events", no_wrap=True, overflow="ellipsis")
        if len(stream.legs) > 1:
            text.append(f" {self.glyphs.resumed}{len(stream.legs) - 1}")
        text.stylize("dim" if stream.state == "ended" else "green" if stream.state == "open" else "yellow")
        return text

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Pass on which session it is."""
        event.stop()
        if event.option_index < len(self._entries):
            line = self._entries[event.option_index]
            self.post_message(self.Chosen(line.session, line.stream))

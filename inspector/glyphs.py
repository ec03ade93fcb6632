"""Signs for what happens on a stream: readable without colour, and with `--ascii` on any terminal."""

from dataclasses import dataclass

from inspector.model.nouns import Row


@dataclass(frozen=True, slots=True)
class Glyphs:
    """One sign for each kind of row, and for the state of a stream at a row."""

    opened: str = "┬"
    idle: str = "│"
    event: str = "●"
    question: str = "◆"
    response: str = "◀"
    ended: str = "┴"
    cut: str = "╳"
    severed: str = "╎"
    resumed: str = "↺"
    prime: str = "◌"
    comment: str = "○"
    request: str = "▶"
    reply: str = "▷"
    malformed: str = "▲"
    belongs: str = "◇"
    deed: str = "■"
    must: str = "✗"
    should: str = "!"
    kept: str = "✓"
    mark: str = "»"
    cursor: str = "▌"
    unfolded: str = "▾"
    folded: str = "▸"
    waiting: str = "◔"
    never: str = "·"
    blind: str = "□"
    handle: str = "◉"
    bars: str = "▁▂▃▄▅▆▇█"
    more: str = "…"
    rule: str = "─"
    live: str = "●"

    def on_stream(self, row: Row) -> str:
        """The sign of a row in the column of its stream."""
        match row.kind:
            case "opened":
                return self.opened
            case "resumed":
                return self.resumed
            case "ended":
                return self.ended
            case "cut":
                return self.cut
            case "prime":
                return self.prime
            case "comment":
                return self.comment
            case "question":
                return self.question
            case "response":
                return self.response
            case "malformed":
                return self.malformed
            case "deed":
                return self.deed
        return self.event

    def before_words(self, row: Row) -> str:
        """The sign before the words of a row that is on no stream."""
        if row.stream is not None:
            return " "
        if row.sender == "client":
            return self.reply if row.kind == "response" else self.request
        return {"deed": self.deed, "cut": self.cut, "malformed": self.malformed}.get(row.kind, self.response)


UNICODE = Glyphs()
ASCII = Glyphs(
    opened="+",
    idle="|",
    event="*",
    question="?",
    response="<",
    ended="=",
    cut="X",
    severed=":",
    resumed="@",
    prime="o",
    comment=".",
    request=">",
    reply=")",
    malformed="^",
    belongs="0",
    deed="#",
    must="X",
    should="!",
    kept="v",
    mark="+",
    cursor=">",
    unfolded="-",
    folded="+",
    waiting="%",
    never=".",
    blind="o",
    handle="O",
    bars="._-=+*#@",
    more="~",
    rule="-",
    live="*",
)

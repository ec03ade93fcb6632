"""A trace as a picture: client left, server right, time down. Plain SVG; the colours are in `style.css`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from conformance.report.layout import Lane, Layout, Row, laid_out
from conformance.report.text import count, safe, short
from conformance.trace import Exchange, Place

_CLIENT, _SERVER = 88, 560
_NARROW, _WIDE = 640, 940
_BAR = 4  # half the width of a stream's bar
_LABEL, _NOTE = 68, 48  # characters that fit


@dataclass(frozen=True, slots=True)
class Note:
    """A finding in the margin, at the arrow that it is about."""

    place: Place
    bad: bool
    words: str
    href: str = ""


def swimlane(
    exchanges: Sequence[Exchange], notes: Sequence[Note] = (), *, joined: Mapping[int, int], title: str
) -> Markup:
    """Draw exchanges. `joined` maps a leg to the leg that it resumes."""
    layout = laid_out(exchanges, joined, [note.place for note in notes])
    drawing = _Drawing(layout, notes)
    about = f"Time runs down. {count(len(exchanges), 'exchange')} between client and server."
    return Markup(
        '<svg class="lane" viewBox="0 0 {w} {h}" width="{w}" height="{h}" role="group">'
        "<title>{title}</title><desc>{about}</desc>{parts}</svg>"
    ).format(w=drawing.width, h=layout.height, title=safe(title), about=about, parts=drawing.parts())


class _Drawing:
    """One picture: from the layout to shapes, those behind first."""

    def __init__(self, layout: Layout, notes: Sequence[Note]) -> None:
        self.layout = layout
        self.began = layout.rows[0].at if layout.rows else 0.0
        self._client_step = min(11, 66 // max(1, len(layout.clients)))
        self._server_step = min(14, 150 // layout.columns)
        self._clients = {name: _CLIENT + i * self._client_step for i, name in enumerate(layout.clients)}
        self._left = max(self._clients.values(), default=_CLIENT)
        self.margin = _SERVER + self._server_step * (layout.columns - 1) + 22
        self.width = max(self.margin + 340, _WIDE) if notes else max(self.margin + 10, _NARROW)
        self._notes = notes

    def parts(self) -> Markup:
        out = [self._lifelines()]
        for lane in self.layout.lanes.values():
            out += [self._bar(lane), self._join(lane)]
        arrows = [self._row(row) for row in self.layout.rows]
        return Markup("").join([*out, *arrows, *self._margin_notes()])

    def _lifelines(self) -> Markup:
        bottom = self.layout.height - 14
        lines = "".join(f"M{x} 34V{bottom}" for x in (*self._clients.values(), _SERVER))
        many = len(self._clients) > 1
        who = f"{len(self._clients)} clients" if many else "client"
        return Markup(
            '<path class="life" d="{}"/><text class="who" x="{}" y="24">{}</text>'
            '<text class="who e" x="{}" y="24">server</text>'
        ).format(lines, _CLIENT - 6, who, _SERVER + 18)

    def _x(self, lane: Lane) -> int:
        return _SERVER + lane.column * self._server_step

    def _bar(self, lane: Lane) -> Markup:
        stream = lane.exchange.is_stream and lane.exchange.ok
        kind = "stream" if stream else "plain"
        half = _BAR if stream else 2
        top, height = lane.top - 3, max(6, lane.bottom - lane.top + 6)
        return Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>').format(
            kind, self._x(lane) - half, top, 2 * half, height
        )

    def _join(self, lane: Lane) -> Markup:
        """From where a stream was cut to where it goes on."""
        if lane.origin is None:
            return Markup("")
        start, end = self._x(lane.origin), self._x(lane)
        top, bottom = lane.origin.bottom + 3, lane.top - 3
        bend = max(start, end) + 12
        return Markup('<path class="join" d="M{} {}C{} {} {} {} {} {}"/>').format(
            start, top, bend, top + 6, bend, bottom - 6, end, bottom
        )

    def _row(self, row: Row) -> Markup:
        if row.exchange is None:
            return Markup('<text class="gap" x="{}" y="{}">{}</text>').format(
                (self._left + _SERVER) // 2, row.y - 6, row.words
            )
        lane = self.layout.lanes[row.exchange.number]
        match row.kind:
            case "ask":
                return self._ask(row, row.exchange, lane)
            case "end":
                return self._end(row, row.exchange, lane)
            case "more":
                return self._said(row, "more", _SERVER - 14)
            case "comment":
                return self._back(row, row.exchange, lane, "comment", _SERVER - 46)
            case _:
                return self._back(row, row.exchange, lane, row.kind, self._clients[row.exchange.client])

    def _ask(self, row: Row, exchange: Exchange, lane: Lane) -> Markup:
        tip = self._x(lane) - (_BAR if exchange.is_stream else 2)
        arrow = f"M{self._clients[exchange.client]} {row.y}H{tip}m-7-3.5l7 3.5l-7 3.5"
        words = short(row.words, _LABEL)
        wrong = " wrong" if exchange.intent else ""
        return Markup(
            '<path class="ask" d="{}"/><text class="no" x="34" y="{}">{}</text><text class="at" x="76" y="{}">{:.3f}</text>'
            '<a href="#x{}"><text class="t{}" x="{}" y="{}">{}</text></a>'
        ).format(
            arrow, row.y + 4, exchange.number, row.y + 4, row.at - self.began,
            exchange.number, wrong, self._left + 8, row.y - 5, words,
        )  # fmt: skip

    def _back(self, row: Row, exchange: Exchange, lane: Lane, kind: str, tip: int) -> Markup:
        start = self._x(lane) - (_BAR if exchange.is_stream else 2)
        arrow = f"M{start} {row.y}H{tip}m7-3.5l-7 3.5l7 3.5"
        at = tip - 6 if kind == "comment" else _SERVER - 14
        return Markup('<path class="{}" d="{}"/>').format(kind, arrow) + self._said(row, kind, at)

    def _said(self, row: Row, kind: str, x: int) -> Markup:
        y = row.y + 3 if kind == "comment" else row.y - 4
        return Markup('<text class="t e {}" x="{}" y="{}">{}</text>').format(kind, x, y, short(row.words, _LABEL))

    def _end(self, row: Row, exchange: Exchange, lane: Lane) -> Markup:
        """A cut: a dashed line, and a cross on the side that cut it."""
        client, server = self._clients[exchange.client], self._x(lane)
        theirs = exchange.ending == "lost"
        x = server if theirs else client
        line = f"M{server - _BAR} {row.y}H{client}"
        cross = "" if exchange.ending == "open" else f"M{x - 4} {row.y - 4}l8 8m0-8l-8 8"
        at = Markup('<text class="t e cut" x="{}" y="{}">{}</text>').format(
            _SERVER - 14, row.y - 4, short(f"{exchange.number}: {row.words}", _LABEL)
        )
        return Markup('<path class="cut" d="{}"/><path class="cross" d="{}"/>').format(line, cross) + at

    def _margin_notes(self) -> list[Markup]:
        """One line per row; several findings at the same arrow share it."""
        by_row: dict[int, list[Note]] = {}
        for note in self._notes:
            if (lane := self.layout.lanes.get(note.place.exchange)) is not None:
                by_row.setdefault(lane.row_of(note.place).y, []).append(note)
        return [self._note(y, notes) for y, notes in sorted(by_row.items())]

    def _note(self, y: int, notes: list[Note]) -> Markup:
        first = min(notes, key=lambda note: not note.bad)
        more = f" and {len(notes) - 1} more" if len(notes) > 1 else ""
        kind, sign = ("bad", "✕") if first.bad else ("good", "✓")
        words = short(first.words, _NOTE - len(more)) + more
        full = safe("\n".join(dict.fromkeys(note.words for note in notes[:12])))
        text = Markup('<text class="note {}" x="{}" y="{}"><title>{}</title>{} {}</text>').format(
            kind, self.margin, y + 4, full, sign, words
        )
        return Markup('<a href="{}">{}</a>').format(first.href, text) if first.href else text

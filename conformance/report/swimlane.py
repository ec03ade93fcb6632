"""A trace as a picture: client left, server right, time down. Plain SVG; the colours are in `style.css`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from conformance.evidence.trace import Exchange, Place
from conformance.report.layout import WIDTH, Lane, Layout, Row, laid_out
from conformance.report.text import content, count, cut, short

_CLIENT, _SERVER = 88, 560
_NARROW, _WIDE = 640, 940
_STREAM, _PLAIN = 4, 2  # half the width of a bar
_NOTE = 42  # characters that fit into the margin
_HUES = 3  # streams side by side differ in colour, too


@dataclass(frozen=True, slots=True)
class Note:
    """A finding in the margin, at the arrow that it is about."""

    place: Place
    bad: bool
    words: str
    href: str = ""


def swimlane(
    exchanges: Sequence[Exchange],
    notes: Sequence[Note] = (),
    *,
    joined: Mapping[int, int],
    title: str,
    links: Mapping[int, str] | None = None,
) -> Markup:
    """Draw exchanges. `joined` maps a leg to the leg that it resumes, `links` says where an exchange can be read."""
    layout = laid_out(exchanges, joined, [note.place for note in notes])
    drawing = _Drawing(layout, notes, links or {})
    about = f"Time runs down. {count(len(exchanges), 'exchange')} between client and server."
    size = f'viewBox="0 0 {drawing.width} {layout.height}" width="{drawing.width}" height="{layout.height}"'
    head = f'<svg class="lane" {size} role="group"><title>{content(title)}</title><desc>{about}</desc>'
    return Markup(f"{head}{drawing.parts()}</svg>")


def _text(kind: str, x: int, y: int, words: str) -> str:
    return f'<text class="{kind}" x="{x}" y="{y}">{content(words)}</text>'


def _path(kind: str, d: str) -> str:
    return f'<path class="{kind}" d="{d}"/>'


class _Drawing:
    """One picture: from the layout to shapes, those behind first."""

    def __init__(self, layout: Layout, notes: Sequence[Note], links: Mapping[int, str]) -> None:
        self.layout = layout
        self.began = layout.rows[0].at if layout.rows else 0.0
        self._decimals = 3 if layout.rows and layout.rows[-1].at - self.began < 10 else 1
        client_step = min(11, 66 // max(1, len(layout.clients)))
        self._server_step = min(14, 150 // layout.columns)
        self._clients = {name: _CLIENT + i * client_step for i, name in enumerate(layout.clients)}
        self._left = max(self._clients.values(), default=_CLIENT) + 8
        self.margin = _SERVER + self._server_step * (layout.columns - 1) + 26
        self.width = max(self.margin + 330, _WIDE) if notes else max(self.margin + 10, _NARROW)
        self._notes = notes
        self._links = links

    def parts(self) -> str:
        rows = [self._row(row) for row in self.layout.rows if row.kind != "end"]
        bars = [self._join(lane) + self._bar(lane) for lane in self.layout.lanes.values()]
        ends = [self._row(row) for row in self.layout.rows if row.kind == "end"]
        return "".join([self._lifelines(), *rows, *bars, *ends, *self._margin_notes()])

    def _lifelines(self) -> str:
        bottom = self.layout.height - 14
        lines = "".join(f"M{x} 34V{bottom}" for x in (*self._clients.values(), _SERVER))
        who = f"{len(self._clients)} clients" if len(self._clients) > 1 else "client"
        return _path("life", lines) + _text("who", _CLIENT - 6, 24, who) + _text("who e", _SERVER + 18, 24, "server")

    def _x(self, lane: Lane) -> int:
        return _SERVER + lane.column * self._server_step

    def _hue(self, lane: Lane) -> str:
        return f" s{lane.column % _HUES}"

    def _half(self, lane: Lane) -> int:
        return _STREAM if lane.is_stream else _PLAIN

    def _bar(self, lane: Lane) -> str:
        kind, half = "stream" + self._hue(lane) if lane.is_stream else "plain", self._half(lane)
        x, height = self._x(lane) - half, max(6, lane.bottom - lane.top + 6)
        return f'<rect class="{kind}" x="{x}" y="{lane.top - 3}" width="{2 * half}" height="{height}"/>'

    def _join(self, lane: Lane) -> str:
        """From where a stream was cut to where it goes on."""
        if lane.origin is None:
            return ""
        start, end = self._x(lane.origin), self._x(lane)
        top, bottom, bend = lane.origin.bottom + 3, lane.top - 3, max(start, end) + 15
        return _path("join" + self._hue(lane), f"M{start} {top}C{bend} {top + 4} {bend} {bottom - 4} {end} {bottom}")

    def _row(self, row: Row) -> str:
        if row.exchange is None:
            return _text("gap", (self._left + _SERVER) // 2, row.y - 6, row.words)
        lane = self.layout.lanes[row.exchange.number]
        match row.kind:
            case "ask":
                return self._ask(row, row.exchange, lane)
            case "end":
                return self._end(row, row.exchange, lane)
            case "more":
                return self._said(row, "more")
            case "comment":
                return self._back(row, lane, _SERVER - 46) + _text("t e comment", _SERVER - 52, row.y + 3, _fit(row))
            case _:
                return self._back(row, lane, self._clients[row.exchange.client]) + self._said(row, row.kind)

    def _ask(self, row: Row, exchange: Exchange, lane: Lane) -> str:
        tip = self._x(lane) - self._half(lane)
        arrow = _path("ask", f"M{self._clients[exchange.client]} {row.y}H{tip}m-7-3.5l7 3.5-7 3.5")
        number = _text("no", 34, row.y + 4, str(exchange.number))
        said = short(row.words, WIDTH - (self._left - _CLIENT) // 7)
        words = _text("t wrong" if exchange.intent else "t", self._left, row.y - 5, said)
        when = _text("at", 76, row.y + 4, f"{row.at - self.began:.{self._decimals}f}")
        link = self._links.get(exchange.number)
        return arrow + number + when + (f'<a href="{escape(link)}">{words}</a>' if link else words)

    def _back(self, row: Row, lane: Lane, tip: int) -> str:
        start = self._x(lane) - self._half(lane)
        return _path(row.kind + self._hue(lane), f"M{start} {row.y}H{tip}m7-3.5l-7 3.5 7 3.5")

    def _said(self, row: Row, kind: str) -> str:
        return _text(f"t e {kind}", _SERVER - 14, row.y - 4, _fit(row))

    def _end(self, row: Row, exchange: Exchange, lane: Lane) -> str:
        """A cut: a dashed line, and a cross on the side that cut it."""
        client, server = self._clients[exchange.client], self._x(lane)
        theirs = exchange.ending == "lost"
        x = server if theirs else client
        line = _path("cut", f"M{server - self._half(lane)} {row.y}H{client}")
        cross = "" if exchange.ending == "open" else _path("cross", f"M{x - 4} {row.y - 4}l8 8m0-8l-8 8")
        words = short(f"{exchange.number}: {row.words}", WIDTH)
        side = "ours" if exchange.ending in ("hung up", "open") else "theirs"
        return f'<g class="{side}">{line}{cross}{_text("t e cut", _SERVER - 14, row.y - 4, words)}</g>'

    def _margin_notes(self) -> list[str]:
        """One line per row; several findings at the same arrow share it."""
        by_row: dict[int, list[Note]] = {}
        for note in self._notes:
            if (lane := self.layout.lanes.get(note.place.exchange)) is not None:
                by_row.setdefault(lane.row_of(note.place).y, []).append(note)
        return [self._note(y, notes) for y, notes in sorted(by_row.items())]

    def _note(self, y: int, notes: list[Note]) -> str:
        first = min(notes, key=lambda note: not note.bad)
        more = f" (+{len(notes) - 1})" if len(notes) > 1 else ""
        kind, sign = ("bad", "×") if first.bad else ("good", "✓")
        words = content(short(first.words, _NOTE - len(more)) + more)
        full = "\n".join(dict.fromkeys(cut(note.words, 300) for note in notes[:12]))
        title = f"<title>{content(full)}</title>" if first.bad else ""
        text = f'<text class="note {kind}" x="{self.margin}" y="{y + 4}">{title}{sign} {words}</text>'
        return f'<a href="{escape(first.href)}">{text}</a>' if first.href else text


def _fit(row: Row) -> str:
    return short(row.words, WIDTH)

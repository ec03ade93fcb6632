"""Pictures of screens as files: SVG as the app itself draws it, without what differs from run to run.

Each begins with the text of its screen, so that a difference can be read; below are the colours, a line for each run
of characters. No font's address and no number that somebody drew at random is in them: they are the same on every
machine. `make screenshots` renews them all; then look at them, and at what git shows.

With pytest-textual-snapshot (1.0.0) and the syrupy that it gets today, files end in `.raw`, which nothing shows as a
picture, and a difference is no text.
"""

import html
import os
import re
from collections.abc import Iterator
from difflib import unified_diff
from itertools import groupby
from pathlib import Path

from textual.widgets import Input

from inspector.app import InspectorApp
from tests.inspector.tui.piloting import screen_of

GOLDEN = Path(__file__).parent / "golden"
RENEW = "UPDATE"  # a variable of the environment
_RANDOM = re.compile(r"terminal-\d+-")
_FONTS = re.compile(r"@font-face \{.*?\}\s*|Fira Code, ", re.DOTALL)
_CLIPS = re.compile(r'<clipPath id="line-.*?</clipPath>\s*| clip-path="url\(#line-\d+\)"', re.DOTALL)
_STYLE = re.compile(r"\.(r\d+) \{ (.*?);? \}\n?")
_CLASS = re.compile(r'class="(r\d+)"')
_RECT = re.compile(
    r'<rect fill="(.*?)" x="(.*?)" y="(.*?)" width="(.*?)" height="24.65" shape-rendering="crispEdges"/>'
)
_RECTS = re.compile(rf"(?:{_RECT.pattern})+")
_NEWLINE = re.compile(r"<text [^>]*>\n</text>")
_START = re.compile(r"(<svg [^>]*>)")


def picture(app: InspectorApp) -> str:
    """What is on the screen now."""
    for field in app.screen.query(Input):
        field.cursor_blink = False
    drawn = _RANDOM.sub("", app.export_screenshot(simplify=True)).replace("&#160;", "\u00a0")
    drawn = _NEWLINE.sub("", _CLIPS.sub("", _FONTS.sub("", drawn)))
    drawn = _RECTS.sub(lambda found: "\n".join(_grounds(found[0])), drawn)
    names = {number: _named(style) for number, style in _STYLE.findall(drawn)}
    drawn = _STYLE.sub(lambda found: f".{names[found[1]]} {{ {found[2]} }}\n", drawn)
    drawn = _CLASS.sub(lambda found: f'class="{names[found[1]]}"', drawn)
    text = html.escape("\n".join(screen_of(app)), quote=False)
    drawn = _START.sub(lambda found: f"{found[1]}\n<desc>\n{text}\n</desc>", drawn, count=1)
    lines = drawn.replace("<text ", "\n<text ").split("\n")
    return "".join(f"{line.rstrip(' ')}\n" for line in lines if line.strip(" "))


def compare(name: str, drawn: str, aside: Path) -> None:
    """Compare with the picture of this name. One that differs is left in the folder `aside`."""
    golden = GOLDEN / f"{name}.svg"
    if os.environ.get(RENEW):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(drawn, encoding="utf-8")
    wanted = golden.read_text(encoding="utf-8") if golden.exists() else ""
    if drawn != wanted:
        new = aside / golden.name
        new.write_text(drawn, encoding="utf-8")
        lines = unified_diff(_text(wanted), _text(drawn), "as it should be", "as it is", n=1, lineterm="")
        told = "\n".join(lines) or "The text is the same; colours or places differ."
        raise AssertionError(f"{told}\nIt should be {golden}\n       it is {new}\n`make screenshots` renews it.")


def _named(style: str) -> str:
    """A name for a style that does not depend on which others there are: its colour, and what else it is."""
    colour, *more = (part.rpartition(": ")[2] for part in style.split(";"))
    return f"c{colour.removeprefix('#')}{''.join(part[0] for part in more)}"


def _grounds(rects: str) -> Iterator[str]:
    """Neighbours on a line that have one colour are one."""
    for (colour, y), group in groupby(_RECT.findall(rects), lambda rect: (rect[0], rect[2])):
        several = list(group)
        left, right = float(several[0][1]), float(several[-1][1]) + float(several[-1][3])
        yield (
            f'<rect fill="{colour}" x="{left:.1f}" y="{y}" width="{right - left:.1f}" height="24.65" '
            'shape-rendering="crispEdges"/>'
        )


def _text(drawn: str) -> list[str]:
    return html.unescape(drawn.partition("<desc>")[2].partition("</desc>")[0]).splitlines()

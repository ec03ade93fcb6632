"""Reads pages as a browser would, as far as tests need it."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path


@dataclass(eq=False)
class Page(HTMLParser):
    """Elements, attributes, links and text of one page."""

    path: Path
    elements: set[str] = field(default_factory=set)
    attributes: set[str] = field(default_factory=set)
    ids: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    classes: set[str] = field(default_factory=set)
    text: str = ""

    def __post_init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.source = self.path.read_text(encoding="utf-8")
        self.feed(self.source)
        self.close()
        assert not self.open, f"{self.path}: never closed: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.text += " "
        if tag not in ("meta", "link", "input", "wbr"):
            self.open.append(tag)
        self._attributes(attrs)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self._attributes(attrs)

    def handle_endtag(self, tag: str) -> None:
        self.text += " "
        assert self.open, f"{self.path}: </{tag}> closes nothing"
        assert self.open.pop() == tag, f"{self.path}: </{tag}> in {self.getpos()}"

    def handle_data(self, data: str) -> None:
        self.text += data

    def _attributes(self, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            self.attributes.add(name)
            match name:
                case "id":
                    self.ids.append(value or "")
                case "href":
                    self.links.append(value or "")
                case "class":
                    self.classes |= set((value or "").split())


def read(folder: Path) -> dict[Path, Page]:
    return {path: Page(path) for path in sorted(folder.rglob("*.html"))}

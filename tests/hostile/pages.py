"""Reads our pages as a browser does, to see whether a stranger's text became more than text."""

import re
from html.parser import HTMLParser

from conformance.report.copying import copying
from tests.hostile.words import MARK

OURS = "https://modelcontextprotocol.io/"
_ADDRESSES = ("href", "src", "action", "data", "xlink:href", "formaction", "poster")
_FOREIGN = {"img", "iframe", "object", "embed", "form", "base", "video", "audio", MARK}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.alive: list[str] = []
        self._script = False

    def handle_data(self, data: str) -> None:
        if self._script and data.strip() != copying().script.strip():
            self.alive.append(data)
        self._script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name.startswith("on") or MARK in name or (name in _ADDRESSES and not _is_ours(value or "")):
                self.alive.append(f"<{tag} {name}={value!r:.200}>")
        self._script = tag == "script"
        if tag in _FOREIGN:
            self.alive.append(f"<{tag}>")


def _is_ours(address: str) -> bool:
    """A page of the specification, or a file of the report itself."""
    return address.startswith(OURS) or (MARK not in address and not re.match(r"[a-z+.-]*:|//", address, re.I))


def alive(page: str) -> list[str]:
    """Elements, attributes and addresses in a page of ours that are not of our making."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.alive

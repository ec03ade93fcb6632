"""The button that copies commands: the only script of the report, and the only one that its pages allow."""

import base64
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Copying:
    """The script, and the source expression by which a Content-Security-Policy allows it and no other (CSP 3, 2.3.1).

    What a server says on a page can therefore never run, even if it were not escaped.
    """

    script: Markup
    allowed: Markup


@cache
def copying() -> Copying:
    """The script of the buttons that copy a command, and its digest for the page's content security policy."""
    script = (Path(__file__).parent / "copy.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return Copying(Markup(script), Markup("'sha256-{}'").format(digest))

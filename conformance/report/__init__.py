"""Reports: pure functions of a `Run`, for the browser, the terminal and other programs.

`page` writes the folder, `overview` finds the words of the first page, `evidence` those of exchanges, `swimlane`
draws. Everything that a stranger's server said is escaped on its way out (`text`). Of ours this package knows
`run`, `judge`, `check`, `trace`, `views`, `ledger`, `profile` and `scenario`, and nothing else.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conformance.run import Run


def write_report(run: "Run", folder: Path, *, faults: Mapping[str, str] | None = None) -> Path:
    """Write the pages, `report.json` and `style.css` into a folder, made if need be. Returns the page to open.

    `faults` maps a requirement's key to the fault of the reference server that proves its check. Saved traces are
    linked if they are there: `traces/<revision>.jsonl.gz`. The templates are loaded only when a report is wanted.
    """
    from conformance.report.page import write_pages

    return write_pages(run, folder, faults or {})

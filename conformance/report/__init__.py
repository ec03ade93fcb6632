"""Reports: pure functions of a `Run`, for the browser, the terminal and other programs."""

from collections.abc import Mapping
from pathlib import Path
from conformance.run import Run


def write_report(run: Run, folder: Path, *, faults: Mapping[str, str] | None = None) -> Path:
    return folder

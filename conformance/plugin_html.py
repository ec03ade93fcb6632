"""pytest-html glue: our verdict in every row, and a link from each to our own page.

pytest-html knows passed, failed and skipped only, and 300 embedded diagrams would make a page of many megabytes.
"""

import os
from pathlib import Path

import pytest


class HtmlRows:
    """Adds a column to pytest-html's table, and the answer for each revision to its summary.

    `report` is our first page, None until there is one; `answers` are one sentence of ours a revision.
    """

    def __init__(self, config: pytest.Config) -> None:
        self.report: Path | None = None
        self.answers: list[str] = []
        self._config = config

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_results_table_header(self, cells: list[str]) -> None:
        cells.insert(1, "<th>Verdict</th>")

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_results_table_row(self, report: pytest.TestReport, cells: list[str]) -> None:
        verdict = dict(report.user_properties).get("mcp_verdict", "")
        cells.insert(1, f"<td>{self._link(report.nodeid, str(verdict))}</td>")

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_results_summary(self, prefix: list[str]) -> None:
        prefix += [f"<p>{answer}</p>" for answer in self.answers]
        if self.report:
            prefix.append(
                f'<p><a href="{self._from_html(self.report)}">The MCP report</a> tells all verdicts apart.</p>'
            )

    def _link(self, nodeid: str, verdict: str) -> str:
        root, _, rest = nodeid.partition("::")
        if root != "mcp" or self.report is None:
            return ""
        page = self.report.parent / "r" / f"{rest.replace('::', '/')}.html"
        return f'<a href="{self._from_html(page)}">{verdict or "error"}</a>'

    def _from_html(self, page: Path) -> str:
        return Path(os.path.relpath(page, Path(self._config.getoption("htmlpath")).parent)).as_posix()

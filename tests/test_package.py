"""The wheel, installed somewhere else, is whole: it judges a server and writes a report."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from reference_server.options import Options
from reference_server.server import ReferenceServer
from reference_server.serving import serve

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds what `pip install` puts into site-packages."""
    folder, source = tmp_path_factory.mktemp("site"), tmp_path_factory.mktemp("source") / "project"
    shutil.copytree(ROOT, source, ignore=shutil.ignore_patterns(".*", "build", "reports", "*.egg-info", "tests"))
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(folder), str(source)]
    done = subprocess.run(pip, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    return folder


def test_an_installed_suite_judges_from_any_folder(installed: Path, tmp_path: Path) -> None:
    with serve(ReferenceServer(Options())) as url:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "--target", url, "--mcp-revision", "2025-11-25", "-k", "schema or ping"],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(installed)},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
    assert f"judged by {installed / 'conformance'}" in done.stdout, done.stdout
    assert done.returncode == 0, done.stdout
    assert (tmp_path / "reports" / "latest" / "index.html").exists()
    assert (tmp_path / "reports" / "latest" / "report.json").exists()


def test_the_reference_server_travels_with_it(installed: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "reference_server", "--list-faults"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert "EndedSessionsAreBadRequests" in done.stdout

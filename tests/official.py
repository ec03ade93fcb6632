"""The official conformance suite, installed and started: for a comparison, and as a witness. It needs npm.

Node 22 comes from npm as well, because the suite dies at import under older ones.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

NAME = "@modelcontextprotocol/conformance"
PINNED = "0.2.0-alpha.12"
FOLDER = Path(__file__).parents[1] / ".venvs" / "official-suite"


def newest() -> str:
    """The release that was published last, whatever npm calls latest; the pinned one where npm cannot be asked."""
    npm = shutil.which("npm")
    if npm is None:
        return PINNED
    asked = subprocess.run([npm, "view", NAME, "time", "--json"], capture_output=True, text=True, check=False)
    try:
        published: dict[str, str] = json.loads(asked.stdout)
    except json.JSONDecodeError:
        return PINNED
    releases = {version: when for version, when in published.items() if version[0].isdigit()}
    return max(releases, key=lambda version: releases[version], default=PINNED)


def installed(version: str = PINNED) -> tuple[Path, Path] | None:
    """Node and the suite's program, installed where they are missing; None where they cannot be had."""
    npm = shutil.which("npm")
    if npm is None:
        return None
    node = FOLDER / "node_modules" / "node" / "bin" / "node"
    program = FOLDER / "node_modules" / ".bin" / "conformance"
    if not (node.exists() and program.exists() and _version() == version):
        FOLDER.mkdir(parents=True, exist_ok=True)
        wanted = ["node@22", f"{NAME}@{version}"]
        command = [npm, "install", "--no-audit", "--no-fund", "--prefix", str(FOLDER), *wanted]
        if subprocess.run(command, capture_output=True, check=False).returncode:
            return None
    return (node, program) if node.exists() and program.exists() else None


def command(node: Path, program: Path, url: str, *selection: str) -> list[str]:
    """Judge the server at `url`; `selection` says by what, as in `--requirements 2025-11-25`."""
    return [str(node), str(program.resolve()), "server", "--url", url, *selection]


def environment(node: Path) -> dict[str, str]:
    """What the suite is to find in its environment."""
    return {"PATH": f"{node.parent}{os.pathsep}{os.environ['PATH']}"}


def _version() -> str:
    package = FOLDER / "node_modules" / NAME / "package.json"
    try:
        return str(json.loads(package.read_text(encoding="utf-8"))["version"])
    except (OSError, ValueError, KeyError):
        return ""

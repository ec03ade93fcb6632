"""The official conformance suite, for a look at it beside ours. It needs Node 22, from the PATH or from npm."""

import os
import shutil
import subprocess
from pathlib import Path

PACKAGE = "@modelcontextprotocol/conformance@0.2.0-alpha.12"
FOLDER = Path(__file__).parents[2] / ".venvs" / "official-suite"


def installed() -> tuple[Path, Path] | None:
    """Node and the suite's program, installed where they are missing; None where they cannot be had."""
    npm = shutil.which("npm")
    if npm is None:
        return None
    node = FOLDER / "node_modules" / "node" / "bin" / "node"
    program = FOLDER / "node_modules" / ".bin" / "conformance"
    if not (node.exists() and program.exists()):
        FOLDER.mkdir(parents=True, exist_ok=True)
        command = [npm, "install", "--no-audit", "--no-fund", "--prefix", str(FOLDER), "node@22", PACKAGE]
        if subprocess.run(command, capture_output=True, check=False).returncode:
            return None
    return (node, program) if node.exists() and program.exists() else None


def command(node: Path, program: Path, url: str, requirements: str) -> list[str]:
    return [str(node), str(program.resolve()), "server", "--url", url, "--requirements", requirements]


def environment(node: Path) -> dict[str, str]:
    return {"PATH": f"{node.parent}{os.pathsep}{os.environ['PATH']}"}

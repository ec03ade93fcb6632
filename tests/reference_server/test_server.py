"""The shape of the server."""

import ast
import inspect
from pathlib import Path

import pytest

import reference_server
from reference_server.server import ReferenceServer

PACKAGE = Path(reference_server.__file__).parent


def test_every_decision_says_what_its_rule_is() -> None:
    members = inspect.getmembers(ReferenceServer, inspect.isfunction)
    decisions = [method for name, method in members if not name.startswith("_")]
    assert len(decisions) > 100
    assert [method.__qualname__ for method in decisions if not method.__doc__] == []


@pytest.mark.parametrize("file", sorted(PACKAGE.rglob("*.py")), ids=lambda file: str(file.relative_to(PACKAGE)))
def test_the_judged_knows_nothing_of_the_judge(file: Path) -> None:
    imported: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add(node.module or "")
    assert not {name for name in imported if name.partition(".")[0] in ("conformance", "schemas", "inspector")}

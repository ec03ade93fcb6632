"""The demo says what it lacks before it shows anything."""

from pathlib import Path

import pytest

from inspector.demo.__main__ import check
from inspector.proxy.setup import CannotStart


def test_an_interpreter_without_the_package_is_refused(tmp_path: Path) -> None:
    bare = tmp_path / "python"
    bare.write_text("#!/bin/sh\nexit 1\n")
    bare.chmod(0o755)
    with pytest.raises(CannotStart, match="does not have the package mcp"):
        check(str(bare))


def test_a_client_that_is_no_interpreter_is_refused() -> None:
    with pytest.raises(CannotStart, match="is no Python interpreter"):
        check("/nowhere/python")

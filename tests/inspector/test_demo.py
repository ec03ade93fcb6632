"""The demo says what it lacks before it shows anything."""

import sys

import pytest

from inspector.demo.__main__ import check
from inspector.proxy.setup import CannotStart


def test_an_interpreter_without_the_package_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "")
    with pytest.raises(CannotStart, match="does not have the package mcp"):
        check(sys.executable)


def test_a_client_that_is_no_interpreter_is_refused() -> None:
    with pytest.raises(CannotStart, match="is no Python interpreter"):
        check("/nowhere/python")

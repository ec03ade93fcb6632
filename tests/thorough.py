"""Two depths of testing: what every change has to pass in minutes, and all there is (`make thorough`)."""

import os
from collections.abc import Iterable
from typing import TypeVar

THOROUGH = os.environ.get("THOROUGH") == "1"
_T = TypeVar("_T")


def some(cases: Iterable[_T], every: int) -> list[_T]:
    """All of them where one is thorough, else one of so many."""
    return list(cases)[:: 1 if THOROUGH else every]

"""Two depths of testing: what every change has to pass in minutes, and all there is (`make thorough`)."""

import os
from collections.abc import Sequence

THOROUGH = os.environ.get("THOROUGH") == "1"


def some(names: Sequence[str]) -> list[str]:
    """All of them where one is thorough, else every second, whatever stands before."""
    return sorted(names)[:: 1 if THOROUGH else 2]

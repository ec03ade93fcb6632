"""One module per topic of the specification; each check judges facts and knows nothing of how they came about.

A check never sends, sleeps or looks at the clock. It may import `check`, `views`, `trace` and `shapes`.
"""

import importlib
import pkgutil


def load_checks() -> None:
    """Import every module of checks, so that CHECKS is complete."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")

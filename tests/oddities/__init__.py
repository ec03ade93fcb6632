"""Servers that are legal in an unusual way: none of them may draw FAIL, WARN or a crash.

An oddity is the reference server with one decision taken in another way that the specification allows, as a fault
is one with a decision gone wrong. Its docstring names the rule, or the trap in the specification's reading
(docs/traps.md has them by number), that makes it legal. To add one, write a class of a few lines in the module of its
topic; the test finds it.
"""

import importlib
import pkgutil

from tests.oddities.odd import Odd


def load() -> dict[str, type[Odd]]:
    """All oddities by class name; those whose name begins with an underscore only help others."""
    found: dict[str, type[Odd]] = {}
    for module in pkgutil.iter_modules(__path__):
        if module.name not in ("odd", "both_eras") and not module.name.startswith("test_"):
            for name, kind in vars(importlib.import_module(f"{__name__}.{module.name}")).items():
                if isinstance(kind, type) and issubclass(kind, Odd) and kind.__module__.endswith(f".{module.name}"):
                    found[name] = kind
    return {name: kind for name, kind in found.items() if not name.startswith("_")}

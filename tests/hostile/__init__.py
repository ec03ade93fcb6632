"""Servers that mean us harm, or are as broken as if they did: none of them may hang, flood, crash or deceive a run.

To add one, write a class of a few lines in the module of its topic, with a sentence that says what it does; the test
finds it. `Twisted` is the reference server that says something else here and there, `Raw` writes bytes on a socket.
"""

import importlib
import inspect
import pkgutil

from tests.hostile.hostile import Hostile

_HELPERS = ("hostile", "words", "meter", "pages")


def load() -> dict[str, type[Hostile]]:
    """All hostile servers by class name; those whose name begins with an underscore only help others."""
    found: dict[str, type[Hostile]] = {}
    for module in pkgutil.iter_modules(__path__):
        if module.name not in _HELPERS and not module.name.startswith("test_"):
            for name, kind in vars(importlib.import_module(f"{__name__}.{module.name}")).items():
                if (
                    inspect.isclass(kind)
                    and issubclass(kind, Hostile)
                    and kind.__module__.endswith(f".{module.name}")
                ):
                    found[name] = kind
    return {name: kind for name, kind in found.items() if not name.startswith("_")}

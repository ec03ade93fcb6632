"""One module per story. A scenario drives a server through `client` and never judges what comes back."""

import importlib
import pkgutil

from conformance.driving.scenario import SCENARIOS, Scenario


def load_scenarios() -> dict[str, Scenario]:
    """Import every module of stories and return them by name."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    return SCENARIOS

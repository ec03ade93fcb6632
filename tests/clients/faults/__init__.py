"""Clients that are wrong in exactly one point, each to prove that somebody notices.

A fault is a subclass of a right client. It overrides one decision, its docstring says in one sentence what goes
wrong, and `breaks` names the requirement. `also` names, with the reason, what cannot but break with it; `shown_in`
is the revision in which it is shown, without it the newest of the client's era that knows the requirement.
"""

import importlib
import pkgutil

from conformance.evidence.era import is_modern
from conformance.judging.ledger import REVISIONS, requirements
from tests.clients.modern import RightModernClient
from tests.clients.talking import Talker


def load() -> dict[str, type[Talker]]:
    """All faults by class name."""
    found: dict[str, type[Talker]] = {}
    for module in pkgutil.iter_modules(__path__):
        name = f"{__name__}.{module.name}"
        for fault in vars(importlib.import_module(name)).values():
            if isinstance(fault, type) and issubclass(fault, Talker) and "breaks" in vars(fault):
                found[fault.__name__] = fault
    return found


def broken_by(fault: type[Talker]) -> str:
    """The requirement that a fault breaks."""
    breaks: str = vars(fault)["breaks"]
    return breaks


def blamed(fault: type[Talker]) -> set[str]:
    """All that a fault breaks."""
    also: dict[str, str] = getattr(fault, "also", {})
    return {broken_by(fault), *also}


def revision_of(fault: type[Talker]) -> str:
    """Where a fault is shown."""
    modern = issubclass(fault, RightModernClient)
    having = [
        revision
        for revision in REVISIONS
        if is_modern(revision) == modern
        and any(row.key == broken_by(fault) for row in requirements(revision, "client"))
    ]
    revision: str = getattr(fault, "shown_in", having[-1])
    return revision

"""Servers that are wrong in exactly one point, each to prove that somebody notices.

A fault is a subclass of `ReferenceServer` in one of this package's modules, which are named after the topics
of the specification.  It overrides one decision, its docstring says in one sentence what goes wrong, and
`breaks` names the requirement.  `also` names, with the reason, what cannot but break with it; `revision` is the
one revision in which the fault shows; `with_auth` says that it shows with --auth only.
"""

import difflib
import importlib
import inspect
import pkgutil
import re

from reference_server.server import ReferenceServer


def load() -> dict[str, type[ReferenceServer]]:
    """All faults by class name; a fault that does not say what it breaks is an error."""
    found: dict[str, type[ReferenceServer]] = {}
    for module in pkgutil.iter_modules(__path__):
        for name, fault in vars(importlib.import_module(f"{__name__}.{module.name}")).items():
            if isinstance(fault, type) and issubclass(fault, ReferenceServer) and _is_from(fault, module.name):
                check(fault)
                found[name] = fault
    return found


def check(fault: type[ReferenceServer]) -> None:
    """A fault says what it breaks and, in a docstring, how."""
    where = f"{fault.__module__}.{fault.__name__}"
    breaks = vars(fault).get("breaks")
    if not isinstance(breaks, str) or not breaks:
        raise TypeError(f'{where} must say which requirement it breaks, as in breaks = "event.id-unique"')
    if not (fault.__doc__ or "").strip() or fault.__doc__ == ReferenceServer.__doc__:
        raise TypeError(f"{where} needs a docstring: one sentence saying what goes wrong")
    if not isinstance(also_broken_by(fault), dict):
        raise TypeError(f"{where}.also must map each further requirement to the reason why it breaks too")


def find(name: str) -> type[ReferenceServer]:
    """The fault of this name, in CamelCase or in kebab-case."""
    faults = load()
    by_name = {**{kebab(known): known for known in faults}, **{known: known for known in faults}}
    if name in by_name:
        return faults[by_name[name]]
    near = difflib.get_close_matches(kebab(name), [kebab(known) for known in faults], n=1, cutoff=0.0)
    hint = f"; did you mean {by_name[near[0]]}?" if near else ""
    raise LookupError(f"there is no fault {name!r}{hint}")


def kebab(name: str) -> str:
    """EventIdsRepeat becomes event-ids-repeat."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).lower()


def broken_by(fault: type[ReferenceServer]) -> str:
    """The requirement that a fault breaks."""
    breaks: str = vars(fault)["breaks"]
    return breaks


def also_broken_by(fault: type[ReferenceServer]) -> dict[str, str]:
    """What breaks with it, and why."""
    also: dict[str, str] = getattr(fault, "also", {})
    return also


def revision_of(fault: type[ReferenceServer]) -> str | None:
    """The only revision that shows the fault, if there is one."""
    revision: str | None = getattr(fault, "revision", None)
    return revision


def needs_auth(fault: type[ReferenceServer]) -> bool:
    """Whether the fault is in what only --auth brings."""
    return bool(getattr(fault, "with_auth", False))


def sentence_of(fault: type[ReferenceServer]) -> str:
    """What goes wrong."""
    return inspect.cleandoc(fault.__doc__ or "").split("\n\n")[0].replace("\n", " ")


def _is_from(fault: type[ReferenceServer], module: str) -> bool:
    return fault.__module__ == f"{__name__}.{module}" and not fault.__name__.startswith("_")

"""Known failures: requirements that a target is known to break, each with a reason.

They run all the same, and one that is kept after all fails the run, so that the file never outlives its cause.

    ["session.ended-404"]
    reason = "answers 400 until the next release, see our ticket 12"
    revisions = ["2025-11-25"]      # left out: all
"""

import tomllib
from pathlib import Path

from conformance.judging.ledger import REVISIONS, requirements


class BadKnownFailures(ValueError):
    """The file cannot be used. The message says where and why."""


def read_known_failures(path: Path) -> dict[tuple[str, str], str]:
    """From (revision, key) to the reason. Raises BadKnownFailures."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:  # numbers too long, and nesting too deep, among them
        raise BadKnownFailures(f"the known failures {path} cannot be read: {error}") from None
    known: dict[tuple[str, str], str] = {}
    for key, fields in table.items():
        shown = key if key.isprintable() else repr(key)
        reason = fields.get("reason") if isinstance(fields, dict) else None
        if not isinstance(reason, str) or not reason.strip():
            raise BadKnownFailures(f'{path}: {shown} needs a reason: reason = "..."')
        having = [r for r in REVISIONS if any(row.key == key for row in requirements(r))]
        if not having:
            raise BadKnownFailures(f"{path}: there is no requirement {shown}")
        wanted = fields.get("revisions", having)
        if not isinstance(wanted, list) or any(revision not in having for revision in wanted):
            raise BadKnownFailures(f"{path}: {key} stands in {', '.join(having)}, not in {wanted!r}")
        known |= {(str(revision), key): reason for revision in wanted}
    return known

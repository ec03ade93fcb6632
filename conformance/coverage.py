"""The ledger as a page to read: what each revision asks, what checks it, and what proves that the check can fail."""

from collections.abc import Iterator, Mapping

from conformance.checks import load_checks
from conformance.judging.check import CHECKS
from conformance.judging.ledger import REVISIONS, Requirement, requirements
from conformance.suite import known_faults

_INTRODUCTION = """\
# What is checked

Every requirement of every revision that the suite judges, from `conformance/ledger/`. Each has a check, with the
fault of the reference server that proves that it can fail (where the client is judged, a client that is wrong in one
point, from `tests/clients/faults/`); or a reason why nobody can check it. A row of our own is one that the keywords
of the specification alone do not give. Servers of 2024-11-05, whose transport was HTTP+SSE, are recognised and not
examined: only a few rules of it are judged.
Generated: `make coverage` renews this page.
"""
_OF_CLIENTS = """\
What live traffic shows of a client: `python -m conformance judge FILE --party client` judges it. These are no items
of the suite, which judges servers."""
_HEAD = """\
| requirement | level | what it asks | check | proved by the fault, or why there is no check |
| --- | --- | --- | --- | --- |"""


def markdown() -> str:
    """All ledgers, the newest revision first; within one, topics and rows in the order of its file."""
    load_checks()
    newest_first = REVISIONS[::-1]
    parts = [_INTRODUCTION, *_totals(newest_first)]
    for revision in newest_first:
        parts += _revision(revision, known_faults(revision))
    parts += _of_clients(newest_first)
    return "\n".join(parts) + "\n"


def _totals(revisions: tuple[str, ...]) -> Iterator[str]:
    yield "| revision | requirements | MUST | SHOULD | checked | unchecked, with a reason | rows of our own |"
    yield "| --- | --: | --: | --: | --: | --: | --: |"
    for revision in revisions:
        rows = requirements(revision)
        counts = (
            len(rows),
            sum(row.level == "MUST" for row in rows),
            sum(row.level == "SHOULD" for row in rows),
            sum(_is_checked(row) for row in rows),
            sum(not _is_checked(row) for row in rows),
            sum(row.own is not None for row in rows),
        )
        yield f"| [{revision}](#{revision}) | {' | '.join(map(str, counts))} |"


def _revision(revision: str, faults: Mapping[str, str]) -> Iterator[str]:
    yield f"\n## {revision}"
    by_topic: dict[str, list[Requirement]] = {}
    for row in requirements(revision):
        by_topic.setdefault(row.topic, []).append(row)
    for topic, rows in by_topic.items():
        checked = sum(map(_is_checked, rows))
        yield f"\n### {topic}, {revision}: {checked} of {len(rows)} checked\n\n{_HEAD}"
        yield from (_line(row, faults) for row in rows)


def _of_clients(revisions: tuple[str, ...]) -> Iterator[str]:
    """What shows of a client to somebody who only watches; the suite, which drives servers, has no items for it."""
    asking = [revision for revision in revisions if requirements(revision, "client")]
    yield f"\n## Clients\n\n{_OF_CLIENTS}"
    for revision in asking:
        rows = requirements(revision, "client")
        checked = sum(map(_is_checked, rows))
        yield f"\n### clients, {revision}: {checked} of {len(rows)} checked\n\n{_HEAD}"
        yield from (_line(row, {}) for row in rows)


def _line(row: Requirement, faults: Mapping[str, str]) -> str:
    check = CHECKS.get((row.key, row.party))
    if check is None:
        judge, proof = "none", row.unchecked or "There is no check of it yet."
    else:
        module = check.judge.__module__.removeprefix("conformance.")
        proved = "tests/clients/faults/" if row.party == "client" else faults.get(row.key)
        judge, proof = f"`{module}:{check.name}`", f"`{proved or f'tests/checks/test_{row.topic}.py'}`"
    weight = "" if row.weight == row.level else f", counted as a {row.weight}"
    own = f" Row of our own: {row.own}" if row.own else ""
    cells = (f"[`{row.key}`]({row.url})", f"{row.level}{weight}", f"{row.text}{own}", judge, proof)
    return f"| {' | '.join(map(_cell, cells))} |"


def _cell(text: str) -> str:
    """One line, in which nothing ends the cell."""
    return " ".join(text.split()).replace("|", "\\|")


def _is_checked(row: Requirement) -> bool:
    return (row.key, row.party) in CHECKS

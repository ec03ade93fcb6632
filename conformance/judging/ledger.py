"""The ledger: one row for every requirement of a revision, read from `ledger/<revision>.toml`, and for what it asks
of clients from `ledger/client/<revision>.toml`. A rule for both parties has a row in each.

A row has a check of the same key, or says why nobody can check it. It also says how much a breach weighs, because
levels and wording differ between revisions: a check applies to a revision only if that revision's ledger names it.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import get_args

from conformance.evidence.trace import Party
from conformance.judging.check import Level, Need

FOLDER = Path(__file__).parents[1] / "ledger"
REVISIONS = tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))
_FIELDS = {"topic", "level", "sections", "text", "verdict", "unchecked", "own", "needs"}


class BadLedger(ValueError):
    """A ledger file says something that cannot be. The message names file, row and what is wrong."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement of one revision, in one plain sentence of ours.

    `level` is the keyword of the specification, `weight` what a breach counts for: a MUST that another passage
    contradicts weighs as a SHOULD. `own` says why a row stands here that the keywords alone do not give. `needs` is
    what a target must offer so that the rule can be kept or broken at all.
    """

    revision: str
    key: str
    topic: str
    level: Level
    weight: Level
    sections: tuple[str, ...]
    text: str
    party: Party = "server"
    unchecked: str | None = None
    own: str | None = None
    needs: Need | None = None

    @property
    def name(self) -> str:
        """Revision, key and party in one word, as `python -m conformance ledger` prints them."""
        return f"{self.revision}:{self.key}@{self.party}"

    @property
    def url(self) -> str:
        """The address of the section that asks this."""
        page, _, anchor = self.sections[0].partition("#")
        page = page.removesuffix("/index")
        heading = anchor.partition("/")[0]
        where = f"#{heading}" if heading and heading != "top" else ""
        folder = "" if page.startswith("seps/") else f"specification/{self.revision}/"
        return f"https://modelcontextprotocol.io/{folder}{page}{where}"


@cache
def requirements(revision: str, party: Party = "server") -> tuple[Requirement, ...]:
    """What a revision asks of one party, in the order of the file. Raises BadLedger."""
    path = FOLDER / f"{revision}.toml" if party == "server" else FOLDER / party / f"{revision}.toml"
    if party == "client" and not path.exists():  # the suite judges servers; of clients it may know nothing
        return ()
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise BadLedger(f"{path.name}: cannot be read: {error}") from None
    return tuple(_row(path.name, revision, party, key, fields) for key, fields in table.items())


def _row(file: str, revision: str, party: Party, key: str, fields: dict[str, object]) -> Requirement:
    unknown = set(fields) - _FIELDS
    missing = {"topic", "level", "sections", "text"} - set(fields)
    if unknown or missing:
        raise BadLedger(f"{file}: {key}: unknown {sorted(unknown)}, missing {sorted(missing)}")
    level, sections = fields["level"], fields["sections"]
    if level not in ("MUST", "SHOULD"):
        raise BadLedger(f"{file}: {key}: level is {level!r}, expected MUST or SHOULD")
    if not isinstance(sections, list) or not sections:
        raise BadLedger(f"{file}: {key}: sections is {sections!r}, expected a list with at least one")
    required: Level = "MUST" if level == "MUST" else "SHOULD"
    return Requirement(
        revision=revision,
        key=key,
        topic=str(fields["topic"]),
        level=required,
        weight="SHOULD" if fields.get("verdict") == "warn" else required,
        sections=tuple(str(section) for section in sections),
        text=str(fields["text"]),
        party=party,
        unchecked=_text(fields.get("unchecked")),
        own=_text(fields.get("own")),
        needs=_need(file, key, fields.get("needs")),
    )


def _need(file: str, key: str, value: object) -> Need | None:
    known: tuple[Need, ...] = get_args(Need)
    if value is not None and value not in known:
        raise BadLedger(f"{file}: {key}: needs is {value!r}, expected one of {', '.join(known)}")
    return next((need for need in known if need == value), None)


def _text(value: object) -> str | None:
    return None if value is None else str(value)

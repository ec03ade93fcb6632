"""What a check is, what it may say, and how its findings fold into one verdict.

A check is a pure function from one unit of evidence to findings. It yields a finding for each occasion on which it
could say yes or no, so that silence of a server never looks like conformity. The unit is the type of its only
parameter. A wrong declaration fails at import, with a sentence.
"""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any, Literal, TypeAlias, TypeVar, get_type_hints

from conformance.evidence.trace import Exchange, Malformed, Message, Party, Place, Trace
from conformance.evidence.views import Call, Session, Stream

Outcome: TypeAlias = Literal["ok", "bad", "bent", "moot", "open"]
Level: TypeAlias = Literal["MUST", "SHOULD"]
Need: TypeAlias = Literal["streams", "questions", "resumption"]
Evidence: TypeAlias = Place | Exchange | Message | Malformed | Stream | Call | Session
Unit: TypeAlias = Exchange | Message | Stream | Call | Session | Trace
UNITS: tuple[type, ...] = (Exchange, Message, Stream, Call, Session, Trace)


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check saw on one occasion: how it was, in words, and where.

    ok: as the rule asks. bad: against it. bent: against its letter, where the specification itself gives a reason.
    moot: the target said that it does not offer this. open: the occasion decides nothing, and why.
    """

    outcome: Outcome
    seen: str
    place: Place | None = None


Findings: TypeAlias = Iterator[Finding]


class Verdict(Enum):
    """The fold of all findings about one requirement in one revision."""

    PASS = "pass"
    FAIL = "fail"
    WARN = "warn"
    NOT_APPLICABLE = "not applicable"
    NOT_SEEN = "not seen"
    ERROR = "error"
    UNCHECKED = "unchecked"


def expect(condition: bool, where: Evidence, seen: str) -> Finding:
    """Say what was `seen`, and whether it is what the rule asks."""
    return Finding("ok" if condition else "bad", seen, place_of(where))


def bent(where: Evidence, seen: str) -> Finding:
    """Against the rule as it is written, and yet not plainly wrong: another passage, or an example, has it so."""
    return Finding("bent", seen, place_of(where))


def moot(where: Evidence, seen: str) -> Finding:
    """The target said that it does not offer what the rule is about."""
    return Finding("moot", seen, place_of(where))


def undecided(where: Evidence, why: str) -> Finding:
    """There was an occasion, but it decides nothing: `why` becomes the reason for NOT SEEN."""
    return Finding("open", why, place_of(where))


def place_of(where: Evidence) -> Place | None:
    match where:
        case Place():
            return where
        case Exchange() | Message() | Malformed():
            return where.place
        case Stream():
            return where.first.place
        case Call():
            return where.request.place
        case Session():
            return where.exchanges[0].place if where.exchanges else None


def fold(findings: list[Finding], level: Level) -> Verdict:
    """Any bad finding decides; then what was bent, which is a warning at every level; then any good one; then what
    the target declined. No occasion is not a pass.
    """
    outcomes = {finding.outcome for finding in findings}
    if "bad" in outcomes:
        return Verdict.FAIL if level == "MUST" else Verdict.WARN
    if "bent" in outcomes:
        return Verdict.WARN
    if "ok" in outcomes:
        return Verdict.PASS
    return Verdict.NOT_APPLICABLE if "moot" in outcomes else Verdict.NOT_SEEN


@dataclass(frozen=True, slots=True)
class Check:
    """A judge of one requirement and one party."""

    key: str
    party: Party
    unit: type
    judge: Callable[[Any], Findings]

    @property
    def name(self) -> str:
        return self.judge.__name__

    @property
    def sentence(self) -> str:
        """The rule as the check understands it: the first line of its docstring."""
        return inspect.cleandoc(self.judge.__doc__ or "").partition("\n")[0]

    @property
    def source(self) -> str:
        """The Python text of the check, for the report."""
        return inspect.getsource(self.judge)


class BadDeclaration(Exception):
    """A check or scenario is declared in a way that cannot work. The message says what is wrong with it."""


CHECKS: dict[tuple[str, Party], Check] = {}
_Judge = TypeVar("_Judge", bound=Callable[[Any], Findings])


def check(key: str, party: Party = "server") -> Callable[[_Judge], _Judge]:
    """Declare the check of a requirement. Raises BadDeclaration when it could not work."""

    def declare(judge: _Judge) -> _Judge:
        name = f"{judge.__module__}.{judge.__name__}"
        if (key, party) in CHECKS:
            raise BadDeclaration(f"{name}: {key} has a check already, {CHECKS[key, party].name}")
        if not judge.__doc__:
            raise BadDeclaration(f"{name}: a check needs a docstring that says the rule in one sentence")
        CHECKS[key, party] = Check(key, party, _unit_of(judge, name), judge)
        return judge

    return declare


def _unit_of(judge: Callable[..., Findings], name: str) -> type:
    parameters = list(inspect.signature(judge).parameters)
    if len(parameters) != 1:
        raise BadDeclaration(f"{name}: a check has one parameter, this one has {len(parameters)}")
    if not inspect.isgeneratorfunction(judge):
        raise BadDeclaration(f"{name}: a check yields findings, this one is no generator")
    unit = get_type_hints(judge).get(parameters[0])
    if unit not in UNITS:
        names = ", ".join(known.__name__ for known in UNITS)
        raise BadDeclaration(f"{name}: the parameter's type must be one of {names}, not {unit}")
    assert isinstance(unit, type)
    return unit

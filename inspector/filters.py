"""What a user wants to see, in words: `session:7f3a method:tools/call -kind:comment slow`.

Words are looked for in what a row says; a field with a colon says where. All of them must hold, `-` before one turns
it round, and quotes keep words together. Case does not matter.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import get_args

from conformance.evidence.trace import Message
from conformance.report.text import short
from inspector.model.kinds import RowKind
from inspector.model.nouns import Row

_FIELD = re.compile(r"[a-z]+:(?!//)")
_WORD = re.compile(r'(-?)(?:([a-z]+):)?("[^"]*"?|\S+)', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Term:
    """One condition; `field` is empty for what may stand anywhere."""

    field: str
    value: str
    wanted: bool = True

    @property
    def doubt(self) -> str:
        """What may be wrong with it, in a sentence; empty if nothing is known to be."""
        name = _FIELD.match(self.value) if not self.field else None
        if name is not None:
            return f"{name[0]} is no field, so it is looked for as it stands; fields are {_listed(FIELDS)}"
        if self.field == "kind" and not any(kind.startswith(self.value) for kind in KINDS):
            return f"there is no kind {short(self.value, 40)}; kinds are {', '.join(KINDS)}"
        if self.field == "from" and not any(sender.startswith(self.value) for sender in _SENDERS):
            return f"nobody is called {short(self.value, 40)}; from: takes {', '.join(_SENDERS)}"
        return ""

    def holds(self, row: Row) -> bool:
        """Whether a row is as this says."""
        return FIELDS[self.field](row, self.value) is self.wanted


@dataclass(frozen=True, slots=True)
class Filter:
    """Some conditions, all of which must hold."""

    terms: tuple[Term, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.terms)

    @property
    def looks_at_rules(self) -> bool:
        """Whether a row may come to be wanted after it was written, because a rule was found broken."""
        return any(term.field in ("rule", "kind") for term in self.terms)

    @property
    def doubts(self) -> list[str]:
        """What may be wrong with it, if it matches nothing: a sentence each."""
        return [doubt for term in self.terms if (doubt := term.doubt)]

    def matches(self, row: Row) -> bool:
        """Whether a row is wanted."""
        return all(term.holds(row) for term in self.terms)


def filter_of(text: str) -> Filter:
    """Read what a user typed. What is not a field is looked for as it stands, so there are no errors."""
    return Filter(tuple(_term(*found) for found in _WORD.findall(text) if found[2].strip('"')))


def _term(minus: str, field: str, value: str) -> Term:
    if field and field.lower() not in FIELDS:
        field, value = "", f"{field}:{value}"
    return Term(field.lower(), value.strip('"').lower(), not minus)


def _session(row: Row, value: str) -> bool:
    session = row.session
    known = (session.id or "", session.client_name, session.client, str(session.number))
    return any(text.lower().startswith(value) or value in text.lower() for text in known if len(text) >= len(value))


def _stream(row: Row, value: str) -> bool:
    return row.stream is not None and value.lstrip("#") == row.stream.name.lower().lstrip("#")


def _method(row: Row, value: str) -> bool:
    if isinstance(row.message, Message) and row.message.method:
        return value in row.message.method.lower()
    if row.owner is not None:
        return value in row.owner.method.lower()
    return not isinstance(row.message, Message) and value == row.exchange.facts.method.lower()


def _kind(row: Row, value: str) -> bool:
    if value in ("violation", "broken"):
        return bool(row.marks)
    message = row.message
    if value in ("error", "result"):
        return isinstance(message, Message) and message.kind == value
    return bool(value) and row.kind.startswith(value)


def _rule(row: Row, value: str) -> bool:
    return any(value in mark.key for mark in row.marks)


def _id(row: Row, value: str) -> bool:
    if row.event is not None and row.event.id is not None and value == row.event.id.lower():
        return True
    wanted = value.lstrip("#")
    if isinstance(row.message, Message) and row.message.id is not None and str(row.message.id).lower() == wanted:
        return True
    return row.owner is not None and row.owner.shown_id.lower() == wanted


def _sender(row: Row, value: str) -> bool:
    return ("ours" if row.sender == "observer" else row.sender).startswith(value)


def _anywhere(row: Row, value: str) -> bool:
    return value in row.words.lower() or any(value in mark.key for mark in row.marks)


def _listed(fields: Iterable[str]) -> str:
    return " ".join(f"{name}:" for name in fields if name)


KINDS = (*get_args(RowKind), "result", "error", "violation", "broken")
_SENDERS = ("client", "server", "ours")
FIELDS: Mapping[str, Callable[[Row, str], bool]] = {
    "": _anywhere,
    "session": _session,
    "stream": _stream,
    "method": _method,
    "kind": _kind,
    "rule": _rule,
    "id": _id,
    "from": _sender,
}

"""Calls of a session by who asked and under which id. An id may be used again while somebody waits for it."""

from collections import deque
from collections.abc import Iterator
from typing import Generic, Protocol, TypeAlias, TypeVar

from conformance.evidence.trace import JSON, Party
from conformance.evidence.views import id_key

_Key: TypeAlias = tuple[Party, str, JSON]
_KEPT = 1_000


class Asked(Protocol):
    """What a call is found by."""

    asker: Party
    id: JSON


_Call = TypeVar("_Call", bound=Asked)


class Calls(Generic[_Call]):
    """The newest calls, in the order in which they were put here."""

    def __init__(self, kept: int = _KEPT) -> None:
        self._kept = kept
        self._all: dict[_Call, None] = {}
        self._named: dict[_Key, deque[_Call]] = {}

    def __len__(self) -> int:
        return len(self._all)

    def __iter__(self) -> Iterator[_Call]:
        return iter(self._all)

    def __reversed__(self) -> Iterator[_Call]:
        return reversed(self._all)

    def named(self, asker: Party, id: JSON) -> list[_Call]:
        """The calls with this id, the oldest first."""
        return list(self._named.get(_key(asker, id), ()))

    def add(self, call: _Call) -> None:
        """One more; the oldest goes if there are too many."""
        if call in self._all:
            return
        self._all[call] = None
        self._named.setdefault(_key(call.asker, call.id), deque()).append(call)
        if len(self._all) > self._kept:
            self.discard(next(iter(self._all)))

    def discard(self, call: _Call) -> None:
        """Take a call out, if it is here."""
        if call not in self._all:
            return
        del self._all[call]
        key = _key(call.asker, call.id)
        self._named[key].remove(call)
        if not self._named[key]:
            del self._named[key]


def _key(asker: Party, value: JSON) -> _Key:
    return (asker, *(id_key(value) if isinstance(value, str | int | float) else (repr(value), None)))

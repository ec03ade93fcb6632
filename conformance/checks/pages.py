"""Lists that come on several pages: which answers belong to one walk through a list. No checks here."""

from dataclasses import dataclass

from conformance.checks.offers import answered
from conformance.trace import JSON
from conformance.views import Call, Session


@dataclass(frozen=True, slots=True)
class Walk:
    """One walk through a list: the first page, and those to which the cursors led."""

    calls: list[Call]

    @property
    def is_complete(self) -> bool:
        """Whether the last page was seen."""
        return next_cursor(self.calls[-1]) is None


def next_cursor(call: Call) -> JSON:
    """The cursor that an answer gave for what follows, None if nothing does."""
    return call.response.result.get("nextCursor") if call.response is not None else None


def walks(session: Session, method: str) -> list[Walk]:
    """All walks through a list. A cursor that is used again belongs to none."""
    found: list[Walk] = []
    for call in sorted(answered(session, method), key=lambda call: call.request.at):
        if "cursor" not in call.request.params:
            found.append(Walk([call]))
            continue
        cursor = call.request.params["cursor"]
        open_ends = (w for w in reversed(found) if cursor is not None and next_cursor(w.calls[-1]) == cursor)
        walk = next(open_ends, None)
        if walk is not None:
            walk.calls.append(call)
    return found

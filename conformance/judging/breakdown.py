"""A server that breaks down: from some moment on nobody gets anything from it but 5xx, or no answer at all.

One bad request, or one client that hung up, can bring down a server for everybody. Each request in vain then looks
like a breach of the rule that it was meant to show, and is none: the owner has one thing to repair, and needs to
know since when. A server that fails on some requests and answers others has not broken down.
"""

from dataclasses import dataclass

from conformance.evidence.trace import Exchange, Message, Trace

_MANY = 10  # POSTs in vain of a kind that was served before, before we speak of a breakdown
_SEVERAL = 3  # clients that asked in vain: each begins anew, so no state of one of them can be the reason
_BROKEN = 500  # the first status that speaks of the server and not of the request


@dataclass(frozen=True, slots=True)
class Breakdown:
    """What was in vain after the last real answer, and all exchanges that were under way then or came later."""

    vain: tuple[Exchange, ...]
    touched: frozenset[int]

    def sentence(self) -> str:
        """What the owner should know."""
        first, clients = self.vain[0], len({exchange.client for exchange in self.vain})
        statuses = sorted({x.status for x in self.vain if x.status is not None})
        given = ", ".join(map(str, statuses)) or "no answer"
        return (
            f"the server broke down: since exchange {first.number} all {len(self.vain)} requests of {clients} "
            f"clients drew {given}, also such as were served before. What came then was not judged: see what "
            "the server logged at that moment, and what the exchanges before it asked for or broke off"
        )


def breakdown(trace: Trace) -> Breakdown | None:
    """The breakdown with which a trace ends, if it does."""
    last = max((x.head_at for x in trace.exchanges if _is_served(x) and x.head_at is not None), default=None)
    if last is None:
        return None
    served = {_kind(x) for x in trace.exchanges if x.ok and x.intent is None}
    vain = tuple(x for x in trace.exchanges if (x.head_at or x.ended or last) > last and _is_in_vain(x))
    sound = [x for x in vain if x.method == "POST" and x.intent is None and _kind(x) in served]
    if len(sound) < _MANY or len({x.client for x in sound}) < _SEVERAL:
        return None
    touched = frozenset(x.number for x in trace.exchanges if x.ended is None or x.ended > last)
    return Breakdown(vain, touched)


def _is_served(exchange: Exchange) -> bool:
    return exchange.status is not None and exchange.status < _BROKEN


def _kind(exchange: Exchange) -> tuple[str, ...]:
    """What a POST asks for: the methods, and the tools that it names."""
    messages = [m for m in exchange.sent if isinstance(m, Message)]
    return tuple(f"{m.method} {m.params.get('name', '')}" for m in messages)


def _is_in_vain(exchange: Exchange) -> bool:
    """Whether an answer speaks of trouble, or none came though it was waited for."""
    return exchange.status is not None or exchange.ending in ("lost", "timed out")

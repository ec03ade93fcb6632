"""How long what a server said may have been on its way. No checks here."""

from statistics import median

from conformance.evidence.trace import Trace
from conformance.evidence.views import once_per_trace

_LAG = 0.1  # seconds; what is read from two connections has no order that is finer
_QUEUE = 20  # so many messages as long as a body may wait on a slow way, one behind the other


@once_per_trace
def lag(trace: Trace) -> float:
    """Seconds between two connections in which nothing can be said about what was first.

    Bodies that come long after their heads tell of a slow way, on which the events of a stream queue.
    """
    bodies = [
        exchange.ended - exchange.head_at
        for exchange in trace.exchanges
        if exchange.ending == "complete" and exchange.body and not exchange.is_stream
        if exchange.ended is not None and exchange.head_at is not None
    ]
    return _LAG + _QUEUE * (median(bodies) if bodies else 0.0)

"""Which attempt a retry must be meant for. No checks here.

Attempts belong together by what they ask. Which attempt a retry answers is certain only where one alone was waiting.
"""

from conformance.checks.rounds import asks, is_retry, same_request
from conformance.evidence.views import Call


def waiting(call: Call) -> list[Call]:
    """The one attempt that this retry must be meant for; none where it may be meant for another."""
    if not call.session.modern or not is_retry(call):
        return []
    earlier = [c for c in call.session.calls if c.request.at < call.request.at and same_request(c, call)]
    open_ones = [c for c in earlier if asks(c) and c.response is not None and c.response.at <= call.request.at]
    retried = sum(is_retry(c) for c in earlier)
    return open_ones[-1:] if len(open_ones) == retried + 1 and len(open_ones) == len(earlier) else []

"""What an ordinary client makes of the same bytes: httpx-sse, which most Python clients read streams with.

The evidence is read by `sse`. Where the ordinary reader sees something else, the server keeps the rules and its
users suffer all the same; that is worth a note, and never a verdict.
"""

from collections import Counter
from collections.abc import Iterator

import httpx
import httpx_sse

from conformance.evidence.trace import Exchange, Trace


def notes(trace: Trace) -> Iterator[str]:
    """One sentence for each way in which an ordinary client misreads streams of this trace."""
    lost, phantom, torn = 0, 0, 0
    for exchange in trace.exchanges:
        if exchange.is_stream:
            torn += exchange.ending == "complete" and b"data:" in exchange.tail
            ours = Counter(event.data or "" for event in exchange.events if event.data is not None)
            theirs = Counter(ordinary_reading(exchange))
            lost += (ours - theirs).total() - (ours - theirs)[""]
            phantom += (theirs - ours)[""]
    if any(_hides_its_session(exchange) for exchange in trace.exchanges):
        yield (
            "a client in a web page of another origin cannot read the session id: name Mcp-Session-Id in "
            "Access-Control-Expose-Headers"
        )
    if lost:
        yield f"an ordinary client (httpx-sse) misses {_count(lost, 'message')}: look for a byte order mark"
    if phantom:
        yield (
            f"an ordinary client (httpx-sse) sees {_count(phantom, 'event')} without data that are none: "
            "it makes them of the comments and blank lines that follow an event with an id"
        )
    if torn:
        yield (
            f"{_count(torn, 'stream')} ended in the middle of an event: "
            "no client sees an event that no blank line follows"
        )


def _hides_its_session(exchange: Exchange) -> bool:
    """Whether an answer gives a session id to a page that may read the answer, and not this header (Fetch, CORS)."""
    allowed = exchange.response_header("access-control-allow-origin")
    exposed = (exchange.response_header("access-control-expose-headers") or "").lower()
    given = exchange.response_header("mcp-session-id")
    return bool(given and allowed) and "mcp-session-id" not in exposed and "*" not in exposed


def ordinary_reading(exchange: Exchange) -> list[str]:
    """The data of all events that httpx-sse delivers for the bytes of an exchange."""
    raw = b"".join(event.raw for event in exchange.events) + exchange.tail
    answer = httpx.Response(200, headers={"Content-Type": "text/event-stream"}, content=raw)
    return [event.data for event in httpx_sse.EventSource(answer).iter_sse()]


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"

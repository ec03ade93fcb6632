"""What stands between client and server, as far as its effects show it: buffers, idle timeouts, too few connections.

A proxy that does not know event streams spoils them without breaking a rule of MCP, and a server may have reasons of
its own for the same behaviour. So each effect is a note for the owner and never a verdict. Waits are compared with
the other waits of the same trace, because a server may be far away or busy.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from conformance.evidence.trace import Exchange, Message, Trace

_SEVERAL = 2  # of a kind, before we speak of a habit
_TOGETHER = 0.005  # seconds between messages that were written, or let through, at once
_LIVE = 3  # moments at which the messages of a stream came, if nothing holds them back: a full buffer makes two
_LATE = 0.1  # seconds that a stream was kept back at least, if it was
_IDLE = 1.0  # seconds without a byte, before we speak of idleness
_ALIKE = 1.15  # how much longer the longest of equal timeouts may seem than the shortest
_CROWD = 50  # requests under way, before we think of a limit
_KNOWN = ("nginx", "openresty", "envoy", "cloudflare", "haproxy", "caddy", "traefik", "apache")


def notes(traces: Sequence[Trace]) -> Iterator[str]:
    """One sentence for each thing that a proxy probably does to this traffic, and what to do about it."""
    exchanges = [exchange for trace in traces for exchange in trace.exchanges]
    answered = [x for x in exchanges if x.head_at is not None]
    proxy = named(answered)
    yield from _buffered(exchanges, answered, proxy)
    yield from _cut_when_idle(answered, proxy)
    yield from _out_of_connections(traces, proxy)


def named(answered: list[Exchange]) -> str:
    """The program that most answers come from, if it is one that usually passes on what others say; else nothing."""
    servers = Counter((x.response_header("server") or "").lower() for x in answered)
    usual = servers.most_common(1)[0][0] if servers else ""
    return next((name for name in _KNOWN if name in usual), "")


def _buffered(exchanges: list[Exchange], answered: list[Exchange], proxy: str) -> Iterator[str]:
    """Streams whose messages came one after the other prove that nothing holds them back."""
    usual = median(_waited(x) for x in answered) if answered else 0.0
    if any(_is_live(x) for x in answered):
        return
    held = [x for x in answered if _moments(x) == 1 and _reports(x) and _waited(x) > max(_LATE, 3 * usual)]
    mute = [x for x in exchanges if _is_mute(x)]
    seen = []
    if len(held) >= _SEVERAL:
        latest = max(_waited(x) for x in held)
        seen.append(f"in {len(held)} streams with progress all messages came at once, up to {latest:.1f} s late")
    if len(mute) >= _SEVERAL and len(answered) > len(mute):
        seen.append(f"{len(mute)} requests for a stream that stays open drew not even the head of an answer")
    if seen:
        packed = any(x.is_stream and x.response_header("content-encoding") for x in answered)
        yield f"event streams are held back: {', and '.join(seen)}. {_against_buffers(proxy, packed)}"


def _against_buffers(proxy: str, packed: bool) -> str:
    gzip = " and `gzip off;`" if packed else ""
    if proxy in ("nginx", "openresty"):
        return (
            f"The answers come through {proxy}, which buffers them unless it is told otherwise: set "
            f"`proxy_buffering off;`{gzip} in the location of the endpoint (docs/nginx/mcp.conf), or let the server "
            "send X-Accel-Buffering: no with its streams"
        )
    who = f"The answers come through {proxy}" if proxy else "If there is a proxy in between, it buffers"
    packing = "; they come compressed, which holds them back as well" if packed else ""
    return (
        f"{who}: let it pass on each event at once (in nginx `proxy_buffering off;`){packing}. If there is no proxy, "
        "the server itself does not flush what it writes, or lets the head of a stream wait for its first event"
    )


def _cut_when_idle(answered: list[Exchange], proxy: str) -> Iterator[str]:
    """A server that ends a stream ends its answer in order; one that was broken off has met a timeout."""
    silences = [_silence(x) for x in answered if x.is_stream and x.ending == "lost" and _silence(x) >= _IDLE]
    if len(silences) < _SEVERAL or max(silences) > min(silences) * _ALIKE:
        return
    how = "`proxy_read_timeout 1h;`" if proxy in ("", "nginx", "openresty") else "its timeout for idle answers"
    where = f"in {proxy}" if proxy else "of a proxy (in nginx"
    close = "" if proxy else ")"
    yield (
        f"{len(silences)} streams were broken off after {median(silences):.0f} s without a byte: an idle timeout "
        f"{where} {how}{close} is the likely cause. Raise it, or let the server send a comment more often than that"
    )


def _out_of_connections(traces: Sequence[Trace], proxy: str) -> Iterator[str]:
    """Many requests side by side, and some of them broken off before anything was said."""
    dropped = [(trace, x) for trace in traces for x in trace.exchanges if _is_dropped(x)]
    crowd = max((_under_way(trace, x.started) for trace, x in dropped), default=0)
    if len(dropped) < _SEVERAL or crowd < _CROWD:
        return
    nginx = " (in nginx `worker_connections`, of which each stream takes two)" if proxy in ("", "nginx") else ""
    yield (
        f"{len(dropped)} requests were broken off without an answer while {crowd} or more were under way: the "
        f"server or a proxy has a limit of connections{nginx}. Raise it, or ask for one thing after the other with "
        "--mcp-serial"
    )


def _waited(exchange: Exchange) -> float:
    return (exchange.head_at or exchange.started) - exchange.started


def _moments(exchange: Exchange) -> int:
    """At how many different times the messages of a stream came."""
    times = [event.at for event in exchange.events if event.carries_message]
    return sum(now - before > _TOGETHER for before, now in pairwise([-1.0, *times]))


def _is_live(exchange: Exchange) -> bool:
    """Whether at least every other message came at a time of its own."""
    moments = _moments(exchange)
    return moments >= _LIVE and 2 * moments >= sum(event.carries_message for event in exchange.events)


def _reports(exchange: Exchange) -> bool:
    """Whether a call was answered with more than one report of progress before its response."""
    told = [m for m in exchange.received if isinstance(m, Message)]
    return sum(m.method == "notifications/progress" for m in told) > 1 and any(m.is_response for m in told)


def _is_mute(exchange: Exchange) -> bool:
    """Whether a stream was asked for that shows its head at once, and nothing was heard of it."""
    asked = any(isinstance(m, Message) and m.method == "subscriptions/listen" for m in exchange.sent)
    given_up = exchange.ending in ("hung up", "timed out") and (exchange.ended or 0.0) - exchange.started > _IDLE
    return (asked or exchange.method == "GET") and exchange.head_at is None and given_up


def _silence(exchange: Exchange) -> float:
    """Seconds between the last that came and the end."""
    last = exchange.events[-1].at if exchange.events else exchange.head_at or exchange.started
    return (exchange.ended or last) - last


def _is_dropped(exchange: Exchange) -> bool:
    """Whether a right request was broken off unanswered; a wrong one may go to where nobody listens."""
    return exchange.head_at is None and exchange.ending == "lost" and exchange.intent is None


def _under_way(trace: Trace, at: float) -> int:
    return sum(x.started <= at and (x.ended is None or x.ended > at) for x in trace.exchanges)

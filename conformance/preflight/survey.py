"""Before anything else: is there an MCP server at all, and which revisions does it speak?

Each revision is really tried, all at once: with `initialize`, and from 2026-07-28 on with a request that stands
alone. Only a target that understands none of them is tried with HTTP+SSE, the transport of 2024-11-05. A target that
cannot be judged is told so in one sentence that says why and what to try; nothing about it is called a failure of a
requirement.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import anyio
import httpx

from conformance.driving.connection import Wire
from conformance.driving.target import Target, shown
from conformance.evidence.era import BOTH_ERAS, HTTP_SSE
from conformance.preflight.diagnosis import quoted
from conformance.preflight.looks import HttpSseLook, Look, ModernLook, look_at
from conformance.preflight.redirects import onward

_AGAIN = 0.1  # seconds between attempts to reach a server that is not up yet
_WINDOW = 0.25  # seconds of silence that count, on a server that answers at once
_HOPS = 4  # redirections that are followed: to https, to another path, and with or without a slash at its end


AT_ONCE = 256  # stories under way at the same time: so many that the longest decides how long a run takes
FEW = 6  # the same for a server to which each session is dear: a gateway may start a process for it


class Unjudgeable(Exception):
    """The target cannot be judged. The sentence says why, and what to try."""


@dataclass(frozen=True, slots=True)
class Survey:
    """What pre-flight found: the target at the address where it answers, and a wire for each revision to be judged.

    `passed` are the addresses that redirected, in their order, the one that was given first. `latency` is the longest
    wait for the head of an answer, in seconds. `at_once` is how many stories may be told at the same time.
    `locked` is the sentence for a target that wants a token and was given none: its refusals can be judged, and they
    alone; it is empty for all others.
    """

    target: Target
    wires: tuple[Wire, ...]
    server: str
    latency: float
    declined: tuple[str, ...] = ()
    at_once: int = AT_ONCE
    passed: tuple[str, ...] = ()
    locked: str = ""


async def survey(target: Target) -> Survey:
    """Find out which revisions the target speaks, and at which address. Raises Unjudgeable or BadTarget."""
    passed: list[str] = []
    looks = await _look_around(target)
    while there := _elsewhere(looks):
        passed.append(target.url)
        if there in passed or len(passed) > _HOPS:
            raise Unjudgeable(_in_a_circle(there))
        target = replace(target, url=there)
        looks = await _look_around(target)
    spoken = [look for look in looks if look.is_spoken]
    led = f"the server redirects to {quoted(shown(target.url))}, and there " if passed else ""
    locked = "" if spoken else led + _why_none(looks)
    spoken = spoken or [look for look in looks if look.is_locked]
    if not spoken:
        raise Unjudgeable(locked)
    latency = max(look.latency for look in spoken)
    for look in spoken:
        look.wire.window = _WINDOW + 3 * latency
        look.wire.profile = look.wire.profile.paced(look.wire.window)
    declined = tuple(look.wire.revision for look in looks if look not in spoken)
    at_once = FEW if any(look.greets_dearly for look in spoken) else AT_ONCE
    wires = tuple(look.wire for look in spoken)
    return Survey(target, wires, spoken[-1].server, latency, declined, at_once, tuple(passed), locked)


async def _look_around(target: Target) -> list[Look]:
    """One look for each revision that is wanted, and the one at HTTP+SSE where nothing else is understood."""
    async with target.http() as http:
        await _wait_until_up(target, http)
        looks = [look_at(target, http, revision) for revision in target.revisions or BOTH_ERAS]
        await _take_all(looks, target.timeout)
        looks = await _once_more(target, http, looks)
        if not (target.revisions or any(look.is_spoken for look in looks) or _elsewhere(looks)):
            looks += await _look_for_http_sse(target, http, looks)
    return looks


def _elsewhere(looks: list[Look]) -> str | None:
    """The address that the target redirects to, where nothing at all is spoken at this one."""
    there = (onward(look.wire.recorder.exchange(0)) for look in looks if not any(each.is_spoken for each in looks))
    return next(filter(None, there), None)


def _in_a_circle(there: str) -> str:
    last = quoted(shown(there))
    return f"the server redirects again and again, at last to {last}: give --target the address at which it answers"


async def _look_for_http_sse(target: Target, http: httpx.AsyncClient, looks: list["Look"]) -> list["Look"]:
    """The transport before Streamable HTTP, sought last, where somebody answers and is not understood."""
    if not any(look.is_answered for look in looks):
        return []
    last = HttpSseLook(target, http, HTTP_SSE)
    await _take_all([last], target.timeout)
    if last.has_begun and not last.is_spoken:
        raise Unjudgeable(last.why_not())
    return [last] if last.is_spoken else []


async def _take_all(looks: Sequence["Look"], timeout: float) -> None:
    with anyio.move_on_after(timeout):
        async with anyio.create_task_group() as tasks:
            for look in looks:
                tasks.start_soon(look.take)


async def _once_more(target: Target, http: httpx.AsyncClient, looks: list["Look"]) -> list["Look"]:
    """Look again where the server failed: one that begins with its first request may not be ready for the others."""
    again = {look: look_at(target, http, look.wire.revision) for look in looks if look.has_failed}
    await _take_all(list(again.values()), target.timeout)
    return [again.get(look, look) for look in looks]


async def _wait_until_up(target: Target, http: httpx.AsyncClient) -> None:
    """With --mcp-wait: ask again until a server answers, and not only a gateway that still waits for it."""
    if target.wait <= 0:
        return
    with anyio.move_on_after(target.wait):
        while not await _is_up(target, http):
            await anyio.sleep(_AGAIN)


async def _is_up(target: Target, http: httpx.AsyncClient) -> bool:
    with anyio.move_on_after(target.timeout):
        try:
            async with http.stream("OPTIONS", target.url) as response:
                return response.status_code not in (502, 503, 504)
        except (httpx.HTTPError, OSError, UnicodeError):
            return False
    return False


def _why_none(looks: list[Look]) -> str:
    """One sentence if all revisions fail for the same reason, else one for each reason.

    Of a target that understands nobody, what `initialize` drew says most, unless it was sent to a modern revision.
    """
    reasons: dict[str, list[str]] = {}
    modern = [look for look in looks if isinstance(look, ModernLook)]
    older = [look for look in looks if look not in modern]
    sent_on = [version for look in older for version in look.named()]
    for look in [look for look in modern if look.wire.revision in sent_on] or older or looks:
        reasons.setdefault(look.why_not(), []).append(look.wire.revision)
    if len(reasons) == 1:
        return next(iter(reasons))
    told = (f"{' and '.join(revisions)}: {reason}" for reason, revisions in reasons.items())
    return f"no revision can be judged, for different reasons. {'. '.join(told)}"

"""Before anything else: is there an MCP server at all, and which revisions does it speak?

Each revision is really tried, all at once: with `initialize`, and from 2026-07-28 on with a request that stands
alone. Only a target that understands none of them is tried with HTTP+SSE, the transport of 2024-11-05. A target that
cannot be judged is told so in one sentence that says why and what to try; nothing about it is called a failure of a
requirement.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import anyio
import httpx

from conformance.connection import Wire
from conformance.era import BOTH_ERAS, HTTP_SSE
from conformance.looks import HttpSseLook, Look, ModernLook, look_at
from conformance.target import Target

_AGAIN = 0.1  # seconds between attempts to reach a server that is not up yet
_WINDOW = 0.25  # seconds of silence that count, on a server that answers at once


AT_ONCE = 256  # stories under way at the same time: so many that the longest decides how long a run takes
FEW = 6  # the same for a server to which each session is dear: a gateway may start a process for it


class Unjudgeable(Exception):
    """The target cannot be judged. The sentence says why, and what to try."""


@dataclass(frozen=True, slots=True)
class Survey:
    """What pre-flight found: a wire for each revision to be judged, and who answered.

    `latency` is the longest wait for the head of an answer, in seconds. `at_once` is how many stories may be told at
    the same time.
    """

    wires: tuple[Wire, ...]
    server: str
    latency: float
    declined: tuple[str, ...] = ()
    at_once: int = AT_ONCE


async def survey(target: Target, http: httpx.AsyncClient) -> Survey:
    """Find out which revisions the target speaks. Raises Unjudgeable."""
    wanted = target.revisions or BOTH_ERAS
    await _wait_until_up(target, http)
    looks = [look_at(target, http, revision) for revision in wanted]
    await _take_all(looks, target.timeout)
    if not target.revisions and not any(look.is_spoken for look in looks):
        looks += await _look_for_http_sse(target, http, looks)
    spoken = [look for look in looks if look.is_spoken]
    if not spoken:
        raise Unjudgeable(_why_none(looks))
    latency = max(look.latency for look in spoken)
    for look in spoken:
        look.wire.window = _WINDOW + 3 * latency
        look.wire.profile = look.wire.profile.paced(look.wire.window)
    declined = tuple(look.wire.revision for look in looks if look not in spoken)
    at_once = FEW if any(look.greets_dearly for look in spoken) else AT_ONCE
    return Survey(tuple(look.wire for look in spoken), spoken[-1].server, latency, declined, at_once)


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

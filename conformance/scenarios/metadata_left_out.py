"""Requests that do not say of themselves what every request has to say."""

from collections.abc import Mapping

import anyio

from conformance.driving.client import Client
from conformance.driving.modern import ModernSpeaker
from conformance.driving.scenario import scenario
from conformance.evidence.era import CAPABILITIES, CLIENT_INFO, MODERN_REVISIONS, VERSION
from conformance.evidence.trace import JSON

LEFT_OUT = ((VERSION,), (CAPABILITIES,), (CLIENT_INFO,))
ALL = (VERSION, CAPABILITIES, CLIENT_INFO)


@scenario("meta.missing", "stateless.no-context", revisions=MODERN_REVISIONS)
async def metadata_left_out(client: Client) -> None:
    """Strangers all at once: without the version, without capabilities, without `_meta`; and without a name.

    Without `params` there is no `_meta` either.
    """
    methods = [client.modern().plainest, *(["tools/list"] if client.wire.tools else [])]
    async with anyio.create_task_group() as tasks:
        for method in methods:
            for fields in (*LEFT_OUT, ALL):
                tasks.start_soon(leave_out, client.modern(), method, fields)
            tasks.start_soon(_leave_params_out, client.modern(), method)


async def _leave_params_out(speaker: ModernSpeaker, method: str) -> None:
    body = speaker.asking(method)
    del body["params"]
    await _look_at_answer(speaker, body, "params left out")


@scenario("stateless.no-context", revisions=MODERN_REVISIONS)
async def metadata_said_before(client: Client) -> None:
    """Ask as is right, then over the same connection without the version, without capabilities, without `_meta`."""
    speaker = client.modern()
    for fields in ((VERSION,), (CAPABILITIES,), ALL):
        await speaker.request(speaker.plainest)
        await leave_out(speaker, speaker.plainest, fields)


async def leave_out(speaker: ModernSpeaker, method: str, fields: tuple[str, ...]) -> None:
    """Ask without some fields of `_meta`; without all of them, without `_meta` itself."""
    left_out: Mapping[str, JSON] = dict.fromkeys(fields)
    body = speaker.asking(method, meta=left_out)
    if body["params"] == {"_meta": {}}:
        body["params"] = {}
    await _look_at_answer(speaker, body, f"{' and '.join(fields)} left out")


async def _look_at_answer(speaker: ModernSpeaker, body: dict[str, JSON], wrong: str) -> None:
    connection = speaker.post(body, intent=wrong)
    await connection.head()
    await connection.settle()
    connection.close()

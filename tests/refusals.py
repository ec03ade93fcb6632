"""What pre-flight says about a target that cannot be judged."""

import json

import anyio
import pytest

from conformance.driving.target import Target
from conformance.evidence.trace import JSON
from conformance.preflight.survey import Survey, Unjudgeable, survey
from tests.little_servers import Serve, says, serving

JSON_TYPE = "Content-Type: application/json"
STREAM_TYPE = "Content-Type: text/event-stream"
SHORT = 0.4


async def found(target: Target) -> Survey:
    return await survey(target)


def why_at(url: str, timeout: float = SHORT, **about: object) -> str:
    """The sentence about a target that nobody serves here."""
    target = Target(url, timeout=timeout, **about)  # type: ignore[arg-type]
    with pytest.raises(Unjudgeable) as refusal:
        anyio.run(found, target)
    return str(refusal.value)


def why(serve: Serve, timeout: float = SHORT, **about: object) -> str:
    """The sentence about a little server; waiting far beyond the timeout is an error of its own."""

    async def ask() -> str:
        async with serving(serve) as url:
            try:
                with anyio.fail_after(20):
                    survey = await found(Target(url, timeout=timeout, **about))  # type: ignore[arg-type]
            except Unjudgeable as refusal:
                return str(refusal)
        return survey.locked or "nothing is wrong with it"

    return anyio.run(ask)


def result(**changes: JSON) -> dict[str, JSON]:
    value: dict[str, JSON] = {
        "protocolVersion": "2025-11-25",
        "capabilities": {},
        "serverInfo": {"name": "little", "version": "1"},
    }
    return {"jsonrpc": "2.0", "id": 1, "result": value | changes}


def says_json(body: JSON, status: int = 200) -> Serve:
    return says(status, JSON_TYPE, body=json.dumps(body).encode())


def asked_for(request: bytes) -> dict[str, JSON]:
    body = json.loads(request.partition(b"\r\n\r\n")[2] or b"{}")
    assert isinstance(body, dict)
    return body

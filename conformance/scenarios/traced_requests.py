"""What servers say of themselves, and what they do with what they do not know."""

from conformance.driving.client import Client
from conformance.driving.scenario import scenario
from conformance.evidence.era import MODERN_REVISIONS
from conformance.evidence.trace import JSON

CONTEXT: dict[str, JSON] = {
    "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    "tracestate": "conformance=t61rcWkgMzE",
    "baggage": "suite=conformance",
}


@scenario(
    "endpoint.single",
    "discover",
    "discover.server-info",
    "ext.names",
    "result.type",
    "result.type-known",
    "meta.server-info",
    "meta.trace",
    "ext.fallback",
    revisions=MODERN_REVISIONS,
)
async def traced_requests(client: Client) -> None:
    """Discover the server, list and call, each time with the context of a trace and without any extension."""
    speaker = client.modern()
    known = client.wire.profile.fixtures
    await speaker.request("server/discover", {"_meta": CONTEXT})
    for capability in ("tools", "prompts", "resources"):
        if capability in speaker.capabilities:
            await speaker.request(f"{capability}/list", {"_meta": CONTEXT})
    for role in ("simple", "extension"):
        if role in known:
            params: dict[str, JSON] = {"name": known[role].tool, "arguments": dict(known[role].arguments)}
            await speaker.request("tools/call", {**params, "_meta": CONTEXT})

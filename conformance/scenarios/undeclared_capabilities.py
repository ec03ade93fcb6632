"""A client that declares nothing is not to be asked."""

import anyio

from conformance.driving.client import Client
from conformance.driving.scenario import scenario
from conformance.evidence.trace import JSON, Message

ROLES = ("sample", "elicit", "roots")


@scenario("negotiated", "roots.capability", "tasks.only-declared")
async def undeclared_capabilities(client: Client) -> None:
    """Initialize without any capability and call the tools that would ask for one."""
    asking = [client.wire.profile.fixtures[role] for role in ROLES if role in client.wire.profile.fixtures]
    if not asking:
        client.fixture(ROLES[0])
    session = await client.initialize(capabilities={})
    session.replies |= dict.fromkeys(("sampling/createMessage", "elicitation/create", "roots/list"), _not_declared)
    async with anyio.create_task_group() as tasks:
        for fixture in asking:
            tasks.start_soon(session.call, fixture)


def _not_declared(question: Message) -> dict[str, JSON]:
    return {"error": {"code": -32601, "message": f"{question.method} was not declared by this client"}}

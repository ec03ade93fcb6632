"""What every story about headers asks for, rightly and wrongly; this module tells none itself."""

from collections.abc import Callable

import anyio

from conformance.driving.client import Client
from conformance.driving.connection import Connection
from conformance.driving.modern import ModernSpeaker
from conformance.driving.scenario import Unmet
from conformance.driving.speaker import Changes
from conformance.evidence.trace import JSON, Message

Asked = tuple[str, dict[str, JSON]]
LISTED = (("resources", "uri", "resources/read"), ("prompts", "name", "prompts/get"))


async def named_requests(client: Client, speaker: ModernSpeaker) -> list[Asked]:
    """Harmless requests with a name, as far as the target offers them: call a tool, read a resource, get a prompt."""
    found: list[Asked] = []
    simple = client.wire.profile.fixtures.get("simple")
    if simple is not None:
        found.append(("tools/call", {"name": simple.tool, "arguments": dict(simple.arguments)}))

    async def look(capability: str, key: str, method: str) -> None:
        listed = (await speaker.request(f"{capability}/list")).result.get(capability)
        names = [_name_of(entry, key) for entry in (listed if isinstance(listed, list) else [])]
        name = next(filter(None, names), None)
        if name is not None:
            found.append((method, {key: name}))

    async with anyio.create_task_group() as tasks:
        for capability, key, method in LISTED:
            if capability in speaker.capabilities:
                tasks.start_soon(look, capability, key, method)
    if not found:
        raise Unmet("the server has no tool that may be called, no resource and no prompt")
    return found


def _name_of(entry: JSON, key: str) -> str | None:
    """The name of what can be had without arguments."""
    if not isinstance(entry, dict):
        return None
    arguments = entry.get("arguments")
    demanding = isinstance(arguments, list) and any(isinstance(a, dict) and a.get("required") for a in arguments)
    name = entry.get(key)
    return name if isinstance(name, str) and not demanding else None


class Asking:
    """Requests sent side by side, each answered to its end or left soon after its response."""

    def __init__(self, speaker: ModernSpeaker) -> None:
        self.speaker = speaker
        self._sent: list[Connection] = []

    def send(self, body: dict[str, JSON], headers: Changes | None = None, intent: str | None = None) -> None:
        self._sent.append(self.speaker.post(body, headers=headers, intent=intent))

    def rewritten(self, body: dict[str, JSON], name: Callable[[str], str], value: Callable[[str], str]) -> None:
        """Send a request whose mirrored headers are written in another way, and say the same."""
        right = {key: text for key, text in self.speaker.mirror(body).items() if text is not None}
        self.send(body, dict.fromkeys(right) | {name(key): value(text) for key, text in right.items()})

    async def answered(self) -> None:
        async with anyio.create_task_group() as tasks:
            for connection in self._sent:
                tasks.start_soon(_answered, connection)


async def _answered(connection: Connection) -> None:
    await connection.head()
    await connection.until_over_or(lambda message: isinstance(message, Message) and message.is_response)
    await connection.settle()
    connection.close()

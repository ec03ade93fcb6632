"""The server asks the client: sampling, elicitation, roots and ping."""

import anyio

from conformance.driving import replies
from conformance.driving.client import Client, ClientSession
from conformance.driving.patience import at_most
from conformance.driving.profile import Fixture
from conformance.driving.scenario import scenario
from conformance.evidence.trace import JSON, Message

HELD = {"sampling/createMessage", "elicitation/create", "roots/list"}
ROLES = ("sample", "elicit", "roots", "ping")
PATIENCE = 3.0  # seconds; a server that makes one call after the other never has all questions open at once


@scenario(
    "negotiated",
    "tasks.only-declared",
    "roots.capability",
    "progress.token-type",
    "progress.token-unique",
    "jsonrpc.id-type",
    "jsonrpc.id-once",
    "jsonrpc.id-not-null",
    "jsonrpc.notif-no-id",
)
async def server_asks(client: Client) -> None:
    """Call all tools that ask the client, side by side, and answer only when all questions are there.

    Where there is one such tool only, it is called twice.
    """
    asking = [client.wire.profile.fixtures[role] for role in ROLES if role in client.wire.profile.fixtures]
    if not asking:
        client.fixture(ROLES[0])
    if len(asking) == 1:
        asking *= 2
    session = await client.initialize()
    table = _Table(session, len(asking))
    session.get()
    async with anyio.create_task_group() as tasks:
        for fixture in asking:
            tasks.start_soon(table.call, fixture)
        with at_most(PATIENCE):
            await table.complete.wait()
        table.answer_all()


class _Table:
    """Keeps what the server asks until every call has asked or is over; what comes later is answered at once."""

    def __init__(self, session: ClientSession, calls: int) -> None:
        self.complete = anyio.Event()
        self._session = session
        self._missing = calls
        self._held: list[Message] = []
        session.replies |= dict.fromkeys(HELD, self._hold)

    async def call(self, fixture: Fixture) -> None:
        await self._session.call(fixture)
        self._count()

    def answer_all(self) -> None:
        self.complete.set()
        for question in self._held:
            self._session.post({"jsonrpc": "2.0", "id": question.id, **replies.usual(question)})

    def _hold(self, question: Message) -> dict[str, JSON] | None:
        if self.complete.is_set():
            return replies.usual(question)
        self._held.append(question)
        self._count()
        return None

    def _count(self) -> None:
        self._missing -= 1
        if not self._missing:
            self.complete.set()

"""Sessions, versions and who is let in, in unusual ways."""

import asyncio
import itertools
import random
import secrets
from collections.abc import Iterable
from typing import ClassVar

from reference_server.exchange import Exchange, Header, Refusal
from reference_server.jsonrpc import INVALID_PARAMS, Json, JsonObject, RpcError
from reference_server.options import R2025_06, Options
from reference_server.state import Call, Session, passing_session
from tests.oddities.odd import Odd


class SessionIdsAreAnyVisibleAscii(Odd):
    """Trap 18: Visible ASCII is 0x21 to 0x7E, and no length is given."""

    def new_session_id(self) -> str:
        return "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~" + secrets.token_urlsafe(1000)


class SessionIdsAreSigned(Odd):
    """Trap 18: a counter is no weakness if a signature follows."""

    counter: ClassVar = itertools.count(1)

    def new_session_id(self) -> str:
        return f"srv-01:{next(self.counter)}.{secrets.token_hex(16)}"


class TheSessionIdIsRepeated(Odd):
    """Trap 13: the session id may be repeated on later answers, errors included."""

    async def answer(self, http: Exchange) -> None:
        if (session_id := http.header("mcp-session-id")) is not None:
            http.common.append(("Mcp-Session-Id", session_id))
        await super().answer(http)


class NeverIssuedIdsDraw400(Odd):
    """Trap 15: an id that was never issued may draw 400; 404 is for those that were."""

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.issued: set[str] = set()

    def new_session_id(self) -> str:
        self.issued.add(new := super().new_session_id())
        return new

    def session_of(self, http: Exchange) -> Session:
        if http.header("mcp-session-id") not in {None, *self.issued}:
            raise Refusal(400, "This id was never issued.")
        return super().session_of(http)


class NeverIssuedIdsAreServed(Odd):
    """Trap 15: what an id that was never issued draws is open; it may be served as if there were none."""

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.issued: set[str] = set()

    def new_session_id(self) -> str:
        self.issued.add(new := super().new_session_id())
        return new

    def session_of(self, http: Exchange) -> Session:
        if http.header("mcp-session-id") in {None, *self.issued}:
            return super().session_of(http)
        return passing_session(self.revision_without_session(http))


class NoSessionIsKept(Odd):
    """Trap 13: sessions are a MAY."""

    settings: ClassVar = Options(stateless=True)


class TheSessionIdComesTwice(Odd):
    """Trap 18: two header lines that say the same are no rule's business."""

    def session_headers(self, session: Session) -> Iterable[Header]:
        yield from super().session_headers(session)
        yield from super().session_headers(session)


class TheSessionIdIsOptional(Odd):
    """Trap 14: a server need not require the id."""

    def session_without_id(self, http: Exchange) -> Session:
        return passing_session(self.revision_without_session(http))


class TheSessionIdIsForShow(Odd):
    """Traps 13 and 15: a server may give ids and not look at them; then DELETE and GET draw 405."""

    settings: ClassVar = Options(stateless=True, json_response=True)

    def session_headers(self, session: Session) -> Iterable[Header]:
        yield "mcp-session-id", secrets.token_urlsafe(20)


class _SessionsEndAlone(Odd):
    """`The server MAY terminate the session at any time`, and then answers 404."""

    shortest: ClassVar[float] = 0.0
    longest: ClassVar[float] = 0.0

    def start_session(self, revision: str, client_capabilities: JsonObject) -> Session:
        session = super().start_session(revision, client_capabilities)
        life = random.uniform(self.shortest, self.longest)
        asyncio.get_running_loop().call_later(life, self.end_session, session)
        return session


class SessionsLiveForAMoment(_SessionsEndAlone):
    """basic/transports, Session Management: the server may end a session at any time, in the middle of a call too."""

    longest: ClassVar = 0.6


class SessionsLiveForAMomentInOlderRevisions(_SessionsEndAlone):
    """Trap 45: a stream may be closed before the response if the session expires (2025-06-18)."""

    revision: ClassVar = "2025-06-18"
    shortest: ClassVar = 0.2
    longest: ClassVar = 0.6


class DeleteIsNotOffered(Odd):
    """Trap 16: 405 to DELETE is a permission."""

    async def delete(self, http: Exchange) -> None:
        raise Refusal(405, "Sessions end by themselves.")


class DeleteTakesAWhile(Odd):
    """Traps 16 and 17: any 2xx will do, and 202 says that the session is not gone yet."""

    async def delete(self, http: Exchange) -> None:
        asyncio.get_running_loop().call_later(0.1, self.end_session, self.session_for(http))
        await http.answer(202)


class DeleteIsAnsweredWithABody(Odd):
    """Trap 17: any 2xx will do, and nobody says that it has no body."""

    async def delete(self, http: Exchange) -> None:
        self.end_session(self.session_for(http))
        await http.answer(200, [("content-type", "application/json")], b'{"ok":true}')


class DeleteIsNotImplemented(Odd):
    """Trap 17: what DELETE draws besides 2xx and 405 says nothing about any rule."""

    async def delete(self, http: Exchange) -> None:
        raise Refusal(501, "Sessions end by themselves.")


class DeleteIsUnknownToTheGateway(Odd):
    """Trap 17: nor does 404 from something on the way that knows only GET and POST."""

    async def delete(self, http: Exchange) -> None:
        raise Refusal(404, "Cannot DELETE /mcp")


class NothingIsServedBeforeInitialized(Odd):
    """Trap 66: before the client is ready, service and any error are fine."""

    def session_of(self, http: Exchange) -> Session:
        session = super().session_of(http)
        if http.method == "GET" and not session.initialized:
            raise Refusal(409, "First say that you are initialized.")
        return session

    async def result_of(self, call: Call) -> JsonObject:
        if not call.session.initialized and call.request.method != "ping":
            raise RpcError(-32002, "Server not initialized")
        return await super().result_of(call)


class TheVersionHeaderMustBeTheSessions(Odd):
    """Traps 62 and 63: the header may be insisted on, and another known version is not covered."""

    def session_of(self, http: Exchange) -> Session:
        session = super().session_of(http)
        header = http.header("mcp-protocol-version")
        if header != session.revision and (header is not None or session.revision >= R2025_06):
            raise Refusal(400, "The version header does not say what was agreed.")
        return session


class TheVersionIsCheckedBeforeTheOrigin(Odd):
    """Trap 3: the order of the checks is nowhere fixed."""

    def check_origin(self, http: Exchange) -> None:
        self.check_version_header(http)
        super().check_origin(http)


class OneRevisionIsSpoken(Odd):
    """Trap 61: a server need not support what it is asked for."""

    settings: ClassVar = Options(revisions=("2025-06-18",))
    revision: ClassVar = "2025-06-18"


class NewerAndOlderRevisionsAreSpoken(Odd):
    """Trap 61: a server may speak revisions that know no Streamable HTTP of sessions."""

    settings: ClassVar = Options(revisions=("2024-11-05", "2025-06-18", "2025-11-25"))


class UnknownVersionsDrawAnError(Odd):
    """Trap 60: an example on the page shows -32602 with the supported versions, against a MUST: a warning."""

    warned: ClassVar = frozenset({"version.other"})

    def negotiate(self, asked: Json) -> str:
        supported: list[Json] = [*self.supported_revisions()]
        if asked not in supported:
            raise RpcError(INVALID_PARAMS, "Unsupported protocol version", {"supported": supported})
        return super().negotiate(asked)


class RefusedClientsGetASessionId(UnknownVersionsDrawAnError):
    """Trap 13: a session id on an error answer to `initialize` means nothing."""

    async def answer_json(
        self, http: Exchange, message: Json, headers: Iterable[Header] = (), status: int = 200
    ) -> None:
        refused = isinstance(message, dict) and "error" in message and http.header("mcp-session-id") is None
        more = [("mcp-session-id", self.new_session_id())] if refused else []
        await super().answer_json(http, message, [*headers, *more], status)

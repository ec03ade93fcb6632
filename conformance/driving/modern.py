"""A client of the modern era: no handshake, no session, and everything that a request needs goes with it.

The headers mirror the body (basic/transports/streamable-http, "Request Metadata"). Stories that want to be wrong
change a header, or a field of `_meta`, by its name; None leaves it out.
"""

from collections.abc import Mapping
from typing import TypeAlias

from conformance.driving import replies
from conformance.driving.connection import Connection
from conformance.driving.profile import Fixture
from conformance.driving.speaker import CLIENT_INFO as OURSELVES
from conformance.driving.speaker import Changes, Owner, Speaker
from conformance.driving.unmet import Unmet
from conformance.evidence.era import (
    CAPABILITIES,
    CLIENT_INFO,
    LOG_LEVEL,
    TOKEN,
    VERSION,
    at_path,
    header_value,
    marked,
    mirrored_name,
    param_value,
)
from conformance.evidence.trace import JSON, Message

Meta: TypeAlias = Mapping[str, JSON]

ROUNDS = 6  # times that one call is tried again with what the server wanted to know


class ModernSpeaker(Speaker):
    """What one client says to the server from 2026-07-28 on."""

    def __init__(self, client: Owner, label: str) -> None:
        super().__init__(client, label)
        self.declared = replies.capabilities(self._wire.revision)
        self.replies: dict[str, replies.InputReply] = {}

    @property
    def capabilities(self) -> dict[str, JSON]:
        """What the server said it can do, in the answer to the `server/discover` of pre-flight."""
        value = self._wire.discovered.get("capabilities")
        return value if isinstance(value, dict) else {}

    @property
    def plainest(self) -> str:
        """Every server tells what it is."""
        return "server/discover"

    def meta(self, changes: Meta | None = None) -> dict[str, JSON]:
        """The metadata of a request; a field changed to None is left out."""
        complete: dict[str, JSON] = {
            VERSION: self._wire.revision,
            CLIENT_INFO: OURSELVES,
            CAPABILITIES: self.declared,
        }
        return {key: value for key, value in (complete | dict(changes or {})).items() if value is not None}

    def asking(
        self,
        method: str,
        params: dict[str, JSON] | None = None,
        *,
        id: JSON = None,
        meta: Meta | None = None,
    ) -> dict[str, JSON]:
        """A request with its metadata; `meta` changes fields of it, and so does a `_meta` in the params."""
        given = (params or {}).get("_meta")
        whole = self.meta((given if isinstance(given, dict) else {}) | dict(meta or {}))
        return super().asking(method, (params or {}) | {"_meta": whole}, id=id)

    def calling(
        self, fixture: Fixture, *, token: JSON = None, id: JSON = None, level: JSON = None
    ) -> dict[str, JSON]:
        """A tools/call of a fixture, with a progress token and a level from which on to log, if they are given."""
        params: dict[str, JSON] = {"name": fixture.tool, "arguments": dict(fixture.arguments)}
        return self.asking("tools/call", params, id=id, meta={"progressToken": token, LOG_LEVEL: level})

    def telling(self, method: str, params: dict[str, JSON] | None = None) -> dict[str, JSON]:
        """A notification, which says its revision too: a server of both eras has to know."""
        meta: dict[str, JSON] = {"_meta": {VERSION: self._wire.revision}}
        return super().telling(method, meta | (params or {}))

    def post(
        self,
        body: JSON | bytes,
        *,
        url: str | None = None,
        headers: Changes | None = None,
        intent: str | None = None,
    ) -> Connection:
        """POST a message with the headers that mirror it, or exactly these bytes."""
        mirrored = self.mirror(body) if isinstance(body, dict) else {}
        return super().post(body, url=url, headers=mirrored | dict(headers or {}), intent=intent)

    def mirror(self, body: dict[str, JSON]) -> dict[str, str | None]:
        """The headers that repeat what the body says: method, name, marked arguments, and the revision."""
        headers: dict[str, str | None] = {}
        if isinstance(method := body.get("method"), str):
            headers["Mcp-Method"] = method
        if (name := mirrored_name(body)) is not None:
            headers["Mcp-Name"] = header_value(name)
        params = body.get("params")
        if isinstance(params, dict):
            headers |= self._param_headers(params) if body.get("method") == "tools/call" else {}
            meta = params.get("_meta")
            version = meta.get(VERSION) if isinstance(meta, dict) else None
            headers |= {"MCP-Protocol-Version": version} if isinstance(version, str) else {}
        return headers

    async def complete(self, connection: Connection) -> Message:
        """Wait for the response and the end of the answer. Raises Unmet if there is no response."""
        await connection.head()
        answer = await connection.until_answer()
        await connection.settle()
        return answer

    async def call(self, fixture: Fixture, *, token: JSON = None, id: JSON = None) -> Message:
        """Call a tool and answer what it wants to know, until it is done."""
        return await self.to_the_end(self.calling(fixture, token=token, id=id))

    async def to_the_end(self, body: dict[str, JSON], *, intent: str | None = None) -> Message:
        """Make a request and answer what the server wants to know, until it is done. Raises Unmet if it never is.

        `intent` is what is wrong on purpose with the first attempt alone.
        """
        for _ in range(ROUNDS):
            answer = await self.complete(self.post(body, intent=intent))
            if answer.result.get("resultType") != "input_required":
                return answer
            body, intent = self.retrying(body, answer), None
        raise Unmet(f"{body.get('method')} wanted input {ROUNDS} times and came to no end")

    def retrying(self, body: dict[str, JSON], answer: Message) -> dict[str, JSON]:
        """The same request with what an `input_required` result asked for, so far as anybody could answer that.

        State that is no text is not brought back: no client may send such.
        """
        asked, params = answer.result.get("inputRequests"), body.get("params")
        state = answer.result.get("requestState")
        more: dict[str, JSON] = {"requestState": state} if isinstance(state, str) else {}
        if isinstance(asked, dict):
            replied = {key: replies.to_input_request(question, self.replies) for key, question in asked.items()}
            more["inputResponses"] = {key: reply for key, reply in replied.items() if reply}
        return super().asking(str(body.get("method")), (params if isinstance(params, dict) else {}) | more)

    def _param_headers(self, params: Mapping[str, JSON]) -> dict[str, str | None]:
        tool = next((tool for tool in self._wire.tools if tool.get("name") == params.get("name")), {})
        found = ((mark, param_value(at_path(params.get("arguments"), path))) for mark, path in self._marks(tool))
        return {f"Mcp-Param-{mark}": value for mark, value in found if value is not None}

    @staticmethod
    def _marks(tool: Mapping[str, JSON]) -> list[tuple[str, tuple[str, ...]]]:
        """What a header can be named after: a tool whose marks are no header names is the server's mistake."""
        return [(mark, path) for mark, path in marked(tool.get("inputSchema")) if TOKEN.fullmatch(mark)]

    def _own_headers(self) -> dict[str, str | None]:
        return {**self._wire.headers, "MCP-Protocol-Version": self._wire.revision}

    def _on_question(self, question: Message) -> None:
        """No server asks in this way from 2026-07-28 on, and no client answers."""

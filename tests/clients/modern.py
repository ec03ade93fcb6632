"""A right client of the modern era: no handshake, no session, and everything a request needs goes with it."""

import anyio

from conformance.evidence.era import (
    CAPABILITIES,
    CLIENT_INFO,
    VERSION,
    at_path,
    header_value,
    is_modern,
    marked,
    mirrored_name,
    param_value,
)
from conformance.evidence.trace import JSON
from tests.clients.sessions import REPLIES, SLOW
from tests.clients.talking import INFO, Body, Headers, Talker, as_object

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
REGIONS = ("us-west1", "Zürich", " padded ", "=?base64?literal?=")
UNHEARD_OF = "2099-01-01"
MARKED = "test_x_mcp_header"
NAMES = ("test_simple_text", "tool-of-Zürich", "=?base64?name?=")  # the last two are no tools, and may be asked for


class RightModernClient(Talker):
    """Looks at what the server is, calls tools of every kind, and answers what they want to know."""

    async def live(self) -> None:
        """Everything that gives occasion to keep a rule."""
        await self.exchange("POST", self.without_token(body := self.request("server/discover")), self.encode(body))
        await self.ask("server/discover")
        await self.be_refused()
        await self.list_tools()
        for name in NAMES:
            await self.call(name)
        await self.call("test_echo", {"text": "Grüße"})
        await self.repeat_arguments()
        await self.ask_side_by_side()
        await self.change_its_mind()
        await self.be_asked("test_input_required_result_request_state")
        await self.be_asked("test_input_required_result_multiple_inputs")
        await self.be_asked("test_input_required_result_elicitation")

    # Decisions

    def metadata(self) -> Body:
        """Version, capabilities and name go with every request, and the context of a trace in the form of W3C."""
        return {
            VERSION: self.revision,
            CAPABILITIES: self.capabilities(),
            CLIENT_INFO: INFO,
            "traceparent": PARENT,
        }

    def capabilities(self) -> Body:
        """Extensions have names with a prefix."""
        return {"elicitation": {}, "sampling": {}, "roots": {}, "extensions": {"com.example/nothing": {}}}

    def version_header(self, body: Body) -> Headers:
        """The version is repeated."""
        return {"MCP-Protocol-Version": self.revision}

    def version_after(self, supported: JSON) -> str:
        """A version that was refused gives way to one that is supported."""
        return (
            next(str(version) for version in supported if is_modern(str(version)))
            if isinstance(supported, list)
            else ""
        )

    def method_header(self, body: Body) -> Headers:
        """The method is repeated."""
        return {"Mcp-Method": str(body.get("method"))}

    def name_header(self, body: Body) -> Headers:
        """What a request is about is repeated."""
        name = mirrored_name(body)
        return {} if name is None else {"Mcp-Name": self.as_header(name)}

    def param_headers(self, body: Body) -> Headers:
        """The marked arguments are repeated, those that are there."""
        params = as_object(body.get("params"))
        schema = self.tools.get(str(params.get("name")), {}).get("inputSchema")
        values = {mark: at_path(params.get("arguments"), path) for mark, path in marked(schema)}
        return {f"Mcp-Param-{mark}": self.as_param(value) for mark, value in values.items() if value is not None}

    def as_param(self, value: JSON) -> str:
        """Integers are written in decimal digits, truth values as words."""
        return self.as_header(value) if isinstance(value, str) else str(param_value(value))

    def as_header(self, value: str) -> str:
        """What no header can hold, and what looks as if it were wrapped, is wrapped."""
        return header_value(value)

    def priority(self) -> JSON:
        """Marked integers are in the safe range."""
        return 42

    def cancelled(self, id: JSON) -> JSON:
        """The id of the request that is no longer wanted, in value and type."""
        return id

    def id_for_retry(self, former: JSON) -> JSON:
        """A retry has an id of its own."""
        return self.new_id("")

    def state(self, asked: Body) -> Body:
        """State comes back as it was given, and none where none was."""
        return {"requestState": asked["requestState"]} if "requestState" in asked else {}

    def replies(self, asked: Body) -> Body:
        """All that was wanted is answered."""
        wanted = {key: as_object(question) for key, question in as_object(asked.get("inputRequests")).items()}
        return {key: self.reply(question) for key, question in wanted.items()}

    def reply(self, question: Body) -> Body:
        """A form is filled in as it wants to be, and roots are files."""
        fields = as_object(as_object(as_object(question.get("params")).get("requestedSchema")).get("properties"))
        if question.get("method") != "elicitation/create":
            return REPLIES[str(question.get("method"))]
        filled: Body = {name: as_object(field).get("type") == "boolean" or "yes" for name, field in fields.items()}
        return {"action": "accept", "content": filled}

    # The way of life

    def headers_for(self, method: str, body: JSON = None) -> Headers:
        """The headers of an HTTP request."""
        return {**self.without_token(body), **self.authorization(method)}

    def without_token(self, body: JSON) -> Headers:
        """What mirrors the body; a request without the token learns that one is wanted."""
        message = as_object(body)
        headers = {"Accept": self.accept("POST"), "Content-Type": "application/json", **self.version_header(message)}
        return headers | self.method_header(message) | self.name_header(message) | self.param_headers(message)

    def request(self, method: str, params: Body | None = None) -> Body:
        """A request with its metadata."""
        given = as_object((params or {}).get("_meta"))
        return super().request(method, {**(params or {}), "_meta": self.metadata() | given})

    async def heard(self, message: Body) -> None:
        """The server asks nothing in this way."""

    async def be_refused(self) -> None:
        """Hope for a version that the server does not know, and then take another."""
        known, self.revision = self.revision, UNHEARD_OF
        body = self.request("resources/list")
        error = as_object((await self.post(body)).to(body["id"]).get("error"))
        self.revision = self.version_after(as_object(error.get("data")).get("supported"))
        await self.ask("resources/list")
        self.revision = known

    async def repeat_arguments(self) -> None:
        """Call a tool that wants its arguments repeated, with every kind of value, and without."""
        for region in REGIONS:
            await self.call(MARKED, {"region": region, "priority": self.priority(), "dry_run": False})
        await self.call(MARKED, {"dry_run": None})

    async def ask_side_by_side(self) -> None:
        """Two calls at once, each with progress of its own."""
        async with anyio.create_task_group() as tasks:
            for _ in range(2):
                tasks.start_soon(lambda: self.call("test_slow", SLOW, {"_meta": self.with_token()}))

    async def change_its_mind(self) -> None:
        """Say that a call is no longer wanted; nobody expects that over HTTP, and nobody forbids it."""
        body = self.request("tools/call", {"name": "test_slow", "arguments": SLOW})
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self.post, body)
            await anyio.sleep(0.05)
            named: Body = {"_meta": {VERSION: self.revision}, "requestId": self.cancelled(body["id"])}
            await self.tell("notifications/cancelled", named)

    async def be_asked(self, tool: str) -> None:
        """Call a tool that wants to know something, and try again with what it wanted."""
        body = self.request("tools/call", {"name": tool, "arguments": {}})
        for _ in range(4):
            asked = as_object((await self.post(body)).to(body["id"]).get("result"))
            if asked.get("resultType") != "input_required":
                return
            params = {key: value for key, value in as_object(body["params"]).items() if key != "requestState"}
            more: Body = {"inputResponses": self.replies(asked), **self.state(asked)}
            body = {**body, "id": self.id_for_retry(body["id"]), "params": {**params, **more}}

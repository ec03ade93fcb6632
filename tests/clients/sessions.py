"""A right client of the revisions that begin with `initialize`."""

import anyio
import httpx

from conformance.evidence.trace import JSON
from tests.clients.talking import INFO, PLACE, TOKEN, Answer, Body, Headers, Talker, as_object

RELATED = "io.modelcontextprotocol/related-task"
OVER = ("completed", "failed", "cancelled")
SLOW: Body = {"steps": 8, "step_ms": 25}
REPLIES: dict[str, Body] = {
    "sampling/createMessage": {
        "role": "assistant",
        "content": {"type": "text", "text": "yes"},
        "model": "none",
    },
    "elicitation/create": {"action": "accept", "content": {"response": "yes", "answer": "yes"}},
    "roots/list": {"roots": [{"uri": "file:///home"}]},
}


class RightClient(Talker):
    """Begins a session, does a little of everything in it, loses it, begins another, and ends that."""

    session_id: str | None = None
    agreed: str | None = None
    status: JSON = None

    async def live(self) -> None:
        """Everything that gives occasion to keep a rule."""
        await self.before_beginning()
        await self.begin()
        await self.use_tools()
        await self.be_asked()
        await self.ask_side_by_side()
        await self.change_its_mind()
        await self.come_back()
        if self.revision >= "2025-11-25":
            await self.poll_a_stream()
            await self.work_in_tasks()
        await self.lose_the_session()
        await self.leave()

    # Decisions

    async def before_beginning(self) -> None:
        """Nothing comes before `initialize`; a request without the token learns that one is wanted."""
        opening = self.request("initialize", self.introduction())
        headers = {"Accept": self.accept("POST"), "Content-Type": "application/json"}
        await self.exchange("POST", headers, self.encode(opening))

    async def while_beginning(self) -> None:
        """Nothing but pings comes before the answer to `initialize`."""

    def introduction(self) -> Body:
        """`initialize` says version, capabilities and name."""
        return {"protocolVersion": self.revision, "capabilities": self.capabilities(), "clientInfo": INFO}

    def capabilities(self) -> Body:
        """What is used later is declared."""
        return {"sampling": {}, "elicitation": {}, "roots": {"listChanged": True}}

    def opening(self, request: Body) -> JSON:
        """`initialize` is sent alone."""
        return request

    async def announce(self) -> None:
        """The client says when it is ready."""
        await self.tell("notifications/initialized")

    def session_header(self, method: str) -> Headers:
        """The session id goes with every request."""
        return {} if self.session_id is None else {"Mcp-Session-Id": self.session_id}

    def version_header(self, method: str) -> Headers:
        """From 2025-06-18 on the version that was negotiated goes with every request."""
        return {} if self.agreed is None or self.agreed < "2025-06-18" else {"MCP-Protocol-Version": self.agreed}

    def batch(self) -> list[JSON]:
        """A batch, which only 2025-03-26 has, holds requests and notifications, or responses."""
        return [self.request("ping"), self.request("ping")]

    def cancelled(self, id: JSON, initialized: JSON) -> JSON:
        """The id of the request that is no longer wanted; it is never that of `initialize`."""
        return id

    def token_for_progress(self, given: JSON) -> JSON:
        """Progress names the token that the server gave."""
        return given

    def reply(self, question: Body) -> Body:
        """A response has the id of the request, and names the task that it belongs to."""
        result = REPLIES.get(str(question.get("method")), {})
        meta = as_object(as_object(question.get("params")).get("_meta"))
        named: Body = {"_meta": {RELATED: meta[RELATED]}} if RELATED in meta else {}
        return {"jsonrpc": "2.0", "id": question.get("id"), "result": result | named}

    def resuming(self, after: str) -> tuple[str, Headers]:
        """A stream is resumed by GET, after the last event that was received."""
        return "GET", {"Last-Event-ID": after}

    async def wait_to_return(self, retry: int) -> None:
        """`retry` passes before one comes back to a stream; timers may be early."""
        await anyio.sleep(retry * 1.1 / 1000)

    async def wait_to_poll(self, interval: int) -> None:
        """The poll interval of a task passes before one asks for it again."""
        await anyio.sleep(interval * 1.1 / 1000)

    async def learn_that_it_is_gone(self) -> None:
        """A session that is gone is given up: a new one is begun without the id."""
        await self.ask("ping")
        self.session_id = self.agreed = None
        await self.begin()

    def wants_task(self, tool: str) -> bool:
        """A tool is called as a task where it has to be, and never where it may not be."""
        return as_object(self.tools.get(tool, {}).get("execution")).get("taskSupport") in ("required", "optional")

    def about_task(self, task: JSON) -> Body:
        """What is asked about a task names it once."""
        return {"taskId": task}

    async def when_input_is_wanted(self, task: JSON) -> None:
        """The question comes on the answer to `tasks/result`."""
        await self.ask("tasks/result", self.about_task(task))

    async def cancel_task(self, task: JSON, call_id: JSON) -> None:
        """A task is cancelled by its own method."""
        await self.ask("tasks/cancel", self.about_task(task))

    # The way of life

    def headers_for(self, method: str, body: JSON = None) -> Headers:
        """The headers of an HTTP request."""
        headers = {"Accept": self.accept(method)} if method != "DELETE" else {}
        headers |= {"Content-Type": "application/json"} if method == "POST" else {}
        return headers | self.authorization(method) | self.session_header(method) | self.version_header(method)

    async def begin(self) -> None:
        """The handshake."""
        request = self.request("initialize", self.introduction())
        self.first_id = request["id"]
        answers: list[Answer] = []

        async def introduce() -> None:
            answers.append(await self.post(self.opening(request)))

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(introduce)
            tasks.start_soon(self.while_beginning)
        result = as_object(answers[0].to(request["id"]).get("result"))
        self.session_id = answers[0].headers.get("mcp-session-id")
        self.agreed = str(result["protocolVersion"]) if "protocolVersion" in result else None
        await self.announce()

    async def heard(self, message: Body) -> None:
        """Answer what the server asks, and report progress before where that is wanted."""
        if "method" not in message or "id" not in message:
            return
        token = as_object(as_object(message.get("params")).get("_meta")).get("progressToken")
        if token is not None:
            await self.tell(
                "notifications/progress", {"progressToken": self.token_for_progress(token), "progress": 1}
            )
        await self.post(self.reply(message))

    async def use_tools(self) -> None:
        """Look at the tools, more than one page of them, and call one."""
        await self.list_tools()
        await self.call("test_simple_text", more={"_meta": PLACE})
        await self.call("test_echo", {"text": "Grüße"})
        await self.tell("notifications/roots/list_changed")
        if self.revision == "2025-03-26":
            await self.post(self.batch())

    async def be_asked(self) -> None:
        """Call tools that ask their client."""
        await self.call("test_sampling", {"prompt": "Is all well?"})
        await self.call("test_roots")
        if self.revision >= "2025-06-18":
            await self.call("test_elicitation", {"message": "Is all well?"})

    async def ask_side_by_side(self) -> None:
        """Two calls at once, each with progress of its own."""
        async with anyio.create_task_group() as tasks:
            for _ in range(2):
                tasks.start_soon(lambda: self.call("test_slow", SLOW, {"_meta": self.with_token()}))

    async def change_its_mind(self) -> None:
        """Cancel a call that runs."""
        body = self.request("tools/call", {"name": "test_slow", "arguments": SLOW, "_meta": self.with_token()})
        async with anyio.create_task_group() as tasks:

            async def cancel() -> None:
                await anyio.sleep(0.05)
                named = self.cancelled(body["id"], self.first_id)
                await self.tell("notifications/cancelled", {"requestId": named})

            tasks.start_soon(self.post, body)
            tasks.start_soon(cancel)

    async def come_back(self) -> None:
        """Lose the connection in the middle of a call and go on where it broke; then listen for a moment."""
        body = self.request("tools/call", {"name": "test_slow", "arguments": SLOW, "_meta": self.with_token()})
        answer = await self.post(body, until=lambda answer: bool(answer.last_id and answer.messages))
        if answer.last_id is not None:
            method, more = self.resuming(answer.last_id)
            await self.exchange(method, self.headers_for(method) | more, until=lambda a: bool(a.to(body["id"])))
        with anyio.move_on_after(0.1):
            await self.exchange("GET", self.headers_for("GET"))

    async def poll_a_stream(self) -> None:
        """Come back for a response when the server lets go of the connection."""
        body = self.request("tools/call", {"name": "test_reconnection", "arguments": {}})
        answer = await self.post(body)
        if answer.last_id is not None and not answer.to(body["id"]):
            await self.wait_to_return(answer.retry)
            method, more = self.resuming(answer.last_id)
            await self.exchange(method, self.headers_for(method) | more, until=lambda a: bool(a.to(body["id"])))

    async def work_in_tasks(self) -> None:
        """Tasks that are soon done, that ask, and that are given up: more than one page of a list holds."""
        for _ in range(4):
            await self.start_task("test_task_required")
        await self.call("test_task_forbidden", more=self.task("test_task_forbidden"))
        asking, _ = await self.start_task("test_task_asking")
        if asking is None:
            return  # the server makes no tasks
        await self.follow(asking)
        slow, call_id = await self.start_task("test_task_slow")
        for _ in range(2):
            await self.wait_to_poll(await self.look_at(slow))
        await self.cancel_task(slow, call_id)
        await self.list_all("tasks/list", "tasks")

    def task(self, tool: str) -> Body:
        return {"task": {"ttl": 60_000}} if self.wants_task(tool) else {}

    async def start_task(self, tool: str) -> tuple[JSON, JSON]:
        """Call a tool as a task. Returns the ids of the task and of the request."""
        body = self.request("tools/call", {"name": tool, "arguments": {}, **self.task(tool)})
        made = as_object(as_object((await self.post(body)).to(body["id"]).get("result")).get("task"))
        return made.get("taskId"), body["id"]

    async def follow(self, task: JSON) -> None:
        """Ask for a task until it is over."""
        for _ in range(20):
            interval = await self.look_at(task)
            if self.status in (None, *OVER):
                return
            if self.status == "input_required":
                await self.when_input_is_wanted(task)
            await self.wait_to_poll(interval)

    async def look_at(self, task: JSON) -> int:
        """Ask for a task. Returns its poll interval, in milliseconds."""
        now = await self.ask("tasks/get", self.about_task(task))
        self.status = now.get("status")
        interval = now.get("pollInterval")
        return interval if isinstance(interval, int) else 50

    async def lose_the_session(self) -> None:
        """Somebody else ends the session."""
        if self.session_id is None:
            return
        headers = {"Mcp-Session-Id": self.session_id, "Authorization": f"Bearer {TOKEN}"}
        headers["MCP-Protocol-Version"] = self.revision
        async with httpx.AsyncClient() as somebody:
            await somebody.delete(self.url, headers=headers)
        await self.learn_that_it_is_gone()

    async def leave(self) -> None:
        """End the session."""
        await self.ask("ping")
        await self.exchange("DELETE", self.headers_for("DELETE"))

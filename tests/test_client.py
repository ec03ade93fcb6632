"""The recording client, against little servers that do what servers in the field do."""

import json
import re
import ssl
from collections.abc import Awaitable, Callable

import anyio
import httpx
import pytest
from anyio.abc import ByteStream

from conformance import replies
from conformance.client import Client
from conformance.connection import Wire, why
from conformance.profile import Fixture
from conformance.recorder import Limits, Recorder
from conformance.run import Outcome, tell
from conformance.scenario import Scenario, Unmet
from conformance.target import Target
from conformance.trace import JSON, Exchange, Trace
from tests.little_servers import Serve, head, serving

JSON_TYPE = "Content-Type: application/json"
STREAM_TYPE = "Content-Type: text/event-stream"
TOOL = Fixture("work")
FOREVER = 1000.0
Told = tuple[Outcome, str, Trace]


def told(story: Callable[[Client], Awaitable[None]], serve: Serve, **about: object) -> Told:
    """How a story goes with a little server, and what was written down."""

    async def run() -> Told:
        async with serving(serve) as url:
            target = Target(url, timeout=5.0)
            async with target.http() as http:
                settings: dict[str, object] = {"recorder": Recorder(), "revision": "2025-11-25", "timeout": 5.0}
                wire = Wire(http=http, url=url, **(settings | about))  # type: ignore[arg-type]
                with anyio.fail_after(20):
                    outcome, why_not = await tell(target, wire, Scenario(story, ("ping.reply",)))
                return outcome, why_not, wire.recorder.trace()

    return anyio.run(run)


def introduced(request: bytes) -> bytes | None:
    """The answer to what begins and ends a session; None for all else."""
    if request.startswith(b"DELETE"):
        return head(204)
    body = json.loads(request.partition(b"\r\n\r\n")[2] or b"{}")
    if body.get("method") == "notifications/initialized" or "result" in body:
        return head(202)
    if body.get("method") != "initialize":
        return None
    value: JSON = {
        "protocolVersion": body["params"]["protocolVersion"],
        "capabilities": {},
        "serverInfo": {"name": "little", "version": "1"},
    }
    answer = json.dumps({"jsonrpc": "2.0", "id": body["id"], "result": value}).encode()
    return head(200, JSON_TYPE, "Mcp-Session-Id: s-1") + answer


def with_session(work: Serve) -> Serve:
    """A server that begins sessions; what else is asked is `work`."""

    async def serve(stream: ByteStream, request: bytes) -> None:
        known = introduced(request)
        if known is not None:
            await stream.send(known)
        else:
            await work(stream, request)

    return serve


def event(body: JSON, id: str | None = None) -> bytes:
    return (f"id: {id}\n" if id else "").encode() + b"data: " + json.dumps(body).encode() + b"\n\n"


def result(id: int) -> JSON:
    return {"jsonrpc": "2.0", "id": id, "result": {}}


def of_method(trace: Trace, method: str) -> list[Exchange]:
    return [exchange for exchange in trace.exchanges if exchange.method == method]


async def ping(client: Client) -> None:
    session = await client.initialize()
    await session.request("ping")


async def call(client: Client) -> None:
    session = await client.initialize()
    await session.call(TOOL)


def test_what_was_agreed_goes_with_every_later_request() -> None:
    async def work(stream: ByteStream, _request: bytes) -> None:
        await stream.send(head(200, JSON_TYPE) + json.dumps(result(2)).encode())

    outcome, why_not, trace = told(ping, with_session(work))
    assert (outcome, why_not) == ("told", "")
    first, *later = trace.exchanges
    assert first.request_header("mcp-session-id") is first.request_header("mcp-protocol-version") is None
    assert {x.request_header("mcp-session-id") for x in later} == {"s-1"}
    assert {x.request_header("mcp-protocol-version") for x in later} == {"2025-11-25"}
    assert [x.method for x in later] == ["POST", "POST", "DELETE"]


def test_the_oldest_revision_knows_no_version_header() -> None:
    async def work(stream: ByteStream, _request: bytes) -> None:
        await stream.send(head(200, JSON_TYPE) + json.dumps(result(2)).encode())

    _, _, trace = told(ping, with_session(work), revision="2025-03-26")
    assert {x.request_header("mcp-protocol-version") for x in trace.exchanges} == {None}


def test_nothing_is_remembered_and_nothing_followed() -> None:
    async def work(stream: ByteStream, request: bytes) -> None:
        assert b"cookie" not in request.lower()
        await stream.send(head(307, "Location: /elsewhere", "Set-Cookie: a=b; Path=/"))

    async def story(client: Client) -> None:
        session = await client.initialize()
        for _ in range(2):
            await session.get().head()

    outcome, _, trace = told(story, with_session(work))
    assert outcome == "told"
    assert [x.status for x in of_method(trace, "GET")] == [307, 307]


def test_header_lines_are_written_down_as_they_were_sent() -> None:
    async def work(stream: ByteStream, _request: bytes) -> None:
        await stream.send(head(405, "X-Twice: one", "x-twice:  two", "ALLOW: POST"))

    async def story(client: Client) -> None:
        session = await client.initialize()
        await session.get().finish()

    _, _, trace = told(story, with_session(work))
    lines = of_method(trace, "GET")[0].response_headers
    assert [line for line in lines if line[0].lower() != "connection"] == [
        ("X-Twice", "one"),
        ("x-twice", "two"),
        ("ALLOW", "POST"),
    ]


def asking(answered: anyio.Event | None = None) -> Serve:
    """A tool that asks the client for its roots, and waits for the answer if there is an event to wait for."""

    async def work(stream: ByteStream, _request: bytes) -> None:
        await stream.send(head(200, STREAM_TYPE) + event({"jsonrpc": "2.0", "id": "q", "method": "roots/list"}))
        if answered is not None:
            await answered.wait()
        await stream.send(event(result(2)))

    return work


def test_a_question_is_answered_on_a_post_of_its_own() -> None:
    answered = anyio.Event()
    plain = with_session(asking(answered))

    async def serve(stream: ByteStream, request: bytes) -> None:
        await plain(stream, request)
        if b'"id":"q","result"' in request:
            answered.set()

    outcome, why_not, trace = told(call, serve)
    assert (outcome, why_not) == ("told", "")
    (answer,) = (json.loads(x.request_body) for x in trace.exchanges if b'"q"' in x.request_body)
    assert answer["result"] == {"roots": [{"uri": "file:///workspace", "name": "workspace"}]}


def test_a_question_may_be_left_without_an_answer() -> None:
    async def story(client: Client) -> None:
        session = await client.initialize()
        session.replies["roots/list"] = replies.silence
        await session.call(TOOL)

    outcome, _, trace = told(story, with_session(asking()))
    assert outcome == "told"
    assert not any(b'"q"' in x.request_body for x in trace.exchanges)


def test_a_call_whose_connection_was_closed_is_fetched_after_the_time_that_was_told() -> None:
    async def work(stream: ByteStream, request: bytes) -> None:
        if request.startswith(b"GET"):
            assert b"\r\nlast-event-id: 7\r\n" in request.lower()
            await stream.send(head(200, STREAM_TYPE) + event(result(2), "8"))
        else:
            await stream.send(head(200, STREAM_TYPE) + b"id: 7\ndata:\n\nretry: 20\ndata:\n\n")

    outcome, why_not, trace = told(call, with_session(work))
    assert (outcome, why_not) == ("told", "")
    left, fetched = trace.exchanges[2], of_method(trace, "GET")[0]
    assert fetched.started - (left.ended or 0.0) >= 0.02


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "the answer ended without a response, and without an event id to resume from"),
        (b": only a comment\n\n", "the answer ended without a response, and without an event id to resume from"),
    ],
)
def test_a_stream_that_ends_without_a_response_is_not_waited_for(body: bytes, reason: str) -> None:
    async def work(stream: ByteStream, _request: bytes) -> None:
        await stream.send(head(200, STREAM_TYPE) + body)

    outcome, why_not, _ = told(call, with_session(work))
    assert (outcome, why_not) == ("unmet", reason)


def test_a_wait_in_vain_ends_with_a_sentence() -> None:
    async def work(_stream: ByteStream, _request: bytes) -> None:
        await anyio.sleep(FOREVER)

    outcome, why_not, trace = told(call, with_session(work), timeout=0.3)
    assert (outcome, why_not) == ("unmet", "waited 0.3 s for an answer, in vain")
    assert trace.exchanges[2].ending == "timed out"


def test_leaving_a_stream_is_our_own_doing() -> None:
    async def work(stream: ByteStream, _request: bytes) -> None:
        await stream.send(head(200, STREAM_TYPE) + b"id: 1\ndata:\n\n")
        await anyio.sleep(FOREVER)

    async def story(client: Client) -> None:
        session = await client.initialize()
        async with session.stream(session.calling(TOOL)) as connection:
            await connection.until_events(1)

    outcome, why_not, trace = told(story, with_session(work))
    assert (outcome, why_not) == ("told", "")
    assert trace.exchanges[2].ending == "hung up"


def test_a_connection_that_the_server_breaks_off_is_not_our_doing() -> None:
    async def work(stream: ByteStream, _request: bytes) -> None:
        await stream.send(head(200, STREAM_TYPE, "Transfer-Encoding: chunked") + b"4\r\n: a\n\r\n")

    _, why_not, trace = told(call, with_session(work))
    assert trace.exchanges[2].ending == "lost"
    assert trace.exchanges[2].trouble == "the connection was closed in the middle of the answer"
    assert why_not == "the answer ended without a response, and without an event id to resume from"


@pytest.mark.parametrize("piece", [b": still here\n\n" * 100, b"data: x\n", b"x" * 1000])
def test_an_endless_answer_is_cut_off(piece: bytes) -> None:
    async def work(stream: ByteStream, _request: bytes) -> None:
        await stream.send(head(200, STREAM_TYPE))
        while True:
            await stream.send(piece * 10)

    limits = Limits(exchange=100_000, events=500)
    outcome, _, trace = told(call, with_session(work), recorder=Recorder(limits=limits))
    assert outcome == "unmet"
    assert trace.exchanges[2].ending == "cut off"


def test_what_a_server_calls_a_session_is_given_back_whatever_it_is() -> None:
    async def serve(stream: ByteStream, request: bytes) -> None:
        answer = introduced(request) or head(200, JSON_TYPE) + json.dumps(result(2)).encode()
        await stream.send(answer.replace(b"s-1", "café\t✓".encode()))

    outcome, why_not, trace = told(ping, serve)
    assert (outcome, why_not) == ("told", "")
    assert trace.exchanges[2].request_header("mcp-session-id") == "café\t✓".encode().decode("latin-1")


def test_a_mistake_of_ours_is_not_blamed_on_the_server() -> None:
    async def story(client: Client) -> None:
        await client.initialize()
        raise ZeroDivisionError

    async def work(_stream: ByteStream, _request: bytes) -> None:
        return

    outcome, why_not, trace = told(story, with_session(work))
    assert outcome == "crashed"
    assert "ZeroDivisionError" in why_not
    assert trace.exchanges[-1].method == "DELETE"


def test_a_story_that_cannot_go_on_says_why() -> None:
    async def story(client: Client) -> None:
        client.fixture("slow")

    async def work(_stream: ByteStream, _request: bytes) -> None:
        return

    outcome, why_not, _ = told(story, with_session(work))
    assert outcome == "unmet"
    assert re.match("no tool that works for half a second or longer: serve test_slow", why_not)


def test_a_story_is_not_told_for_ever() -> None:
    async def story(client: Client) -> None:
        await client.initialize()
        await anyio.sleep(FOREVER)

    async def work(_stream: ByteStream, _request: bytes) -> None:
        return

    outcome, why_not, _ = told(story, with_session(work), timeout=0.1)
    assert outcome == "unmet"
    assert why_not.startswith("the story was not at its end after")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ConnectionRefusedError(), "the connection was refused"),
        (ConnectionResetError(), "the connection was reset"),
        (ExceptionGroup("all attempts", [OSError(), ConnectionRefusedError()]), "the connection was refused"),
        (ssl.SSLError(1, "wrong version"), "TLS failed: "),
        (httpx.ConnectTimeout(""), "no connection could be made in time"),
        (httpx.RemoteProtocolError("illegal status line"), "the answer is not HTTP: illegal status line"),
        (UnicodeError("label too long"), "the host name is not known"),
        (httpx.ReadError(""), "ReadError"),
    ],
)
def test_causes_are_told_in_words(error: Exception, words: str) -> None:
    assert why(error).startswith(words)
    wrapped = httpx.ConnectError("") if not isinstance(error, httpx.HTTPError) else None
    if wrapped is not None:
        wrapped.__cause__ = error
        assert why(wrapped).startswith(words)


def test_unmet_is_what_a_step_raises() -> None:
    async def story(client: Client) -> None:
        session = client.stranger()
        with pytest.raises(Unmet, match="initialize was refused"):
            await session.initialize()

    async def serve(stream: ByteStream, _request: bytes) -> None:
        error: JSON = {"code": -32603, "message": "no"}
        await stream.send(head(200, JSON_TYPE) + json.dumps({"jsonrpc": "2.0", "id": 1, "error": error}).encode())

    assert told(story, serve)[0] == "told"

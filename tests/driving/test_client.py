"""The recording client, against little servers that do what servers in the field do."""

import json

import anyio
import pytest
from anyio.abc import ByteStream

from conformance.driving import replies
from conformance.driving.client import Client
from conformance.driving.scenario import Unmet
from conformance.evidence.trace import JSON, Exchange, Message, Trace
from tests.little_servers import Serve, head
from tests.telling import FOREVER, JSON_TYPE, STREAM_TYPE, TOOL, call, event, introduced, result, told, with_session


def of_method(trace: Trace, method: str) -> list[Exchange]:
    return [exchange for exchange in trace.exchanges if exchange.method == method]


async def ping(client: Client) -> None:
    session = await client.initialize()
    await session.request("ping")


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
    assert (
        why_not
        == "no tool that works for half a second or longer: name one as [slow] in the profile, or serve `test_slow`"
    )


def test_a_story_is_not_told_for_ever() -> None:
    async def story(client: Client) -> None:
        await client.initialize()
        await anyio.sleep(FOREVER)

    async def work(_stream: ByteStream, _request: bytes) -> None:
        return

    outcome, why_not, _ = told(story, with_session(work), timeout=0.1)
    assert outcome == "unmet"
    assert why_not.startswith("the story was not at its end after")


def test_unmet_is_what_a_step_raises() -> None:
    async def story(client: Client) -> None:
        session = client.stranger()
        with pytest.raises(Unmet, match="initialize was refused"):
            await session.initialize()

    async def serve(stream: ByteStream, _request: bytes) -> None:
        error: JSON = {"code": -32603, "message": "no"}
        await stream.send(head(200, JSON_TYPE) + json.dumps({"jsonrpc": "2.0", "id": 1, "error": error}).encode())

    assert told(story, serve)[0] == "told"


def test_a_server_that_asks_without_end_is_answered_so_many_times() -> None:
    async def work(stream: ByteStream, _request: bytes) -> None:
        asked = (event({"jsonrpc": "2.0", "id": n, "method": "ping"}) for n in range(80))
        await stream.send(head(200, STREAM_TYPE) + b"".join(asked) + event(result(2)))

    outcome, why_not, trace = told(ping, with_session(work))
    assert (outcome, why_not) == ("told", "")
    assert len([x for x in trace.exchanges for m in x.sent if isinstance(m, Message) and m.is_response]) == 50

"""Waiting for an answer, leaving it, and what is written down of its end."""

import ssl

import anyio
import httpx
import pytest
from anyio.abc import ByteStream

from conformance.driving.client import Client
from conformance.driving.connection import answers, why
from conformance.evidence.recorder import Limits, Recorder
from conformance.evidence.trace import JSON, Message
from tests.little_servers import head
from tests.tape import Tape, request, result
from tests.telling import FOREVER, STREAM_TYPE, TOOL, call, told, with_session


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


@pytest.mark.parametrize(("id", "asked", "taken"), [("2", 2, True), (2, "2", True), (2, 2, True), (3, 2, False)])
def test_a_response_may_spell_the_id_in_another_way(id: JSON, asked: JSON, taken: bool) -> None:
    tape = Tape()
    number = tape.post(request(asked, "ping"), answer=result(id))
    (response,) = tape.trace.exchanges[number].received
    assert isinstance(response, Message)
    assert answers(response, [asked]) is taken


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

"""A target of the transport before Streamable HTTP is told for what it is, on a real socket."""

import json
from collections.abc import Callable

import anyio
import pytest
from anyio.abc import ByteStream

from conformance.driving.target import Target
from conformance.evidence.era import BOTH_ERAS
from conformance.evidence.trace import JSON
from conformance.judging.check import Verdict
from conformance.preflight.survey import Survey, Unjudgeable
from reference_server.http_sse import SSE_PATH
from reference_server.options import Options
from reference_server.server import ReferenceServer
from reference_server.serving import serve
from tests.little_servers import Serve, head, says, serving
from tests.refusals import JSON_TYPE, STREAM_TYPE, found, why
from tests.running import BAD, crashes, run_against, told

ENDPOINT = "/messages?session=a"
HELLO: dict[str, JSON] = {"protocolVersion": "2024-11-05", "capabilities": {}, "serverInfo": {"name": "old"}}


class Old:
    """A server of HTTP+SSE, as far as pre-flight goes. `seen` are the first lines of all requests that came."""

    def __init__(self, endpoint: str = ENDPOINT, refusal: bytes = head(405), **hello: JSON) -> None:
        self.opening = f": welcome\r\n\r\nevent: endpoint\r\ndata: {endpoint}\r\n\r\n".encode()
        self.refusal = refusal
        self.hello = HELLO | hello
        self.seen: list[str] = []
        self.streams: list[ByteStream] = []

    async def __call__(self, stream: ByteStream, request: bytes) -> None:
        line, _, rest = request.partition(b"\r\n")
        method, path, _ = line.decode().split()
        self.seen.append(f"{method} {path}")
        if method == "GET":
            self.streams.append(stream)
            await stream.send(head(200, STREAM_TYPE) + self.opening)
            await anyio.sleep_forever()
        elif path == "/mcp":
            await stream.send(self.refusal)
        else:
            await stream.send(head(202, "Content-Length: 0"))
            await self.answer(json.loads(rest.partition(b"\r\n\r\n")[2]))

    async def answer(self, message: dict[str, JSON]) -> None:
        if message["method"] == "initialize":
            answer: JSON = {"jsonrpc": "2.0", "id": message["id"], "result": self.hello}
            await self.streams[-1].send(f"event: message\r\ndata: {json.dumps(answer)}\r\n\r\n".encode())


def look_at(server: Serve, revisions: tuple[str, ...] = ()) -> Survey:
    async def ask() -> Survey:
        async with serving(server) as url:
            return await found(Target(url, timeout=5.0, revisions=revisions))

    return anyio.run(ask)


# It is recognised


@pytest.mark.parametrize(
    "refusal",
    [
        head(404),
        head(405),
        head(400),
        head(400, JSON_TYPE) + b'{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"no session"}}',
        head(500, "Content-Type: text/plain") + b"oops",
    ],
)
def test_a_server_of_http_sse_is_recognised_whatever_it_says_to_post(refusal: bytes) -> None:
    seen = look_at(Old(refusal=refusal))
    assert [wire.revision for wire in seen.wires] == ["2024-11-05"]
    assert seen.declined == BOTH_ERAS
    assert seen.server == "old"


@pytest.mark.parametrize("address", ["messages?session=a", "?session=a", "/a/b/c", "//{host}/m", "http://{host}/m"])
def test_the_address_may_be_written_in_any_way(address: str) -> None:
    async def ask() -> Survey:
        server = Old()
        async with serving(server) as url:
            host = url.split("/")[2]
            server.opening = f"event: endpoint\ndata: {address.format(host=host)}\n\n".encode()
            return await found(Target(url, timeout=5.0))

    assert [wire.revision for wire in anyio.run(ask).wires] == ["2024-11-05"]


def test_it_can_be_asked_for() -> None:
    server = Old()
    seen = look_at(server, revisions=("2024-11-05",))
    assert [wire.revision for wire in seen.wires] == ["2024-11-05"]
    assert seen.declined == ()
    assert "POST /mcp" not in server.seen


def test_a_server_of_both_transports_is_judged_by_the_newer_one() -> None:
    with serve(ReferenceServer(Options(http_sse=True))) as url:

        async def ask() -> Survey:
            return await found(Target(url, timeout=5.0))

        seen = anyio.run(ask)
    assert tuple(wire.revision for wire in seen.wires) == BOTH_ERAS
    assert seen.declined == ()


def test_a_whole_run_judges_the_few_rules_there_are() -> None:
    with serve(ReferenceServer(Options(http_sse=True)), path=SSE_PATH) as url:
        run = run_against(url)
    (part,) = run.revisions
    assert part.revision == "2024-11-05"
    assert crashes(part) == []
    assert told(part, *BAD, Verdict.NOT_SEEN) == {}


# It is not, or cannot be used


def stream_of(*events: str) -> Serve:
    return says(200, STREAM_TYPE, body="".join(events).encode())


@pytest.mark.parametrize(
    ("serve", "sentence"),
    [
        (says(404), "nothing is served at this path (404)"),
        (says(405), "POST is not allowed here (405): is it the MCP endpoint?"),
        (says(200, "Content-Type: text/html", body=b"<html>"), "a web page came back"),
        (stream_of("event: Endpoint\ndata: /messages\n\n"), "the answer to initialize is not MCP"),
        (stream_of("data: /messages\n\n"), "the answer to initialize is not MCP"),
    ],
)
def test_a_target_that_is_nothing_is_told_as_before(serve: Serve, sentence: str) -> None:
    assert why(serve, timeout=5.0).startswith(sentence)


def test_who_asks_for_it_is_told_that_it_is_not_there() -> None:
    assert why(says(404), timeout=5.0, revisions=("2024-11-05",)) == (
        "GET opened no event stream that begins with an endpoint event, as HTTP+SSE of 2024-11-05 has it"
    )


def test_who_asks_for_it_is_told_that_a_token_is_wanted() -> None:
    told = why(says(401), timeout=5.0, revisions=("2024-11-05",))
    assert told.startswith("the server asks for authorization (401)")


ELSEWHERE: list[tuple[Callable[[str], str], str]] = [
    (lambda host: f"http://{host}/messages", "http://{host}"),
    (lambda host: f"//{host}/messages", "http://{host}"),
    (lambda host: f"http://127.0.0.1@{host}/messages", "http://{host}"),
    (lambda host: f"http://127.0.0.1\\@{host}/messages", "http://{host}"),
    (lambda host: f"https://{host}/messages", "https://{host}"),
]


@pytest.mark.parametrize(("address", "named"), ELSEWHERE)
def test_nothing_is_sent_to_another_place_that_the_endpoint_event_names(
    address: Callable[[str], str], named: str
) -> None:
    other, old = Old(), Old()

    async def ask() -> tuple[str, str]:
        async with serving(other) as elsewhere, serving(old) as url:
            host = elsewhere.split("/")[2]
            old.opening = f"event: endpoint\ndata: {address(host)}\n\n".encode()
            try:
                await found(Target(url, timeout=5.0, headers={"Authorization": "Bearer of-ours"}))
            except Unjudgeable as refusal:
                return str(refusal), named.format(host=host)
        return "", ""

    told, place = anyio.run(ask)
    assert told == (
        f"the server begins like one of HTTP+SSE (2024-11-05), but the endpoint event names another place, {place}, "
        "and nothing of ours is sent there"
    )
    assert other.seen == []
    assert {line for line in old.seen if line != "POST /mcp"} == {"GET /mcp"}


@pytest.mark.parametrize("address", ["http://[::1", "http://127.0.0.1:port/", "a\tb\x00"])
def test_what_is_no_address_is_told(address: str) -> None:
    assert why(Old(address), timeout=5.0) == (
        "the server begins like one of HTTP+SSE (2024-11-05), but the endpoint event holds no address to send "
        "messages to"
    )


def test_another_version_over_this_transport_is_told() -> None:
    assert why(Old(protocolVersion="2025-06-18"), timeout=5.0) == (
        "the server speaks HTTP+SSE, but offers version 2025-06-18 there in place of 2024-11-05"
    )


def test_a_server_that_never_answers_on_the_stream_is_told() -> None:
    class Silent(Old):
        async def answer(self, message: dict[str, JSON]) -> None:
            """Nothing comes."""

    assert why(Silent()).startswith("the server begins like one of HTTP+SSE (2024-11-05), but ")


def test_a_stream_without_end_is_told_in_time() -> None:
    async def endless(stream: ByteStream, _request: bytes) -> None:
        await stream.send(head(200, STREAM_TYPE))
        while True:
            await stream.send(b": still here\n\n" * 5000)

    assert why(endless, timeout=10.0).startswith("the answer to initialize has no end")

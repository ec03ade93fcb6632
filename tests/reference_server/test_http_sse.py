"""HTTP+SSE beside the endpoint."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from reference_server.http_sse import SSE_PATH
from reference_server.options import Options
from reference_server.server import ReferenceServer
from reference_server.serving import serve
from tests.reference_server.process import started
from tests.reference_server.talk import Message, Talk

HELLO = {
    "protocolVersion": "2024-11-05",
    "capabilities": {"sampling": {}, "roots": {}},
    "clientInfo": {"name": "old", "version": "1"},
}


@pytest.fixture(scope="module")
def sse() -> Iterator[str]:
    with serve(ReferenceServer(Options(http_sse=True)), path=SSE_PATH) as url:
        yield url


class Old:
    """A client of 2024-11-05."""

    def __init__(self, url: str, stream: httpx.Response, http: httpx.Client) -> None:
        self.http = http
        self.lines = stream.iter_lines()
        self.name, address = self.event()
        self.address = str(httpx.URL(url).join(address))
        self.number = 0

    def event(self) -> tuple[str, str]:
        """The next event: its name and its data."""
        fields = {"event": "message"}
        for line in self.lines:
            key, _, value = line.partition(": ")
            if key:
                fields[key] = value
            elif "data" in fields:
                assert "id" not in fields
                return fields["event"], fields["data"]
        return "", ""

    def hear(self) -> Message:
        name, data = self.event()
        assert name == "message"
        message: Message = json.loads(data)
        return message

    def post(self, body: Any, **headers: str) -> httpx.Response:
        return self.http.post(self.address, json=body, headers=headers)

    def send(self, method: str, params: Message | None = None) -> None:
        self.number += 1
        sent = self.post({"jsonrpc": "2.0", "id": self.number, "method": method, "params": params or {}})
        assert (sent.status_code, sent.content) == (202, b"")

    def ask(self, method: str, params: Message | None = None) -> Message:
        self.send(method, params)
        answer = self.hear()
        assert answer["id"] == self.number
        return answer

    def begin(self) -> Message:
        answer = self.ask("initialize", HELLO)
        assert self.post({"jsonrpc": "2.0", "method": "notifications/initialized"}).status_code == 202
        return answer


@contextmanager
def connected(url: str) -> Iterator[Old]:
    headers = {"accept": "text/event-stream"}
    with httpx.Client(timeout=5) as http, http.stream("GET", url, headers=headers) as stream:
        assert stream.status_code == 200
        yield Old(url, stream, http)


def test_the_stream_says_first_where_to_send(sse: str) -> None:
    with connected(sse) as old:
        assert old.name == "endpoint"
        assert "/messages?session=" in old.address


def test_the_version_is_the_one_of_this_transport(sse: str) -> None:
    with connected(sse) as old:
        result = old.begin()["result"]
        assert result["protocolVersion"] == "2024-11-05"
        assert set(result["capabilities"]) == {"logging", "prompts", "resources", "tools"}
        assert set(result["serverInfo"]) == {"name", "version"}
        assert old.ask("initialize", HELLO)["error"]["code"] == -32600


def test_what_is_offered_is_told_in_the_words_of_the_revision(sse: str) -> None:
    with connected(sse) as old:
        old.begin()
        tools = {tool["name"]: tool for tool in old.ask("tools/list")["result"]["tools"]}
        assert set(tools["test_simple_text"]) == {"name", "description", "inputSchema"}
        assert "test_audio_content" not in tools
        assert "test_elicitation" not in tools
        assert set(old.ask("prompts/list")["result"]["prompts"][0]) == {"name", "description"}
        listed = old.ask("resources/list")["result"]["resources"][0]
        assert set(listed) == {"uri", "name", "mimeType", "description"}


def test_answers_reports_and_questions_come_on_the_stream(sse: str) -> None:
    with connected(sse) as old:
        old.begin()
        old.send("tools/call", {"name": "test_tool_with_progress", "_meta": {"progressToken": "t"}})
        said = [old.hear() for _ in range(4)]
        assert [set(message["params"]) for message in said[:3]] == [{"progressToken", "progress", "total"}] * 3
        assert "result" in said[3]
        old.send("tools/call", {"name": "test_sampling", "arguments": {"prompt": "hello"}})
        question = old.hear()
        assert question["method"] == "sampling/createMessage"
        text = {"role": "assistant", "content": {"type": "text", "text": "fine"}, "model": "m"}
        assert old.post({"jsonrpc": "2.0", "id": question["id"], "result": text}).status_code == 202
        assert "fine" in json.dumps(old.hear()["result"])


def test_a_subscriber_is_told_of_an_update(sse: str) -> None:
    with connected(sse) as old:
        old.begin()
        old.ask("resources/subscribe", {"uri": "test://watched-resource"})
        old.send("tools/call", {"name": "test_update_resource"})
        heard = [old.hear(), old.hear()]
        assert {message.get("method") for message in heard} == {None, "notifications/resources/updated"}


def test_what_is_not_there_is_an_error(sse: str) -> None:
    with connected(sse) as old:
        old.begin()
        assert old.ask("no/such/method")["error"]["code"] == -32601
        assert old.ask("tools/call", {"name": "nothing"})["error"]["code"] == -32602


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[]", 400),
        (b'[{"jsonrpc":"2.0","id":1,"method":"ping"}]', 400),
        (b'{"jsonrpc":"2.0","method":"ping"}', 400),
    ],
)
def test_what_is_no_message_is_refused(sse: str, body: bytes, status: int) -> None:
    with connected(sse) as old:
        refused = old.http.post(old.address, content=body, headers={"content-type": "application/json"})
        assert refused.status_code == status
        assert refused.json()["error"]["message"]


def test_a_stranger_cannot_send_to_a_stream(sse: str) -> None:
    with connected(sse) as old:
        ping = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
        for query in ("", "?session=", "?session=a", f"?sessions={old.address.partition('=')[2]}"):
            assert httpx.post(old.address.partition("?")[0] + query, json=ping).status_code == 404
        assert old.post(ping).status_code == 202


def test_a_session_of_one_transport_is_none_of_the_other(sse: str) -> None:
    ping = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    with connected(sse) as old, Talk(sse.replace(SSE_PATH, "/mcp")) as talk:
        old.begin()
        there = old.address.partition("?")[0]
        assert httpx.post(f"{there}?session={talk.session}", json=ping).status_code == 404
        talk.headers["mcp-session-id"] = old.address.partition("=")[2]
        assert talk.post(ping).status_code == 404


def test_a_session_ends_with_its_stream() -> None:
    server = ReferenceServer(Options(http_sse=True))
    with serve(server, path=SSE_PATH) as url:
        with connected(url) as old:
            old.begin()
            old.send("tools/call", {"name": "test_slow", "arguments": {"steps": 1000}})
            address = old.address
        for _ in range(500):
            if httpx.post(address, json={"jsonrpc": "2.0", "id": 1, "method": "ping"}).status_code == 404:
                break
        else:
            pytest.fail("the session lives on without its stream")
    assert not server.listening
    assert not server.working
    assert server.open_legs == 0


@pytest.mark.parametrize(("method", "path"), [("GET", "/sse"), ("POST", "/messages"), ("OPTIONS", "/sse")])
def test_a_foreign_page_may_neither_listen_nor_send(sse: str, method: str, path: str) -> None:
    headers = {"origin": "https://evil.example", "accept": "text/event-stream"}
    assert httpx.request(method, sse.replace(SSE_PATH, path), headers=headers).status_code == 403


@pytest.mark.parametrize(("method", "path", "allow"), [("POST", "/sse", "GET"), ("GET", "/messages", "POST")])
def test_each_address_has_one_method(sse: str, method: str, path: str, allow: str) -> None:
    refused = httpx.request(method, sse.replace(SSE_PATH, path))
    assert (refused.status_code, refused.headers["allow"]) == (405, f"{allow}, OPTIONS")


def test_only_who_takes_event_streams_can_listen_and_only_json_is_taken(sse: str) -> None:
    assert httpx.get(sse, headers={"accept": "application/json"}).status_code == 406
    with connected(sse) as old:
        assert old.http.post(old.address, content=b"{}", headers={"content-type": "text/plain"}).status_code == 415


def test_the_token_is_wanted_here_too() -> None:
    with serve(ReferenceServer(Options(http_sse=True, bearer="t")), path=SSE_PATH) as url:
        assert httpx.get(url, headers={"accept": "text/event-stream"}).status_code == 401
        assert httpx.post(url.replace(SSE_PATH, "/messages")).status_code == 401


def test_only_so_many_streams_are_open_at_once() -> None:
    with serve(ReferenceServer(Options(http_sse=True, max_streams=1)), path=SSE_PATH) as url, connected(url) as _old:
        assert httpx.get(url, headers={"accept": "text/event-stream"}).status_code == 429


def test_a_server_that_stops_ends_its_streams_in_order() -> None:
    with serve(ReferenceServer(Options(http_sse=True)), path=SSE_PATH) as url:
        stack = connected(url)
        old = stack.__enter__()
        old.begin()
        old.send("tools/call", {"name": "test_slow", "arguments": {"steps": 1000}})
    assert old.hear()["error"]["message"] == "The server is stopping."
    assert old.event() == ("", "")
    stack.__exit__(None, None, None)


def test_without_the_option_there_is_nothing(url: str) -> None:
    for path in ("/sse", "/messages"):
        assert httpx.get(url.replace("/mcp", path), headers={"accept": "text/event-stream"}).status_code == 404


def test_the_command_line_says_where_both_are() -> None:
    with started("--http-sse") as (process, url):
        assert process.stdout is not None
        assert process.stdout.readline() == f"HTTP+SSE of 2024-11-05 at {url.replace('/mcp', '/sse')}\n"

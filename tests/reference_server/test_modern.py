"""The modern era: answers, statuses, reports, cancellation."""

import uuid
from collections.abc import Iterator

import httpx
import pytest

from reference_server.options import Options
from reference_server.server import ReferenceServer
from reference_server.serving import serve
from tests.reference_server.modern import CAPABILITIES, LOG_LEVEL, MODERN, Lone, refused
from tests.reference_server.talk import BOTH, Message, text_in

REMOVED = ["initialize", "ping", "logging/setLevel", "resources/subscribe", "resources/unsubscribe"]


@pytest.fixture
def lone(url: str) -> Iterator[Lone]:
    with Lone(url) as client:
        yield client


def messages(lone: Lone, name: str, meta: Message | None = None, arguments: Message | None = None) -> list[Message]:
    with lone.stream(lone.tool(name, arguments, meta)) as events:
        return list(events.messages())


@pytest.mark.parametrize("method", [*REMOVED, "no/such"])
def test_an_unknown_or_removed_method_draws_404(lone: Lone, method: str) -> None:
    response = lone.post(lone.request(method))
    assert refused(response) == (404, -32601)
    assert response.json()["id"] == 1


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("tools/call", {"name": "nobody"}),
        ("prompts/get", {"name": "nobody"}),
        ("resources/read", {"uri": "test://nowhere"}),
        ("completion/complete", {}),
        ("tools/list", {"cursor": "x"}),
    ],
)
def test_other_errors_are_answers_like_any_other(lone: Lone, method: str, params: Message) -> None:
    assert refused(lone.post(lone.request(method, params))) == (200, -32602)


def test_an_undeclared_capability_draws_32021(lone: Lone) -> None:
    response = lone.post(lone.tool("test_missing_capability"))
    assert refused(response) == (400, -32021)
    assert response.json()["error"]["data"] == {"requiredCapabilities": {"sampling": {}}}
    declared = lone.post(lone.tool("test_missing_capability", meta={CAPABILITIES: {"sampling": {}}}))
    assert "result" in declared.json()


@pytest.mark.parametrize("body", [[], [{"jsonrpc": "2.0", "id": 1, "method": "ping"}], {"jsonrpc": "2.0"}])
def test_a_body_is_one_request_or_notification(lone: Lone, body: object) -> None:
    assert refused(lone.post(body)) == (400, -32600)


def test_nobody_was_asked_so_nobody_answers(lone: Lone) -> None:
    assert lone.post({"jsonrpc": "2.0", "id": 1, "result": {}}).status_code == 400


def test_what_is_not_json_draws_a_parse_error(lone: Lone) -> None:
    headers = {"accept": BOTH, "content-type": "application/json", "mcp-protocol-version": MODERN}
    assert refused(lone.http.post(lone.url, content="{", headers=headers)) == (400, -32700)


def test_notifications_of_clients_are_accepted_without_a_word(lone: Lone) -> None:
    cancelled = {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 1}}
    response = lone.post(cancelled)
    assert (response.status_code, response.content) == (202, b"")
    assert lone.post(cancelled | {"method": "notifications/initialized"}).status_code == 400
    assert refused(lone.post(cancelled, mcp_protocol_version="1900-01-01"))[0] == 400


def test_a_tool_that_has_nothing_to_report_answers_with_json(lone: Lone) -> None:
    response = lone.post(lone.tool("test_simple_text"))
    assert response.headers["content-type"] == "application/json"


def test_a_stream_has_messages_and_nothing_else(lone: Lone) -> None:
    with lone.stream(lone.tool("test_tool_with_progress", meta={"progressToken": 0})) as events:
        assert events.response.headers["x-accel-buffering"] == "no"
        seen = list(events)
    assert all(event.id is None and event.retry is None and event.data for event in seen)
    assert [event.message["params"]["progress"] for event in seen[:-1]] == [0, 50, 100]
    assert seen[-1].message["result"]["resultType"] == "complete"


def test_without_a_token_there_is_no_progress(lone: Lone) -> None:
    assert len(messages(lone, "test_tool_with_progress")) == 1


@pytest.mark.parametrize(
    ("meta", "heard"),
    [({}, 0), ({LOG_LEVEL: "debug"}, 8), ({LOG_LEVEL: "error"}, 4), ({LOG_LEVEL: "emergency"}, 1)],
)
def test_only_what_the_request_asked_for_is_logged(lone: Lone, meta: Message, heard: int) -> None:
    logged = [m for m in messages(lone, "test_logging_tool", meta) if m.get("method") == "notifications/message"]
    assert len(logged) == heard


def test_with_json_response_there_are_no_streams() -> None:
    with serve(ReferenceServer(Options(json_response=True))) as url, Lone(url) as lone:
        response = lone.post(lone.tool("test_tool_with_progress", meta={"progressToken": 0}))
        assert "result" in response.json()


def test_progress_stays_on_its_stream_whatever_the_route() -> None:
    with serve(ReferenceServer(Options(progress_route="primary"))) as url, Lone(url) as lone:
        assert len(messages(lone, "test_tool_with_progress", {"progressToken": "t"})) == 4


def test_two_requests_with_one_id_are_two_clients_matter(lone: Lone) -> None:
    message = lone.tool("test_slow", {"steps": 1}, {"progressToken": 1})
    with lone.stream(message) as first, lone.stream(message) as second:
        assert "result" in first.answer()
        assert "result" in second.answer()


def done(lone: Lone, label: str) -> int:
    return int(text_in(lone.post(lone.tool("test_work_done", {"label": label})).json()))


def test_work_is_counted_under_its_label(lone: Lone) -> None:
    label = uuid.uuid4().hex
    assert done(lone, label) == 0
    messages(lone, "test_slow", None, {"steps": 3, "step_ms": 1, "label": label})
    assert done(lone, label) == 3


class Watched(ReferenceServer):
    """Notes which calls were cancelled."""

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.cancelled: list[object] = []

    def cancel_with_connection(self, call: object) -> None:
        self.cancelled.append(call)
        super().cancel_with_connection(call)  # type: ignore[arg-type]


@pytest.mark.parametrize("json_response", [False, True])
def test_a_closed_connection_stops_the_work(json_response: bool) -> None:
    server = Watched(Options(json_response=json_response))
    with serve(server) as url, Lone(url) as lone:
        label = uuid.uuid4().hex
        message = lone.tool("test_slow", {"steps": 10000, "step_ms": 5, "label": label}, {"progressToken": 1})
        if json_response:
            with pytest.raises(httpx.ReadTimeout):
                lone.http.post(url, json=message, headers=lone.headers(message), timeout=0.1)
        else:
            with lone.stream(message) as events:
                next(events)
        while server.working:
            done(lone, label)
        assert server.cancelled
        steps = done(lone, label)
        assert 0 < steps < 10000
        assert done(lone, label) == steps


def test_a_stopping_server_answers_what_it_gives_up() -> None:
    server = ReferenceServer(Options())
    with serve(server) as url, Lone(url) as lone:
        message = lone.tool("test_slow", {"steps": 10000}, {"progressToken": 1})
        with lone.stream(message) as events:
            next(events)
            server_loop_stop(server)
            assert events.answer()["error"]["code"] == -32603


def server_loop_stop(server: ReferenceServer) -> None:
    """What the listener says to the application when it goes down, said in the application's own thread."""
    (call,) = server.working
    assert call.task is not None
    call.task.get_loop().call_soon_threadsafe(server.stop)


def test_a_browser_may_send_the_new_headers(lone: Lone) -> None:
    asked = "content-type, mcp-method, Mcp-Param-Region, x-other, mcp-param-"
    headers = {"origin": "http://localhost:1", "access-control-request-headers": asked}
    allowed = lone.http.options(lone.url, headers=headers).headers["access-control-allow-headers"].split(", ")
    assert {"mcp-method", "mcp-name", "mcp-protocol-version", "mcp-param-region"} <= set(allowed)
    assert not {"x-other", "mcp-param-"} & set(allowed)


def test_the_token_and_the_origin_are_asked_for_first() -> None:
    with serve(ReferenceServer(Options(bearer="secret"))) as url, Lone(url) as lone:
        assert lone.post(lone.request("tools/list")).status_code == 401
        assert lone.post(lone.request("tools/list"), authorization="Bearer secret").status_code == 200
        assert lone.post(lone.request("tools/list"), origin="http://evil.example").status_code == 403

"""HTTP+SSE, the transport of 2024-11-05: what is no breach, and what is."""

from dataclasses import replace
from typing import Any

import pytest

from conformance.evidence.trace import JSON, Ending
from conformance.evidence.views import sessions
from conformance.judging.check import Verdict
from conformance.judging.judge import judge
from tests.tape import Tape, error, message_event, request, result

POST_TO = "http://127.0.0.1:8000/messages?session=a"
ENDPOINT = "event: endpoint\ndata: /messages?session=a\n\n"


class OldTape(Tape):
    """A stream that stays open while messages are posted to where it says."""

    def __init__(self, *events: str | bytes, status: int = 200) -> None:
        super().__init__("2024-11-05")
        self.stream = self.begin("GET")
        self.head(self.stream, status, {"Content-Type": "text/event-stream"})
        self.say(*(events or (ENDPOINT,)))

    def say(self, *events: str | bytes) -> None:
        for event in events:
            self.chunk(self.stream, event)

    def send(self, id: JSON, method: str, status: int = 202, **options: Any) -> None:
        self.post(request(id, method), url=POST_TO, status=status, **options)

    def introduce(self) -> None:
        params: dict[str, JSON] = {"protocolVersion": "2024-11-05", "capabilities": {}, "clientInfo": {"name": "t"}}
        self.post(request(1, "initialize", params), url=POST_TO, status=202)
        hello: dict[str, JSON] = {"protocolVersion": "2024-11-05", "capabilities": {}, "serverInfo": {"name": "t"}}
        self.say(message_event(result(1, hello)))


def listened(*events: str | bytes, ending: Ending = "open") -> Tape:
    tape = OldTape(*events)
    tape.end(tape.stream, ending)
    return tape


# sse.endpoint


@pytest.mark.parametrize(
    "events",
    [
        [ENDPOINT],
        [b": hello\n\n: still here\n\n", ENDPOINT],
        ["event:endpoint\r\ndata:/messages?session=a\r\n\r\n"],
        ["event: endpoint\rdata: /messages\r\r:\r"],
        [b"\xef\xbb\xbfevent: endpoint\ndata: /messages\n\n"],
        ["data: messages\nid: 1\nevent: endpoint\nretry: 3000\n\n"],
        ["event: endpoint\ndata: http://127.0.0.1:8000/messages\n\n"],
        ["event: endpoint\ndata: https://elsewhere.example/messages\n\n"],
        ["event: endpoint\ndata: ?session=a\n\n"],
        ["event: endpoint\ndata: //127.0.0.1/messages\n\n"],
        ["event: hello\ndata: you\n\n", ENDPOINT],
        ["event: endpoint\ndata:\n\n", ENDPOINT],
        ["retry: 1000\n\n", "event: end", "point\nda", "ta: /messages\n", "\n"],
    ],
)
def test_an_address_in_an_endpoint_event_is_all_that_is_asked_for(events: list[str | bytes]) -> None:
    assert listened(*events).verdict("sse.endpoint") is Verdict.PASS


@pytest.mark.parametrize(
    "event",
    [
        "event: Endpoint\ndata: /messages\n\n",
        "event: ENDPOINT\ndata: /messages\n\n",
        "event: message\ndata: /messages\n\n",
        "event: endpoint \ndata: /messages\n\n",
        "data: /messages\n\n",
    ],
)
def test_an_event_of_another_name_is_no_endpoint_event(event: str) -> None:
    tape = listened(event, ending="timed out")
    assert tape.verdict("sse.endpoint") is Verdict.FAIL


@pytest.mark.parametrize("address", ["localhost:8000/messages", "mailto:me@here.example", "http://[::1/messages"])
def test_what_nobody_can_post_to_is_no_address(address: str) -> None:
    assert listened(f"event: endpoint\ndata: {address}\n\n").verdict("sse.endpoint") is Verdict.FAIL


@pytest.mark.parametrize("ending", ["open", "hung up", "cut off"])
def test_a_stream_that_was_not_watched_to_its_end_decides_nothing(ending: Ending) -> None:
    assert listened("event: hello\ndata: you\n\n", ending=ending).verdict("sse.endpoint") is Verdict.NOT_SEEN


@pytest.mark.parametrize("events", [[": still here\n\n"], ["event: endpoint\ndata:\n\n"], ["event: endpoint\n\n"]])
@pytest.mark.parametrize("ending", ["complete", "timed out", "lost"])
def test_a_stream_on_which_nothing_came_decides_nothing(events: list[str], ending: Ending) -> None:
    assert listened(*events, ending=ending).verdict("sse.endpoint") is Verdict.NOT_SEEN


def test_only_a_stream_can_say_where_to_send() -> None:
    tape = Tape("2024-11-05")
    tape.get(status=404)
    tape.exchange("GET", answer={"sse": "/sse"})
    tape.post(request(1, "ping"), events=[message_event(result(1))])
    assert tape.outcomes("sse.endpoint") == []


def test_what_opens_a_door_is_not_in_the_words() -> None:
    assert "session=" not in listened(ENDPOINT).judge("sse.endpoint").findings[0].seen


# sse.two-endpoints


@pytest.mark.parametrize("status", [200, 202, 204])
def test_a_message_may_be_taken_with_any_good_status(status: int) -> None:
    tape = OldTape()
    tape.send(1, "ping", status)
    assert tape.verdict("sse.two-endpoints") is Verdict.PASS


@pytest.mark.parametrize("status", [404, 405, 410, 501])
def test_no_such_place_is_a_breach(status: int) -> None:
    tape = OldTape()
    tape.send(1, "initialize", status)
    assert tape.verdict("sse.two-endpoints") is Verdict.FAIL


@pytest.mark.parametrize("status", [301, 400, 401, 403, 406, 415, 421, 429, 500, 503])
def test_a_refusal_for_another_reason_decides_nothing(status: int) -> None:
    tape = OldTape()
    tape.send(1, "initialize", status)
    assert tape.verdict("sse.two-endpoints") is Verdict.NOT_SEEN


def test_an_unknown_method_may_draw_a_status() -> None:
    tape = OldTape()
    tape.introduce()
    tape.send(2, "conformance/nothing", 404)
    assert tape.outcomes("sse.two-endpoints") == ["ok", "open"]


def test_after_the_end_of_its_stream_nobody_is_known() -> None:
    tape = OldTape()
    tape.introduce()
    tape.end(tape.stream)
    tape.send(2, "ping", 404)
    assert tape.outcomes("sse.two-endpoints") == ["ok", "open"]


def test_the_stream_may_end_while_a_message_is_on_its_way() -> None:
    tape = OldTape()
    tape.introduce()
    number = tape.begin("POST", b'{"jsonrpc":"2.0","id":2,"method":"ping"}', url=POST_TO)
    tape.end(tape.stream)
    tape.head(number, 404)
    tape.end(number)
    assert tape.outcomes("sse.two-endpoints") == ["ok", "open"]


def test_without_a_stream_there_is_nothing_to_send_to() -> None:
    tape = Tape("2024-11-05")
    tape.post(request(1, "initialize"), status=405)
    assert tape.outcomes("sse.two-endpoints") == ["open"]


# What else is judged in this revision


def test_a_session_is_its_stream_and_what_was_posted_meanwhile() -> None:
    tape = OldTape()
    tape.introduce()
    tape.send(2, "ping")
    tape.say(message_event(result(2)))
    (session,) = sessions(tape.trace)
    assert session.revision == "2024-11-05"
    assert [call.response is not None for call in session.calls] == [True, True]
    assert tape.verdict("ping.reply") is Verdict.PASS
    assert tape.verdict("jsonrpc") is Verdict.PASS


def test_an_endpoint_event_is_no_message_and_neither_is_an_event_of_another_name() -> None:
    tape = OldTape(ENDPOINT, "event: heartbeat\ndata: 12:00\n\n")
    tape.introduce()
    assert tape.verdict("jsonrpc") is Verdict.PASS


@pytest.mark.parametrize("body", [b"Accepted", b"{}", b'"ok"', b""])
def test_what_the_answer_to_post_says_is_nobodys_business(body: bytes) -> None:
    tape = OldTape()
    tape.introduce()
    tape.send(2, "ping", answer=body, media_type="application/json")
    tape.say(message_event(result(2)))
    for key in ("jsonrpc", "jsonrpc.result-or-error", "ping.reply"):
        assert tape.verdict(key) is Verdict.PASS


def test_where_a_message_belongs_nothing_else_may_stand() -> None:
    tape = OldTape(ENDPOINT, "event: message\ndata: hello\n\n")
    assert tape.verdict("jsonrpc") is Verdict.FAIL


def test_an_error_is_no_answer_to_ping_here_either() -> None:
    tape = OldTape()
    tape.introduce()
    tape.send(2, "ping")
    tape.say(message_event(error(2, -32601)))
    assert tape.verdict("ping.reply") is Verdict.FAIL


@pytest.mark.parametrize(("status", "verdict"), [(200, Verdict.FAIL), (403, Verdict.PASS), (404, Verdict.PASS)])
def test_a_stream_for_a_foreign_page_is_a_breach(status: int, verdict: Verdict) -> None:
    tape = Tape("2024-11-05")
    tape.exchange("GET", events=[ENDPOINT], status=status, headers={"Origin": "https://evil.example"})
    assert tape.verdict("origin.validate") is verdict


# Live


def test_in_live_traffic_a_stream_that_says_where_to_send_is_of_this_transport() -> None:
    tape = OldTape()
    tape.introduce()
    tape.send(2, "ping")
    tape.say(message_event(result(2)))
    live = replace(tape.trace, revision=None)
    (session,) = sessions(live)
    assert (session.revision, len(session.exchanges)) == ("2024-11-05", 3)
    verdicts = {judgement.key: judgement.verdict for judgement in judge(live, "2024-11-05")}
    assert verdicts["sse.endpoint"] is verdicts["ping.reply"] is Verdict.PASS


def test_in_live_traffic_others_keep_their_own_sessions() -> None:
    tape = OldTape()
    tape.post(request(1, "ping"), url="http://127.0.0.1:8000/mcp", answer=result(1))
    assert [session.revision for session in sessions(replace(tape.trace, revision=None))] == [
        "2024-11-05",
        "2025-03-26",
    ]

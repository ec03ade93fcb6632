"""Messages: what is no breach, and what is."""

import json
from typing import Any

import pytest

from conformance.evidence.trace import JSON
from conformance.judging.check import Verdict
from tests.tape import Tape, error, message_event, notification, request, result

FOREIGN = "héllo ✓ 𝄞"


def initialized(revision: str = "2025-11-25") -> Tape:
    tape = Tape(revision)
    tape.initialize(session_id="abc")
    return tape


def answered(answer: JSON | bytes, revision: str = "2025-11-25", method: str = "ping", **options: Any) -> Tape:
    """A request with the id 2 and this answer to it."""
    tape = initialized(revision)
    tape.post(request(2, method), answer=answer, **options)
    return tape


def called(tape: Tape, sent: str, came: bytes | str) -> Tape:
    """A tool is called with a text, and another comes back."""
    if isinstance(came, str):
        answer: JSON | bytes = result(9, {"content": [{"type": "text", "text": came}]})
    else:
        answer = b'{"jsonrpc":"2.0","id":9,"result":{"content":[{"type":"text","text":"' + came + b'"}]}}'
    tape.post(request(9, "tools/call", {"name": "echo", "arguments": {"text": sent}}), answer=answer)
    return tape


# utf8


@pytest.mark.parametrize(
    "came", ["h?llo ? ?", "h??llo ??? ????", "h\ufffdllo \ufffd \ufffd", "héllo ✓ \ufffd", "héllo ✓ ??"]
)
def test_marks_in_place_of_characters(came: str) -> None:
    assert called(initialized(), FOREIGN, came).verdict("utf8") is Verdict.FAIL


def test_a_body_in_latin_1_is_not_utf8() -> None:
    assert called(initialized(), FOREIGN, "h\xe9llo".encode("latin-1")).verdict("utf8") is Verdict.FAIL


def test_an_event_in_latin_1_is_not_utf8() -> None:
    tape = initialized()
    tape.post(request(2, "ping"), events=[b'data: {"jsonrpc":"2.0","id":2,"result":{"x":"\xe9"}}\n\n'])
    assert tape.verdict("utf8") is Verdict.FAIL


def test_a_text_that_comes_back_is_evidence() -> None:
    assert "came back unharmed" in called(initialized(), FOREIGN, FOREIGN).judge("utf8").findings[-1].seen


@pytest.mark.parametrize("reading", ["latin-1", "cp1252"])
def test_a_text_that_comes_back_garbled_was_not_read_as_utf8(reading: str) -> None:
    text = "ñandú · über"
    assert called(initialized(), text, text.encode().decode(reading)).verdict("utf8") is Verdict.FAIL


def test_a_tool_that_answers_something_else_proves_nothing_wrong() -> None:
    assert called(initialized(), FOREIGN, "h?llo").verdict("utf8") is Verdict.PASS


def test_json_escapes_are_utf8_and_carry_any_text() -> None:
    assert called(initialized(), FOREIGN, json.dumps(FOREIGN)[1:-1].encode()).verdict("utf8") is Verdict.PASS


def test_half_a_character_at_a_cut_is_nobodys_fault() -> None:
    tape = answered(b'{"jsonrpc":"2.0","id":2,"result":{"x":"\xc3', ending="lost")
    assert tape.verdict("utf8") is Verdict.PASS


def test_bytes_that_are_not_utf8_are_blamed_once() -> None:
    tape = answered(b'{"jsonrpc":"2.0","id":2,"result":{"x":"\xff"}}')
    assert tape.verdict("utf8") is Verdict.FAIL
    assert tape.verdict("jsonrpc") is Verdict.PASS


# jsonrpc


@pytest.mark.parametrize(
    "body",
    [
        b"pong",
        b"null",
        b'"pong"',
        b"{'jsonrpc': '2.0'}",
        b'{"jsonrpc": "2.0", "id": 2, "result": NaN}',
        b"\xef\xbb\xbf" + json.dumps(result(2)).encode(),
        b'{"ok": true}',
        b'{"id": 2, "result": {}}',
        b'{"jsonrpc": 2.0, "id": 2, "result": {}}',
        b'{"jsonrpc": "2.0", "id": 2, "method": "ping", "params": "none"}',
        b'{"jsonrpc": "2.0", "id": 2, "method": "ping", "result": {}}',
        b'{"jsonrpc": "2.0", "id": 2, "method": 5}',
    ],
)
def test_an_answer_that_is_no_jsonrpc(body: bytes) -> None:
    assert answered(body).verdict("jsonrpc") is Verdict.FAIL


def test_depth_is_legal_json_and_decides_nothing() -> None:
    tape = answered(b'{"jsonrpc": "2.0", "id": 2, "result": ' + b'{"a":' * 100_000 + b"1" + b"}" * 100_001)
    assert tape.outcomes("jsonrpc")[-1] == "open"


def test_a_refusal_may_carry_any_json() -> None:
    tape = answered({"error": "invalid_token"}, status=401)
    assert tape.outcomes("jsonrpc") == ["ok"]
    assert tape.verdict("jsonrpc.error-shape") is Verdict.NOT_SEEN


def test_the_answer_to_delete_may_carry_any_json() -> None:
    tape = initialized()
    tape.exchange("DELETE", answer={"result": "bye", "error": None})
    assert tape.outcomes("jsonrpc") == ["ok"]
    assert tape.outcomes("jsonrpc.result-or-error") == ["ok"]


def test_an_event_of_another_name_is_no_message() -> None:
    tape = initialized()
    tape.post(request(2, "ping"), events=["event: heartbeat\ndata: tick\n\n", message_event(result(2))])
    assert tape.verdict("jsonrpc") is Verdict.PASS


def test_an_event_without_data_is_no_message() -> None:
    tape = initialized()
    tape.post(request(2, "ping"), events=["id: 1\ndata:\n\n", ": comment\n\n", message_event(result(2))])
    assert tape.verdict("jsonrpc") is Verdict.PASS


def test_broken_messages_of_ours_are_not_the_servers() -> None:
    tape = initialized()
    tape.post(b"{", answer=error(None, -32700), status=400)
    tape.post(request(3, "ping") | {"jsonrpc": "1.0"}, answer=error(3), status=400)
    assert tape.verdict("jsonrpc") is Verdict.PASS


# responses


@pytest.mark.parametrize("revision", ["2025-03-26", "2025-06-18", "2025-11-25"])
def test_a_response_without_outcome(revision: str) -> None:
    tape = answered({"jsonrpc": "2.0", "id": 2}, revision)
    assert tape.verdict("jsonrpc.result-or-error") is Verdict.FAIL
    assert tape.verdict("jsonrpc") is Verdict.PASS


@pytest.mark.parametrize(("revision", "key"), [("2025-06-18", "jsonrpc.not-both"), ("2025-11-25", "jsonrpc")])
@pytest.mark.parametrize("second", [None, {"code": 1, "message": "no"}])
def test_a_response_with_two_outcomes(revision: str, key: str, second: JSON) -> None:
    tape = answered(result(2) | {"error": second}, revision)
    assert tape.verdict(key) is Verdict.FAIL
    assert tape.verdict("jsonrpc.result-or-error") is Verdict.PASS


@pytest.mark.parametrize("problem", ["no", None, [], {}, {"code": 1}, {"message": "no"}, {"code": 1, "message": 2}])
def test_an_error_without_code_or_message(problem: JSON) -> None:
    tape = answered({"jsonrpc": "2.0", "id": 2, "error": problem})
    assert tape.verdict("jsonrpc.error-shape") is Verdict.FAIL


@pytest.mark.parametrize("code", ["-32601", None, True, -32601.5, [], {}])
def test_a_code_that_is_no_integer(code: JSON) -> None:
    tape = answered({"jsonrpc": "2.0", "id": 2, "error": {"code": code, "message": "no"}})
    assert tape.verdict("jsonrpc.code-int") is Verdict.FAIL
    assert tape.verdict("jsonrpc.error-shape") is Verdict.PASS


@pytest.mark.parametrize("code", [-32601, 7, -32601.0, 10**30])
@pytest.mark.parametrize("status", [200, 400, 404])
def test_any_integer_is_a_code_under_any_status(code: JSON, status: int) -> None:
    tape = answered({"jsonrpc": "2.0", "id": 2, "error": {"code": code, "message": "no"}}, status=status)
    assert tape.verdict("jsonrpc.code-int") is Verdict.PASS


# notifications


def test_a_notification_that_is_answered() -> None:
    tape = initialized()
    tape.post(notification("notifications/initialized"), answer=result(None), status=202)
    assert tape.verdict("jsonrpc.no-reply") is Verdict.FAIL


@pytest.mark.parametrize(("status", "body"), [(400, error(None)), (404, error("server-error")), (200, error(None))])
def test_the_reason_of_a_refusal_is_no_answer_to_the_notification(status: int, body: JSON) -> None:
    tape = initialized()
    tape.post(notification("notifications/initialized"), answer=body, status=status)
    assert tape.verdict("jsonrpc.no-reply") is Verdict.PASS


def test_an_error_for_a_broken_notification_is_allowed() -> None:
    tape = initialized()
    tape.post(notification("notifications/initialized") | {"jsonrpc": "1.0"}, answer=error("x"))
    assert tape.verdict("jsonrpc.no-reply") is Verdict.NOT_SEEN


def test_a_notification_with_an_id() -> None:
    tape = initialized()
    progress = notification("notifications/progress", {"progressToken": 1, "progress": 1})
    tape.post(request(2, "ping"), events=[message_event(progress | {"id": None}), message_event(result(2))])
    assert tape.verdict("jsonrpc.notif-no-id") is Verdict.FAIL
    assert tape.verdict("jsonrpc.id-not-null") is Verdict.NOT_SEEN


def test_an_extension_may_name_its_requests_as_it_likes() -> None:
    tape = initialized()
    tape.get(events=[message_event(request(1, "notifications/com.example/ask"))])
    assert tape.verdict("jsonrpc.notif-no-id") is Verdict.NOT_SEEN


# jsonrpc, on streams


@pytest.mark.parametrize(("revision", "verdict"), [("2025-03-26", Verdict.PASS), ("2025-06-18", Verdict.FAIL)])
def test_an_array_in_an_event_is_a_batch(revision: str, verdict: Verdict) -> None:
    tape = initialized(revision)
    tape.post(request(2, "ping"), events=[message_event([result(2)])])
    assert tape.verdict("jsonrpc") is verdict


def test_a_second_response_on_one_connection_answers_nothing() -> None:
    tape = initialized()
    tape.post(request(2, "ping"), events=[message_event(result(2)), message_event(error(2))])
    assert tape.verdict("jsonrpc") is Verdict.FAIL


def test_a_response_may_be_replayed_on_a_connection_of_its_own() -> None:
    tape = initialized()
    tape.post(request(2, "ping"), events=["id: 1\ndata:\n\n", message_event(result(2), id="2")])
    tape.get(events=[message_event(result(2), id="2")], after="1")
    assert tape.verdict("jsonrpc") is Verdict.PASS


# schema.message


@pytest.mark.parametrize("revision", ["2025-03-26", "2025-06-18", "2025-11-25"])
@pytest.mark.parametrize(
    ("method", "value"),
    [("tools/list", {}), ("tools/list", {"tools": None}), ("tools/call", {"content": [{"type": "text"}]})],
)
def test_a_result_of_another_shape(revision: str, method: str, value: dict[str, JSON]) -> None:
    assert answered(result(2, value), revision, method).verdict("schema.message") is Verdict.FAIL


def test_ping_may_be_answered_with_more_than_nothing() -> None:
    assert answered(result(2, {"_meta": {}, "pong": 1})).verdict("schema.message") is Verdict.PASS


def test_an_extension_is_free() -> None:
    tape = answered(result(2, {"anything": 1}), method="com.example/ask")
    tape.get(events=[message_event(notification("notifications/com.example/said", {"x": 1}))])
    assert tape.verdict("schema.message") is Verdict.PASS


def test_a_request_of_the_server_of_another_shape() -> None:
    tape = initialized()
    tape.get(events=[message_event(request(1, "sampling/createMessage", {"messages": []}))])
    assert tape.verdict("schema.message") is Verdict.FAIL


def test_the_envelope_is_judged_elsewhere() -> None:
    tape = answered({"id": [2], "result": {}})
    log: dict[str, JSON] = {"id": 1, "method": "notifications/message", "params": {"level": "info", "data": 1}}
    tape.get(events=[message_event(log), message_event(request(None, "ping") | {"params": 7})])
    assert tape.verdict("schema.message") is Verdict.PASS


def test_a_hostile_message_is_named_in_one_short_sentence() -> None:
    tools: list[JSON] = [{"name": "x" * 100_000, "inputSchema": {"type": "object", "properties": []}}]
    (finding,) = answered(result(2, {"tools": tools}), method="tools/list").judge("schema.message").decisive
    assert finding.seen == "'tools/list result': /result/tools/0/inputSchema/properties is an array, not an object"

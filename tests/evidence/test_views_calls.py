"""Calls: a request, and the response it got, wherever that came."""

import pytest

from conformance.evidence.trace import JSON
from conformance.evidence.views import Call, id_key, same_id, sessions
from tests.tape import Tape, message_event, notification, request, result

READY = notification("notifications/initialized")


def last_call(tape: Tape) -> Call:
    return sessions(tape.trace)[-1].calls[-1]


def legs(call: Call) -> list[int]:
    return [leg.number for leg in call.stream.legs] if call.stream else []


def test_a_call_finds_its_response_in_its_own_answer() -> None:
    tape = Tape()
    tape.initialize()
    tape.post(request(2, "ping", {"_meta": {"progressToken": "t"}}), answer=result(2))
    call = last_call(tape)
    assert (call.request.id, call.exchange.number, call.progress_token, call.stream) == (2, 1, "t", None)
    assert call.response is not None
    assert call.response.place.exchange == 1


def test_a_call_finds_its_response_on_a_later_leg() -> None:
    tape = Tape()
    tape.initialize()
    tape.post(request(2, "ping"), events=["id: 1\ndata:\n\n"])
    tape.get(events=[message_event(result(2), id="2")], after="1")
    call = last_call(tape)
    assert call.response is not None
    assert (legs(call), call.response.place.exchange) == ([1, 2], 2)


def test_a_response_that_strayed_is_better_than_none() -> None:
    tape = Tape()
    tape.initialize()
    tape.post(request(2, "ping"), events=[])
    tape.get(events=[message_event(result(2))])
    response = last_call(tape).response
    assert response is not None
    assert response.place.exchange == 2


def test_a_response_nearby_comes_before_one_that_strayed() -> None:
    tape = Tape()
    tape.initialize()
    listening = tape.begin("GET")
    tape.head(listening, 200, {"Content-Type": "text/event-stream"})
    sending = tape.begin("POST", b'{"jsonrpc":"2.0","id":2,"method":"ping"}')
    tape.head(sending, 200, {"Content-Type": "application/json"})
    tape.chunk(listening, message_event(result(2)))
    tape.chunk(sending, b'{"jsonrpc":"2.0","id":2,"result":{}}')
    tape.end(sending)
    response = last_call(tape).response
    assert response is not None
    assert response.place.exchange == sending


def test_what_came_before_the_request_is_no_response_to_it() -> None:
    tape = Tape()
    tape.initialize()
    tape.get(events=[message_event(result(2))])
    tape.post(request(2, "ping"), events=[])
    assert last_call(tape).response is None


def test_type_and_value_of_an_id_count() -> None:
    tape = Tape()
    tape.initialize()
    tape.post(request(2, "ping"), answer=result("2"))
    assert last_call(tape).response is None


@pytest.mark.parametrize("id", [None, [], {}])
def test_a_request_under_a_strange_id_has_no_response(id: JSON) -> None:
    tape = Tape()
    tape.initialize()
    tape.post(request(id, "ping"), answer=result(id))
    assert last_call(tape).response is None


def test_the_requests_of_a_batch_are_calls_of_their_own() -> None:
    tape = Tape("2025-03-26")
    tape.initialize()
    tape.post([request(2, "ping"), READY, request("2", "ping")], answer=[result("2"), result(2)])
    calls = sessions(tape.trace)[0].calls[1:]
    assert [(call.request.id, call.response.id if call.response else None) for call in calls] == [(2, 2), ("2", "2")]


def test_both_sides_messages_come_in_order_of_time() -> None:
    tape = Tape()
    tape.initialize()
    listening = tape.begin("GET")
    tape.head(listening, 200, {"Content-Type": "text/event-stream"})
    tape.post(request(2, "ping"), answer=result(2))
    tape.chunk(listening, message_event(request("s", "ping")))
    tape.chunk(listening, "data: what\n\n")
    tape.post(result("s"))
    (session,) = sessions(tape.trace)
    assert [m.id for m in session.messages()] == [1, 1, 2, 2, "s", "s"]
    assert [m.why for m in session.malformed()] == ["not JSON: Expecting value: line 1 column 1 (char 0)"]


@pytest.mark.parametrize(("left", "right"), [(1, 1.0), ("a", "a"), (None, None), ([1], [1]), (10**30, 10**30)])
def test_equal_ids(left: JSON, right: JSON) -> None:
    assert same_id(left, right)


@pytest.mark.parametrize(
    ("left", "right"), [(1, "1"), (1, True), (0, False), (0, None), ("", None), ("a", "A"), (1, 2)]
)
def test_different_ids(left: JSON, right: JSON) -> None:
    assert not same_id(left, right)
    assert id_key(left) != id_key(right)

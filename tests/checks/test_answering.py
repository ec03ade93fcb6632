"""The stream that answers a request in the modern era; its session-era rules are tested with the other streams."""

import json
from typing import Any

import pytest

from conformance.evidence.trace import JSON
from conformance.judging.check import Verdict
from tests.tape import Tape, complete, message_event, notification, request, result

SUBSCRIBED: dict[str, JSON] = {"_meta": {"io.modelcontextprotocol/subscriptionId": 9}}


def streamed(headers: dict[str, str] | None = None, *events: str, **options: Any) -> Tape:
    tape = Tape("2026-07-28")
    tape.ask(
        "tools/call", {"name": "t"}, events=[*events, message_event(complete(1))], response_headers=headers, **options
    )
    return tape


@pytest.mark.parametrize("value", ["no", "NO", " no "])
def test_a_stream_that_may_not_be_buffered_is_right(value: str) -> None:
    assert streamed({"x-accel-buffering": value}).verdict("stream.no-buffering") is Verdict.PASS


@pytest.mark.parametrize("headers", [{}, {"X-Accel-Buffering": "yes"}])
def test_a_stream_that_may_be_buffered_is_a_warning(headers: dict[str, str]) -> None:
    assert streamed(headers).verdict("stream.no-buffering") is Verdict.WARN


@pytest.mark.parametrize("headers", [{"Via": "1.1 proxy"}, {"Server": "nginx/1.27"}])
def test_behind_a_proxy_nobody_knows_who_took_the_header_away(headers: dict[str, str]) -> None:
    assert streamed(headers).verdict("stream.no-buffering") is Verdict.NOT_SEEN


def test_far_away_nobody_knows_what_stands_between() -> None:
    assert streamed({}, url="https://mcp.example.com/mcp").verdict("stream.no-buffering") is Verdict.NOT_SEEN


def test_a_message_of_a_subscription_does_not_concern_a_call() -> None:
    change = message_event(notification("notifications/tools/list_changed", SUBSCRIBED))
    assert streamed({}, change).verdict("stream.related") is Verdict.FAIL


def test_a_change_that_names_no_subscription_proves_nothing() -> None:
    change = message_event(notification("notifications/tools/list_changed"))
    assert streamed({}, change).verdict("stream.related") is Verdict.NOT_SEEN


def test_what_is_declared_is_served_at_the_one_address() -> None:
    tape = Tape("2026-07-28")
    tape.discover(capabilities={"prompts": {}})
    tape.ask("prompts/list", id=2, answer=b"Not Found", status=404, media_type="text/plain")
    assert tape.verdict("endpoint.single") is Verdict.FAIL


def test_an_unknown_method_has_no_address() -> None:
    tape = Tape("2026-07-28")
    tape.discover()
    tape.ask("prompts/list", id=2, answer=b"Not Found", status=404, media_type="text/plain")
    assert tape.verdict("endpoint.single") is Verdict.PASS


def test_a_response_to_another_request_does_not_concern_a_call() -> None:
    tape = Tape()
    tape.initialize(session_id="abc")
    first = tape.begin("POST", json.dumps(request(2, "tools/call", {"name": "t"})).encode())
    tape.head(first, 200, {"Content-Type": "text/event-stream"})
    tape.post(request(3, "tools/call", {"name": "t"}), events=[message_event(result(2)), message_event(result(3))])
    tape.end(first)
    assert tape.verdict("stream.related") is Verdict.WARN


def test_a_batch_is_answered_on_one_stream() -> None:
    tape = Tape("2025-03-26")
    tape.initialize()
    tape.post([request(2, "ping"), request(3, "ping")], events=[message_event(result(3)), message_event(result(2))])
    assert tape.verdict("stream.related") is Verdict.NOT_SEEN

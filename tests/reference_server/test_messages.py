"""Messages become text, bytes and events."""

import pytest

from reference_server.jsonrpc import RpcError
from reference_server.messages import Messages
from reference_server.options import Options

MESSAGES = Messages(Options())


def test_text_is_utf8() -> None:
    assert MESSAGES.encode_message({"a": "é😀"}) == '{"a":"é😀"}'.encode()


def test_no_reader_takes_a_message_for_two_lines() -> None:
    text = MESSAGES.message_text({"a": "é\x85\u2028\u2029\r\n"})
    assert text == r'{"a":"é\u0085\u2028\u2029\r\n"}'
    assert len(text.splitlines()) == 1


def test_half_a_surrogate_pair_stays_escaped() -> None:
    assert MESSAGES.encode_message({"a": "\ud800"}) == b'{"a":"\\ud800"}'


@pytest.mark.parametrize(
    ("event_id", "data", "expected"),
    [("s1-1", "", b"id: s1-1\ndata:\n\n"), ("s1-2", "{}", b"id: s1-2\ndata: {}\n\n"), (None, "{}", b"data: {}\n\n")],
)
def test_an_event_ends_with_an_empty_line(event_id: str | None, data: str, expected: bytes) -> None:
    assert MESSAGES.encode_event(event_id, data) == expected


def test_an_error_without_a_readable_id_has_no_id() -> None:
    assert MESSAGES.error_response(None, RpcError(-32700, "no", {"a": 1})) == {
        "jsonrpc": "2.0",
        "error": {"code": -32700, "message": "no", "data": {"a": 1}},
    }

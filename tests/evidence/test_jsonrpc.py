"""Bytes to messages: what is read, what is malformed and why, and nothing that crashes."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.evidence import jsonrpc
from conformance.evidence.trace import JSON, Kind, Malformed, Message, Place

PING = b'{"jsonrpc": "2.0", "id": 1, "method": "ping"}'


def read(raw: bytes) -> tuple[Message | Malformed, ...]:
    return jsonrpc.read(raw, "server", 1.5, Place(3, 4))


def only(raw: bytes) -> Message:
    (message,) = read(raw)
    assert isinstance(message, Message), message
    return message


def why(raw: bytes) -> str:
    (message,) = read(raw)
    assert isinstance(message, Malformed), message
    return message.why


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"id": 1, "method": "ping"}, "request"),
        ({"id": None, "method": "ping"}, "request"),
        ({"method": "ping"}, "notification"),
        ({"id": 1, "result": {}}, "result"),
        ({"id": 1, "result": None}, "result"),
        ({"result": {}}, "result"),
        ({"id": 1, "error": {}}, "error"),
        ({"error": None}, "error"),
        ({"id": 1, "result": {}, "error": None}, "result"),
        ({"id": 1, "result": {}, "error": {"code": 1}}, "error"),
        ({"id": 1, "result": None, "error": {"code": 1}}, "error"),
        ({"id": 1, "method": "ping", "result": {}}, "request"),
    ],
)
def test_members_tell_what_a_message_is(body: dict[str, JSON], kind: Kind) -> None:
    message = only(json.dumps(body).encode())
    assert (message.kind, message.body) == (kind, body)


def test_a_message_knows_who_sent_it_when_and_where() -> None:
    message = only(PING)
    assert (message.sender, message.at, message.place) == ("server", 1.5, Place(3, 4))


def test_white_space_around_a_message_is_nothing() -> None:
    assert only(b" \r\n\t" + PING + b"\n").id == 1


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "not JSON"),
        (b"   ", "not JSON"),
        (b"{", "not JSON"),
        (PING + PING, "not JSON"),
        (b"{'a': 1}", "not JSON"),
        (b'{"a": NaN}', "NaN is not a JSON number"),
        (b'{"a": Infinity}', "Infinity is not a JSON number"),
        (b'{"a": -Infinity}', "-Infinity is not a JSON number"),
        (b'{"a": "\n"}', "not JSON"),
        (b'{"a": 01}', "not JSON"),
        (b"\xef\xbb\xbf" + PING, "byte order mark"),
        (PING.decode().encode("utf-16"), "not UTF-8: byte 0xff at offset 0"),
        (b'{"a": "\xc3\x28"}', "not UTF-8: byte 0xc3 at offset 7"),
        (b'{"a": "\xed\xa0\x80"}', "not UTF-8"),
        (b"null", "null instead of an object"),
        (b"true", "a boolean instead of an object"),
        (b"1.5", "a number instead of an object"),
        (b'"ping"', "a string instead of an object"),
        (b"[]", "an empty batch"),
        (b"{}", "without method, result or error"),
        (b'{"id": 1}', "with an id, but without method, result or error"),
        (b'{"id": 1, "method": 5}', "whose method is not a string"),
        (b'{"id": 1, "method": null, "result": {}}', "whose method is not a string"),
    ],
)
def test_what_is_no_message_says_why(raw: bytes, reason: str) -> None:
    assert reason in why(raw)


@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
def test_depth_is_survived_and_told_apart_from_what_is_wrong(opening: bytes) -> None:
    closing = {b"[": b"]"}.get(opening, b"}")
    assert why(opening * 200_000 + b"1" + closing * 200_000) == jsonrpc.TOO_DEEP
    assert why(opening * 201 + b"1" + closing * 201) == jsonrpc.TOO_DEEP


def test_brackets_in_texts_and_side_by_side_are_no_depth() -> None:
    flat = b"[" + b'{"a": "\\"[{[{"}, ' * 300 + b"1]"
    message = only(b'{"method": "x", "params": {"a": "%s", "b": %s}}' % (b"[" * 1_000, flat))
    assert message.params["a"] == "[" * 1_000


def test_huge_numbers_are_read() -> None:
    message = only(
        b'{"method": "x", "params": {"a": 1%s, "b": -1%s, "c": 1e999, "d": 1%s}}'
        % (b"0" * 3_000, b"0" * 100_000, b"0" * 100_000)
    )
    assert message.params == {"a": 10**3_000, "b": -float("inf"), "c": float("inf"), "d": float("inf")}


def test_of_two_members_of_one_name_the_last_counts() -> None:
    assert only(b'{"method": "a", "id": 1, "id": 2, "method": "b"}').body == {"method": "b", "id": 2}


def test_half_a_surrogate_pair_is_read_and_written() -> None:
    message = only(b'{"method": "\\ud834"}')
    assert message.method == "\ud834"
    assert jsonrpc.dump("\ud834") == b'"\\ud834"'


def test_a_batch_is_several_messages_each_in_its_place() -> None:
    messages = read(b"[" + PING + b', 7, {"id": 2}, {"result": {}}]')
    assert [type(m) for m in messages] == [Message, Malformed, Malformed, Message]
    assert [m.place for m in messages] == [Place(3, 4, n) for n in range(4)]


def test_a_batch_in_a_batch_is_no_message() -> None:
    (message,) = read(b"[[" + PING + b"]]")
    assert isinstance(message, Malformed)
    assert "an array instead of an object" in message.why


def test_only_the_beginning_of_what_is_malformed_is_kept() -> None:
    (message,) = read(b"x" * 1_000_000)
    assert isinstance(message, Malformed)
    assert message.raw == b"x" * 2_000


@given(st.binary(max_size=300))
def test_garbage_is_survived(raw: bytes) -> None:
    assert read(raw)


VALUES: st.SearchStrategy[JSON] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(VALUES)
def test_what_is_written_can_be_read(value: JSON) -> None:
    assert jsonrpc.parse(jsonrpc.dump(value)) == value


@given(st.dictionaries(st.sampled_from(["jsonrpc", "id", "method", "params", "result", "error"]), VALUES))
def test_any_object_is_a_message_or_says_why_not(body: dict[str, JSON]) -> None:
    (message,) = read(json.dumps(body).encode())
    assert (message.body == body) if isinstance(message, Message) else message.why
    if isinstance(message, Message):
        assert isinstance(message.params, dict)
        assert isinstance(message.result, dict)
        assert isinstance(message.error, dict)
        assert isinstance(message.method, str)

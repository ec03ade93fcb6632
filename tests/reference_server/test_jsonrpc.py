"""Messages are read strictly."""

import pytest

from reference_server.jsonrpc import (
    INVALID_REQUEST,
    PARSE_ERROR,
    Malformed,
    Notification,
    Request,
    Response,
    parse,
)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b'{"jsonrpc":"2.0","id":1,"method":"ping"}', Request(1, "ping")),
        (b'{"jsonrpc":"2.0","id":"","method":"a","params":{"b":1}}', Request("", "a", {"b": 1})),
        (b'{"jsonrpc":"2.0","method":"a"}', Notification("a")),
        (b'{"jsonrpc":"2.0","id":2,"result":{}}', Response(2, {}, None)),
        (
            b'{"jsonrpc":"2.0","id":2,"error":{"code":1,"message":"m"}}',
            Response(2, None, {"code": 1, "message": "m"}),
        ),
    ],
)
def test_a_message_is_read(body: bytes, message: object) -> None:
    assert parse(body) == message


@pytest.mark.parametrize(
    ("body", "code", "known_id"),
    [
        (b"", PARSE_ERROR, None),
        (b"{", PARSE_ERROR, None),
        (b"\xff", PARSE_ERROR, None),
        (b'{"jsonrpc":"2.0","id":NaN,"method":"a"}', PARSE_ERROR, None),
        (b"[" * 100_000, PARSE_ERROR, None),
        (b"1", INVALID_REQUEST, None),
        (b"[]", INVALID_REQUEST, None),
        (b'{"id":7,"method":"a"}', INVALID_REQUEST, 7),
        (b'{"jsonrpc":"1.0","id":"x","method":"a"}', INVALID_REQUEST, "x"),
        (b'{"jsonrpc":"2.0","id":null,"method":"a"}', INVALID_REQUEST, None),
        (b'{"jsonrpc":"2.0","id":true,"method":"a"}', INVALID_REQUEST, None),
        (b'{"jsonrpc":"2.0","id":1.5,"method":"a"}', INVALID_REQUEST, None),
        (b'{"jsonrpc":"2.0","id":7,"method":1}', INVALID_REQUEST, 7),
        (b'{"jsonrpc":"2.0","id":7,"method":"a","params":[]}', INVALID_REQUEST, 7),
        (b'{"jsonrpc":"2.0","id":7,"method":"a","result":{}}', INVALID_REQUEST, 7),
        (b'{"jsonrpc":"2.0","id":7}', INVALID_REQUEST, None),
        (b'{"jsonrpc":"2.0","result":{}}', INVALID_REQUEST, None),
        (b'{"jsonrpc":"2.0","id":7,"result":{},"error":{}}', INVALID_REQUEST, None),
        (b'{"jsonrpc":"2.0","id":7,"result":1}', INVALID_REQUEST, None),
        (b'{"jsonrpc":"2.0","id":7,"error":{"code":"1","message":"m"}}', INVALID_REQUEST, None),
    ],
)
def test_what_is_no_message_is_malformed(body: bytes, code: int, known_id: object) -> None:
    message = parse(body)
    assert isinstance(message, Malformed)
    assert (message.code, message.id) == (code, known_id)


def test_a_batch_is_a_list_of_messages() -> None:
    batch = parse(b'[{"jsonrpc":"2.0","method":"a"}, 1]')
    assert isinstance(batch, list)
    assert batch[0] == Notification("a")
    assert isinstance(batch[1], Malformed)

"""What a row, its sender and a stream can be."""

from typing import Literal, TypeAlias

Sender: TypeAlias = Literal["client", "server", "observer"]
RowKind: TypeAlias = Literal[
    "asked",  # an HTTP request without a JSON-RPC message: GET, DELETE, a body that is none
    "request",  # of the client's
    "notification",  # of either side
    "question",  # a request of the server's
    "response",  # of either side
    "malformed",  # where a message belongs
    "prime",  # an event with an id and empty data
    "comment",  # what keep-alives are
    "event",  # another event without a message
    "opened",  # an answer became an event stream
    "resumed",  # the same, of a stream that was there before
    "answered",  # a status that brought no message, other than 202
    "ended",  # a stream ended as HTTP has it
    "cut",  # an exchange broke off
    "deed",  # the observer did it
]
StreamState: TypeAlias = Literal["open", "ended", "severed"]  # severed: broke off, and may be resumed

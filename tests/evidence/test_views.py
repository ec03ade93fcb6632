"""What follows from a trace: sessions, and streams with their legs."""

from dataclasses import replace

import pytest

from conformance.evidence.trace import JSON
from conformance.evidence.views import Session, Stream, sessions
from tests.tape import Tape, error, message_event, notification, request, result

READY = notification("notifications/initialized")


def seen(tape: Tape) -> list[Session]:
    return sessions(tape.trace)


def numbers(session: Session) -> list[int]:
    return [exchange.number for exchange in session.exchanges]


def legs(stream: Stream) -> list[int]:
    return [leg.number for leg in stream.legs]


# Sessions.


def test_a_session_is_what_its_id_names() -> None:
    tape = Tape()
    tape.initialize(session_id="one")
    tape.initialize(session_id="two")
    tape.session_id = "one"
    tape.post(READY)
    tape.session_id = "two"
    tape.post(READY)
    one, two = seen(tape)
    assert (one.id, numbers(one)) == ("one", [0, 2])
    assert (two.id, numbers(two)) == ("two", [1, 3])


def test_a_session_may_be_shared_by_several_clients() -> None:
    tape = Tape()
    tape.initialize(session_id="one")
    tape.client = "another"
    tape.get(events=[])
    (session,) = seen(tape)
    assert numbers(session) == [0, 1]


def test_without_ids_a_session_is_what_one_client_did_since_initialize() -> None:
    tape = Tape()
    tape.initialize()
    tape.post(READY)
    tape.initialize()
    tape.post(READY)
    tape.client = "another"
    tape.initialize()
    assert [numbers(session) for session in seen(tape)] == [[0, 1], [2, 3], [4]]


def test_what_comes_before_initialize_has_a_session_without_beginning() -> None:
    tape = Tape()
    tape.post(request(1, "ping"), status=400)
    tape.initialize(session_id="one")
    early, session = seen(tape)
    assert (early.handshake, early.id, early.revision) == (None, None, "2025-11-25")
    assert session.id == "one"


def test_an_id_nobody_issued_belongs_to_the_client_that_sent_it() -> None:
    tape = Tape()
    tape.initialize(session_id="one")
    tape.session_id = "never issued"
    number = tape.post(READY, status=404)
    (session,) = seen(tape)
    assert numbers(session) == [0, number]
    assert not session.names(session.exchanges[1])


def live(tape: Tape) -> list[Session]:
    """The same, seen by somebody who came when it had begun."""
    return sessions(replace(tape.trace, revision=None))


def test_in_live_traffic_an_id_nobody_saw_given_is_that_of_an_older_session() -> None:
    tape = Tape()
    tape.session_id = "older"
    tape.post(READY)
    tape.initialize(session_id="one")
    tape.session_id = "older"
    tape.post(READY)
    tape.session_id = "oldest"
    tape.get(events=[])
    tape.session_id = "one"
    tape.post(READY)
    older, one, oldest = live(tape)
    assert [(s.id, numbers(s), s.handshake is None) for s in (older, one, oldest)] == [
        ("older", [0, 2], True),
        ("one", [1, 4], False),
        ("oldest", [3], True),
    ]


@pytest.mark.parametrize(("status", "heard"), [(404, [1]), (200, [0, 1])])
def test_who_knocks_at_a_wrong_address_of_live_traffic_is_owed_nothing(status: int, heard: list[int]) -> None:
    tape = Tape()
    tape.post(request(1, "server/discover"), status=status)
    tape.initialize()
    elsewhere, here = tape.trace.exchanges
    moved = replace(elsewhere, url="http://127.0.0.1:8000/other?key=1")
    trace = replace(tape.trace, revision=None, exchanges=(moved, here))
    assert [exchange.number for exchange in trace.spoken()] == heard
    assert len(list(replace(trace, target="").spoken())) == 2


def test_a_client_is_not_in_an_older_session_because_it_was_once() -> None:
    tape = Tape()
    tape.session_id = "older"
    tape.post(READY)
    tape.session_id = None
    tape.post(READY)
    assert [(session.id, numbers(session)) for session in live(tape)] == [("older", [0]), (None, [1])]


def test_what_an_ended_session_asks_anew_begins_another() -> None:
    tape = Tape()
    tape.session_id = "older"
    tape.post(request(1, "ping"), status=404)
    tape.initialize(session_id="new")
    assert [(session.id, numbers(session)) for session in live(tape)] == [("older", [0]), ("new", [1])]


def test_an_id_counts_only_where_initialize_succeeded() -> None:
    tape = Tape()
    body = request(1, "initialize", {})
    tape.post(body, answer=error(1), status=400, response_headers={"Mcp-Session-Id": "refused"})
    tape.post(READY, response_headers={"Mcp-Session-Id": "stray"})
    (session,) = seen(tape)
    assert session.id is None


def test_a_second_initialize_inside_a_session_is_part_of_it() -> None:
    tape = Tape()
    tape.initialize(session_id="one")
    tape.post(request(9, "initialize", {}), answer=error(9), status=400)
    (session,) = seen(tape)
    assert len(session.exchanges) == 2
    assert session.handshake is not None
    assert session.handshake.request.id == 1


def test_a_session_knows_what_both_sides_can_do() -> None:
    tape = Tape()
    tape.initialize(capabilities={"tools": {}}, offered={"roots": {}})
    (session,) = seen(tape)
    assert (session.server_capabilities, session.client_capabilities) == ({"tools": {}}, {"roots": {}})


def test_delete_ends_a_session_only_if_the_server_agrees() -> None:
    tape = Tape()
    tape.initialize(session_id="one")
    tape.exchange("DELETE", status=405)
    assert seen(tape)[0].deleted is None
    tape.exchange("DELETE", status=204)
    deleted = seen(tape)[0].deleted
    assert deleted is not None
    assert deleted.number == 2


@pytest.mark.parametrize(
    ("asked", "answered", "revision"),
    [
        ("2025-11-25", "2025-11-25", "2025-11-25"),
        ("2025-11-25", "2025-06-18", "2025-06-18"),
        ("1999-01-01", "2025-03-26", "2025-11-25"),
        ("2025-11-25", "1999-01-01", "2025-11-25"),
    ],
)
def test_a_session_is_judged_by_the_revision_it_settled_on(asked: str, answered: str, revision: str) -> None:
    tape = Tape("2025-11-25")
    tape.initialize(asked=asked, version=answered)
    assert seen(tape)[0].revision == revision


def test_live_traffic_without_a_handshake_says_its_revision_in_a_header() -> None:
    tape = Tape()
    tape.recorder._revision = None
    tape.exchange("POST", headers={"MCP-Protocol-Version": "2025-06-18"})
    tape.client = "another"
    tape.exchange("POST", headers={"MCP-Protocol-Version": "tomorrow"})
    assert [session.revision for session in seen(tape)] == ["2025-06-18", "2025-03-26"]


@pytest.mark.parametrize("value", [None, [], "x", {"capabilities": [], "protocolVersion": {}}])
def test_a_hostile_handshake_is_survived(value: JSON) -> None:
    tape = Tape()
    tape.post(request(1, "initialize", {}), answer={"jsonrpc": "2.0", "id": 1, "result": value})
    (session,) = seen(tape)
    assert (session.server_capabilities, session.revision) == ({}, "2025-11-25")


# Streams.


def test_each_event_stream_is_one_stream() -> None:
    tape = Tape()
    tape.initialize()
    tape.post(request(2, "ping"), events=[message_event(result(2))])
    tape.get(events=[])
    tape.get(status=405)
    tape.get(events=[], status=404)
    (session,) = seen(tape)
    assert [(stream.opened_by, legs(stream)) for stream in session.streams] == [("POST", [1]), ("GET", [2])]


def test_a_stream_goes_on_where_last_event_id_says() -> None:
    tape = Tape()
    tape.initialize()
    tape.post(request(2, "ping"), events=["id: a1\ndata:\n\n"])
    tape.post(request(3, "ping"), events=["id: b1\ndata:\n\n"])
    tape.get(events=["id: a2\ndata:\n\n"], after="a1")
    tape.get(events=[message_event(result(2), id="a3")], after="a2")
    (session,) = seen(tape)
    assert [legs(stream) for stream in session.streams] == [[1, 3, 4], [2]]
    first = session.streams[0]
    assert [(leg.number, n, event.id) for leg, n, event in first.events()] == [
        (1, 0, "a1"),
        (3, 0, "a2"),
        (4, 0, "a3"),
    ]
    assert [message.id for message in first.messages()] == [2]
    assert (first.first.number, first.last.number) == (1, 4)
    assert session.stream_of(session.exchanges[4]) is first
    assert session.stream_of(session.exchanges[0]) is None


def test_an_event_id_nobody_gave_begins_a_stream() -> None:
    tape = Tape()
    tape.initialize()
    tape.get(events=[], after="unknown")
    assert [legs(stream) for stream in seen(tape)[0].streams] == [[1]]


def test_last_event_id_on_a_post_resumes_nothing() -> None:
    tape = Tape()
    tape.initialize()
    tape.get(events=["id: 1\ndata:\n\n"])
    tape.post(request(2, "ping"), events=[], headers={"Last-Event-ID": "1"})
    assert [legs(stream) for stream in seen(tape)[0].streams] == [[1], [2]]


def test_event_ids_of_another_session_resume_nothing() -> None:
    tape = Tape()
    tape.initialize(session_id="one")
    tape.get(events=["id: 1\ndata:\n\n"])
    tape.initialize(session_id="two")
    tape.get(events=[], after="1")
    assert [[legs(stream) for stream in session.streams] for session in seen(tape)] == [[[1]], [[3]]]

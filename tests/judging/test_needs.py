"""A server that offers less is told so; one that was not asked is not."""

from conformance.judging.check import Verdict
from tests.tape import Tape, complete, message_event, request, result

CALL = request(2, "tools/call", {"name": "a_tool"})
ASKED_OF_QUESTIONS = "jsonrpc.id-type"
ASKED_OF_STREAMS = "progress.increases"
ASKED_OF_RESUMPTION = "disconnect.not-cancel"


def test_json_answers_decline_what_needs_a_stream() -> None:
    tape = Tape()
    tape.initialize(session_id="s")
    tape.post(CALL, answer=result(2))
    for key in (ASKED_OF_STREAMS, ASKED_OF_QUESTIONS, ASKED_OF_RESUMPTION):
        assert tape.verdict(key) is Verdict.NOT_APPLICABLE


def test_one_stream_is_enough_to_owe_the_rest() -> None:
    tape = Tape()
    tape.initialize(session_id="s")
    tape.post(CALL, answer=result(2))
    tape.post(request(3, "tools/call"), events=["id: 1\ndata:\n\n", message_event(result(3), id="2")])
    for key in (ASKED_OF_STREAMS, ASKED_OF_QUESTIONS, ASKED_OF_RESUMPTION):
        assert tape.verdict(key) is Verdict.NOT_SEEN


def test_without_a_session_nobody_can_be_asked() -> None:
    tape = Tape()
    tape.initialize()
    tape.post(CALL, events=[message_event(result(2), id="1")])
    assert tape.verdict(ASKED_OF_QUESTIONS) is Verdict.NOT_APPLICABLE
    assert tape.verdict(ASKED_OF_STREAMS) is Verdict.NOT_SEEN


def test_streams_without_event_ids_cannot_be_resumed() -> None:
    tape = Tape()
    tape.initialize(session_id="s")
    tape.post(CALL, events=[message_event(result(2))])
    assert tape.verdict(ASKED_OF_RESUMPTION) is Verdict.NOT_APPLICABLE


def test_a_server_whose_tools_were_not_called_declined_nothing() -> None:
    tape = Tape()
    tape.initialize(session_id="s")
    tape.post(request(2, "ping"), answer=result(2))
    assert tape.verdict(ASKED_OF_STREAMS) is Verdict.NOT_SEEN


def test_evidence_outweighs_what_was_declined() -> None:
    tape = Tape()
    tape.initialize()
    tape.post(CALL, events=[message_event(request("q", "ping")), message_event(result(2))])
    assert tape.verdict(ASKED_OF_QUESTIONS) is Verdict.PASS


def test_a_subscription_is_a_stream_where_all_else_is_json() -> None:
    tape = Tape("2026-07-28")
    tape.ask("tools/call", {"name": "a_tool"}, answer=complete(1))
    tape.ask("subscriptions/listen", {"notifications": {}}, id=2, events=[message_event(complete(2))])
    assert tape.verdict(ASKED_OF_STREAMS) is Verdict.NOT_APPLICABLE

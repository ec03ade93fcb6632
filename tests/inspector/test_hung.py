"""Why a call hangs."""

from conformance.evidence.recording import Chunk, End, Lost, Recording
from conformance.evidence.trace import JSON
from inspector.hung import Cause, hung_calls
from inspector.model.feed import Feed
from tests.inspector.tale import Tale, notice, opened, request, result


def asked() -> Tale:
    """A tool was called, and nothing more."""
    tale = opened()
    tale.ask(2, 1.0, request(1, "tools/call", name="slow", _meta={"progressToken": "t"}))
    return tale


def hung(tale: Tale, now: float = 43.0) -> list[tuple[Cause, str]]:
    recording: Recording = tale.recording
    feed = Feed(recording.about)
    for record in recording.records:
        feed.take(record)
    return [(each.cause, each.why) for each in hung_calls(feed.sessions, feed.rows, now)]


def test_what_was_answered_does_not_hang() -> None:
    tale = asked()
    tale.answer(2, 1.1, result(1))
    assert hung(tale) == []


def test_no_status_yet() -> None:
    assert hung(asked()) == [("silent", "no answer for 42 s: the server has not even sent a status")]


def test_a_connection_that_broke_before_any_answer() -> None:
    tale = asked()
    tale.records.append(Lost(2, 2.0, "lost", "connection refused"))
    cause, why = hung(tale)[0]
    assert (cause, "connection refused" in why) == ("lost", True)


def test_answered_like_a_notification() -> None:
    tale = asked()
    tale.answer(2, 1.1, status=202)
    assert hung(tale)[0][0] == "accepted"


def test_refused_without_a_response() -> None:
    tale = asked()
    tale.answer(2, 1.1, status=403)
    assert hung(tale) == [("refused", "refused with status 403, without a response to it")]


def test_an_answer_without_the_response() -> None:
    tale = asked()
    tale.answer(2, 1.1, notice("notifications/message", level="info", data="x"))
    assert hung(tale)[0][0] == "ended"


def test_a_status_and_no_body() -> None:
    tale = asked()
    tale.answer(2, 1.0)
    tale.records = [record for record in tale.records if not (isinstance(record, End) and record.number == 2)]
    assert hung(tale) == [("silent", "status 200 came, and no body for 42 s")]


def test_an_open_stream_that_says_nothing() -> None:
    tale = asked()
    tale.stream(2, 1.0)
    assert hung(tale) == [("open", "stream #1 is open and silent for 42 s")]


def test_an_open_stream_with_progress_tells_how_far_it_came() -> None:
    tale = asked()
    tale.stream(2, 1.0)
    tale.event(2, 3.0, notice("notifications/progress", progressToken="t", progress=1, total=4))
    assert hung(tale) == [("open", "stream #1 is open and silent for 40 s, progress 1/4")]


def test_a_question_that_nobody_answers() -> None:
    tale = asked()
    tale.stream(2, 1.0)
    tale.event(2, 3.0, request("s1", "elicitation/create"))
    assert hung(tale) == [
        ("question", "waits for the client's answer to question s1 (elicitation/create), asked 40 s ago"),
        ("client", "the server waits for the client's answer since 40 s"),
    ]


def test_a_severed_stream() -> None:
    tale = asked()
    tale.stream(2, 1.0)
    tale.event(2, 3.0, notice("notifications/progress", progressToken="t", progress=1), "e:1")
    tale.records.append(Lost(2, 3.1, "lost", ""))
    assert hung(tale) == [("severed", "stream #1 broke off after event e:1; nobody resumed it for 40 s")]


def test_a_stream_that_ended_without_the_response() -> None:
    tale = asked()
    tale.stream(2, 1.0)
    tale.records += [Chunk(2, 1.1, b": hello\n\n"), End(2, 1.2)]
    assert hung(tale) == [("ended", "stream #1 ended after 0 events, without the response")]


def test_a_client_that_hung_up_waits_no_more() -> None:
    early, late = asked(), asked()
    early.records.append(Lost(2, 2.0, "hung up", "Client disconnected."))
    late.stream(2, 1.0)
    late.event(2, 1.1, notice("notifications/message"))
    late.records.append(Lost(2, 2.0, "hung up", "Client disconnected."))
    assert [cause for tale in (early, late) for cause, _ in hung(tale)] == ["left", "left"]


def test_in_the_modern_era_a_client_that_hangs_up_has_cancelled() -> None:
    tale = Tale()
    meta: JSON = {"io.modelcontextprotocol/protocolVersion": "2026-07-28"}
    tale.ask(2, 1.0, request(1, "tools/call", _meta=meta), mcp_protocol_version="2026-07-28")
    tale.stream(2, 1.1)
    tale.event(2, 1.2, notice("notifications/message"), "e1")
    tale.records.append(Lost(2, 2.0, "hung up", "Client disconnected."))
    assert [cause for cause, _ in hung(tale)] == ["cancelled"]


def test_in_a_session_that_is_over_no_response_will_come() -> None:
    tale = asked()
    tale.stream(2, 1.0)
    tale.ask(3, 2.0, method="DELETE")
    tale.answer(3, 2.1)
    assert hung(tale) == [("ended", "its session is over, and there was no response")]


def test_comments_do_not_break_the_silence() -> None:
    tale = asked()
    tale.stream(2, 1.0)
    tale.raw(2, 40.0, ": alive\n\n")
    assert hung(tale) == [("open", "stream #1 is open and silent for 42 s, but for comments")]


def test_an_error_without_an_id_is_the_response_to_what_it_refuses() -> None:
    tale = asked()
    tale.answer(2, 1.1, {"jsonrpc": "2.0", "id": None, "error": {"code": -32600, "message": "no"}}, status=400)
    assert hung(tale) == []


def test_a_response_on_another_stream() -> None:
    tale = asked()
    tale.ask(3, 0.5, method="GET")
    tale.stream(3, 0.6)
    tale.stream(2, 1.1)
    tale.event(3, 2.0, result(1))
    cause, why = hung(tale)[0]
    assert (cause, why.startswith("answered on stream GET")) == ("astray", True)


def test_a_response_on_a_resumed_leg_is_where_it_belongs() -> None:
    tale = asked()
    tale.stream(2, 1.0)
    tale.raw(2, 1.1, "id: e:0\ndata:\n\n")
    tale.records.append(End(2, 1.2))
    tale.ask(3, 2.0, method="GET", last_event_id="e:0")
    tale.stream(3, 2.1)
    tale.event(3, 2.2, result(1), "e:1")
    assert hung(tale) == []


def test_a_cancelled_call_is_owed_no_response() -> None:
    tale = asked()
    tale.ask(3, 2.0, notice("notifications/cancelled", requestId=1))
    tale.answer(3, 2.1, status=202)
    assert hung(tale) == [("cancelled", "was cancelled, so no response is owed")]

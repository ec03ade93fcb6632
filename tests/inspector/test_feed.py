"""The live model: sessions, streams in their columns, and calls, built from records one by one."""

from conformance.evidence.recording import Deed, End, Lost
from conformance.evidence.trace import JSON
from tests.inspector.scene import MODERN, Scene, notice, request, result

# Sessions.


def test_a_session_is_known_by_its_id_whoever_names_it() -> None:
    scene = Scene()
    one, two = scene.begin("one"), scene.begin("two", client="other")
    scene.ask(request(1, "ping"), client="other", session="one")
    scene.ask(request(1, "ping"), client="c", session="two")
    assert [len([n for n in s.rows if (r := scene.feed.rows.get(n)) and "ping" in r.words]) for s in (one, two)] == [
        1,
        1,
    ]
    assert (one.client_name, one.revision) == ("c 1", "2025-11-25")


def test_a_session_that_began_before_we_came_is_one_of_its_own() -> None:
    scene = Scene()
    scene.begin("one")
    scene.ask(request(1, "ping"), session="older")
    scene.ask(request(2, "ping"), session="older")
    scene.ask(request(2, "ping"), session="one")
    assert [(session.id, session.messages) for session in scene.sessions] == [("one", 3), ("older", 2)]


def test_both_eras_of_one_client_are_kept_apart() -> None:
    scene = Scene()
    scene.begin("one")
    meta: JSON = {f"{MODERN}protocolVersion": "2026-07-28", f"{MODERN}clientInfo": {"name": "m", "version": "2"}}
    scene.ask(request(1, "tools/list", _meta=meta), version="2026-07-28")
    old, modern = scene.sessions
    assert (old.modern, modern.modern, modern.revision, modern.client_name) == (False, True, "2026-07-28", "m 2")


def test_a_session_ends_by_delete_and_by_404() -> None:
    scene = Scene()
    one, two = scene.begin("one"), scene.begin("two")
    scene.reply(scene.ask(method="DELETE", session="one"), b"", status=204)
    scene.reply(scene.ask(request(1, "ping"), session="two"), b"", status=404)
    assert one.ended
    assert two.ended


# Streams.


def test_columns_are_taken_and_given_back() -> None:
    scene = Scene()
    scene.begin("one")
    get = scene.open(scene.ask(method="GET", session="one"))
    first = scene.ask(request(1, "tools/call"), session="one")
    second = scene.ask(request(2, "tools/call"), session="one")
    lanes = [get.lane, scene.open(first).lane, scene.open(second).lane]
    scene.say(first, result(1))
    scene.take(End(first, scene.at))
    third = scene.ask(request(3, "tools/call"), session="one")
    assert [*lanes, scene.open(third).lane] == [0, 1, 2, 1]


def test_a_resumed_stream_keeps_its_column_and_its_ledger() -> None:
    scene = Scene()
    scene.begin("one")
    first = scene.ask(request(1, "tools/call"), session="one")
    stream = scene.open(first)
    scene.say(first, notice("notifications/message"), id="7")
    scene.break_off(first)
    assert stream.state == "severed"
    other = scene.open(scene.ask(request(2, "tools/call"), session="one"))
    leg = scene.ask(method="GET", session="one", after="7")
    assert scene.open(leg) is stream
    assert scene.newest.kind == "resumed"
    scene.say(leg, result(1), id="8")
    scene.take(End(leg, scene.at))
    assert (stream.lane, other.lane, stream.state) == (1, 2, "ended")
    assert (stream.ledger.sent, stream.ledger.delivered, stream.ledger.lost, stream.ledger.duplicated) == (2, 2, 0, 0)
    assert [leg.number for leg in stream.legs] == [first, leg]


def test_nobody_waits_for_a_severed_stream_for_ever() -> None:
    scene = Scene()
    scene.begin("one")
    number = scene.ask(request(1, "tools/call"), session="one")
    stream = scene.open(number)
    scene.say(number, notice("notifications/message"), id="7")
    scene.break_off(number)
    scene.at += 60
    assert scene.open(scene.ask(request(2, "tools/call"), session="one")).lane == stream.lane
    assert stream.state == "ended"


def test_the_severed_streams_of_an_ended_session_are_over() -> None:
    scene = Scene()
    scene.begin("one")
    number = scene.ask(request(1, "tools/call"), session="one")
    stream = scene.open(number)
    scene.say(number, notice("notifications/message"), id="7")
    scene.break_off(number)
    scene.reply(scene.ask(method="DELETE", session="one"), b"", status=200)
    assert stream.state == "ended"


def test_what_the_observer_did_is_a_row_of_its_own() -> None:
    scene = Scene()
    scene.begin("one")
    number = scene.ask(method="GET", session="one")
    scene.open(number)
    scene.take(Deed(number, scene.at, "cut after the next event"))
    assert (scene.newest.kind, scene.newest.sender, scene.newest.words) == (
        "deed",
        "observer",
        "cut after the next event",
    )
    scene.take(Lost(number, scene.at, "cut off", "cut"))
    assert (scene.newest.kind, scene.newest.sender) == ("cut", "observer")


# Calls.


def test_a_request_and_its_response_are_partners() -> None:
    scene = Scene()
    scene.begin("one")
    number = scene.ask(request(1, "tools/call", name="slow"), session="one")
    asked = scene.newest
    scene.reply(number, result(1))
    assert (asked.partner, scene.newest.partner) == (scene.newest.number, asked.number)
    assert (scene.call_of(number).title, scene.call_of(number).latency) == ("tools/call slow", 0.0)
    assert not scene.sessions[0].pending


def test_progress_belongs_to_the_request_that_gave_its_token() -> None:
    scene = Scene()
    scene.begin("one")
    get = scene.ask(method="GET", session="one")
    scene.open(get)
    number = scene.ask(request(1, "tools/call", _meta={"progressToken": "t"}), session="one")
    row = scene.say(get, notice("notifications/progress", progressToken="t", progress=3, total=7))
    assert row.owner is scene.call_of(number)
    assert (row.owner.progress, row.owner.progress_words) == (1, "3/7")


def test_a_question_belongs_to_the_call_on_whose_stream_it_is_asked() -> None:
    scene = Scene()
    scene.begin("one")
    number = scene.ask(request(1, "tools/call"), session="one")
    scene.open(number)
    asked = scene.say(number, request("q", "elicitation/create"))
    (question,) = scene.call_of(number).questions
    assert (asked.kind, question.asker, question.answered_at) == ("question", "server", None)
    scene.ask(result("q", action="accept"), session="one")
    assert question.answered_at == scene.at
    assert scene.newest.partner == asked.number


def test_a_retry_with_answers_is_a_round_of_the_same_call() -> None:
    scene = Scene()
    meta: JSON = {f"{MODERN}protocolVersion": "2026-07-28"}
    first = scene.ask(request(1, "tools/call", name="ask", _meta=meta), version="2026-07-28")
    scene.reply(first, result(1, resultType="input_required", requestState="s"))
    second = scene.ask(
        request(1, "tools/call", name="ask", _meta=meta, inputResponses={}, requestState="s"), version="2026-07-28"
    )
    assert (scene.call_of(first).round, scene.call_of(second).round) == (1, 2)


def test_a_subscription_is_in_the_first_column_and_owns_what_is_tagged_with_it() -> None:
    scene = Scene()
    meta: JSON = {f"{MODERN}protocolVersion": "2026-07-28"}
    number = scene.ask(request("s", "subscriptions/listen", _meta=meta), version="2026-07-28")
    stream = scene.open(number)
    tag: JSON = {f"{MODERN}subscriptionId": "s"}
    row = scene.say(number, notice("notifications/tools/list_changed", _meta=tag))
    assert (stream.lane, stream.name, row.owner) == (0, "listen", scene.call_of(number))

"""Which response answers which call, where ids are used again or look alike, and what waits for one."""

import json

import pytest

from conformance.evidence.recording import Asked, Chunk, End, Head, Lost
from conformance.evidence.trace import JSON
from inspector.hung import hung_calls
from inspector.model.feed import Feed
from tests.inspector.scene import MODERN, Scene, notice, request, result
from tests.inspector.traffic import recording_of
from tests.running import run_bundled


def waiting(scene: Scene) -> list[str]:
    """What hangs, the oldest first."""
    return [hung.call.subject for hung in hung_calls(scene.feed.sessions, scene.feed.rows, scene.at)]


def two_with_one_id(first: JSON = 7, second: JSON = 7) -> tuple[Scene, int, int]:
    """Two tools were called, the second before the first was answered."""
    scene = Scene()
    scene.begin("one")
    early = scene.ask(request(first, "tools/call", name="early"), session="one")
    late = scene.ask(request(second, "tools/call", name="late"), session="one")
    return scene, early, late


def test_an_id_that_is_used_again_does_not_hide_the_call_that_still_waits() -> None:
    scene, *_ = two_with_one_id()
    assert waiting(scene) == ["early", "late"]


@pytest.mark.parametrize("answered", [0, 1])
def test_a_response_belongs_to_the_call_on_whose_answer_it_comes(answered: int) -> None:
    scene, *numbers = two_with_one_id()
    for number in numbers:
        scene.open(number)
    scene.say(numbers[answered], result(7))
    assert waiting(scene) == [["late", "early"][answered]]
    scene.say(numbers[1 - answered], result(7))
    assert waiting(scene) == []


def test_a_response_on_a_resumed_leg_belongs_to_the_call_of_its_stream() -> None:
    scene, early, late = two_with_one_id()
    scene.open(early)
    scene.open(late)
    scene.say(early, notice("notifications/message"), id="e1")
    scene.break_off(early)
    leg = scene.ask(method="GET", session="one", after="e1")
    scene.open(leg)
    scene.say(leg, result(7), id="e2")
    assert waiting(scene) == ["late"]


def test_a_response_elsewhere_is_for_the_call_that_cannot_get_its_own_any_more() -> None:
    scene, early, late = two_with_one_id()
    scene.open(early)
    scene.open(late)
    scene.break_off(late)
    other = scene.ask(method="GET", session="one")
    scene.open(other)
    row = scene.say(other, result(7))
    assert row.owner is scene.call_of(late)
    assert [hung.cause for hung in hung_calls(scene.feed.sessions, scene.feed.rows, scene.at)] == ["open", "astray"]


def test_a_second_response_belongs_to_the_same_call_and_changes_nothing() -> None:
    scene, early, _ = two_with_one_id(7, 8)
    scene.open(early)
    first = scene.say(early, result(7))
    second = scene.say(early, result(7))
    call = scene.call_of(early)
    assert (call.response_row, call.answered_at) == (first.number, first.at)
    assert (second.owner, second.partner, scene.feed.rates.answers) == (call, call.row, 2)


@pytest.mark.parametrize("ids", [(1, "1"), (1, None), ("null", None), (1, True), ("[1]", [1])])
def test_ids_that_look_alike_are_different(ids: tuple[JSON, JSON]) -> None:
    scene, early, late = two_with_one_id(*ids)
    scene.reply(early, result(ids[0]))
    assert waiting(scene) == ["late"]
    scene.reply(late, result(ids[1]))
    assert waiting(scene) == []


def test_a_number_is_one_id_however_it_is_written() -> None:
    scene, early, late = two_with_one_id(1, 2)
    scene.reply(early, result(1.0))
    scene.reply(late, b'{"jsonrpc":"2.0","id":2e0,"result":{}}')
    assert waiting(scene) == []


def test_each_call_of_a_batch_waits_for_itself() -> None:
    scene = Scene()
    scene.begin("one")
    batch = [json.loads(request(id, "tools/call", name=f"tool {id}")) for id in (1, 2)]
    number = scene.ask(json.dumps(batch).encode(), session="one")
    stream = scene.open(number)
    scene.say(number, result(1), id="e1")
    scene.break_off(number)
    assert (waiting(scene), stream.state) == (["tool 2"], "severed")
    leg = scene.ask(method="GET", session="one", after="e1")
    scene.open(leg)
    scene.say(leg, result(2), id="e2")
    scene.take(End(leg, scene.at))
    assert (waiting(scene), stream.state) == ([], "ended")


def test_how_fast_a_server_is_is_not_told_by_people_who_answer_nor_by_what_lasts_on_purpose() -> None:
    scene = Scene()
    scene.begin("one")
    number = scene.ask(request(1, "tools/call"), session="one")
    scene.open(number)
    scene.say(number, request("q", "elicitation/create"))
    scene.ask(result("q", action="accept"), session="one")
    meta: JSON = {f"{MODERN}protocolVersion": "2026-07-28"}
    listening = scene.ask(request("s", "subscriptions/listen", _meta=meta), version="2026-07-28")
    scene.open(listening)
    scene.at += 3600
    scene.say(listening, result("s"))
    assert scene.feed.rates.percentile(1.0) == 0.0


def test_what_is_replayed_is_not_asked_or_reported_again() -> None:
    scene = Scene()
    scene.begin("one")
    number = scene.ask(request(1, "tools/call", name="ask", _meta={"progressToken": "t"}), session="one")
    scene.open(number)
    step = notice("notifications/progress", progressToken="t", progress=1)
    said = {"e1": notice("notifications/message"), "e2": step, "e3": request("q", "elicitation/create")}
    for id, message in said.items():
        scene.say(number, message, id=id)
    scene.break_off(number)
    leg = scene.ask(method="GET", session="one", after="e1")
    scene.open(leg)
    rows = [scene.say(leg, said[id], id=id) for id in ("e2", "e3")]
    call = scene.call_of(number)
    assert ([row.again for row in rows], call.progress, len(call.questions)) == (["replayed"] * 2, 1, 1)
    scene.ask(result("q", action="accept"), session="one")
    assert [hung.call for hung in hung_calls(scene.feed.sessions, scene.feed.rows, scene.at)] == [call]


def test_percentiles_are_of_values_that_were_measured() -> None:
    rates = Scene().feed.rates
    assert rates.percentile(0.5) is None
    for seconds in (3.0, 1.0, 2.0, 4.0):
        rates.latency(seconds)
    assert [rates.percentile(share) for share in (0.0, 0.25, 0.5, 0.75, 0.99, 1.0)] == [1.0, 1.0, 2.0, 3.0, 4.0, 4.0]


def test_time_does_not_go_back() -> None:
    scene = Scene()
    number = scene.ask(request(1, "ping"))
    scene.at = -5.0
    scene.reply(number, result(1))
    call = scene.call_of(number)
    assert (call.latency, [row.at for row in scene.feed.rows]) == (0.0, [1.0, 1.0])


def test_what_was_refused_or_is_over_is_not_pending() -> None:
    scene, early, late = two_with_one_id(1, 2)
    scene.reply(early, b"", status=403)
    scene.open(late)
    assert [scene.call_of(number).may_be_answered for number in (early, late)] == [False, True]
    scene.break_off(late)
    assert not scene.call_of(late).may_be_answered


# Sessions.


def test_over_http_sse_responses_come_on_the_session_s_stream() -> None:
    (run,) = run_bundled("2024-11-05").revisions
    recording = recording_of(run.trace)
    feed = Feed(recording.about)
    for record in recording.records:
        feed.take(record)
    assert hung_calls(feed.sessions, feed.rows, feed.now) == []
    spoken = [session for session in feed.sessions if session.place]
    assert {session.revision for session in spoken} == {"2024-11-05"}
    assert all([stream.primary for stream in session.streams] == [True] for session in spoken)


def over_http_sse(scene: Scene, place: bytes) -> int:
    """A stream that says where messages go."""
    number = scene.ask(method="GET")
    scene.open(number)
    scene.take(Chunk(number, scene.at, b": hello\n\nevent: endpoint\ndata: " + place + b"\n\n"))
    return number


def post(scene: Scene, url: str, body: bytes, number: int) -> None:
    """A message, which is taken with 202."""
    scene.take(Asked(number, scene.at, "c", "POST", url, (), body))
    scene.take(Head(number, scene.at, 202, ()))
    scene.take(End(number, scene.at))


def test_two_sessions_of_one_client_over_http_sse_are_kept_apart() -> None:
    scene = Scene()
    one, two = over_http_sse(scene, b"/messages?s=1"), over_http_sse(scene, b"http://elsewhere/messages?s=2")
    post(scene, "http://127.0.0.1:1/messages?s=1", request(1, "tools/call", name="early"), 100)
    post(scene, "http://127.0.0.1:1/messages?s=2", request(1, "tools/call", name="late"), 101)
    assert [(s.place, s.messages, [x.number for x in s.streams]) for s in scene.sessions] == [
        ("/messages?s=1", 1, [one]),
        ("/messages?s=2", 1, [two]),
    ]
    assert sorted(number for s in scene.sessions for number in s.rows) == [row.number for row in scene.feed.rows]
    assert all(row.number in row.session.rows for row in scene.feed.rows)
    scene.say(two, result(1))
    assert [(h.call.subject, h.cause) for h in hung_calls(scene.feed.sessions, scene.feed.rows, 60.0)] == [
        ("early", "open")
    ]
    scene.take(Lost(one, scene.at, "lost", ""))
    assert [hung.cause for hung in hung_calls(scene.feed.sessions, scene.feed.rows, 60.0)] == ["ended"]


def test_an_address_that_is_none_is_nobody_s_place() -> None:
    scene = Scene()
    over_http_sse(scene, b"http://[")
    assert [session.place for session in scene.sessions] == [""]


def test_an_event_named_endpoint_elsewhere_begins_nothing() -> None:
    scene = Scene()
    session = scene.begin("one")
    number = scene.ask(method="GET", session="one")
    scene.open(number)
    scene.say(number, notice("notifications/message"))
    scene.take(Chunk(number, scene.at, b"event: endpoint\ndata: /x\n\n"))
    assert (session.place, scene.sessions) == ("", [session])


def modern(name: str) -> bytes:
    info: JSON = {"name": name, "version": "1"}
    meta: JSON = {f"{MODERN}protocolVersion": "2026-07-28", **({f"{MODERN}clientInfo": info} if name else {})}
    return request(1, "tools/call", name=name, _meta=meta)


def test_modern_clients_behind_one_address_are_told_apart_by_their_names() -> None:
    scene = Scene()
    for name in ("a", "b", "a", ""):
        scene.ask(modern(name), version="2026-07-28")
    assert [(session.client_name, session.messages) for session in scene.sessions] == [("a 1", 3), ("b 1", 1)]
    assert waiting(scene) == ["a", "b", "a", ""]


def test_clients_without_session_ids_behind_one_address_are_one_since_the_last_of_them_began() -> None:
    scene = Scene()
    for name in ("a", "b"):
        number = scene.ask(request(0, "initialize", clientInfo={"name": name, "version": "1"}), client="shared")
        scene.reply(number, result(0, protocolVersion="2025-11-25"))
    scene.ask(request(1, "ping"), client="shared")
    assert [(session.client_name, session.messages) for session in scene.sessions] == [("a 1", 2), ("b 1", 3)]


def test_who_initializes_again_in_a_session_stays_in_it() -> None:
    scene = Scene()
    session = scene.begin("one")
    scene.ask(request(5, "initialize", clientInfo={"name": "again", "version": "2"}), session="one")
    assert (scene.sessions, session.client_name) == ([session], "again 2")


def test_a_session_id_that_is_given_twice_is_the_newer_session_s() -> None:
    scene = Scene()
    old, new = scene.begin("one"), scene.begin("one", client="other")
    scene.ask(request(1, "ping"), session="one")
    assert [old.messages, new.messages] == [2, 3]


def test_both_transports_may_have_one_address() -> None:
    scene = Scene()
    over_http_sse(scene, b"/mcp")
    session = scene.begin("one", client="other")
    scene.ask(request(1, "tools/list"), session="one")
    scene.ask(modern("a"), version="2026-07-28")
    post(scene, "http://127.0.0.1:1/mcp", request(1, "ping"), 100)
    assert [(s.id, s.place, s.messages) for s in scene.sessions] == [
        (None, "/mcp?", 1),
        ("one", "", 3),
        (None, "", 1),
    ]
    assert session.client_name == "other 1"

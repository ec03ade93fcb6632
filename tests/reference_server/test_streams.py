"""Streams: priming, ids, routing, polling, coming back."""

import pytest

from reference_server.options import SESSION_REVISIONS, Options
from reference_server.server import ReferenceServer
from reference_server.serving import serve
from tests.reference_server.talk import NEWEST, Events, Talk, text_in

CHANGED = "notifications/tools/list_changed"


@pytest.mark.parametrize("revision", SESSION_REVISIONS)
def test_a_stream_is_primed_in_the_newest_revision_only(url: str, revision: str) -> None:
    with Talk(url, revision) as talk, talk.stream(talk.tool("test_simple_text")) as events:
        first = next(events)
        assert first.id
        assert (first.data == "") == (revision == NEWEST)


def test_event_ids_never_repeat_in_a_session(talk: Talk) -> None:
    ids: list[str | None] = []
    for _ in range(3):
        with talk.stream(talk.tool("test_tool_with_progress", token="t")) as events:
            ids += [event.id for event in events]
    with talk.listen() as events:
        ids.append(next(events).id)
    assert None not in ids
    assert len(ids) == len(set(ids)) == 3 * 5 + 1


def test_a_dropped_connection_cancels_nothing_and_the_rest_can_be_fetched(talk: Talk) -> None:
    with talk.stream(talk.tool("test_slow", {"steps": 5, "step_ms": 5}, token="t")) as events:
        seen = [events.until("notifications/progress")]
    with talk.listen(after=events.last_id) as rest:
        messages = list(rest.messages())
    assert [m["params"]["progress"] for m in seen + messages[:-1]] == [1, 2, 3, 4, 5]
    assert text_in(messages[-1]) == "done in 5 steps"


def test_only_the_stream_that_was_dropped_is_replayed(talk: Talk) -> None:
    with talk.stream(talk.tool("test_tool_with_progress", token="one")) as one:
        first = next(one)
        list(one)
    talk.call("test_tool_with_progress", token="other")
    with talk.listen(after=first.id) as again:
        messages = list(again.messages())
    assert {m["params"]["progressToken"] for m in messages[:-1]} == {"one"}
    assert len(messages) == 4
    with talk.listen(after=again.last_id) as nothing_left:
        assert list(nothing_left) == []


def test_an_event_of_another_session_resumes_nothing(url: str, talk: Talk) -> None:
    talk.call("test_simple_text")
    with talk.stream(talk.tool("test_simple_text")) as events:
        list(events)
    with Talk(url) as other:
        response = other.http.get(url, headers=other.headers | {"last-event-id": str(events.last_id)})
        assert response.status_code == 400


def test_a_second_connection_takes_the_stream_over(talk: Talk) -> None:
    call = talk.tool("test_slow", {"steps": 10000, "step_ms": 5}, token="t")
    with talk.stream(call) as former:
        first = next(former)
        with talk.listen(after=first.id) as later:
            assert later.until("notifications/progress")["params"]["progress"] == 1
            assert all(message["method"] == "notifications/progress" for message in former.messages())
            assert later.until("notifications/progress")["params"]["progress"] == 2
            talk.notify("notifications/cancelled", {"requestId": call["id"]})
            list(later)


def test_polling_closes_the_connection_after_retry_and_the_answer_is_fetched(talk: Talk) -> None:
    with talk.stream(talk.tool("test_reconnection")) as events:
        *_, last = events
        assert last.retry
        assert last.id is None
    with talk.listen(after=events.last_id) as rest:
        assert "result" in rest.answer()


@pytest.mark.parametrize("revision", SESSION_REVISIONS[:2])
def test_before_polling_existed_the_connection_stays(url: str, revision: str) -> None:
    with Talk(url, revision) as talk:
        assert "result" in talk.call("test_reconnection")[-1]


def test_get_streams_are_polled_too(talk: Talk) -> None:
    with talk.listen() as listening:
        next(listening)
        talk.call("test_close_get_stream")
        (last,) = listening
        assert last.retry
    talk.call("test_trigger_tool_change")
    with talk.listen(after=listening.last_id) as again:
        assert again.until(CHANGED)


def test_what_concerns_no_request_goes_on_exactly_one_get_stream(talk: Talk) -> None:
    with talk.listen() as one, talk.listen() as other:
        next(one)
        next(other)
        calls = [talk.call("test_trigger_tool_change") for _ in range(3)]
        talk.http.delete(talk.url, headers=talk.headers)
        heard = [*one.messages(), *other.messages()]
    assert [m["method"] for m in heard] == [CHANGED] * 3
    assert all(len(call) == 1 for call in calls)


def test_messages_wait_for_the_next_get_stream(talk: Talk) -> None:
    talk.call("test_trigger_tool_change")
    talk.call("test_trigger_prompt_change")
    with talk.listen() as events:
        assert next(events).data == ""
        assert next(events).message["method"] == CHANGED
        assert next(events).message["method"] == "notifications/prompts/list_changed"
    with talk.listen() as events:
        next(events)
        talk.call("test_trigger_resource_change")
        assert next(events).message["method"] == "notifications/resources/list_changed"


def test_a_get_stream_can_be_resumed(talk: Talk) -> None:
    with talk.listen() as events:
        first = next(events)
        talk.call("test_trigger_tool_change")
        events.until(CHANGED)
    with talk.listen(after=first.id) as again:
        assert again.until(CHANGED)


@pytest.mark.parametrize("route", ["request", "primary"])
def test_progress_takes_the_route_it_was_told(route: str) -> None:
    with serve(ReferenceServer(Options(progress_route=route))) as url, Talk(url) as talk, talk.listen() as listening:
        next(listening)
        messages = talk.call("test_tool_with_progress", token="t")
        if route == "primary":
            assert len(messages) == 1
            assert [listening.until("notifications/progress")["params"]["progress"] for _ in range(3)] == [0, 50, 100]
        else:
            assert len(messages) == 4


def test_too_many_streams_draw_429() -> None:
    with serve(ReferenceServer(Options(max_streams=1))) as url, Talk(url) as talk, talk.listen() as listening:
        next(listening)
        for refused in (talk.post(talk.tool("test_simple_text")), talk.http.get(url, headers=talk.headers)):
            assert refused.status_code == 429
            assert int(refused.headers["retry-after"]) > 0
        assert talk.ask("ping")["result"] == {}


def test_a_silent_stream_is_kept_alive_with_comments() -> None:
    with serve(ReferenceServer(Options(keep_alive=0.01))) as url, Talk(url) as talk, talk.listen() as events:
        next(events)
        comment = next(events)
        assert comment.comment == "still here"
        assert comment.id is comment.data is None


def test_old_streams_are_forgotten(monkeypatch: pytest.MonkeyPatch, talk: Talk) -> None:
    monkeypatch.setattr("reference_server.streams.STREAMS_KEPT", 2)
    ids: list[str] = []
    for _ in range(4):
        with talk.stream(talk.tool("test_simple_text")) as events:
            ids += [str(event.id) for event in events if event.data == ""]
    assert talk.http.get(talk.url, headers=talk.headers | {"last-event-id": ids[0]}).status_code == 400
    with talk.listen(after=ids[3]) as events:
        assert isinstance(events, Events)
        assert "result" in events.answer()

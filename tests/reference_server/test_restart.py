"""Killed and started again, the server has lost nothing and repeats nothing."""

from pathlib import Path

from tests.reference_server.process import started
from tests.reference_server.talk import NEWEST, Talk, text_in

PROGRESS = "notifications/progress"


def test_a_killed_server_goes_on_where_it_was(tmp_path: Path) -> None:
    store = ("--store", f"sqlite:{tmp_path / 'store.db'}")
    with started(*store) as (process, url), Talk(url) as talk:
        talk.ask("resources/subscribe", {"uri": "test://watched-resource"})
        with talk.stream(talk.tool("test_simple_text")) as finished:
            first = str(next(finished).id)
        talk.call("test_trigger_tool_change")
        with talk.stream(talk.tool("test_slow", {"steps": 10000, "step_ms": 2}, token="t")) as events:
            seen = [events.until(PROGRESS)["params"]["progress"] for _ in range(3)]
            process.kill()
            process.wait()
            unfinished = str(events.last_id)
    with started(*store) as (_process, url), Talk(url, NEWEST, session=talk.session) as again:
        with again.listen(after=first) as events:
            assert text_in(events.answer()) == "This is a simple text response for testing."
        with again.listen(after=unfinished) as events:
            *progress, answer = events.messages()
        seen += [message["params"]["progress"] for message in progress]
        assert seen == list(range(1, len(seen) + 1))
        assert answer["error"]["code"] == -32603
        with again.listen() as events:
            assert events.until("notifications/tools/list_changed")
            again.call("test_update_resource")
            assert events.until("notifications/resources/updated")
        again.http.delete(url, headers=again.headers)
    with started(*store) as (_process, url), Talk(url, NEWEST, session=talk.session) as ended:
        assert ended.post(ended.request("ping")).status_code == 404


def test_a_server_that_is_stopped_answers_first(tmp_path: Path) -> None:
    store = ("--store", f"sqlite:{tmp_path / 'store.db'}")
    with started(*store) as (process, url), Talk(url) as talk, talk.listen() as listening:
        with talk.stream(talk.tool("test_slow", {"steps": 10000}, token="t")) as events:
            next(events)
            process.terminate()
            assert events.answer()["error"]["code"] == -32603
        assert [event.data for event in listening] == [""]
        assert process.wait() == 0
    with (
        started(*store) as (_process, url),
        Talk(url, NEWEST, session=talk.session) as again,
        again.listen(after=events.last_id) as rest,
    ):
        assert list(rest) == []

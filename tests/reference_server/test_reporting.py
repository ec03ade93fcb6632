"""Progress, logs and changes."""

import pytest

from tests.reference_server.talk import Talk


@pytest.mark.parametrize("token", ["t", 0, 7])
def test_progress_carries_the_token_and_grows(talk: Talk, token: str | int) -> None:
    *progress, answer = talk.call("test_tool_with_progress", token=token)
    assert [m["params"]["progressToken"] for m in progress] == [token] * 3
    assert [m["params"]["progress"] for m in progress] == [0, 50, 100]
    assert "result" in answer


def test_without_a_token_there_is_no_progress(talk: Talk) -> None:
    assert len(talk.call("test_tool_with_progress")) == 1


def test_logs_are_as_loud_as_wished(talk: Talk) -> None:
    assert len(talk.call("test_tool_with_logging")) == 4
    assert talk.ask("logging/setLevel", {"level": "warning"})["result"] == {}
    assert len(talk.call("test_tool_with_logging")) == 1
    talk.ask("logging/setLevel", {"level": "debug"})
    assert len(talk.call("test_tool_with_logging")) == 4


def test_a_level_is_for_one_session(url: str, talk: Talk) -> None:
    talk.ask("logging/setLevel", {"level": "emergency"})
    with Talk(url) as other:
        assert len(other.call("test_tool_with_logging")) == 4


@pytest.mark.parametrize("level", ["loud", None, 3, ["info"]])
def test_a_bad_level_draws_32602(talk: Talk, level: object) -> None:
    assert talk.ask("logging/setLevel", {"level": level})["error"]["code"] == -32602


def test_only_subscribers_hear_of_updates(url: str, talk: Talk) -> None:
    watched = {"uri": "test://watched-resource"}
    with Talk(url) as deaf, talk.listen() as heard, deaf.listen() as unheard:
        talk.ask("resources/subscribe", watched)
        deaf.ask("resources/subscribe", watched)
        deaf.ask("resources/unsubscribe", watched)
        talk.call("test_update_resource")
        assert heard.until("notifications/resources/updated")["params"] == watched
        deaf.http.delete(url, headers=deaf.headers)
        assert list(unheard.messages()) == []

"""Session ids, versions and streams, as clients carry them."""

import pytest

from tests.checks.live import Live
from tests.tape import message_event, notification, request, result

VERSION = {"MCP-Protocol-Version": "2025-11-25"}


def begun(session_id: str | None = "s") -> Live:
    tape = Live()
    tape.initialize(session_id=session_id)
    return tape


def test_every_method_but_those_of_browsers_carries_the_id() -> None:
    tape = begun()
    tape.session_id = None
    tape.exchange("OPTIONS")
    tape.get(status=405)
    tape.exchange("DELETE")
    assert tape.said("session.echo") == ["bad", "bad"]


def test_without_an_id_of_the_server_there_is_none_to_carry() -> None:
    tape = begun(None)
    tape.ask_for("ping")
    assert tape.said("session.echo") == ["moot"]


def test_after_its_end_a_session_is_no_longer_named() -> None:
    tape = begun()
    tape.exchange("DELETE", headers=VERSION)
    tape.session_id = None
    tape.get(status=405)
    assert tape.said("session.echo") == ["ok"]


def test_another_session_that_is_not_known_is_none_of_this_one() -> None:
    tape = begun()
    tape.session_id = "from-before"
    tape.ask_for("ping")
    assert tape.said("session.echo") == []


def test_what_was_under_way_when_the_session_went_is_no_breach() -> None:
    tape = begun()
    first = tape.begin("POST", b'{"jsonrpc":"2.0","id":2,"method":"ping"}', headers={"Mcp-Session-Id": "s"})
    second = tape.begin("POST", b'{"jsonrpc":"2.0","id":3,"method":"ping"}', headers={"Mcp-Session-Id": "s"})
    for number in (first, second):
        tape.head(number, 404)
        tape.end(number)
    tape.exchange("DELETE", status=404)
    assert tape.said("session.restart") == ["open"]


def test_a_session_that_is_asked_on_and_on_is_not_given_up() -> None:
    tape = begun()
    for id in (2, 3, 4):
        tape.ask_for("ping", id=id, status=404)
    assert tape.said("session.restart") == ["bad"]


def test_a_404_of_a_session_that_lives_on_says_nothing() -> None:
    tape = begun()
    tape.ask_for("ping", id=2, status=404)
    tape.ask_for("ping", id=3)
    assert tape.said("session.restart") == []


def test_a_new_session_is_begun_without_the_id() -> None:
    tape = begun()
    tape.ask_for("ping", id=2, status=404)
    tape.initialize(session_id="t")
    assert tape.said("session.restart") == ["ok"]


def test_the_version_is_the_one_that_was_answered() -> None:
    tape = Live("2025-06-18")
    tape.initialize(session_id="s", asked="2025-11-25", version="2025-06-18")
    tape.ask_for("ping", id=2)
    tape.ask_for("ping", id=3, headers=VERSION)
    assert tape.said("version.header-negotiated") == ["ok", "bad"]


def test_a_notification_of_the_modern_era_needs_no_version() -> None:
    tape = Live("2026-07-28")
    tape.discover()
    meta = {"io.modelcontextprotocol/protocolVersion": "2026-07-28"}
    tape.post(notification("notifications/cancelled", {"_meta": dict(meta), "requestId": 5}))
    assert tape.said("version.header") == ["ok"]


def test_any_event_that_came_may_be_the_last_that_was_received() -> None:
    tape = begun()
    tape.post(request(2, "ping"), events=[message_event(notification("x"), f"e{n}") for n in range(3)])
    tape.get(after="e0", status=405)
    tape.get(after="e9", status=405)
    assert tape.said("resume.get") == ["ok", "bad"]


@pytest.mark.parametrize("begins", [False, True])
def test_an_event_that_was_not_recorded_may_have_come(begins: bool) -> None:
    tape = begun() if begins else Live()
    if begins:
        tape.post(request(2, "ping"), events=[": cut\n\n"], ending="cut off")
    tape.get(after="e1", status=405)
    assert "bad" not in tape.said("resume.get")


@pytest.mark.parametrize(
    ("ending", "wait", "said"),
    [("complete", 0.0, ["bad"]), ("complete", 5.0, ["ok"]), ("hung up", 0.0, []), ("cut off", 0.0, [])],
)
def test_retry_is_waited_for_where_the_server_let_go(ending: str, wait: float, said: list[str]) -> None:
    tape = begun()
    tape.post(request(2, "ping"), events=["id: e1\nretry: 3000\ndata:\n\n"], ending=ending)
    tape.now += wait
    tape.get(after="e1", events=[message_event(result(2), "e2")])
    assert tape.said("client.retry") == said


def test_a_cancellation_may_meet_the_answer_or_overtake_the_request() -> None:
    tape = begun()
    tape.ask_for("tools/list", id=2)
    for id in (2, 3, 4):
        tape.post(notification("notifications/cancelled", {"requestId": id}))
    tape.ask_for("tools/list", id=3)
    assert tape.said("cancel.valid-id") == ["open", "open", "bad"]


def test_who_does_not_know_the_version_in_the_answer_leaves_without_one() -> None:
    tape = Live()
    tape.initialize(session_id="s", asked="2024-11-05")
    tape.exchange("DELETE")
    assert tape.said("version.header") == []


def test_who_stays_has_taken_the_version_in_the_answer() -> None:
    tape = Live()
    tape.initialize(session_id="s", asked="2099-01-01")
    tape.post(notification("notifications/initialized"), headers=VERSION)
    tape.exchange("DELETE")
    assert tape.said("version.header") == ["ok", "bad"]

"""Ids of clients: who may use one again, and when."""

from tests.checks.live import Live
from tests.tape import complete, error, message_event, request, result


def test_an_id_that_comes_twice_is_wrong() -> None:
    tape = Live()
    tape.initialize(session_id="s")
    tape.ask_for("ping", id=2)
    tape.ask_for("ping", id="2")
    tape.ask_for("ping", id=2)
    assert tape.said("jsonrpc.id-once") == ["ok", "ok", "ok", "bad"]


def test_a_request_that_was_refused_may_come_again() -> None:
    tape = Live()
    tape.initialize(session_id="s")
    tape.ask_for("ping", id=2, answer=error(2), status=401)
    tape.ask_for("ping", id=2)
    assert tape.said("jsonrpc.id-once") == ["ok", "ok", "open"]


def test_a_request_whose_connection_broke_may_come_again() -> None:
    tape = Live()
    tape.initialize(session_id="s")
    number = tape.begin("POST", b'{"jsonrpc":"2.0","id":2,"method":"ping"}', headers={"Mcp-Session-Id": "s"})
    tape.end(number, "lost")
    tape.ask_for("ping", id=2)
    assert tape.said("jsonrpc.id-once") == ["ok", "ok", "open"]


def test_clients_behind_one_label_and_without_session_ids_are_not_mixed_up() -> None:
    tape = Live()
    tape.initialize()
    tape.initialize()
    tape.ask_for("ping", id=2)
    tape.ask_for("ping", id=2)
    assert "bad" not in tape.said("jsonrpc.id-once") + tape.said("init.initialized")


def test_a_recording_without_beginning_says_nothing_of_ids() -> None:
    tape = Live()
    tape.ask_for("ping", id=2)
    tape.ask_for("ping", id=2)
    assert tape.said("jsonrpc.id-once") == ["ok", "open"]


def test_in_the_modern_era_an_id_is_free_again_with_the_answer() -> None:
    tape = Live("2026-07-28")
    for _ in range(2):
        tape.ask("tools/list", id=1, answer=complete(1))
    assert tape.said("jsonrpc.id-once") == ["ok", "ok"]


def test_in_the_modern_era_an_id_is_taken_while_the_answer_is_awaited() -> None:
    tape = Live("2026-07-28")
    tape.ask("tools/list", id=1, events=[": still busy\n\n"], ending="open")
    tape.ask("tools/list", id=1, answer=complete(1))
    assert tape.said("jsonrpc.id-once") == ["ok", "bad"]


def test_in_the_modern_era_several_clients_of_one_process_count_for_themselves() -> None:
    tape = Live("2026-07-28")
    for id in (1, 2):
        tape.ask("tools/list", id=id, events=[": still busy\n\n"], ending="open")
    for id in (1, 2):
        tape.ask("tools/list", id=id, answer=complete(id))
    assert "bad" not in tape.said("jsonrpc.id-once")


def test_in_the_modern_era_leaving_frees_an_id() -> None:
    tape = Live("2026-07-28")
    tape.ask("tools/list", id=1, events=[": still busy\n\n"], ending="hung up")
    tape.ask("tools/list", id=1, answer=complete(1))
    assert tape.said("jsonrpc.id-once") == ["ok", "ok"]


def test_a_token_may_come_again_when_its_request_is_over() -> None:
    tape = Live()
    tape.initialize(session_id="s")
    body = request(2, "tools/call", {"_meta": {"progressToken": 1}})
    tape.post(body, events=[message_event(result(2))])
    tape.post(body | {"id": 3}, events=[": still busy\n\n"], ending="open")
    tape.post(body | {"id": 4}, events=[message_event(result(4))])
    assert tape.said("progress.token-unique") == ["ok", "ok", "bad"]

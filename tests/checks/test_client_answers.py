"""What clients answer to the server's questions, and the shape of what they say."""

import pytest

from conformance.evidence.trace import JSON
from tests.checks.live import Live
from tests.tape import complete, error, message_event, notification, request, result

FORM: dict[str, JSON] = {"type": "object", "properties": {"n": {"type": "number"}}, "required": ["n"]}
ASKED: dict[str, JSON] = {"message": "?", "requestedSchema": FORM}


def begun(session_id: str | None = "s") -> Live:
    tape = Live()
    tape.initialize(session_id=session_id)
    return tape


def answer(tape: Live, method: str, params: dict[str, JSON], given: JSON) -> None:
    """The server asks on a GET stream, and the client posts this."""
    tape.get(events=[message_event(request("q", method, params))])
    tape.post(given, headers={"MCP-Protocol-Version": tape.revision})


def entered(content: JSON) -> dict[str, JSON]:
    return result("q", {"action": "accept", "content": content})


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (result("q"), ["ok"]),
        (result("other"), ["bad"]),
        (error("other"), ["bad"]),
        (error(None), []),
    ],
)
def test_an_answer_has_the_id_of_its_question(given: JSON, said: list[str]) -> None:
    tape = begun()
    answer(tape, "ping", {}, given)
    assert tape.said("jsonrpc.id-echo") == said


def test_what_was_asked_before_the_recording_may_be_answered() -> None:
    tape = Live()
    tape.session_id = "from-before"
    tape.post(result("q"), headers={"MCP-Protocol-Version": tape.revision})
    assert tape.said("jsonrpc.id-echo") == ["open"]


@pytest.mark.parametrize(
    ("content", "said"), [({"n": 0.5}, "ok"), ({"n": 1, "more": "x"}, "ok"), ({"n": "1"}, "bad"), ({}, "bad")]
)
def test_what_is_entered_fits_its_form(content: JSON, said: str) -> None:
    tape = begun()
    answer(tape, "elicitation/create", ASKED, entered(content))
    assert tape.said("elicit.validate") == [said]


@pytest.mark.parametrize(
    "given",
    [
        result("q", {"action": "decline"}),
        result("q", {"action": "cancel", "content": {}}),
        result("q", {"action": "accept"}),
        error("q"),
    ],
)
def test_who_enters_nothing_breaks_no_form(given: JSON) -> None:
    tape = begun()
    answer(tape, "elicitation/create", ASKED, given)
    assert tape.said("elicit.validate") == []


def test_a_form_that_is_broken_itself_decides_nothing() -> None:
    tape = begun()
    answer(tape, "elicitation/create", {"message": "?", "requestedSchema": {"type": "text"}}, entered({"n": 1}))
    assert tape.said("elicit.validate") == ["open"]


@pytest.mark.parametrize(("uri", "said"), [("file:///home", "ok"), ("FILE:///home", "ok"), ("https://x", "bad")])
def test_roots_are_files(uri: str, said: str) -> None:
    tape = begun()
    answer(tape, "roots/list", {}, result("q", {"roots": [{"uri": uri}]}))
    assert tape.said("roots.file") == [said]


def test_roots_that_come_with_a_retry_are_files_too() -> None:
    tape = Live("2026-07-28")
    wish: dict[str, JSON] = {"resultType": "input_required", "inputRequests": {"r": {"method": "roots/list"}}}
    tape.ask("tools/call", {"name": "x", "arguments": {}}, id=1, answer=complete(1, wish))
    roots: JSON = {"r": {"roots": [{"uri": "http://x"}]}}
    tape.ask("tools/call", {"name": "x", "arguments": {}, "inputResponses": roots}, id=2, answer=complete(2))
    assert tape.said("roots.file") == ["bad"]


def test_a_fraction_is_a_number_whatever_the_generated_schema_says() -> None:
    tape = begun()
    answer(tape, "elicitation/create", ASKED, entered({"n": 0.5}))
    assert tape.said("schema.message") == ["ok"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (result("q", {"action": "ok"}), ["bad"]),
        (result("q", {"action": "decline", "reason": "of its own"}), ["ok"]),
        (error("q"), []),
    ],
)
def test_an_answer_has_the_shape_of_the_schema(given: JSON, said: list[str]) -> None:
    tape = begun()
    answer(tape, "elicitation/create", ASKED, given)
    assert tape.said("schema.message") == said


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (request(2, "logging/setLevel", {"level": "verbose"}), ["bad"]),
        (request(2, "logging/setLevel", {"level": "info", "more": 1}), ["ok"]),
        (request(2, "com.example/own", {"level": 1}), []),
        (notification("notifications/com.example", {}), []),
        (request(2, "ping", {"_meta": {"progressToken": 0.5}}), ["ok"]),
        ({"jsonrpc": "1.0", "id": None, "method": "ping"}, ["ok"]),
    ],
)
def test_what_has_rules_of_its_own_is_left_to_them(message: JSON, said: list[str]) -> None:
    tape = begun()
    tape.post(message, headers={"MCP-Protocol-Version": tape.revision})
    assert tape.said("schema.message") == said


def test_where_several_clients_share_a_label_nobody_knows_their_revisions() -> None:
    tape = begun(None)
    tape.post(request(2, "logging/setLevel", {"level": "verbose"}))
    tape.initialize()
    assert tape.said("schema.message") == []


def test_a_cursor_comes_back_as_it_was_given() -> None:
    tape = begun()
    tape.ask_for("tools/list", answer=result(2, {"tools": [], "nextCursor": "a"}))
    for id, cursor in ((3, "a"), (4, "A"), (5, None)):
        params: dict[str, JSON] = {"cursor": cursor}
        tape.post(
            request(id, "tools/list", params), answer=result(id), headers={"MCP-Protocol-Version": "2025-11-25"}
        )
    assert tape.said("pagination.opaque") == ["ok", "bad"]


def test_where_no_id_tells_sessions_apart_a_cursor_may_be_of_another() -> None:
    tape = begun(None)
    tape.post(request(2, "tools/list", {"cursor": "a"}), answer=result(2))
    assert tape.said("pagination.opaque") == ["open"]

"""Lists on several pages: what is no breach, and what is."""

import pytest

from conformance.evidence.trace import JSON
from conformance.judging.check import Verdict
from tests.tape import Tape, complete, error, message_event, notification, request, result

LISTENING: dict[str, JSON] = {"promptsListChanged": True}
ACKNOWLEDGED = "notifications/subscriptions/acknowledged"
CHANGED = message_event(notification("notifications/prompts/list_changed"))


def page(*names: str, cursor: JSON = None) -> dict[str, JSON]:
    prompts: list[JSON] = [{"name": name} for name in names]
    found: dict[str, JSON] = {"prompts": prompts}
    return found if cursor is None else {**found, "nextCursor": cursor}


class Book:
    """A tape on which one list is read."""

    def __init__(self) -> None:
        self.tape = Tape()
        self.tape.initialize(capabilities={"prompts": {}})
        self.next = 1

    def turn(self, answer: JSON, cursor: JSON = None, *, status: int | None = None) -> "Book":
        """One page, or an error's code."""
        self.next += 1
        params: dict[str, JSON] = {} if cursor is None else {"cursor": cursor}
        body = error(self.next, answer) if isinstance(answer, int) else None
        if isinstance(answer, dict):
            body = result(self.next, answer)
        self.tape.post(request(self.next, "prompts/list", params), answer=body or b"", status=status)
        return self

    def verdict(self, key: str) -> Verdict:
        return self.tape.verdict(f"pagination.{key}")


def two_pages() -> Book:
    return Book().turn(page("a", cursor="c")).turn(page("b"), "c")


@pytest.mark.parametrize(
    ("answer", "verdict"), [(-32602, Verdict.PASS), (-32603, Verdict.WARN), (page("a"), Verdict.WARN)]
)
def test_a_cursor_that_was_never_given_is_refused(answer: JSON, verdict: Verdict) -> None:
    assert two_pages().turn(answer, "x").verdict("cursor-invalid") is verdict


@pytest.mark.parametrize(("status", "verdict"), [(500, Verdict.WARN), (400, Verdict.WARN), (503, Verdict.NOT_SEEN)])
def test_a_cursor_that_was_never_given_wants_an_error_of_json_rpc(status: int, verdict: Verdict) -> None:
    assert two_pages().turn(None, "never", status=status).verdict("cursor-invalid") is verdict


def test_a_list_that_goes_round_has_no_end() -> None:
    assert Book().turn(page("a", cursor="x")).turn(page("b", cursor="x"), "x").verdict("stable") is Verdict.WARN
    again = Book().turn(page("a", cursor="x")).turn(page("b", cursor="y"), "x").turn(page("c", cursor="x"), "y")
    assert again.verdict("stable") is Verdict.WARN


def test_a_list_of_one_page_may_ignore_cursors() -> None:
    assert Book().turn(page("a")).turn(page("a"), "x").verdict("cursor-invalid") is Verdict.NOT_APPLICABLE
    assert Book().turn(page("a")).turn(-32602, "x").verdict("cursor-invalid") is Verdict.PASS
    assert Book().turn(page("a")).turn(-32603, "x").verdict("cursor-invalid") is Verdict.WARN


def test_a_cursor_that_somebody_was_given_is_no_invalid_one() -> None:
    book = two_pages()
    book.tape.client = "another#1"
    book.tape.initialize(capabilities={"prompts": {}})
    assert book.turn(page("b"), "c").verdict("cursor-invalid") is Verdict.NOT_SEEN


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_server_is_not_blamed(status: int) -> None:
    for answer in (None, -32000):
        assert two_pages().turn(answer, "x", status=status).verdict("cursor-invalid") is Verdict.NOT_SEEN
        assert two_pages().turn(answer, "c", status=status).verdict("stable") is Verdict.NOT_SEEN


def test_a_cursor_is_good_for_twice() -> None:
    assert two_pages().turn(page("b"), "c").verdict("stable") is Verdict.PASS
    assert two_pages().turn(page("c"), "c").verdict("stable") is Verdict.WARN
    assert two_pages().turn(-32602, "c").verdict("stable") is Verdict.WARN
    assert two_pages().verdict("stable") is Verdict.NOT_SEEN


def test_the_order_on_a_page_is_nobodys_business() -> None:
    book = Book().turn(page("a", cursor="c")).turn(page("b", "c"), "c").turn(page("c", "b"), "c")
    assert book.verdict("stable") is Verdict.PASS


def test_a_list_that_changes_has_other_pages() -> None:
    book = two_pages().turn(page("c"), "c")
    book.tape.get(events=[message_event(notification("notifications/prompts/list_changed"))])
    assert book.verdict("stable") is Verdict.NOT_SEEN


def test_what_others_were_told_counts_only_for_those_who_did_not_listen() -> None:
    changed = message_event(notification("notifications/prompts/list_changed"))
    for listens, verdict in ((False, Verdict.NOT_SEEN), (True, Verdict.WARN)):
        book = two_pages().turn(page("c"), "c")
        if listens:
            book.tape.get(events=[])
        book.tape.client = "another#1"
        book.tape.initialize(capabilities={"prompts": {}})
        book.tape.get(events=[changed])
        assert book.verdict("stable") is verdict


def test_without_cursors_there_is_nothing_to_be_stable() -> None:
    assert Book().turn(page("a")).verdict("stable") is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize("strange", [5, [], {}, True, ""])
def test_strange_cursors_are_survived(strange: JSON) -> None:
    for key in ("cursor-invalid", "stable"):
        Book().turn(page("a", cursor=strange)).turn(page("b"), strange).turn(page("b"), strange).verdict(key)
        Book().turn({"prompts": strange, "nextCursor": strange}).turn({"prompts": [strange]}, "x").verdict(key)


def modern(listener: str | None, *, changed: bool) -> Tape:
    """Somebody listens, or nobody, and is told that the list has changed; then a cursor leads to two pages."""
    tape = Tape("2026-07-28")
    tape.discover(capabilities={"prompts": {"listChanged": True}})
    for client in filter(None, ("story#1", listener)):
        tape.client = client
        if client == listener:
            listen(tape, changed=changed)
    tape.client = "story#1"
    for id, (name, params) in enumerate({"a": {}, "b": {"cursor": ""}, "c": {"cursor": ""}}.items()):
        more: dict[str, JSON] = {} if params else {"nextCursor": ""}
        given: dict[str, JSON] = {**params}
        tape.ask("prompts/list", given, id=id, answer=complete(id, {**page(name), **more}))
    return tape


def listen(tape: Tape, *, changed: bool) -> None:
    """A subscription that is acknowledged, and stays."""
    news = [message_event(notification(ACKNOWLEDGED, {"notifications": LISTENING})), *([CHANGED] if changed else [])]
    tape.ask("subscriptions/listen", {"notifications": LISTENING}, id="l", events=news, ending="open")


def test_an_empty_cursor_is_one_from_2026_on() -> None:
    assert modern(None, changed=False).verdict("pagination.stable") is Verdict.WARN


def test_news_on_a_subscription_explain_another_page() -> None:
    assert modern("story#1", changed=True).verdict("pagination.stable") is Verdict.NOT_SEEN
    assert modern("story#1", changed=False).verdict("pagination.stable") is Verdict.WARN


def test_what_others_hear_counts_only_for_those_who_do_not_listen_themselves() -> None:
    assert modern("another#1", changed=True).verdict("pagination.stable") is Verdict.NOT_SEEN
    tape = modern("story#1", changed=False)
    tape.client = "another#1"
    listen(tape, changed=True)
    assert tape.verdict("pagination.stable") is Verdict.WARN

from collections.abc import Iterable

import pytest

from conformance.evidence.recording import Recording
from inspector.filters import filter_of
from inspector.model.feed import Feed
from inspector.model.nouns import Violation
from tests.inspector.tale import HOSTILE, hostile, whole


def fed(recording: Recording) -> Feed:
    feed = Feed(recording.about)
    for record in recording.records:
        feed.take(record)
    return feed


def wanted(text: str, feed: Feed | None = None) -> list[str]:
    """The words of the rows that a filter wants."""
    chosen = filter_of(text)
    return [row.words for row in (feed or fed(whole())).rows if chosen.matches(row)]


def test_no_words_want_everything() -> None:
    assert not filter_of("  ")
    assert len(wanted("")) == len(fed(whole()).rows)


@pytest.mark.parametrize(
    ("text", "first", "count"),
    [
        ("keepalive", ": keepalive", 1),
        ("KEEPALIVE", ": keepalive", 1),
        ("method:tools/call", "#7 tools/call slow", 3),
        ("method:delete", "", 0),
        ("stream:#8", "#8 200 event stream", 2),
        ("stream:get", "GET 200 event stream", 3),
        ("id:g:18", "progress 2/4 of #7", 1),
        ("id:s1", "#s1 roots/list", 1),
        ("id:#9", "#9 tools/list", 3),
        ("kind:error", "#9 error -32600 again? 10 ms", 1),
        ("kind:prime", "empty data, retry 3000, id '7:0'", 1),
        ("kind:question", "#s1 roots/list", 1),
        ("from:ours", "cut by us after 7:1", 2),
        ("session:7f3a kind:comment", ": keepalive", 1),
        ("session:claude kind:comment", ": keepalive", 1),
        ("session:nobody", "", 0),
        ('"tools/call ask_user"', "#8 tools/call ask_user", 1),
        ("no:such-field", "", 0),
    ],
)
def test_words_and_fields(text: str, first: str, count: int) -> None:
    found = wanted(text)
    assert (found[0] if found else "", len(found)) == (first, count)


def test_all_terms_must_hold_and_a_minus_turns_one_round() -> None:
    assert wanted("progress -2/4 stream:#7") == ["progress 1/4 of #7", "progress 3/4 of #7"]


def test_a_rule_is_found_where_it_was_broken() -> None:
    feed = fed(whole())
    feed.found(Violation("get.unrelated", "server", "SHOULD", "2025-11-25", "A rule.", "", "seen", 1.48, 2, 0))
    assert wanted("rule:get.", feed) == wanted("kind:violation", feed) == ["progress 2/4 of #7"]
    assert filter_of("rule:x").looks_at_rules
    assert not filter_of("x").looks_at_rules


@pytest.mark.parametrize("text", ['"', "-", "-:", ":", "kind:", 'id:"', "\x1b[31m", "session:\x00", HOSTILE])
def test_no_text_is_an_error(text: str) -> None:
    for recording in (whole(), hostile()):
        assert isinstance(wanted(text, fed(recording)), Iterable)


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("methd:tools", "methd: is no field, so it is looked for as it stands; fields are session: stream: method: "),
        ("kind:brokn", "there is no kind brokn; kinds are asked, request, "),
        ("from:me", "nobody is called me; from: takes client, server, ours"),
    ],
)
def test_a_filter_says_what_may_be_wrong_with_it(text: str, doubt: str) -> None:
    assert [said.startswith(doubt) for said in filter_of(f"progress {text}").doubts] == [True]


@pytest.mark.parametrize(
    "text", ["kind:quest", "kind:violation", "from:cli", "-method:tools", "http://x", "slow", ""]
)
def test_a_filter_that_can_match_something_is_not_doubted(text: str) -> None:
    assert filter_of(text).doubts == []

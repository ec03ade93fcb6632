"""A stranger's text: visible, bounded, escaped; and JSON laid out without repairing it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.report import text
from conformance.report.pretty import pretty

ANYTHING = st.text(st.characters())


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("a\x00b", "a‹NUL›b"),
        ("\x1b[31mred", "‹ESC›[31mred"),
        ("one\r\ntwo\tthree", "one‹CR›\ntwo\tthree"),
        ("\u202egnp.exe", "‹U+202E›gnp.exe"),
        ("\ud800", "‹U+D800›"),
        ("\x7f\x9b", "‹U+007F›‹U+009B›"),
        ("zero\u200bwidth", "zero‹U+200B›width"),
        ("\U000e0041", "‹U+E0041›"),
        ("naïve ✓ 日本 🎉 \ufffd", "naïve ✓ 日本 🎉 \ufffd"),
    ],
)
def test_what_nobody_sees_is_written_out(given: str, shown: str) -> None:
    assert text.visible(given) == shown


@given(ANYTHING)
def test_visible_text_can_always_be_written(value: str) -> None:
    text.visible(value).encode()
    assert text.visible(text.visible(value)) == text.visible(value)


def test_escaping_is_for_the_inside_of_elements() -> None:
    assert text.content("<a href='x'>&\"") == "&lt;a href='x'&gt;&amp;\""


def test_backticks_are_code_if_they_come_in_pairs() -> None:
    assert text.prose("send `<ping>` now") == "send <code>&lt;ping&gt;</code> now"
    assert text.prose("a ` b") == "a ` b"


@pytest.mark.parametrize(
    ("given", "width", "shown"),
    [
        ("short", 5, "short"),
        ("too long", 5, "too …"),
        ("日本語", 5, "日本…"),
        ("a\n b", 5, "a b"),
    ],
)
def test_short_text_fits(given: str, width: int, shown: str) -> None:
    assert text.short(given, width) == shown


def test_a_file_is_never_named_by_a_stranger() -> None:
    assert text.file_name("session.ended-404") == "session.ended-404"
    for name in ("../up", "/etc/passwd", "a/b", ".hidden", "", "a\x00", "x" * 200, "ä", "A"):
        assert text.file_name(name).startswith("x-")
        assert len(text.file_name(name)) == 14
    assert text.file_name("a/b") != text.file_name("a/c")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 ms"), (0.0004, "under 1 ms"), (0.0123, "12 ms"), (0.25, "0.25 s"), (12.4, "12 s")],
)
def test_durations_are_as_exact_as_a_reader_needs(seconds: float, words: str) -> None:
    assert text.duration(seconds) == words


def test_json_is_laid_out() -> None:
    wide = {"jsonrpc": "2.0", "id": 1, "result": {"text": "x" * 60, "more": [1, 2, {"a": None}]}}
    assert pretty(json.dumps(wide)).splitlines() == [
        "{",
        '  "jsonrpc": "2.0",',
        '  "id": 1,',
        '  "result": {',
        f'    "text": "{"x" * 60}",',
        '    "more": [1, 2, {"a": null}]',
        "  }",
        "}",
    ]


@pytest.mark.parametrize(
    "odd",
    [
        '{"a": 1, "a": 1.0e0, "b": tru',
        '{"unfinished": "str',
        "[1,,2}",
        '{"\\',
        '{"a":"' + "x" * 90 + '",}]]]',
        "{" * 400,
    ],
)
def test_what_is_wrong_with_json_stays_wrong(odd: str) -> None:
    assert "".join(pretty(odd).split()) == "".join(odd.split())


def test_other_text_stays_as_it_is() -> None:
    assert pretty("not: {json}\n") == "not: {json}\n"


@given(st.recursive(st.none() | st.integers() | ANYTHING, lambda v: st.lists(v) | st.dictionaries(ANYTHING, v)))
def test_laid_out_json_means_the_same(value: object) -> None:
    assert json.loads(pretty(json.dumps(value))) == value


def test_deep_nesting_is_not_indented_for_ever() -> None:
    assert len(pretty("[" * 5_000)) < 400_000

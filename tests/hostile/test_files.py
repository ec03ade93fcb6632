"""Files that are broken, or mean harm: each is refused in one sentence in which nothing of theirs does anything."""

import gzip
import json
import unicodedata
from pathlib import Path

import pytest

from conformance.__main__ import BAD_INPUT, main
from conformance.driving.profile import BadProfile, read_profile
from conformance.judging.known import BadKnownFailures, read_known_failures
from tests.hostile.words import TEXT

HEAD = {"format": "mcp-http-trace", "version": 1, "suite": "", "target": "", "revision": "2025-11-25", "notes": []}
ASKED = {"number": 0, "client": "c", "method": "POST", "url": "http://x/", "started": 0.0, "request_headers": []}


def trace(*lines: bytes, **head: object) -> bytes:
    """A saved trace with these lines."""
    return b"\n".join([json.dumps(HEAD | head).encode(), *lines, b""])


def exchange(**members: object) -> bytes:
    return json.dumps(ASKED | members).encode()


TRACES = {
    "nothing.jsonl": b"",
    "bytes.jsonl": bytes(range(256)) * 1000,
    "cut.jsonl.gz": gzip.compress(trace(exchange()))[:-9],
    "bomb.jsonl.gz": gzip.compress(b"[" + b"{}," * 10_000_000),
    "blank.jsonl.gz": gzip.compress(b" " * 100_000_000),
    "deep.jsonl": trace(b"[" * 1_000_000),
    "deep-objects.jsonl": trace(b'{"a":' * 100_000),
    "digits.jsonl": trace(exchange().replace(b"0.0", b"9" * 100_000)),
    "not-a-number.jsonl": trace(exchange().replace(b"0.0", b"NaN")),
    "types.jsonl": trace(exchange(status=[])),
    "members.jsonl": trace(exchange(**{TEXT: 1})),
    "place.jsonl": trace(exchange(), revision="../../../pyproject"),
    "revision.jsonl": trace(exchange(), revision=TEXT),
    "notes.jsonl": trace(revision=None, notes=[TEXT]),
}
TABLES = {
    "deep": "a = " + "[" * 20_000,
    "digits": f"[progress]\ntool = 'x'\narguments = {{ n = {'9' * 100_000} }}",
    "bytes": "\0\x01\x1b[2J",
    "names": '["\\u001b[2Jowned"]\ntool = 1',
    "types": '["ping.reply"]\nreason = "r"\nrevisions = [["a"], {}]',
}
PROFILES = TABLES | {
    "dates": "[progress]\ntool = 'x'\narguments = { n = 1979-05-27 }",
    "not-a-number": "[progress]\ntool = 'x'\narguments = { n = nan }",
}


def is_harmless(sentence: str) -> bool:
    """One line, and nothing that a terminal would obey."""
    text = sentence.removesuffix("\n")
    return "\n" not in text and not any(unicodedata.category(c)[0] == "C" for c in text)


@pytest.mark.parametrize("name", TRACES)
def test_a_trace_that_means_harm_is_refused(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / name).write_bytes(TRACES[name])
    assert main(["judge", str(tmp_path / name)]) == BAD_INPUT
    out, err = capsys.readouterr()
    assert out == ""
    assert all(is_harmless(line) for line in err.split("\n"))
    assert name in err


@pytest.mark.parametrize("name", PROFILES)
def test_a_profile_that_means_harm_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / "mcp.toml").write_text(PROFILES[name])
    with pytest.raises(BadProfile) as refused:
        read_profile(tmp_path / "mcp.toml")
    assert is_harmless(str(refused.value))


@pytest.mark.parametrize("name", TABLES)
def test_known_failures_that_mean_harm_are_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / "known.toml").write_text(TABLES[name])
    with pytest.raises(BadKnownFailures) as refused:
        read_known_failures(tmp_path / "known.toml")
    assert is_harmless(str(refused.value))

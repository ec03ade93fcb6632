"""What is taken elsewhere: whole, without secrets, and harmless whatever a stranger's server said."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from conformance.evidence import recording
from conformance.evidence.recording import Asked, Chunk, End, Head, Record, Recording
from inspector.__main__ import main
from inspector.exports import FORMS, exported
from tests.clients.talking import TOKEN
from tests.inspector.traffic import ABOUT, client_life

EVIL = "</script><img src=x onerror=alert(1)>;%%{init}%%\n#end; wrap: \x1b[31m\u202e`$(id)`'\""
JSON_TYPE = (("Content-Type", "application/json"),)
STREAM = (("Content-Type", "text/event-stream"),)


def hostile() -> Recording:
    """Traffic in which every text is an attack."""
    call = {"jsonrpc": "2.0", "id": EVIL, "method": "tools/call", "params": {"name": EVIL}}
    told = {"jsonrpc": "2.0", "method": EVIL, "params": {"x": EVIL}}
    answer = {"jsonrpc": "2.0", "id": EVIL, "error": {"code": 1, "message": EVIL}}
    records: tuple[Record, ...] = (
        Asked(0, 0.0, EVIL, "POST", f"http://x/{EVIL}", (("X-Evil", EVIL),), json.dumps(call).encode()),
        Head(0, 0.1, 200, STREAM),
        Chunk(0, 0.2, f"id: {EVIL.splitlines()[0]}\ndata: {json.dumps(told)}\n\n".encode()),
        Chunk(0, 0.3, f"data: {json.dumps(answer)}\n\n".encode() + b"data: \xff\xfe"),
        End(0, 0.4),
        Asked(7, 1.0, "c", "GET", "http://x/mcp?code=secret-code-1234", (), b""),
        Head(7, 1.1, 404, JSON_TYPE),
        Chunk(7, 1.1, b"\x00\xff"),
        End(7, 1.2),
    )
    return Recording(replace(ABOUT, upstream=f"http://x/{EVIL}"), records)


@pytest.mark.parametrize("form", FORMS)
def test_secrets_are_masked_unless_the_raw_ones_are_asked_for(form: str) -> None:
    whole = client_life("2025-11-25")
    ids = {v for r in whole.records if isinstance(r, Head) for n, v in r.headers if n.lower() == "mcp-session-id"}
    told = exported(whole, form)
    assert TOKEN not in told
    assert not [id for id in ids if id in told]
    if form == "har":
        assert TOKEN in exported(whole, form, raw=True)


def test_har_has_every_exchange_and_the_events_of_streams() -> None:
    whole = client_life("2025-11-25")
    log = json.loads(exported(whole, "har"))["log"]
    asked = [record for record in whole.records if isinstance(record, Asked)]
    assert log["version"] == "1.2"
    assert [entry["request"]["method"] for entry in log["entries"]] == [record.method for record in asked]
    assert log["entries"][0]["startedDateTime"].startswith("2026-01-02T03:04:0")
    streams = [entry for entry in log["entries"] if entry.get("_resourceType") == "eventsource"]
    messages = [message for entry in streams for message in entry["_eventSourceMessages"]]
    assert any('"method":"notifications/progress"' in message["data"].replace(" ", "") for message in messages)
    assert all(set(message) == {"time", "eventName", "eventId", "data"} for message in messages)
    assert all(entry["timings"]["wait"] >= 0 and entry["timings"]["receive"] >= 0 for entry in log["entries"])


LINE = re.compile(
    r"sequenceDiagram|    participant \w+ as [^#;]*(#\d+;[^#;]*)*"
    r"|    \w+(->>|-->>|--x)\w+: [^#;:%\n]*(#\d+;[^#;:%\n]*)*|    Note over \w+: [\w ,.]+"
)


@pytest.mark.parametrize("whole", [hostile(), None], ids=["hostile", "ordinary"])
def test_mermaid_reads_every_line_as_what_it_is(whole: Recording | None) -> None:
    lines = exported(whole or client_life("2025-11-25"), "mermaid").splitlines()
    assert [line for line in lines if not LINE.fullmatch(line)] == []
    names = {line.split()[1] for line in lines if line.startswith("    participant")}
    arrows = [
        re.split(r"->>|-->>|--x", line.strip().partition(":")[0]) for line in lines if ">>" in line or "--x" in line
    ]
    assert {name for pair in arrows for name in pair} <= names


class Page(HTMLParser):
    """The elements and attributes of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs


@pytest.mark.parametrize("whole", [hostile(), None], ids=["hostile", "ordinary"])
def test_a_page_stands_alone_and_runs_nothing(whole: Recording | None) -> None:
    page = Page(text := exported(whole or client_life("2025-11-25"), "html"))
    assert not page.tags & {"script", "img", "iframe", "link", "object"}
    assert not [name for name, _ in page.attributes if name.startswith("on") or name == "src"]
    hrefs = {value for name, value in page.attributes if name == "href" and value}
    assert all(href.startswith(("#", "https://modelcontextprotocol.io/")) for href in hrefs)
    assert {"\x1b", "\u202e"}.isdisjoint(text)
    assert "<svg" in text


def test_curl_of_one_exchange_begins_where_its_session_did() -> None:
    whole = client_life("2025-11-25")
    wanted = next(r.number for r in whole.records if isinstance(r, Asked) and b'"tools/call"' in r.body)
    told = exported(whole, "curl", wanted)
    assert told.startswith("MCP_SESSION=$(curl")
    assert "tools/call" in told


def test_an_exchange_is_found_by_the_number_of_the_recording() -> None:
    assert "404" in exported(hostile(), "mermaid", 7)
    assert "404" not in exported(hostile(), "mermaid", 0)
    with pytest.raises(ValueError, match="there is no exchange 1 in this recording"):
        exported(hostile(), "har", 1)


def test_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, out = tmp_path / "r.jsonl", tmp_path / "r.har"
    whole = client_life("2026-07-28")
    file.write_bytes(recording.about_line(ABOUT) + b"".join(map(recording.record_line, whole.records)))
    assert main(["export", str(file), "--as", "har", "-o", str(out)]) == 0
    assert json.loads(out.read_text())["log"]["entries"]
    assert main(["export", str(file), "--as", "curl", "--exchange", "99999"]) == 2
    assert "there is no exchange 99999" in capsys.readouterr().err
    assert main(["export", str(tmp_path / "none"), "--as", "curl"]) == 2

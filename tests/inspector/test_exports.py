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
MODERN = (*JSON_TYPE, ("MCP-Protocol-Version", "2026-07-28"))
META = {"io.modelcontextprotocol/protocolVersion": "2026-07-28"}
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


FIELDS = {
    "log": {"version", "creator", "entries", "comment"},
    "entry": {"startedDateTime", "time", "request", "response", "cache", "timings", "comment"},
    "request": {
        *("method", "url", "httpVersion", "cookies", "headers", "queryString", "headersSize", "bodySize", "postData"),
    },
    "response": {
        *("status", "statusText", "httpVersion", "cookies", "headers", "content", "redirectURL", "headersSize"),
        "bodySize",
    },
}  # of HAR 1.2; what begins with _ is allowed anywhere


@pytest.mark.parametrize("whole", [hostile(), None], ids=["hostile", "ordinary"])
def test_har_has_the_fields_of_its_specification_and_no_others(whole: Recording | None) -> None:
    text = exported(whole or client_life("2025-11-25"), "har")
    log = json.loads(text)["log"]
    assert set(log) == FIELDS["log"]
    for entry in log["entries"]:
        assert {name for name in entry if not name.startswith("_")} == FIELDS["entry"]
        assert set(entry["request"]) | {"postData"} == FIELDS["request"]
        assert set(entry["response"]) == FIELDS["response"]
        assert re.fullmatch(r"[!-~]+", entry["request"]["url"])
    text.encode("utf-8")


def test_har_tells_cookies_apart() -> None:
    asked = Asked(0, 0.0, "c", "GET", "http://x/mcp", (("Cookie", "a=1; b=2=3; c"),), b"")
    told = Head(0, 0.1, 200, (("Set-Cookie", "d=4; Path=/; HttpOnly"), ("set-cookie", "e=")))
    (entry,) = json.loads(exported(Recording(ABOUT, (asked, told)), "har", raw=True))["log"]["entries"]
    assert entry["request"]["cookies"] == [{"name": "a", "value": "1"}, {"name": "b", "value": "2=3"}]
    assert entry["response"]["cookies"] == [{"name": "d", "value": "4"}, {"name": "e", "value": ""}]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("at", [-1e300, 1e300])
def test_times_and_addresses_that_cannot_be_do_no_harm(form: str, at: float) -> None:
    records = (Asked(0, at, "c", "POST", "http://[x", JSON_TYPE, b"{}"), Head(0, 1e17, 200, STREAM), End(0, -5.0))
    assert exported(Recording(ABOUT, records), form)


TEXT = r"[^#;:%<>\n]*(#\d+;[^#;:%<>\n]*)*"
LINE = re.compile(
    rf"sequenceDiagram|    participant \w+ as {TEXT}|    box rgba\([\d,.]+\)|    rect rgba\([\d,.]+\)|    end"
    rf"|    \w+(->>|-->>|--x)\w+: {TEXT}|    (de)?activate \w+|    Note over \w+,s: [\w ,.]+"
    rf"|    Note right of s: {TEXT}(<br/>{TEXT})*"
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
    bars = [line.split() for line in lines if "activate" in line]
    for name in names:
        turns = [word for word, alias in bars if alias == name]
        assert turns == ["activate", "deactivate"] * (len(turns) // 2)


def wrong(calls: int) -> Recording:
    """A client that asks often, in front of a server that answers a notification with 200 now and then."""
    records: list[Record] = []
    for number in range(calls):
        told = {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 1}}
        call = {"jsonrpc": "2.0", "id": number, "method": "tools/list"}
        body = told if number in (300, 301, 400, 500) else call
        records.append(Asked(number, number, "c", "POST", "http://x/mcp", JSON_TYPE, json.dumps(body).encode()))
        records += [Head(number, number + 0.1, 200, STREAM), End(number, number + 0.2)]
    return Recording(ABOUT, tuple(records))


def test_of_a_long_recording_the_diagram_shows_how_it_began_and_what_led_to_a_breach() -> None:
    told = exported(wrong(900), "mermaid")
    lines = told.splitlines()
    arrows = [line for line in lines if ">>" in line]
    assert 30 < len(arrows) < 100
    assert "id 0" in arrows[0]
    assert sum("notifications/cancelled" in line for line in arrows) >= 2
    assert sum(line.startswith("    Note right of s: ✗ post.202 (MUST)") for line in lines) == 2
    assert any("more lines left out" in line for line in lines)
    assert len(told) < 50_000


def test_lifelines_are_named_by_what_their_streams_are_for() -> None:
    records: list[Record] = []
    for number, method in enumerate(("subscriptions/listen", "tools/call", "tools/call")):
        call = {"jsonrpc": "2.0", "id": number, "method": method, "params": {"_meta": META}}
        records.append(Asked(number, number, "c", "POST", "http://x/mcp", MODERN, json.dumps(call).encode()))
        records.append(Head(number, number, 200, STREAM))
    lines = exported(Recording(ABOUT, tuple(records)), "mermaid").splitlines()
    names = [line.partition(" as ")[2] for line in lines if "participant" in line]
    assert names == ["c", "subscription", "stream 1", "stream 2", "server"]


def test_a_diagram_that_grows_too_large_is_cut_where_its_bars_can_end() -> None:
    records: list[Record] = []
    for number in range(80):
        call = {"jsonrpc": "2.0", "id": f"{number}{';' * 40}", "method": ";" * 90}
        records.append(Asked(number, number, ";" * 60, "POST", "http://x/mcp", JSON_TYPE, json.dumps(call).encode()))
        records.append(Head(number, number, 200, STREAM))
    told = exported(Recording(ABOUT, tuple(records)), "mermaid")
    assert 15_000 < len(told) < 50_000
    bars = [line.split() for line in told.splitlines() if "activate" in line]
    assert {bars.count(["activate", alias]) - bars.count(["deactivate", alias]) for _, alias in bars} == {0}


def test_a_diagram_has_few_participants_however_many_there_are() -> None:
    records: list[Record] = []
    for number in range(40):
        records.append(Asked(number, number, f"client {number}", "GET", "http://x/mcp", (), b""))
        records.append(Head(number, number, 200, STREAM))
    lines = exported(Recording(ABOUT, tuple(records)), "mermaid").splitlines()
    participants = [line.partition(" as ")[2] for line in lines if "participant" in line]
    assert participants == [
        *("client 0", "client 1", "client 2", "37 other clients"),
        *(f"GET stream {number}" for number in range(1, 7)),
        "server",
    ]


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


def test_a_page_of_many_sessions_shows_those_that_broke_a_rule_and_says_what_it_leaves_out() -> None:
    calls = wrong(900).records
    records = tuple(
        replace(r, headers=(*r.headers, ("Mcp-Session-Id", f"session-{r.number // 9}")))
        if isinstance(r, Asked)
        else r
        for r in calls
    )
    text = exported(Recording(ABOUT, records), "html")
    assert text.count("<section>") < 65
    assert "Not shown: 4" in text
    assert text.count("notifications/cancelled") >= 4


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

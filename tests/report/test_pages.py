"""The whole report: complete, closed in itself, harmless, small, and the same every time."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import pytest
from jsonschema import Draft202012Validator

from conformance.report import write_report
from conformance.report.copying import copying
from conformance.run import RevisionRun, Run
from tests.report import pages, runs
from tests.tape import Tape

SCHEMA = Path(__file__).parents[2] / "schemas" / "report.schema.json"
HTML = {
    "html", "head", "meta", "title", "link", "body", "header", "footer", "main", "nav", "section", "article", "h1",
    "h2", "h3", "p", "a", "b", "strong", "small", "span", "div", "bdi", "code", "pre", "details", "summary", "ol",
    "ul", "li", "dl", "dt", "dd", "table", "thead", "tbody", "tr", "th", "td", "label", "input", "wbr",
    "script", "button",
}  # fmt: skip
SVG = {"svg", "symbol", "use", "desc", "path", "rect", "circle", "text", "g"}
ATTRIBUTES = {
    "lang", "charset", "name", "content", "http-equiv", "rel", "href", "class", "id", "title", "aria-label",
    "colspan", "aria-hidden", "scope", "tabindex", "role", "viewbox", "width", "height", "d", "x", "y", "cx", "cy",
    "r", "stroke-dasharray", "type", "checked", "autocomplete", "hidden",
}  # fmt: skip
HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    (folder / "traces").mkdir()
    (folder / "traces" / "2025-11-25.jsonl.gz").write_text("{}\n")
    return write_report(runs.everything(), folder, faults={"session.ended-404": "EndedSessionsLiveOn"}).parent


def text_of(path: Path) -> str:
    return " ".join(pages.Page(path).text.split())


def test_there_is_a_page_for_every_requirement_and_story(whole: Path) -> None:
    run = runs.everything()
    for revision in run.revisions:
        for judgement in revision.judgements:
            assert (whole / "r" / revision.revision / f"{judgement.key}.html").is_file()
        for telling in revision.tellings:
            assert (whole / "s" / revision.revision / f"{telling.story}.html").is_file()


@pytest.mark.parametrize("make", [runs.everything, runs.hostile, lambda: runs.crowd(3, 40)])
def test_every_link_leads_somewhere(make: Callable[[], Run], tmp_path: Path) -> None:
    write_report(make(), tmp_path)
    read = pages.read(tmp_path)
    for path, page in read.items():
        assert len(page.ids) == len(set(page.ids)), path
        for link in page.links:
            if link.startswith("https://modelcontextprotocol.io/specification/"):
                continue
            name, _, anchor = link.partition("#")
            target = (path.parent / unquote(name)).resolve() if name else path
            assert target.is_file(), f"{path}: {link}"
            assert not anchor or anchor in read[target].ids, f"{path}: {link}"


def test_nothing_is_loaded_from_elsewhere(whole: Path) -> None:
    for path, page in pages.read(whole).items():
        assert not page.elements & {"img", "iframe", "object", "embed", "base", "form"}, path
        assert re.findall(r'<link rel="stylesheet" href="((?:\.\./\.\./)?style\.css)">', page.source), path
    style = (whole / "style.css").read_text(encoding="utf-8")
    assert "url(" not in style
    assert "@import" not in style


def test_the_only_script_copies_commands_and_is_allowed_by_its_hash(whole: Path) -> None:
    ours = f"<script>{copying().script}</script>"
    for path, page in pages.read(whole).items():
        assert f"script-src {copying().allowed};" in page.source, path
        assert page.source.count("<script") == page.source.count(ours) == ('class="copy"' in page.source), path


def test_every_class_has_a_style(whole: Path) -> None:
    """A class without a style is a typing error, or dead."""
    style = (whole / "style.css").read_text(encoding="utf-8")
    structural = {"t", "answers", "sprite", "shell", "code", "findings", "s0", "rest", "good", "no", "note"}
    used = {name for page in pages.read(whole).values() for name in page.classes}
    assert {name for name in used if f".{name}" not in style} <= structural


def test_the_first_page_answers_at_once(whole: Path) -> None:
    text = text_of(whole / "index.html")
    assert "Does not conform to 2025-11-25: 1 requirement broken, 1 kept, 2 could not be seen." in text
    assert "Conforms to 2025-06-18 as far as could be seen: 1 requirement kept, none broken." in text
    assert "The server does not speak 2025-03-26." in text
    assert (
        text.index("Conforms to")
        < text.index("after DELETE, GET was answered with 200")
        < text.index("no tool is slow")
    )
    assert "1 March 2026, 09:05 UTC, took 1.50 s" in text
    assert "traces/2025-11-25.jsonl.gz" in text


def test_a_broken_requirement_shows_rule_evidence_and_proof(whole: Path) -> None:
    text = text_of(whole / "r" / "2025-11-25" / "session.ended-404.html")
    for words in (
        "Once a session has ended, requests with its id get 404.",
        "FAIL session.ended-404 MUST",
        "after DELETE, GET was answered with 200 exchange 13",
        "still open when the recording ended",
        '@check("session.ended-404")',
        "python -m reference_server --fault EndedSessionsLiveOn",
    ):
        assert words in text


def test_what_is_said_often_is_told_once(whole: Path) -> None:
    text = text_of(whole / "r" / "2025-11-25" / "stream.has-response.html")
    assert text.count("no response came") < 8  # in the list, and at the arrows in the picture
    assert "(40 times)" in text
    assert "On 1 other occasion it was as the rule asks." in text


def test_a_broken_requirement_can_be_seen_again_in_a_new_session(whole: Path) -> None:
    text = text_of(whole / "r" / "2025-11-25" / "stream.has-response.html")
    first, second, third = (
        text.index(f'"{method}"') for method in ("initialize", "notifications/initialized", "tools/call")
    )
    assert text.index("MCP_SESSION=$(curl --silent") < first < second < third
    assert '--header "Mcp-Session-Id: $MCP_SESSION"' in text


def test_what_is_broken_is_drawn_in_its_session(tmp_path: Path) -> None:
    tape = Tape()
    tape.initialize(session_id="session-1")
    tape.exchange("DELETE", status=200)
    number = tape.exchange("GET", events=[])
    broken = runs.judged("session.ended-404", runs.seen("bad", "GET was answered with 200", number))
    kept = runs.judged("ping.reply", runs.seen("ok", "answered", number))
    revision = RevisionRun(runs.REVISION, tape.trace, (runs.telling(),), (broken, kept))
    write_report(runs.run_of(revision), tmp_path)
    folder = tmp_path / "r" / runs.REVISION
    assert re.findall(r'class="no" x="34" y="\d+">(\d+)<', pages.Page(folder / "session.ended-404.html").source) == [
        "0",
        "1",
        "2",
    ]
    assert re.findall(r'class="no" x="34" y="\d+">(\d+)<', pages.Page(folder / "ping.reply.html").source) == ["2"]


def test_each_verdict_has_its_own_words(whole: Path) -> None:
    folder = whole / "r" / "2025-11-25"
    assert "no event has an id" in text_of(folder / "event.id-unique.html")
    assert "GET was answered with 405" in text_of(folder / "get.unrelated.html")
    assert "The suite failed here, not the server: Traceback ZeroDivisionError" in text_of(
        folder / "jsonrpc.id-type.html"
    )
    assert "unchecked" in text_of(folder / "rs.prm.html")


def test_a_story_that_could_not_be_told_says_why(whole: Path) -> None:
    assert "could not be told, took 0.75 s traces/2025-11-25.jsonl.gz no tool is slow" in text_of(
        whole / "s" / "2025-11-25" / "cancel.html"
    )
    assert "ERROR, took 0.75 s traces/2025-11-25.jsonl.gz The suite failed here" in text_of(
        whole / "s" / "2025-11-25" / "crash.html"
    )


@pytest.mark.parametrize(
    "evil", [runs.EVIL, "</title></style></svg><script>", "' onmouseover='x", "{{ 7 * 7 }}{% x %}"]
)
def test_a_hostile_server_leaves_no_trace_in_the_markup(evil: str, tmp_path: Path) -> None:
    write_report(runs.hostile(evil), tmp_path)
    for path, page in pages.read(tmp_path).items():
        assert page.elements <= HTML | SVG, path
        assert page.attributes <= ATTRIBUTES, path
        assert not HIDDEN.search(page.source), path
        assert all(re.match(r"https://modelcontextprotocol\.io/|[\w./-]*(#|$)", link) for link in page.links), path


def test_a_hostile_server_names_no_file(tmp_path: Path) -> None:
    for evil in (runs.EVIL, "../../etc/passwd", "x" * 300, "CON", ""):
        write_report(runs.hostile(evil), tmp_path)
    names = {path.name for path in tmp_path.rglob("*")}
    assert all(re.fullmatch(r"[a-zA-Z0-9._-]{1,100}", name) for name in names)
    assert {path.name for path in tmp_path.iterdir()} == {"index.html", "report.json", "style.css", "r", "s"}


def test_megabytes_are_cut(tmp_path: Path) -> None:
    write_report(runs.hostile("<" * 1_000_000), tmp_path)
    assert max(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file()) < 300_000
    assert "cut here" in text_of(tmp_path / "r" / runs.REVISION / "session.ended-404.html")


@pytest.mark.parametrize("make", [runs.everything, runs.hostile])
def test_the_data_keep_their_schema(make: Callable[[], Run], tmp_path: Path) -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    write_report(make(), tmp_path)
    data = json.loads((tmp_path / "report.json").read_bytes())
    Draft202012Validator(schema).validate(data)
    json.dumps(data, ensure_ascii=False).encode()  # no half surrogate pairs, which strict readers refuse


def test_the_schema_refuses_what_it_must(tmp_path: Path) -> None:
    schema = Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    write_report(runs.everything(), tmp_path)
    data = json.loads((tmp_path / "report.json").read_bytes())
    data["revisions"][0]["requirements"][0]["verdict"] = "green"
    assert not schema.is_valid(data)


def test_the_same_run_gives_the_same_report(tmp_path: Path) -> None:
    def written(folder: Path) -> dict[str, bytes]:
        write_report(runs.everything(), folder)
        return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}

    assert written(tmp_path / "one") == written(tmp_path / "two")


def test_what_else_is_in_the_folder_stays(tmp_path: Path) -> None:
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / "notes.txt").write_text("mine")
    write_report(runs.everything(), tmp_path)
    assert (tmp_path / "r" / "notes.txt").read_text() == "mine"


def test_a_full_run_is_small(tmp_path: Path) -> None:
    write_report(runs.crowd(), tmp_path)
    assert sum(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file()) < 4_000_000


def test_nothing_judged_is_a_report_too(tmp_path: Path) -> None:
    empty: Run = runs.run_of(server="", target="http://127.0.0.1/mcp")
    text = text_of(write_report(empty, tmp_path))
    assert "Nothing: no requirement was seen broken." in text

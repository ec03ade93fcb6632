"""Who may know whom. Judges never drive, drivers never judge, and the judged knows nothing of the judge."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FACTS = {"trace"}
JUDGING = FACTS | {"era", "oauth", "views", "check", "shapes"}
DRIVING = FACTS | {
    *("era", "oauth", "unmet", "views", "jsonrpc", "recorder", "profile", "scenario", "replies", "connection"),
    *("patience", "speaker", "modern", "client", "http_sse"),
}

MAY_IMPORT: dict[str, set[str]] = {
    "__init__": set(),
    "trace": set(),
    "era": FACTS,
    "oauth": FACTS,
    "sse": FACTS,
    "jsonrpc": FACTS,
    "recorder": FACTS | {"sse", "jsonrpc"},
    "lines": FACTS,
    "archive": FACTS | {"lines", "recorder"},
    "recording": FACTS | {"lines", "recorder"},
    "evidence": FACTS | {"lines", "recorder", "archive", "recording"},
    "secret": FACTS,
    "masking": FACTS | {"sse", "jsonrpc", "recorder", "archive", "secret"},
    "belonging": FACTS | {"era"},
    "views": FACTS | {"era", "belonging"},
    "check": FACTS | {"era", "views"},
    "shapes": FACTS | {"era", "jsonrpc", "views"},
    "ledger": FACTS | {"check"},
    "checks": JUDGING | {"jsonrpc"},
    "needs": JUDGING,
    "causes": FACTS | {"era", "views", "check"},
    "breakdown": FACTS,
    "judge": JUDGING | {"breakdown", "causes", "checks", "ledger", "needs"},
    "profile": FACTS | {"era"},
    "unmet": set(),
    "scenario": {"check", "era", "unmet", "client", "scenarios"},
    "replies": FACTS,
    "unpacking": set(),
    "patience": set(),
    "connection": FACTS | {"patience", "recorder", "profile", "unmet", "unpacking"},
    "verbatim": set(),
    "speaker": FACTS | {"unmet", "jsonrpc", "verbatim", "profile", "connection"},
    "modern": FACTS | {"era", "unmet", "replies", "profile", "connection", "speaker"},
    "client": DRIVING - {"http_sse"},
    "http_sse": DRIVING,
    "scenarios": DRIVING,
    "target": FACTS | {"profile", "secret"},
    "tokens": {"target"},
    "diagnosis": FACTS,
    "looks": DRIVING | {"target", "diagnosis"},
    "redirects": FACTS,
    "preflight": FACTS | {"connection", "diagnosis", "era", "looks", "redirects", "target"},
    "known": {"ledger"},
    "coverage": {"check", "judge", "ledger", "suite"},
    "starter": FACTS | {"profile"},
    "propose": {"suite"},
    "bundled": {"target"},
    "interop": FACTS,
    "proxies": FACTS,
    "telling": DRIVING | {"target"},
    "ours": FACTS | {"views", "shapes"},
}
FREE = {"run", "report", "suite", "plugin", "plugin_html", "__main__"}  # they bring both sides together


def imported(path: Path) -> set[str]:
    """The dotted names of all that a file imports, wherever in it the import stands."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def known_rooms() -> set[str]:
    return {p.stem for p in (ROOT / "conformance").iterdir() if p.suffix == ".py" or (p / "__init__.py").exists()}


@pytest.mark.parametrize("room", sorted(known_rooms()))
def test_a_module_knows_only_whom_it_may(room: str) -> None:
    if room in FREE:
        return
    path = ROOT / "conformance" / room
    for file in path.rglob("*.py") if path.is_dir() else [path.with_suffix(".py")]:
        for name in imported(file):
            package, *rest = name.split(".")
            if package == "conformance" and rest and rest[0] in known_rooms():
                assert rest[0] in MAY_IMPORT[room] | {room}, f"{file.name} imports {name}"


def test_the_reference_server_knows_nothing_of_the_judge() -> None:
    for file in (ROOT / "reference_server").rglob("*.py"):
        assert not any(name.split(".")[0] in ("conformance", "inspector") for name in imported(file)), file


def test_only_the_proxy_knows_mitmproxy_and_it_knows_no_rules() -> None:
    """What passes becomes records in a process of its own; who judges and shows them reads nothing else."""
    proxy = {"addon", "mitm", "proxy"}
    tapping = {"commands", "decoding", "faults", "masks", "mcp_like", "outbox", "peers", "setup", "tap", "viewer"}
    tapping |= proxy
    facts = {"recording", "lines", "trace", "sse", "masking", "secret"}
    for file in (ROOT / "inspector").glob("*.py"):
        names = imported(file)
        assert file.stem in proxy or not any(name.split(".")[0] == "mitmproxy" for name in names), file
        if file.stem in tapping:
            rooms = [name.split(".")[:2] for name in names if "." in name]
            assert {room for package, room in rooms if package == "conformance"} <= facts, file
            assert {room for package, room in rooms if package == "inspector"} <= tapping, file


def test_only_the_screens_know_textual_and_they_know_neither_proxy_nor_judge() -> None:
    """What is drawn is the live model, whoever fills it; nothing below the screens depends on how it is drawn."""
    drawing = {"app", "themes", "screens", "widgets"}
    model = {"feed", "rows", "model", "rates", "source", "commands", "filters", "hung", "rulebook", "ways", "glyphs"}
    for file in (ROOT / "inspector").rglob("*.py"):
        room = file.relative_to(ROOT / "inspector").parts[0].removesuffix(".py")
        names = imported(file)
        draws = {name.split(".")[0] for name in names} & {"textual", "rich"}
        assert room in drawing or not draws or (room, draws) == ("show", {"textual"}), file
        if room in ("screens", "widgets"):
            rooms = [name.split(".")[1] for name in names if name.startswith("inspector.")]
            assert set(rooms) <= model | drawing - {"app"}, file


def test_what_has_no_screen_knows_none() -> None:
    """The live model, its judge and the exports run where neither Textual nor mitmproxy is installed."""
    without = {"feed", "model", "rows", "streams", "sessions", "linking", "rates", "live", "window", "judging"}
    without |= {"pace", "masks", "opening", "watch", "printing", "rulebook"}
    files = [ROOT / "inspector" / f"{name}.py" for name in without]
    for file in [*files, *(ROOT / "inspector" / "exports").glob("*.py")]:
        names = imported(file)
        assert not {name.split(".")[0] for name in names} & {"textual", "mitmproxy", "rich"}, file
        assert not [name for name in names if name.startswith(("inspector.screens", "inspector.widgets"))], file


def test_nobody_who_judges_knows_the_inspector() -> None:
    for file in (ROOT / "conformance").rglob("*.py"):
        assert not any(name.split(".")[0] == "inspector" for name in imported(file)), file


def test_only_the_plugins_know_pytest() -> None:
    for file in (ROOT / "conformance").rglob("*.py"):
        knows = any(name.split(".")[0] in ("pytest", "_pytest") for name in imported(file))
        assert knows == (file.name in ("plugin.py", "plugin_html.py")), file


def test_checks_never_look_at_the_clock_or_the_network() -> None:
    forbidden = {"time", "datetime", "asyncio", "anyio", "socket", "httpx", "random"}
    for file in (ROOT / "conformance" / "checks").rglob("*.py"):
        assert not {name.split(".")[0] for name in imported(file)} & forbidden, file


def test_nothing_builds_on_private_parts_of_pytest() -> None:
    for folder in ("conformance", "tests"):
        for file in (ROOT / folder).rglob("*.py"):
            assert not any(name.startswith("_pytest") for name in imported(file)), file

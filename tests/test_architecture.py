"""Who may know whom. Judges never drive, drivers never judge, and the judged knows nothing of the judge."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FACTS = {f"evidence.{name}" for name in ("trace", "views", "era", "oauth", "jsonrpc")}
RECORDS = {f"evidence.{name}" for name in ("trace", "lines", "recorder", "archive", "recording")}

# A room is a module or a folder of `conformance`; who is not named goes by its folder. Each may know itself.
MAY_IMPORT: dict[str, set[str]] = {
    "__init__": set(),
    "evidence": {"evidence.trace"},
    "evidence.trace": set(),
    "evidence.recorder": {"evidence.trace", "evidence.sse", "evidence.jsonrpc"},
    "evidence.archive": RECORDS,
    "evidence.recording": RECORDS,
    "evidence.files": RECORDS,
    "evidence.masking": RECORDS | {"evidence.sse", "evidence.jsonrpc", "evidence.secret"},
    "evidence.belonging": {"evidence.trace", "evidence.era"},
    "evidence.views": {"evidence.trace", "evidence.era", "evidence.belonging"},
    "judging": FACTS | {"judging"},
    "judging.judge": FACTS | {"judging", "checks"},
    "checks": FACTS | {"judging.check", "judging.shapes"},
    "driving": FACTS | {"driving", "evidence.recorder", "evidence.secret", "evidence.unpacking"},
    "driving.scenario": FACTS | {"driving", "judging.check"},  # both are declared in the same way
    "scenarios": FACTS | {"driving"},
    "preflight": FACTS | {"preflight", "driving", "evidence.recorder"},
    "bundled": {"driving.target"},
    "console": set(),
    "propose": {"suite"},
    "coverage": {"judging", "checks", "suite"},
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


def rooms_of(package: str) -> dict[str, Path]:
    """All modules of a package by their names within it; a folder is its `__init__.py`."""
    home = ROOT / package
    names = {file: ".".join(file.relative_to(home).with_suffix("").parts) for file in home.rglob("*.py")}
    return {name.removesuffix(".__init__"): file for file, name in names.items()}


ROOMS = rooms_of("conformance")
INSPECTING = rooms_of("inspector")


def known_to(file: Path, package: str, rooms: dict[str, Path]) -> set[str]:
    """The rooms of a package that a file imports, or imports from; not itself."""
    names = {name.removeprefix(f"{package}.") for name in imported(file) if name.startswith(f"{package}.")}
    found = {name if name in rooms else name.rpartition(".")[0] for name in names} & set(rooms)
    return {room for room in found if rooms[room] != file}


def allowed(room: str) -> set[str]:
    """What the table says of a room, or else of its folder."""
    while room not in MAY_IMPORT:
        room = room.rpartition(".")[0]
    return MAY_IMPORT[room] | {room}


@pytest.mark.parametrize("room", sorted(room for room in ROOMS if room.partition(".")[0] not in FREE))
def test_a_module_knows_only_whom_it_may(room: str) -> None:
    for other in known_to(ROOMS[room], "conformance", ROOMS):
        assert {other, other.partition(".")[0]} & allowed(room), f"{room} imports {other}"


@pytest.mark.parametrize("package", ["conformance", "inspector"])
def test_no_two_modules_need_each_other(package: str) -> None:
    rooms = rooms_of(package)
    needs = {room: known_to(file, package, rooms) for room, file in rooms.items()}
    assert set(TopologicalSorter(needs).static_order()) == set(rooms)


def test_the_reference_server_knows_nothing_of_the_judge() -> None:
    for file in (ROOT / "reference_server").rglob("*.py"):
        assert not any(name.split(".")[0] in ("conformance", "inspector") for name in imported(file)), file


def test_only_the_proxy_knows_mitmproxy_and_it_knows_no_rules() -> None:
    """What passes becomes records in a process of its own; who judges and shows them reads nothing else."""
    facts = {f"evidence.{name}" for name in ("recording", "lines", "trace", "sse", "masking", "secret")}
    for room, file in INSPECTING.items():
        passes = room == "addon" or room.partition(".")[0] == "proxy"
        assert passes or not any(name.split(".")[0] == "mitmproxy" for name in imported(file)), file
        if passes:
            assert known_to(file, "conformance", ROOMS) <= facts, file
            own = known_to(file, "inspector", INSPECTING)
            assert {other for other in own if other.partition(".")[0] != "proxy"} <= {"addon"}, file


def test_only_the_screens_know_textual_and_they_know_neither_proxy_nor_judge() -> None:
    """What is drawn is the live model, whoever fills it; nothing below the screens depends on how it is drawn."""
    drawing = {"app", "themes", "screens", "widgets"}
    deciding = {"model", "source", "proxy.commands", "proxy.delay", "filters", "hung", "rulebook", "ways", "glyphs"}
    for room, file in INSPECTING.items():
        folder, names = room.partition(".")[0], imported(file)
        draws = {name.split(".")[0] for name in names} & {"textual", "rich"}
        assert folder in drawing or not draws or (room, draws) == ("show", {"textual"}), file
        if folder in ("screens", "widgets"):
            known = deciding | drawing - {"app"}
            own = known_to(file, "inspector", INSPECTING)
            assert {other for other in own if not {other, other.partition(".")[0]} & known} == set(), file


def test_what_has_no_screen_knows_none() -> None:
    """The live model, its judge and the exports run where neither Textual nor mitmproxy is installed."""
    without = {"model", "judging", "keeping", "child", "exports", "opening", "watch", "printing", "rulebook"}
    for room, file in INSPECTING.items():
        if room.partition(".")[0] in without or room == "proxy.masks":
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

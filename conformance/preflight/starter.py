"""A profile file to start from, written from a target's own list of tools.

Switched on is only what a run would call anyway: known fixtures, and one tool that is annotated read-only and needs
no arguments. Everything else is a guess, and stands there switched off, for the owner to decide. Names and
descriptions are a stranger's: they are bounded, kept on one line and escaped.
"""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from conformance.driving.profile import MAY_BE_TASKS, ROLES, Fixture, Profile, task_support, wants_headers
from conformance.evidence.trace import JSON

_HEAD = """\
# Which tool of this server does what, for `pytest --target URL --mcp-profile FILE`.
# {server}: {listed}.
#
# Switched on are tools that a run calls in any case. The other tables are guesses, and switched off: a tool that you
# switch on is called, several times over. To do so take away the # that stands directly before [, tool or arguments.
"""
_TOOLS = 1_000  # that are looked at
_NAME = 200  # characters of a tool's name; a longer one is passed over, for a part of it names nothing
_SHOWN = 100  # characters of a description, and of a name in a comment
_GUESSES = 3  # candidates for a role
_ARGUMENTS = 10  # that are filled in
_TEXT = "example"  # where a text is needed, and nothing is known about it
_WORDS = {  # what the name or the description of a tool for this role may say
    "echo": "echo|repeat",
    "progress": "progress|import|batch|long",
    "log": "log(s|ging)?\\b",
    "fail": "error|fail|throw",
    "image": "image|picture|screenshot",
    "audio": "audio|sound|speech",
    "embedded": "embed|read.*(file|resource)",
    "mixed": "mixed|several kinds",
    "structured": "structured|json",
    "header": "header",
    "slow": "slow|long|sleep|wait|delay",
    "work": "steps?\\b|until.*cancel",
    "work-done": "(steps?|work) .*(done|taken)|how (far|many steps)",
    "polling": "reconnect|poll",
    "close-get": "close",
    "sample": "sampl|llm|summar",
    "elicit": "elicit|confirm|ask",
    "roots": "roots?\\b",
    "ping": "ping",
    "unanswered": "unanswered",
    "elicit-defaults": "(elicit|form|ask)\\w* .*default",
    "elicit-enums": "(elicit|form|ask)\\w* .*(enum|choice|option|select)",
    "elicit-url": "(elicit|open|visit)\\w* .*(url|address|link|browser)|sign in",
    "require-url": "(requir|need)\\w* .*(url|address|link|browser|sign in)|url .*required",
    "sample-tools": "(sampl|llm|model)\\w* .*tools?\\b|agent",
    "need": "(need|requir)\\w* .*sampl|missing capabilit",
    "extension": "extension",
    "input-form": "elicit|confirm|ask",
    "input-model": "sampl|llm|summar",
    "input-roots": "roots?\\b",
    "input-url": "(elicit|open|visit)\\w* .*(url|address|link|browser)|sign in",
    "input-several": "(several|multiple|many) (input|question)",
    "input-rounds": "multi round|rounds|wizard",
    "input-stream": "stream\\w* .*(elicit|confirm|ask|input)",
    "input-state": "request state|remember",
    "input-guarded": "tamper|guard|seal|signed",
    "input-capable": "capabilit",
    "task-fails": "error|fail|throw",
    "task-breaks": "error|break|crash",
    "task-asks": "elicit|confirm|ask|sampl",
    "deferred": "comput|job",
    "deferred-long": "comput|job",
    "deferred-fails": "fail",
    "deferred-breaks": "protocol error|break",
    "deferred-asks": "confirm|ask",
    "deferred-asks-twice": "multi input|(two|several) (input|question)",
    "deferred-asks-first": "asks? .*first",
    "change-tools": "tools? chang|(add|register|toggle) tool",
    "change-prompts": "prompts? chang|(add|register|toggle) prompt",
    "change-resources": "resources? chang|(add|register|toggle) resource",
    "end-subscriptions": "end.*subscription",
    "update-resource": "(updates?|touch) resource",
}
_TOLD = ("header", "structured", "task", "task-required", "task-forbidden")  # by the listing, so without a word
_BREAK = re.compile(r"[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])")  # between words of a name: add_tool, addTool
_BARE = re.compile(r"[A-Za-z0-9_-]+")  # a key that needs no quotes


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool as its server lists it, as far as that can be believed and written down."""

    name: str
    description: str
    read_only: bool
    destructive: bool
    required: dict[str, JSON]
    optional: tuple[str, ...]
    tasks: JSON
    marked: bool
    structured: bool

    @property
    def harmless(self) -> bool:
        return self.read_only and not self.required

    def __str__(self) -> str:
        needs = f", needs {_listed([*self.required])}" if self.required else ""
        takes = f", may be given {_listed(self.optional)}" if self.optional else ""
        about = f": {plain(self.description)}" if self.description.strip() else ""
        mark = "read-only" if self.read_only else "not marked read-only"
        return f"{plain(self.name)} ({mark}{needs}{takes}){about}"


def starter(server: str, tools: Iterable[JSON]) -> str:
    """The file: a table for each role, switched on or off. `tools` are those of the answer to tools/list."""
    listed = [tool for tool in tools if isinstance(tool, dict) and _is_name(tool.get("name"))][:_TOOLS]
    known = [_tool(tool) for tool in listed]
    found = Profile().completed([*listed]).fixtures
    count = f"{len(known)} tool{'' if len(known) == 1 else 's'} listed" if known else "no tools were listed"
    parts = [_HEAD.format(server=plain(server) or "A server without a name", listed=count)]
    for role in ROLES:
        parts.append("\n".join(_switched_on(role, found[role]) if role in found else _switched_off(role, known)))
    return "\n".join(f"{part.rstrip()}\n" for part in parts)


def plain(text: str) -> str:
    """A stranger's text for a comment: one line of printable characters, bounded."""
    line = "".join(c if c.isprintable() else " " for c in text[: 4 * _SHOWN])
    line = " ".join(line.split())
    return line if len(line) <= _SHOWN and len(text) <= 4 * _SHOWN else f"{line[:_SHOWN]}…"


def _switched_on(role: str, fixture: Fixture) -> Iterator[str]:
    does, name, _ = ROLES[role]
    yield f"# {role}: a tool that {does}" + ("" if fixture.tool == name else ". This one is marked read-only")
    yield from _table(role, fixture)


def _switched_off(role: str, tools: list[Tool]) -> Iterator[str]:
    does, name, _ = ROLES[role]
    yield f"# {role}: a tool that {does}. Known by name: {name}"
    guesses = _guesses(role, tools)
    for guess in guesses:
        yield f"# perhaps {guess}"
    fixture = Fixture(guesses[0].name, _said_in(role, guesses[0].required)) if guesses else Fixture("NAME")
    yield from (f"#{line}" for line in _table(role, fixture))


def _said_in(role: str, arguments: dict[str, JSON]) -> dict[str, JSON]:
    """The arguments, with the text of the known fixture in place of one that we made up."""
    text = next((value for value in ROLES[role][2].values() if isinstance(value, str)), _TEXT)
    return {name: text if value == _TEXT else value for name, value in arguments.items()}


def _listed(names: Sequence[str]) -> str:
    return ", ".join(map(plain, names[:5])) + (", …" if len(names) > 5 else "")


def _table(role: str, fixture: Fixture) -> Iterator[str]:
    yield f"[{role}]"
    yield f"tool = {_toml(fixture.tool)}"
    if fixture.arguments:
        yield f"arguments = {_toml(dict(fixture.arguments))}"


def _guesses(role: str, tools: list[Tool]) -> list[Tool]:
    """The likeliest tools first; those whose name says so, and among them the harmless."""
    ranked = [
        ((not tool.harmless, not tool.read_only, len(tool.required)) if role == "simple" else _rank(role, tool), tool)
        for tool in tools
        if not tool.destructive
    ]
    likely = [(rank, tool) for rank, tool in ranked if rank is not None]
    return [tool for _, tool in sorted(likely, key=lambda each: each[0])[:_GUESSES]]


def _rank(role: str, tool: Tool) -> tuple[bool, bool, int] | None:
    """How far a tool stands behind others, None if nothing speaks for it."""
    if not _can_be(role, tool):
        return None
    says = re.compile(rf"\b({_WORDS.get(role, role)})")
    named = bool(says.search(_words(tool.name))) or (role == "echo" and [*tool.required] == ["text"])
    if not named and role not in _TOLD and not says.search(_words(tool.description)):
        return None
    return not named, not tool.harmless, len(tool.required)


def _can_be(role: str, tool: Tool) -> bool:
    """Whether the listing of a tool, apart from its words, leaves it this role."""
    match role:
        case "header":
            return tool.marked
        case "structured":
            return tool.structured and tool.tasks != "required"
        case "task-required" | "task-forbidden":
            return tool.tasks == role.removeprefix("task-")
        case "task" | "task-fails" | "task-breaks" | "task-asks":
            return tool.tasks in MAY_BE_TASKS
    return tool.tasks != "required"


def _words(text: str) -> str:
    return _BREAK.sub(" ", text).lower()


def _tool(listed: dict[str, JSON]) -> Tool:
    name, description, annotations = listed.get("name"), listed.get("description"), listed.get("annotations")
    hints = annotations if isinstance(annotations, dict) else {}
    return Tool(
        name=name if isinstance(name, str) else "",
        description=description[:2_000] if isinstance(description, str) else "",
        read_only=hints.get("readOnlyHint") is True,
        destructive=hints.get("readOnlyHint") is not True and hints.get("destructiveHint") is True,
        required=(required := _required(listed.get("inputSchema"))),
        optional=tuple(name for name in _properties(listed.get("inputSchema")) if name not in required),
        tasks=task_support(listed),
        marked=wants_headers(listed),
        structured=isinstance(listed.get("outputSchema"), dict),
    )


def _required(schema: JSON) -> dict[str, JSON]:
    """The arguments without which a tool cannot be called, each with a value that may do."""
    if not isinstance(schema, dict):
        return {}
    required, known = schema.get("required"), _properties(schema)
    names = [name for name in required if _is_name(name)] if isinstance(required, list) else []
    return {str(name): _example(known.get(str(name))) for name in names[:_ARGUMENTS]}


def _properties(schema: JSON) -> dict[str, JSON]:
    properties = schema.get("properties") if isinstance(schema, dict) else None
    return properties if isinstance(properties, dict) else {}


def _example(schema: JSON) -> JSON:
    """A value that a schema may allow: one that it names, else one of its type."""
    if not isinstance(schema, dict):
        return _TEXT
    lists = [schema.get(key) for key in ("examples", "enum")]
    named = [schema.get(key) for key in ("const", "default")] + [v[0] for v in lists if isinstance(v, list) and v]
    for value in named:
        if _is_simple(value):
            return value
    match schema.get("type"):
        case "boolean":
            return False
        case "integer" | "number":
            least = schema.get("minimum")
            return least if _is_simple(least) and isinstance(least, int | float) else 1
        case "array":
            return []
        case "object":
            return {}
    return _TEXT


def _is_simple(value: JSON) -> bool:
    if isinstance(value, str):
        return _is_name(value)
    return isinstance(value, int | float) and math.isfinite(value) and abs(value) < 2**63


def _is_name(value: JSON) -> bool:
    """Whether this is a text that can be written down: not too long, and without half of a surrogate pair."""
    return isinstance(value, str) and 0 < len(value) <= _NAME and not any("\ud800" <= c <= "\udfff" for c in value)


def _toml(value: JSON) -> str:
    """A value on one line. TOML knows no null: it becomes an empty text."""
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case list():
            return f"[{', '.join(map(_toml, value))}]"
        case dict():
            return f"{{ {', '.join(f'{_key(key)} = {_toml(each)}' for key, each in value.items())} }}"
    return '"' + "".join(map(_escaped, value or "")) + '"'


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _toml(key)


def _escaped(character: str) -> str:
    if character in ('"', "\\"):
        return f"\\{character}"
    return character if character.isprintable() else f"\\U{ord(character):08X}"

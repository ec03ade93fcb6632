"""What a tool is, the table of all tools, and the few shapes that their results have."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeAlias, TypedDict, Unpack

from reference_server.inputs import Question
from reference_server.jsonrpc import Json, JsonObject
from reference_server.options import R2024_11, REVISIONS
from reference_server.reporting import Reporting
from reference_server.state import Call

Run: TypeAlias = Callable[[Reporting, Call, JsonObject], Awaitable[JsonObject]]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC"
SILENCE = "UklGRigAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQQAAAAAAAAA"


def takes(required: tuple[str, ...] = (), **properties: JsonObject) -> JsonObject:
    """The schema of a tool with these arguments."""
    wanted: JsonObject = {"required": list(required)} if required else {}
    return {"$schema": DIALECT, "type": "object", "properties": dict(properties), **wanted}


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool as it is listed and run.

    `since` and `until` are the first and the last revision that know what it uses, `needs` the capabilities that
    it demands of a modern client, `reports` whether it may send something before its answer, `task_support` what
    is said about calling it as a task.  A `toggled` tool is listed only after a change.  A `deferred` one becomes a
    task for modern clients that know that extension, as soon as the questions that it asks `first` are answered.
    """

    name: str
    description: str
    run: Run
    input_schema: JsonObject = field(default_factory=takes)
    output_schema: JsonObject | None = None
    read_only: bool = True
    since: str = R2024_11
    until: str = REVISIONS[-1]
    needs: JsonObject = field(default_factory=dict)
    reports: bool = False
    toggled: bool = False
    task_support: str | None = None
    deferred: bool = False
    first: dict[str, Question] = field(default_factory=dict)

    @property
    def annotations(self) -> JsonObject:
        """What a client may believe about its effects if it trusts the server."""
        hints: JsonObject = {"readOnlyHint": self.read_only, "openWorldHint": False}
        return hints if self.read_only else {**hints, "destructiveHint": False, "idempotentHint": False}


class Traits(TypedDict, total=False):
    """What a tool may say of itself beside its description: the fields of `Tool` that have a default."""

    input_schema: JsonObject
    output_schema: JsonObject
    read_only: bool
    since: str
    until: str
    needs: JsonObject
    reports: bool
    toggled: bool
    task_support: str
    deferred: bool
    first: dict[str, Question]


TOOLS: dict[str, Tool] = {}


def tool(description: str, **traits: Unpack[Traits]) -> Callable[[Run], Run]:
    """Enter a function into the table under its own name."""

    def enter(run: Run) -> Run:
        TOOLS[run.__name__] = Tool(run.__name__, description, run, **traits)
        return run

    return enter


def says(text: str, *more: JsonObject) -> JsonObject:
    """A result that begins with text."""
    content: list[Json] = [{"type": "text", "text": text}, *more]
    return {"content": content}


def fails(text: str) -> JsonObject:
    """A result that tells of a failure of the tool, which is not a failure of the protocol."""
    return {**says(text), "isError": True}

"""What a tool is, the table of all tools, and the few shapes that their results have."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from reference_server.inputs import Question
from reference_server.jsonrpc import Json, JsonObject
from reference_server.options import R2024_11, REVISIONS
from reference_server.reporting import Reporting
from reference_server.state import Call

Run: TypeAlias = Callable[[Reporting, Call, JsonObject], Awaitable[JsonObject]]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC"
SILENCE = "UklGRigAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQQAAAAAAAAA"


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool as it is listed and run.

    `since` and `until` are the first and the last revision that know what it uses, `needs` the capabilities that
    it demands of a modern client, `reports` whether it may send something before its answer, `task_support` what
    is said about calling it as a task.  A `deferred` tool becomes a task for modern clients that know that extension,
    as soon as the questions that it asks `first` are answered.
    """

    name: str
    description: str
    run: Run
    input_schema: JsonObject
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
    annotations: JsonObject = field(default_factory=dict)


TOOLS: dict[str, Tool] = {}


def tool(
    description: str,
    *,
    schema: JsonObject | None = None,
    output: JsonObject | None = None,
    read_only: bool = True,
    since: str = R2024_11,
    until: str = REVISIONS[-1],
    needs: JsonObject | None = None,
    reports: bool = False,
    toggled: bool = False,
    tasks: str | None = None,
    deferred: bool = False,
    first: dict[str, Question] | None = None,
) -> Callable[[Run], Run]:
    """Enter a function into the table under its own name; `toggled` tools are listed only after a change."""

    def enter(run: Run) -> Run:
        name = run.__name__
        annotations: JsonObject = {"readOnlyHint": read_only, "openWorldHint": False}
        if not read_only:
            annotations |= {"destructiveHint": False, "idempotentHint": False}
        TOOLS[name] = Tool(
            name,
            description,
            run,
            schema or takes(),
            output_schema=output,
            read_only=read_only,
            since=since,
            until=until,
            needs=needs or {},
            reports=reports,
            toggled=toggled,
            task_support=tasks,
            deferred=deferred,
            first=first or {},
            annotations=annotations,
        )
        return run

    return enter


def takes(required: tuple[str, ...] = (), **properties: JsonObject) -> JsonObject:
    """The schema of a tool with these arguments."""
    wanted: JsonObject = {"required": list(required)} if required else {}
    return {"$schema": DIALECT, "type": "object", "properties": dict(properties), **wanted}


def says(text: str, *more: JsonObject) -> JsonObject:
    """A result that begins with text."""
    content: list[Json] = [{"type": "text", "text": text}, *more]
    return {"content": content}


def fails(text: str) -> JsonObject:
    """A result that tells of a failure of the tool, which is not a failure of the protocol."""
    return {**says(text), "isError": True}

"""Which tools of the target the stories may call, and for what.

A tool is called only if it is a known fixture, is annotated read-only, or is named in the owner's profile file.
The fixture names are those of the official suite, which many servers offer already, and ours where those do not
reach. A profile file is TOML: one table per role.

    [progress]
    tool = "import_data"
    arguments = { rows = 3 }
"""

import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from conformance.evidence.era import TOKEN, marked
from conformance.evidence.trace import JSON

ROLES: dict[str, tuple[str, str, dict[str, JSON]]] = {
    # role: (what the tool does, the fixture known by name, its arguments)
    "simple": ("answers at once", "test_simple_text", {}),
    "echo": ("answers with its `text` argument", "test_echo", {"text": "héllo ✓ 𝄞"}),
    "progress": ("reports progress at least twice", "test_tool_with_progress", {}),
    "log": ("sends log messages", "test_tool_with_logging", {}),
    "log-levels": ("logs once at every level", "test_logging_tool", {}),
    "fail": ("ends in an error", "test_error_handling", {}),
    "image": ("answers with an image", "test_image_content", {}),
    "audio": ("answers with audio", "test_audio_content", {}),
    "embedded": ("answers with an embedded resource", "test_embedded_resource", {}),
    "mixed": ("answers with several kinds of content", "test_multiple_content_types", {}),
    "structured": ("answers with structured content", "test_structured_content", {}),
    "header": ("has a parameter marked for a header", "test_x_mcp_header", {}),
    "slow": ("works for half a second or longer", "test_slow", {"steps": 10, "step_ms": 50}),
    "work": (
        "works step by step under the name in its text argument, until it is cancelled",
        "test_slow",
        {"steps": 30, "step_ms": 50, "label": "conformance"},
    ),
    "work-done": ("tells how many steps have been taken under that name", "test_work_done", {"label": "conformance"}),
    "polling": ("lets the server close the connection before the answer", "test_reconnection", {}),
    "close-get": ("lets the server close the connections of GET streams", "test_close_get_stream", {}),
    "sample": ("asks the client to sample", "test_sampling", {"prompt": "Say something."}),
    "elicit": ("asks the client's user", "test_elicitation", {"message": "Who are you?"}),
    "roots": ("asks for the client's roots", "test_roots", {}),
    "ping": ("pings the client", "test_client_ping", {}),
    "unanswered": ("asks the client and gives up soon", "test_unanswered_request", {}),
    "change-tools": ("makes the list of tools change", "test_trigger_tool_change", {}),
    "change-prompts": ("makes the list of prompts change", "test_trigger_prompt_change", {}),
    "change-resources": ("makes the list of resources change", "test_trigger_resource_change", {}),
    "elicit-defaults": ("asks with a form full of defaults", "test_elicitation_sep1034_defaults", {}),
    "elicit-enums": ("asks with a form full of choices", "test_elicitation_sep1330_enums", {}),
    "elicit-url": ("asks the client's user to open an address", "test_elicitation_url", {}),
    "require-url": ("wants an address to be opened first (-32042)", "test_elicitation_url_required", {}),
    "sample-tools": ("lets the client's model use tools", "test_sampling_tools", {}),
    "need": ("does nothing for a client that cannot sample", "test_missing_capability", {}),
    "extension": ("has more to say to clients that know an extension", "test_extension", {}),
    "input-form": ("needs a form to be filled in", "test_input_required_result_elicitation", {}),
    "input-model": ("needs the client's model", "test_input_required_result_sampling", {}),
    "input-roots": ("needs the client's roots", "test_input_required_result_list_roots", {}),
    "input-url": ("needs the user to open an address", "test_input_required_result_url", {}),
    "input-several": ("needs several things at once", "test_input_required_result_multiple_inputs", {}),
    "input-rounds": ("needs one thing after the other", "test_input_required_result_multi_round", {}),
    "input-stream": ("reports progress and needs a form to be filled in", "test_streaming_elicitation", {}),
    "input-state": ("needs input, and gives requestState", "test_input_required_result_request_state", {}),
    "input-guarded": (
        "needs input, and keeps in requestState what nobody may alter",
        "test_input_required_result_tampered_state",
        {},
    ),
    "input-capable": ("needs what the client can do", "test_input_required_result_capabilities", {}),
    "end-subscriptions": (
        "ends subscriptions in order, those with the id in its argument or all",
        "test_end_subscriptions",
        {"id": "conformance"},
    ),
    "update-resource": ("updates the resource test://watched-resource", "test_update_resource", {}),
    "task": (
        "may be called as a task, and works for half a second or longer",
        "test_task_slow",
        {"steps": 14, "step_ms": 50},
    ),
    "task-required": ("has to be called as a task", "test_task_required", {}),
    "task-forbidden": ("says that it cannot be called as a task", "test_task_forbidden", {}),
    "task-fails": ("may be called as a task, and ends in a failure of the tool", "test_task_failing", {}),
    "task-breaks": ("may be called as a task, and ends in a JSON-RPC error", "test_task_error", {}),
    "task-asks": ("may be called as a task, and asks the client", "test_task_asking", {}),
    "deferred": (
        "is a task for clients that know the tasks extension, and works for half a second or longer",
        "slow_compute",
        {"seconds": 0.6, "label": "conformance"},
    ),
    "deferred-soon": (
        "is a task for clients that know the tasks extension, and is soon done",
        "slow_compute",
        {"seconds": 0, "label": "conformance"},
    ),
    "deferred-long": (
        "is a task for clients that know the tasks extension, and works for a minute",
        "slow_compute",
        {"seconds": 60, "label": "conformance"},
    ),
    "deferred-fails": (
        "works only as a task of the tasks extension, and ends in a failure of the tool",
        "failing_job",
        {},
    ),
    "deferred-breaks": ("is a task of the tasks extension, and ends in a JSON-RPC error", "protocol_error_job", {}),
    "deferred-asks": (
        "is a task of the tasks extension, and asks its client one thing",
        "confirm_delete",
        {"filename": "conformance.txt"},
    ),
    "deferred-asks-twice": (
        "is a task of the tasks extension, and asks its client two things at once",
        "multi_input",
        {},
    ),
    "deferred-asks-first": (
        "asks its client before it becomes a task of the tasks extension",
        "test_tool_with_task",
        {},
    ),
}
MAY_BE_TASKS = ("optional", "required")


PACES = {
    "slow": (50, 0.15),
    "task": (50, 0.15),
    "work": (50, 0.11),
}  # milliseconds a step, and windows a step at least


class BadProfile(ValueError):
    """The profile file cannot be used. The message says where and why."""


@dataclass(frozen=True, slots=True)
class Fixture:
    """A tool in a role, and the arguments to call it with."""

    tool: str
    arguments: Mapping[str, JSON] = field(default_factory=dict)

    def slowed(self, times: int) -> "Fixture":
        """The same with each step taking so many times as long, if it is one that we know by name and its steps."""
        pace = self.arguments.get("step_ms")
        known = any(self.tool == name for _, name, _ in ROLES.values())
        if not known or not isinstance(pace, int):
            return self
        return replace(self, arguments={**self.arguments, "step_ms": times * pace})


@dataclass(frozen=True, slots=True)
class Profile:
    """The fixtures of one target, by role."""

    fixtures: Mapping[str, Fixture] = field(default_factory=dict)

    def missing(self, role: str) -> str:
        """What the owner of the target can do so that the role is filled."""
        does, name, _ = ROLES[role]
        return f"no tool that {does}: name one as [{role}] in the profile, or serve `{name}`"

    def completed(self, tools: list[JSON]) -> "Profile":
        """This profile and the known fixtures among the target's own tools (the result of tools/list)."""
        offered = {
            tool["name"]: tool for tool in tools if isinstance(tool, dict) and isinstance(tool.get("name"), str)
        }
        found = {
            role: Fixture(name, arguments) for role, (_, name, arguments) in ROLES.items() if name in offered
        } | dict(self.fixtures)
        harmless = [(str(name), task_support(tool)) for name, tool in offered.items() if _is_harmless(tool)]
        picked = {
            "simple": next((name for name, tasks in harmless if tasks != "required"), None),
            "task": next((name for name, tasks in harmless if tasks in MAY_BE_TASKS), None),
            "task-required": next((name for name, tasks in harmless if tasks == "required"), None),
            "header": next(
                (str(n) for n, tool in offered.items() if _is_read_only(tool) and wants_headers(tool)), None
            ),
        }
        found = {role: Fixture(name) for role, name in picked.items() if name is not None} | found
        return Profile(found)

    def doubts(self, tools: Iterable[Mapping[str, JSON]]) -> list[str]:
        """What the owner of a profile should know of it: where it names a tool that is on no list of the target's."""
        listed = [tool.get("name") for tool in tools]
        return [
            f"the profile names {fixture.tool!r} for [{role}], and the server lists no tool of this name"
            for role, fixture in self.fixtures.items()
            if fixture.tool not in listed
        ]

    def paced(self, window: float) -> "Profile":
        """The known slow tools made to outlast several answers of a target that answers late.

        `window` is how long silence must last to count on this target, in seconds.
        """
        known = {role: Fixture(*ROLES[role][1:]) for role in PACES}
        paced = {
            role: Fixture(fixture.tool, {**fixture.arguments, "step_ms": max(least, round(window * share * 1000))})
            for (role, fixture), (least, share) in zip(known.items(), PACES.values(), strict=True)
            if self.fixtures.get(role) == fixture
        }
        return Profile({**self.fixtures, **paced})


def read_profile(path: Path) -> Profile:
    """Read a profile file. Raises BadProfile with a sentence."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:  # numbers too long, and nesting too deep, among them
        raise BadProfile(f"the profile {path} cannot be read: {error}") from None
    return Profile({role: _fixture(path, role, table) for role, table in tables.items()})


def _fixture(path: Path, role: str, table: object) -> Fixture:
    if role not in ROLES:
        raise BadProfile(f"{path}: there is no role {role!r:.60}; the roles are {', '.join(ROLES)}")
    if not isinstance(table, dict) or not isinstance(table.get("tool"), str):
        raise BadProfile(f'{path}: [{role}] needs the name of a tool: tool = "..."')
    unknown = set(table) - {"tool", "arguments"}
    if unknown:
        raise BadProfile(f"{path}: [{role}] has {', '.join(sorted(unknown))}; only tool and arguments are known")
    arguments = table.get("arguments", {})
    if not isinstance(arguments, dict):
        raise BadProfile(f"{path}: [{role}] arguments must be a table, not {arguments!r}")
    try:
        json.dumps(arguments, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise BadProfile(f"{path}: [{role}] has arguments that JSON cannot carry: {error}") from None
    return Fixture(table["tool"], arguments)


def _is_harmless(tool: dict[str, JSON]) -> bool:
    """Annotated read-only, and callable without arguments."""
    schema = tool.get("inputSchema")
    return _is_read_only(tool) and isinstance(schema, dict) and not schema.get("required")


def _is_read_only(tool: dict[str, JSON]) -> bool:
    annotations = tool.get("annotations")
    return isinstance(annotations, dict) and annotations.get("readOnlyHint") is True


def task_support(tool: dict[str, JSON]) -> JSON:
    """What a tool says about being called as a task (2025-11-25, server/tools); None for nothing."""
    execution = tool.get("execution")
    return execution.get("taskSupport") if isinstance(execution, dict) else None


def wants_headers(tool: dict[str, JSON]) -> bool:
    """Whether a tool wants one of its parameters mirrored in a header."""
    return any(TOKEN.fullmatch(mark) for mark, _ in marked(tool.get("inputSchema")))

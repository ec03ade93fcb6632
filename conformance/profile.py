"""Which tools of the target the stories may call, and for what.

A tool is called only if it is a known fixture, is annotated read-only, or is named in the owner's profile file.
The fixture names are those of the official suite, which many servers offer already, and ours where those do not
reach. A profile file is TOML: one table per role.

    [progress]
    tool = "import_data"
    arguments = { rows = 3 }
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from conformance.trace import JSON

ROLES: dict[str, tuple[str, str, dict[str, JSON]]] = {
    # role: (what the tool does, the fixture known by name, its arguments)
    "simple": ("answers at once", "test_simple_text", {}),
    "echo": ("answers with its `text` argument", "test_echo", {"text": "héllo ✓ 𝄞"}),
    "progress": ("reports progress at least twice", "test_tool_with_progress", {}),
    "log": ("sends log messages", "test_tool_with_logging", {}),
    "fail": ("ends in an error", "test_error_handling", {}),
    "slow": ("works for half a second or longer", "test_slow", {"steps": 10, "step_ms": 50}),
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
    "update-resource": ("updates the resource test://watched-resource", "test_update_resource", {}),
}


class BadProfile(ValueError):
    """The profile file cannot be used. The message says where and why."""


@dataclass(frozen=True, slots=True)
class Fixture:
    """A tool in a role, and the arguments to call it with."""

    tool: str
    arguments: Mapping[str, JSON] = field(default_factory=dict)


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
        if "simple" not in found:
            harmless = next((str(name) for name, tool in offered.items() if _is_harmless(tool)), None)
            if harmless is not None:
                found["simple"] = Fixture(harmless)
        return Profile(found)

    def paced(self, window: float) -> "Profile":
        """The known slow tool made to outlast several answers of a target that answers late.

        `window` is how long silence must last to count on this target, in seconds.
        """
        slow = self.fixtures.get("slow")
        if slow is None or slow != Fixture(*ROLES["slow"][1:]):
            return self
        step_ms = max(50, round(window * 150))
        return Profile(dict(self.fixtures) | {"slow": Fixture(slow.tool, {"steps": 10, "step_ms": step_ms})})


def read_profile(path: Path) -> Profile:
    """Read a profile file. Raises BadProfile with a sentence."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadProfile(f"the profile {path} cannot be read: {error}") from None
    return Profile({role: _fixture(path, role, table) for role, table in tables.items()})


def _fixture(path: Path, role: str, table: object) -> Fixture:
    if role not in ROLES:
        raise BadProfile(f"{path}: there is no role [{role}]; the roles are {', '.join(ROLES)}")
    if not isinstance(table, dict) or not isinstance(table.get("tool"), str):
        raise BadProfile(f'{path}: [{role}] needs the name of a tool: tool = "..."')
    unknown = set(table) - {"tool", "arguments"}
    if unknown:
        raise BadProfile(f"{path}: [{role}] has {', '.join(sorted(unknown))}; only tool and arguments are known")
    arguments = table.get("arguments", {})
    if not isinstance(arguments, dict):
        raise BadProfile(f"{path}: [{role}] arguments must be a table, not {arguments!r}")
    return Fixture(table["tool"], arguments)


def _is_harmless(tool: dict[str, JSON]) -> bool:
    """Annotated read-only, and callable without arguments."""
    annotations, schema = tool.get("annotations"), tool.get("inputSchema")
    read_only = isinstance(annotations, dict) and annotations.get("readOnlyHint") is True
    return read_only and isinstance(schema, dict) and not schema.get("required")

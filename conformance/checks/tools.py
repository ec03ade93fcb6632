"""What tools a server says it has: server/tools, and basic/index "JSON Schema Usage"."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from conformance.checks.fitting import DEFAULT, DIALECTS, Schema, dialect_of, flaw_of
from conformance.checks.offers import Walk, declared_if_served, entries, served_if_declared, told_of_changes, walks
from conformance.checks.reading import shown
from conformance.evidence.trace import Trace
from conformance.evidence.views import Call, Session, sessions
from conformance.judging.check import Finding, Findings, check, expect, moot, undecided

LONGEST_NAME = 128
NAME = re.compile(r"[A-Za-z0-9_.-]*")


@check("tools.capability")
def a_server_with_tools_declares_them(session: Session) -> Findings:
    """A server that has tools declares the tools capability."""
    yield from declared_if_served(session, "tools")


@check("tools.list")
def declared_tools_can_be_listed(session: Session) -> Findings:
    """A server that declares tools answers tools/list."""
    yield from served_if_declared(session, "tools", "tools/list")


@check("tools.list-order")
def tools_keep_their_order(trace: Trace) -> Findings:
    """Tools are listed in the same order each time, as long as they are the same tools."""
    found = [walk for session in sessions(trace) if session.modern for walk in walks(session, "tools/list")]
    whole = sorted((walk for walk in found if walk.is_complete), key=lambda walk: walk.calls[0].request.at)
    for earlier, later in pairwise(whole):
        yield _in_order(earlier, later)


def _in_order(earlier: Walk, later: Walk) -> Finding:
    first, again = ([name for call in walk.calls for name in _names(call)] for walk in (earlier, later))
    where = later.calls[0]
    if Counter(first) != Counter(again):
        return undecided(where, "the tools were not the same as the time before")
    if len(set(again)) < 2:
        return moot(where, "there are no two tools, and so there is no order")
    place = next((n for n, names in enumerate(zip(first, again, strict=True)) if names[0] != names[1]), None)
    if place is None:
        return expect(True, where, f"{len(again)} tools came in the same order as the time before")
    told = f"the same {len(again)} tools came in another order than the time before"
    return expect(False, where, f"{told}: number {place + 1} is {shown(again[place])}, and was {shown(first[place])}")


@check("tools.list-changed")
def a_changed_list_of_tools_is_told(session: Session) -> Findings:
    """When the list of tools changes, a server that declared listChanged says so."""
    yield from told_of_changes(session, "tools", "name")


@check("tools.name-length")
def tool_names_are_neither_empty_nor_long(call: Call) -> Findings:
    """The name of a tool has 1 to 128 characters."""
    for name in _names(call):
        yield expect(1 <= len(name) <= LONGEST_NAME, call, f"the tool name {shown(name)} has {len(name)} characters")


@check("tools.name-chars")
def tool_names_use_few_characters(call: Call) -> Findings:
    """The name of a tool has no other characters than letters and digits of ASCII, underscore, hyphen and dot."""
    for name in _names(call):
        strange = sorted(set(NAME.sub("", name)))
        told = f"has {shown(''.join(strange))}" if strange else "has only the characters that are foreseen"
        yield expect(not strange, call, f"the tool name {shown(name)} {told}")


@check("tools.name-unique")
def tool_names_are_unique(session: Session) -> Findings:
    """No two tools of a server have one name."""
    for walk in walks(session, "tools/list"):
        names = Counter(name for call in walk.calls for name in _names(call))
        twice = [name for name, times in names.items() if times > 1]
        told = f"{shown(twice[0])} stands there more than once" if twice else "no name stands there twice"
        if walk.goes_round:
            yield undecided(walk.calls[-1], "the cursors of tools/list lead back to pages that were had already")
        elif names:
            yield expect(not twice, walk.calls[0], f"of {len(names)} tool names, {told}")


def _names(call: Call) -> Iterator[str]:
    """The names of the tools on one page of tools/list."""
    if call.request.method == "tools/list":
        for tool in entries(call, "tools"):
            name = tool.get("name")
            if isinstance(name, str):
                yield name


@check("schema.valid")
def tool_schemas_are_valid(call: Call) -> Findings:
    """The schemas of a tool are valid by the dialect they name, or by 2020-12 if they name none."""
    for name, schema in _schemas(call):
        dialect = dialect_of(schema)
        if dialect not in DIALECTS:
            yield undecided(call, f"{name} names the dialect {shown(dialect)}, which the suite does not know")
            continue
        flaw = flaw_of(schema, dialect)
        yield expect(flaw is None, call, f"{name}: {flaw or f'valid by {dialect}'}")


@check("schema.prefer-2020")
def tool_schemas_are_of_2020(call: Call) -> Findings:
    """The schemas of a tool use JSON Schema 2020-12."""
    for name, schema in _schemas(call):
        dialect = dialect_of(schema)
        yield expect(dialect == DEFAULT, call, f"{name} is written in {shown(dialect)}")


def _schemas(call: Call) -> Iterator[tuple[str, Schema]]:
    """The schemas of a tools/list result, each with its tool's name."""
    for tool in entries(call, "tools") if call.request.method == "tools/list" else ():
        for member in ("inputSchema", "outputSchema"):
            schema = tool.get(member)
            if isinstance(schema, dict):
                yield f"the {member} of {shown(tool.get('name'))}", schema

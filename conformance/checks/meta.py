"""Names of metadata: basic/index "General fields", `_meta`."""

import re
from collections.abc import Iterator

from conformance.checks.reading import shown
from conformance.evidence.trace import JSON, Message
from conformance.judging.check import Findings, check, expect

LABEL = re.compile(r"[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])?")
ENDS = re.compile(r"[A-Za-z0-9](?:.*[A-Za-z0-9])?", re.DOTALL)
# Members whose content is the application's own, where `_meta` is a name like any other.
FREE = {
    "arguments",
    "structuredContent",
    "inputSchema",
    "outputSchema",
    "requestedSchema",
    "data",
    "metadata",
    "input",
}


@check("meta.prefix", party="client")
@check("meta.prefix")
def meta_prefixes_are_labels_and_dots(message: Message) -> Findings:
    """The prefix of a `_meta` key is labels separated by dots, and one slash behind them."""
    for key, prefix, _ in _prefixed(message):
        good = "/" not in prefix and all(prefix.split("."))
        yield expect(good, message, f"the `_meta` key {shown(key)} has the prefix {shown(prefix + '/')}")


@check("meta.labels", party="client")
@check("meta.labels")
def meta_labels_begin_with_a_letter(message: Message) -> Findings:
    """The labels of a `_meta` prefix begin with a letter, end with a letter or digit, and have hyphens in between."""
    for key, prefix, _ in _prefixed(message):
        labels = [label for label in re.split(r"[./]", prefix) if label]
        wrong = [label for label in labels if not LABEL.fullmatch(label)]
        if labels:
            told = f"the label {shown(wrong[0])}" if wrong else "good labels"
            yield expect(not wrong, message, f"the `_meta` key {shown(key)} has {told}")


@check("meta.name", party="client")
@check("meta.name")
def meta_names_begin_and_end_alphanumeric(message: Message) -> Findings:
    """The name in a `_meta` key, unless it is empty, begins and ends with a letter or digit."""
    for key in _keys(message):
        name = key.rpartition("/")[2]
        if name:
            yield expect(
                bool(ENDS.fullmatch(name)), message, f"the `_meta` key {shown(key)} has the name {shown(name)}"
            )


def _prefixed(message: Message) -> Iterator[tuple[str, str, str]]:
    """The keys that have a prefix: whole, prefix, name. A name has no slash, so the last one ends the prefix."""
    for key in _keys(message):
        prefix, slash, name = key.rpartition("/")
        if slash:
            yield key, prefix, name


def _keys(message: Message) -> Iterator[str]:
    """All keys of all `_meta` objects in a message, without recursion: how deep it is, a stranger decides."""
    pending: list[JSON] = [message.body.get("params"), message.body.get("result")]
    while pending:
        match pending.pop():
            case list(entries):
                pending += entries
            case dict(members):
                meta = members.get("_meta")
                if isinstance(meta, dict):
                    yield from meta
                pending += [value for name, value in members.items() if name not in FREE and name != "_meta"]

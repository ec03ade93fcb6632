"""Subscriptions on tape, for the tests of what comes on them and of how they end."""

import json
from typing import Any

from conformance.evidence.era import CAPABILITIES, SUBSCRIPTION, VERSION
from conformance.evidence.trace import JSON, Ending
from tests.tape import Tape, message_event, notification, request

LISTEN = "subscriptions/listen"
REVISION = "2026-07-28"
DECLARED: dict[str, JSON] = {"tools": {"listChanged": True}, "resources": {"subscribe": True}, "prompts": {}}
TOOLS: dict[str, JSON] = {"toolsListChanged": True}
FILE = "file:///etc/hosts"
KEYS = ["subs.ack-first", "subs.ack-filter", "subs.id", "subs.filter", "subs.resources", "subs.changes-only"]
ENDS = ["subs.graceful", "subs.cancelled", "subs.cancelled-only"]


def said(method: str, id: JSON = 1, **params: JSON) -> str:
    """A notification under a subscription; without one if the id is None."""
    tag: dict[str, JSON] = {} if id is None else {"_meta": {SUBSCRIPTION: id}}
    return message_event(notification(f"notifications/{method}", params | tag))


def agreed(wanted: JSON, id: JSON = 1) -> str:
    return said("subscriptions/acknowledged", id, notifications=wanted)


def changed(kind: str = "tools", id: JSON = 1) -> str:
    return said(f"{kind}/list_changed", id)


def updated(uri: JSON, id: JSON = 1) -> str:
    return said("resources/updated", id, uri=uri)


def tape(capabilities: dict[str, JSON] = DECLARED) -> Tape:
    made = Tape(REVISION)
    made.discover(capabilities=capabilities)
    return made


def listening(
    *events: str,
    wanted: dict[str, JSON] = TOOLS,
    id: JSON = 1,
    ending: Ending = "hung up",
    capabilities: dict[str, JSON] = DECLARED,
    **options: Any,
) -> Tape:
    made = tape(capabilities)
    made.ask(LISTEN, {"notifications": wanted}, id=id, events=events, ending=ending, **options)
    return made


def opened(made: Tape, wanted: dict[str, JSON], id: JSON) -> int:
    """A subscription that stays open while something else happens."""
    meta: dict[str, JSON] = {VERSION: REVISION, CAPABILITIES: {}}
    body = request(id, LISTEN, {"notifications": wanted, "_meta": meta})
    number = made.begin("POST", json.dumps(body).encode())
    made.head(number, 200, {"Content-Type": "text/event-stream"})
    made.chunk(number, agreed(wanted, id))
    return number

"""Listen streams: who asked to hear of what, and what came. From 2026-07-28 on. No checks here."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from conformance.checks.deciding import says_nothing
from conformance.checks.reading import heard, shown
from conformance.evidence.era import LISTEN, SUBSCRIPTION, meta_of
from conformance.evidence.jsonrpc import METHOD_NOT_FOUND
from conformance.evidence.trace import JSON, Message
from conformance.evidence.views import Call, Session
from conformance.judging.check import Finding, moot, undecided

ACKNOWLEDGED = "notifications/subscriptions/acknowledged"
CANCELLED = "notifications/cancelled"
UPDATED = "notifications/resources/updated"
URIS = "resourceSubscriptions"
LISTS = {"tools": "toolsListChanged", "prompts": "promptsListChanged", "resources": "resourcesListChanged"}
WANTED_BY = {f"notifications/{kind}/list_changed": name for kind, name in LISTS.items()} | {UPDATED: URIS}
REQUEST_SCOPED = ("notifications/progress", "notifications/message")


@dataclass(frozen=True, slots=True)
class Listening:
    """A `subscriptions/listen` that was answered with an event stream, and the messages on it."""

    call: Call
    said: tuple[Message, ...]

    @property
    def wanted(self) -> dict[str, JSON]:
        """The filter that the client sent."""
        return _object(self.call.request.params.get("notifications"))

    @property
    def acknowledgement(self) -> Message | None:
        return next((m for m in self.said if m.method == ACKNOWLEDGED), None)

    @property
    def agreed(self) -> dict[str, JSON]:
        """The filter that the server agreed to."""
        return _object(self.acknowledgement.params.get("notifications")) if self.acknowledgement else {}

    @property
    def notifications(self) -> list[Message]:
        return [m for m in self.said if m.kind == "notification"]

    def wants(self, method: str) -> bool:
        """Whether the client asked to hear of this kind of change."""
        return asks_for(self.wanted, WANTED_BY[method])

    def was_open(self, at: float) -> bool:
        """Whether the subscription stood at this time."""
        begun, ended = self.acknowledgement, self.call.exchange.ended
        over = self.call.response.at if self.call.response is not None else ended
        return begun is not None and begun.at <= at and (over is None or over >= at)


def listenings(session: Session) -> list[Listening]:
    """The subscriptions of a client, in the order in which it asked for them."""
    streams = (c for c in listen_calls(session) if c.exchange.ok and c.exchange.is_stream)
    return [Listening(c, tuple(m for m in c.exchange.received if isinstance(m, Message))) for c in streams]


def listen_calls(session: Session) -> Iterator[Call]:
    if session.modern:
        yield from (call for call in session.calls if call.request.method == LISTEN)


def asks_for(wanted: dict[str, JSON], name: str) -> bool:
    """Whether a filter has this kind of change in it: true, or resources that are named."""
    return bool(uris_in(wanted)) if name == URIS else wanted.get(name) is True


def uris_in(wanted: dict[str, JSON]) -> list[str]:
    """The resources that a filter names."""
    value = wanted.get(URIS)
    return [uri for uri in value if isinstance(uri, str)] if isinstance(value, list) else []


def is_within(uri: JSON, wanted: list[str]) -> bool:
    """Whether a URI is one of these, or of a part of one; how it is written does not count."""
    return isinstance(uri, str) and any(_plain(uri).startswith(_plain(one)) for one in wanted)


def subscription_of(message: Message) -> JSON:
    """The id of the subscription that a message says it belongs to."""
    return meta_of(message).get(SUBSCRIPTION)


def promised(session: Session) -> list[str]:
    """What the server declared that nobody can hear of but by listening."""
    features = [(kind, "listChanged") for kind in LISTS] + [("resources", "subscribe")]
    declared = session.server_capabilities
    return [f"{kind}.{name}" for kind, name in features if _object(declared.get(kind)).get(name) is True]


def not_offered(session: Session) -> Iterator[Finding]:
    """What the server said instead of opening a stream."""
    for call in listen_calls(session):
        if call.exchange.ok and call.exchange.is_stream and not _was_refused(call):
            continue
        nowhere = call.exchange.status == 404 and call.response is None
        if (is_unknown(call) or nowhere) and not promised(session):
            yield moot(call, f"{LISTEN} is not known here, and no change is declared that it would be needed for")
        elif reason := says_nothing(call.exchange):
            yield undecided(call, reason)
        elif _was_refused(call):
            yield undecided(call, f"{LISTEN} was refused with {words_for_answer(call)}")


def is_unknown(call: Call) -> bool:
    """Whether the server said that it has no such method."""
    return call.response is not None and call.response.error.get("code") == METHOD_NOT_FOUND


def words_for_answer(call: Call) -> str:
    """The error that a request was answered with, or else the status."""
    if call.response is not None and call.response.kind == "error":
        return f"the error {shown(call.response.error.get('code'))}"
    return f"{call.exchange.status}"


def _was_refused(call: Call) -> bool:
    """Whether the answer is an error before anything else, or no answer to a request at all."""
    first = next((m for m in heard(call.exchange) if isinstance(m, Message)), None)
    return first.kind == "error" if first is not None else not call.exchange.ok


def _plain(uri: str) -> str:
    return unquote(uri).casefold().rstrip("/")


def _object(value: JSON) -> dict[str, JSON]:
    return value if isinstance(value, dict) else {}

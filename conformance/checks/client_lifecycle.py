"""How a client begins, and what it makes of what was agreed: basic/lifecycle."""

from collections.abc import Iterator

from conformance.checks.clientside import (
    agreed,
    asks_before_time,
    before_any_beginning,
    is_bare,
    later,
    messages_in,
    said,
)
from conformance.checks.reading import is_batch, shown, what
from conformance.evidence.trace import JSON, Exchange, Message
from conformance.evidence.views import Call, Session, sessions
from conformance.judging.check import Findings, check, expect, undecided

HEADER_SINCE = "2025-06-18"  # from then on every request after initialize names the revision
NEEDS = {  # what a method needs of the other side's capabilities
    "tools/": ("tools",),
    "resources/subscribe": ("resources", "subscribe"),
    "resources/unsubscribe": ("resources", "subscribe"),
    "resources/": ("resources",),
    "prompts/": ("prompts",),
    "logging/": ("logging",),
    "completion/": ("completions",),
}
OF_ITS_OWN = {"notifications/roots/list_changed": ("roots", "listChanged")}


@check("init.first", party="client")
def initialize_comes_first(session: Session) -> Findings:
    """The first that a client asks is `initialize`; only pings may come before.

    Only a request is judged that names no session and no revision, where an earlier session, one that began before
    the recording, would have given something to name.
    """
    handshake = session.handshake
    if handshake is None or agreed(session) is None:
        return
    could_name = session.id is not None or session.revision >= HEADER_SINCE
    early = [x for x in before_any_beginning(session) if is_bare(x) and asks_before_time(x)]
    if early and not could_name:
        yield undecided(early[0], f"{what(early[0])} came before initialize, perhaps in an earlier session")
    elif early:
        yield expect(False, early[0], f"{what(early[0])} came before initialize")
    else:
        yield expect(True, handshake, "nothing was asked before initialize")


@check("init.request", party="client")
def initialize_names_version_capabilities_and_client(call: Call) -> Findings:
    """`initialize` says the version, the client's capabilities, and its name and version."""
    if call.request.method != "initialize" or call.session.modern:
        return
    params = call.request.params
    info = params.get("clientInfo")
    named: dict[str, JSON] = info if isinstance(info, dict) else {}
    wrong = [f"clientInfo.{name}" for name in ("name", "version") if not isinstance(named.get(name), str)]
    wrong += [] if isinstance(params.get("protocolVersion"), str) else ["protocolVersion"]
    wrong += [] if isinstance(params.get("capabilities"), dict) else ["capabilities"]
    seen = f"missing or of the wrong type: {', '.join(wrong)}" if wrong else "version, capabilities, name and version"
    yield expect(not wrong, call, f"in the params of initialize: {seen}")


@check("init.not-batched", party="client")
def initialize_is_never_batched(exchange: Exchange) -> Findings:
    """`initialize` is never part of a batch."""
    if any(m.method == "initialize" and m.kind == "request" for m in messages_in(exchange)):
        batched = is_batch(exchange)
        yield expect(not batched, exchange, f"initialize came {'in a batch' if batched else 'alone'}")


@check("init.initialized", party="client")
def the_client_says_that_it_is_ready(session: Session) -> Findings:
    """After a successful `initialize` the client sends `notifications/initialized`.

    It is missed only where the client went on for two rounds without it: requests may overtake it.
    """
    agreement = agreed(session)
    if agreement is None:
        return
    ready = [m for m in said(session, "notifications/initialized") if m.at > agreement.at]
    if ready:
        yield expect(True, ready[0], "notifications/initialized was sent")
    elif _was_sent_elsewhere(session, agreement) or not (further := _second_round(session)):
        yield undecided(agreement, "notifications/initialized was not seen until now")
    else:
        seen = f"{further.request.method} was the second request after initialize, without notifications/initialized"
        yield expect(False, further, seen)


def _was_sent_elsewhere(session: Session, agreement: Message) -> bool:
    """Where no id says what belongs together, the notification may have come on another connection."""
    if session.id is not None:
        return False
    others = (m for s in sessions(session.trace) if s.id is None for m in said(s, "notifications/initialized"))
    return any(m.at > agreement.at for m in others)


def _second_round(session: Session) -> Call | None:
    """A request that was sent when the answer to an earlier one was there, pings left out."""
    asked = [c for c in session.calls if c.request.method not in ("initialize", "ping")]
    answered = [c.response.at for c in asked if c.response is not None]
    return next((c for c in asked if answered and c.request.at > min(answered)), None)


@check("init.no-early-requests", party="client")
def nothing_is_asked_before_the_answer(session: Session) -> Findings:
    """Before `initialize` is answered the client sends no requests but pings.

    A request that names a session or a revision belongs to another session.
    """
    agreement, handshake = agreed(session), session.handshake
    if agreement is None or handshake is None:
        return
    during = [x for x in session.exchanges if handshake.request.at <= x.started < agreement.at and is_bare(x)]
    early = [x for x in during if asks_before_time(x) and x.number != handshake.exchange.number]
    if early and session.id is None and session.revision < HEADER_SINCE:
        yield undecided(early[0], f"{what(early[0])} came before the answer to initialize, perhaps from elsewhere")
    elif early:
        yield expect(False, early[0], f"{what(early[0])} came before the answer to initialize")
    else:
        yield expect(True, handshake, "nothing was asked before the answer to initialize")


@check("negotiated", party="client")
def the_client_uses_only_what_was_declared(session: Session) -> Findings:
    """A client uses only what the server declared in `initialize`, and of its own only what it declared itself.

    Tasks have rules of their own, and extensions are free.
    """
    for exchange in later(session):
        for message in messages_in(exchange):
            for path, declared, whose in _needed(session, message):
                has = _has(declared, path)
                told = "" if has else f", and the {whose} declared {shown(', '.join(declared)) or 'nothing'}"
                yield expect(has, message, f"{message.method} needs {'.'.join(path)}{told}")


def _needed(session: Session, message: Message) -> Iterator[tuple[tuple[str, ...], dict[str, JSON], str]]:
    """The capability that a message needs, among those of one side."""
    path = next((path for start, path in NEEDS.items() if message.method.startswith(start)), None)
    if message.kind == "request" and path is not None:
        yield path, session.server_capabilities, "server"
    if message.kind == "notification" and message.method in OF_ITS_OWN:
        yield OF_ITS_OWN[message.method], session.client_capabilities, "client"


def _has(declared: JSON, path: tuple[str, ...]) -> bool:
    for name in path:
        declared = declared.get(name) if isinstance(declared, dict) else None
    return declared is not None and declared is not False

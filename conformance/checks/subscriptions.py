"""subscriptions/listen: basic/patterns/subscriptions, and what basic/patterns/cancellation says of its end."""

from collections.abc import Iterator

from conformance.checks.asked import key_of
from conformance.checks.listens import (
    ACKNOWLEDGED,
    CANCELLED,
    LISTS,
    REQUEST_SCOPED,
    UPDATED,
    URIS,
    WANTED_BY,
    Listening,
    asks_for,
    is_unknown,
    is_within,
    listen_calls,
    listenings,
    not_offered,
    promised,
    subscription_of,
    uris_in,
    words_for_answer,
)
from conformance.checks.reading import shown
from conformance.evidence.era import LISTEN, SUBSCRIPTION, meta_of
from conformance.evidence.trace import JSON, Message
from conformance.evidence.views import Call, Session, same_id
from conformance.judging.check import Finding, Findings, check, expect, undecided

GRACE = 2.0  # seconds; the specification gives no number for what is to come first


@check("subs.listen")
def declared_changes_can_be_listened_to(session: Session) -> Findings:
    """A server that declares listChanged or resources.subscribe knows subscriptions/listen."""
    yield from not_offered(session)
    declared = promised(session)
    for call in listen_calls(session):
        if is_unknown(call) and declared:
            yield expect(False, call, f"{declared[0]} is declared, but {LISTEN} drew {words_for_answer(call)}")
    for listening in listenings(session):
        if listening.acknowledgement is not None:
            told = f"{declared[0]} is declared" if declared else "no change is declared"
            yield expect(True, listening.call, f"{told}, and {LISTEN} is served")


@check("subs.ack-first")
def the_acknowledgement_comes_first(session: Session) -> Findings:
    """The first message on the stream of a subscription is its acknowledgement; comments are no messages."""
    yield from not_offered(session)
    for listening in listenings(session):
        first = next(iter(listening.said), None)
        if first is None:
            yield _silence(listening.call)
        elif first.kind != "error":  # a refusal opens no subscription
            seen = f"the first message on the stream is {first.method or 'the ' + first.kind}"
            yield expect(first.method == ACKNOWLEDGED, first, seen)
    for call in listen_calls(session):
        if call.exchange.ok and not call.exchange.is_stream and call.response and call.response.kind == "result":
            yield expect(False, call.response, f"{LISTEN} was answered with a result, and without acknowledgement")


def _silence(call: Call) -> Finding:
    exchange = call.exchange
    stayed = (exchange.ended or 0.0) - (exchange.head_at or 0.0)
    if exchange.ending in ("hung up", "timed out") and stayed >= GRACE:
        return expect(False, call, f"no acknowledgement came in {stayed:.1f} s")
    return undecided(call, "the stream was over before anything came on it")


@check("subs.ack-filter")
def the_acknowledgement_is_a_part_of_the_filter(session: Session) -> Findings:
    """The acknowledgement says what of the client's choice the server will deliver, and nothing else."""
    yield from not_offered(session)
    for listening in listenings(session):
        message = listening.acknowledgement
        if message is None:
            continue
        if not isinstance(message.params.get("notifications"), dict):
            yield expect(False, message, "the acknowledgement does not say what was agreed")
            continue
        flaws = list(_flaws(session, listening))
        for flaw in flaws:
            yield expect(False, message, f"the acknowledgement has {flaw}")
        if not flaws:
            agreed = [name for name in WANTED_BY.values() if asks_for(listening.agreed, name)]
            yield expect(True, message, f"the acknowledgement has {', '.join(agreed) or 'nothing'}, as asked for")


def _flaws(session: Session, listening: Listening) -> Iterator[str]:
    for kind, name in [*LISTS.items(), ("resources", URIS)]:
        if not asks_for(listening.agreed, name):
            continue
        if not asks_for(listening.wanted, name):
            yield f"{name}, which was not asked for"
        elif session.discovered and kind not in session.server_capabilities:
            yield f"{name}, although {kind} are not declared"
    uris = uris_in(listening.wanted)
    for uri in uris_in(listening.agreed) if uris else ():
        if not is_within(uri, uris):
            yield f"{shown(uri)}, which was not asked for"


@check("subs.id")
def messages_name_their_subscription(session: Session) -> Findings:
    """Every message of a subscription carries its id: that of the request, of the same type.

    What does not belong on such a stream at all is judged elsewhere.
    """
    yield from not_offered(session)
    for listening in listenings(session):
        for message in listening.said:
            if message.kind == "result" or message.method in (ACKNOWLEDGED, *WANTED_BY):
                yield _named(message, listening.call.request.id)


def _named(message: Message, id: JSON) -> Finding:
    what = message.method or "the result"
    if SUBSCRIPTION not in meta_of(message):
        return expect(False, message, f"{what} does not say which subscription it belongs to")
    named = subscription_of(message)
    return expect(same_id(named, id), message, f"{what} on the subscription {shown(id)} names {shown(named)}")


@check("subs.filter")
def nobody_hears_of_what_he_did_not_ask_for(session: Session) -> Findings:
    """A subscription brings only the kinds of change that its filter asked for.

    One that is told nothing shows it too, where the same client heard of the change on another.
    """
    yield from not_offered(session)
    found = listenings(session)
    changes = [m for listening in found for m in listening.notifications if m.method in WANTED_BY]
    for listening in found:
        own = [m for m in listening.notifications if m.method in WANTED_BY]
        for message in own:
            asked = listening.wants(message.method)
            yield expect(asked, message, f"{message.method} came, which was {'' if asked else 'not '}asked for")
        missed = {m.method for m in changes if listening.was_open(m.at) and not listening.wants(m.method)}
        for method in sorted(missed - {m.method for m in own}):
            yield expect(True, listening.call, f"{method} was not asked for, and came only where it was")


@check("subs.resources")
def nobody_hears_of_other_resources(session: Session) -> Findings:
    """A subscription brings updates of the resources that it named, or of parts of them, and of no others."""
    yield from not_offered(session)
    found = [listening for listening in listenings(session) if listening.wants(UPDATED)]
    updates = [m for listening in found for m in listening.notifications if m.method == UPDATED]
    for listening in found:
        uris = uris_in(listening.wanted)
        own = [m for m in updates if m.place.exchange == listening.call.exchange.number]
        for message in own:
            uri = message.params.get("uri")
            seen = f"an update of {shown(uri)} came to who asked for {shown(uris[0])}"
            yield expect(is_within(uri, uris), message, seen)
        elsewhere = (m for m in updates if listening.was_open(m.at) and not is_within(m.params.get("uri"), uris))
        if not own and (other := next(elsewhere, None)):
            seen = f"an update of {shown(other.params.get('uri'))} did not come to who asked for {shown(uris[0])}"
            yield expect(True, listening.call, seen)


@check("subs.changes-only")
def reports_stay_with_their_requests(session: Session) -> Findings:
    """Progress and log messages come on the stream of the request that they are about, never on a subscription's."""
    yield from not_offered(session)
    found = listenings(session)
    streams = {listening.call.exchange.number for listening in found}
    reports = [m for m in session.messages() if m.sender == "server" and m.method in REQUEST_SCOPED]
    for listening in found:
        stray = [m for m in reports if m.place.exchange == listening.call.exchange.number]
        for message in stray:
            yield expect(False, message, f"{message.method} came on the stream of a subscription")
        told = [m for m in reports if m.place.exchange not in streams and listening.was_open(m.at)]
        if told and not stray:
            seen = f"{told[0].method} came on the stream of its request, and not on that of a subscription"
            yield expect(True, listening.call, seen)


@check("subs.graceful")
def a_subscription_ends_with_a_result(session: Session) -> Findings:
    """A server that ends a subscription answers it with a result first.

    Another page asks for a cancellation instead: either tells the client that this is the end.
    """
    yield from not_offered(session)
    for listening in _ended(session):
        if listening.call.response is not None and listening.call.response.kind == "result":
            yield expect(True, listening.call.response, "the subscription ended with a result")
        elif farewell := _farewell(listening):
            yield expect(True, farewell, "the subscription ended with a cancellation, as another page has it")
        else:
            yield expect(False, listening.call, f"the subscription ended {_how(listening)}, without a result")


@check("subs.cancelled")
def the_end_of_a_subscription_is_told(session: Session) -> Findings:
    """A server that ends a subscription says so: with a cancellation that names it, or by its answer.

    The page on cancellation wants the one, that on subscriptions the other.
    """
    yield from not_offered(session)
    for listening in _ended(session):
        if farewell := _farewell(listening):
            yield expect(True, farewell, "the subscription ended with a cancellation that names it")
        elif listening.call.response is not None:
            yield expect(True, listening.call.response, "the subscription ended with an answer")
        else:
            yield expect(False, listening.call, "the subscription ended without a word")


@check("subs.cancelled-only")
def the_server_cancels_nothing_but_subscriptions(session: Session) -> Findings:
    """A server cancels subscriptions of its client's, and nothing else."""
    yield from not_offered(session)
    listening = {key_of(call.request.id) for call in listen_calls(session)}
    sent = [m for m in session.messages() if m.sender == "server" and m.method == CANCELLED] if session.modern else []
    for message in sent:
        named = message.params.get("requestId")
        right = key_of(named) in listening
        seen = f"the server cancelled {shown(named)}, which is {'a' if right else 'no'} subscription"
        yield expect(right, message, seen)
    over = next(_ended(session), None)
    if over is not None and not sent:
        yield expect(True, over.call, "the server ended a subscription, and cancelled nothing else")


def _ended(session: Session) -> Iterator[Listening]:
    """The subscriptions that stood and that the server ended."""
    for listening in listenings(session):
        answered = listening.call.response is not None and listening.call.response in listening.said
        closed = listening.call.exchange.ending == "complete"
        if listening.acknowledgement is not None and (answered or closed or _farewell(listening)):
            yield listening


def _farewell(listening: Listening) -> Message | None:
    """The cancellation that names the subscription on whose stream it came."""
    id = listening.call.request.id
    told = (m for m in listening.notifications if m.method == CANCELLED)
    return next((m for m in told if same_id(m.params.get("requestId"), id)), None)


def _how(listening: Listening) -> str:
    response = listening.call.response
    return f"with {words_for_answer(listening.call)}" if response is not None else "without a word"

"""That a user has been where the server sent them: client/elicitation, "Completion Notifications"."""

from collections.abc import Iterator

from conformance.checks.elicitation import visits
from conformance.checks.reading import shown
from conformance.evidence.trace import JSON, Message, Trace
from conformance.evidence.views import Session, sessions
from conformance.judging.check import Findings, check, expect, undecided

COMPLETE = "notifications/elicitation/complete"


@check("elicit.complete-id")
def what_is_complete_is_named_by_its_id(session: Session) -> Findings:
    """What is complete is named by the id that the request to open an address had.

    What a request is still waiting for may be that the user opens an address: the notification may overtake it. And
    in a session that began before the recording the user may have been asked before.
    """
    told = list(_told(session))
    if not told:
        return
    is_waiting = any(x.method == "POST" and x.ending == "open" for x in session.exchanges)
    may_come = is_waiting or (session.handshake is None and not session.modern)
    known = {repr(name) for name in _asked_for(session)}
    anywhere = {repr(name) for other in sessions(session.trace) for name in _asked_for(other)}
    for message in told:
        name = message.params.get("elicitationId")
        if repr(name) in known:
            yield expect(True, message, f"{shown(name)} is complete, for which the user was asked")
        elif repr(name) not in anywhere:
            seen = f"{shown(name)} is called complete, and nobody was asked under this id"
            yield undecided(message, f"{seen} until now") if may_come else expect(False, message, seen)


@check("elicit.complete-client")
def only_the_client_that_was_asked_is_told(trace: Trace) -> Findings:
    """Only the client that was asked is told that a visit is complete. Sessions with one token may be one client."""
    found = sessions(trace)
    askers: dict[str, set[str]] = {}
    for session in found:
        for name in _asked_for(session):
            askers.setdefault(repr(name), set()).add(session.client)
    for session in found:
        for message in _told(session):
            named = message.params.get("elicitationId")
            name, asked = shown(named), askers.get(repr(named), set())
            if session.client in asked:
                yield expect(True, message, f"{name} is complete, and this is the client that was asked")
            elif asked and any(x.request_header("authorization") for x in session.exchanges):
                yield undecided(
                    message, f"{name} is complete; the client that was asked may be this one, by its token"
                )
            elif asked:
                yield expect(False, message, f"{name} is called complete to this client, but another was asked")


def _asked_for(session: Session) -> Iterator[JSON]:
    """The ids of the visits that the user was asked for."""
    return (wanted["elicitationId"] for _, wanted in visits(session) if "elicitationId" in wanted)


def _told(session: Session) -> Iterator[Message]:
    return (m for m in session.messages() if m.sender == "server" and m.method == COMPLETE)

"""Progress tokens that a client gives, and progress that it reports itself: basic/utilities/progress."""

from conformance.checks.asked import key_of, questions
from conformance.checks.clientside import has_token, is_whole, meta, runs_at, said, shares_its_label
from conformance.checks.reading import is_id, shown
from conformance.evidence.trace import Message
from conformance.evidence.views import Call, Session
from conformance.judging.check import Findings, check, expect, undecided

TOKEN = "progressToken"


@check("progress.token-type", party="client")
def tokens_of_clients_are_strings_or_integers(message: Message) -> Findings:
    """A progress token of a client is a string or an integer."""
    if message.kind == "request" and has_token(message):
        token = meta(message)[TOKEN]
        yield expect(is_id(token), message, f"{message.method} came with the progress token {shown(token)}")


@check("progress.token-unique", party="client")
def running_requests_of_clients_have_different_tokens(session: Session) -> Findings:
    """Progress tokens of a client's running requests differ."""
    if shares_its_label(session):
        return
    before: list[Call] = []
    for call in (c for c in session.calls if has_token(c.request)):
        token = call.progress_token
        same = (c for c in before if key_of(c.progress_token) == key_of(token))
        running = next((c for c in same if runs_at(c, call.request.at)), None)
        told = "" if running is None else f", which a running {running.request.method} has too"
        yield expect(running is None, call, f"{call.request.method} has the token {shown(token)}{told}")
        before.append(call)


@check("progress.known-token", party="client")
def progress_of_clients_names_a_token_of_the_server(session: Session) -> Findings:
    """A client reports progress only with tokens that a request of the server gave."""
    asked = [question for question in questions(session) if question.has_token]
    for message in said(session, "notifications/progress"):
        given = {key_of(question.token) for question in asked if question.request.at <= message.at}
        token = message.params.get(TOKEN)
        seen = f"progress of the client names the token {shown(token)}"
        if key_of(token) in given:
            yield expect(True, message, seen)
        elif is_whole(session):
            yield expect(False, message, f"{seen}, which no request of the server had given")
        else:
            yield undecided(message, f"{seen}, which may have been given before the recording")

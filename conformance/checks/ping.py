"""basic/utilities/ping."""

from conformance.checks.deciding import BUSY, is_right, is_silent, lives_on
from conformance.checks.reading import is_batch, is_sound, requests, shown
from conformance.evidence.trace import Exchange, Message, Trace
from conformance.evidence.views import Call, Session
from conformance.judging.check import Findings, check, expect, undecided


@check("ping.reply")
def ping_is_answered_with_an_empty_result(call: Call) -> Findings:
    """Ping is answered with an empty result. Members beside `_meta` are tolerated: the schema allows them.

    Where something else is wrong with the request, an error decides nothing. A refusal by HTTP counts only if the
    session was served afterwards. Silence counts only if it is repeated, no ping of the run whose id is of the same
    type was answered, and a request that was sent later was.
    """
    session, exchange, response = call.session, call.exchange, call.response
    if call.request.method != "ping" or not is_sound(call.request):
        return
    right = is_right(session, exchange)
    if exchange.refused:
        decided = right and lives_on(session, exchange) and exchange.status not in (401, 403, *BUSY)
        seen = f"ping with the id {shown(call.request.id)} was refused with {exchange.status}"
        yield expect(False, call, f"{seen}, in a session that goes on") if decided else undecided(call, seen)
    elif response is not None and response.kind == "result":
        yield expect(True, response, "ping was answered with a result")
    elif response is not None:
        error = shown(response.error.get("code"))
        seen = f"ping with the id {shown(call.request.id)} was answered with the error {error}"
        yield expect(False, response, seen) if right else undecided(response, seen)
    elif is_silent(exchange):
        counts = right and _was_overtaken(session, exchange) and _are_all_silent(session.trace, call.request)
        seen = f"ping with the id {shown(call.request.id)} got no answer"
        yield expect(False, call, f"{seen}, and later requests got one") if counts else undecided(call, seen)
    elif right and exchange.ok and exchange.ending == "complete" and is_batch(exchange):
        yield expect(False, call, "ping was not answered in the answer to its batch")


def _was_overtaken(session: Session, exchange: Exchange) -> bool:
    later = (x for x in session.exchanges if x.method == "POST" and x.started > exchange.started and x.ok)
    return any(x.head_at is not None and x.head_at < (exchange.ended or 0) for x in later)


def _are_all_silent(trace: Trace, ping: Message) -> bool:
    """Whether no ping like this one was answered: some servers hear nothing that is asked under a text."""
    alike = str if isinstance(ping.id, str) else int
    pings = [x for x in trace.exchanges if any(m.method == "ping" and isinstance(m.id, alike) for m in requests(x))]
    silent = [x for x in pings if is_silent(x)]
    return len(silent) > 1 and not any(isinstance(m, Message) and m.is_response for x in pings for m in x.received)

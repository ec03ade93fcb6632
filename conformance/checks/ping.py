"""basic/utilities/ping."""

from conformance.check import Findings, check, expect, undecided
from conformance.checks.reading import is_sound, shown
from conformance.views import Call


@check("ping.reply")
def ping_is_answered_with_an_empty_result(call: Call) -> Findings:
    """Ping is answered with an empty result. Members beside `_meta` are tolerated: the schema allows them.

    A refusal by HTTP may have many reasons (a session that ended, a wrong header), so it decides nothing.
    """
    if call.request.method != "ping" or call.response is None or not is_sound(call.request):
        return
    if call.exchange.refused:
        yield undecided(call, f"ping was refused with {call.exchange.status}")
    else:
        told = "a result" if call.response.kind == "result" else f"the error {shown(call.response.error.get('code'))}"
        yield expect(call.response.kind == "result", call.response, f"ping was answered with {told}")

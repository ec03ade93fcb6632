"""basic/utilities/ping."""

from conformance.check import Findings, check, expect
from conformance.views import Call


@check("ping.reply")
def ping_is_answered_with_an_empty_result(call: Call) -> Findings:
    """Ping is answered with an empty result. Members beside `_meta` are tolerated: the schema allows them."""
    if call.request.method != "ping" or call.response is None:
        return
    yield expect(call.response.kind == "result", call.response, f"ping was answered with a {call.response.kind}")

"""Requests of the modern era that stand alone: what is right about them, and how they were answered. No checks here.

A probe is wrong in one point on purpose; whatever else is wrong with a request makes it nobody's evidence, because
no order of errors is given. So a request counts only if it is right in everything that is not being probed.
"""

import json
from collections.abc import Iterator

from conformance.checks.deciding import names_another_request, says_nothing
from conformance.checks.mirrors import decoded
from conformance.checks.reading import heard, is_sound, shown
from conformance.evidence.era import CAPABILITIES, VERSION, declared_capabilities, meta_of, mirrored_name
from conformance.evidence.trace import JSON, Message, Trace
from conformance.evidence.views import Call, Session, sessions
from conformance.judging.check import Finding, bent, expect

REQUIRED = (VERSION, CAPABILITIES)


def modern_calls(trace: Trace) -> Iterator[Call]:
    """Every request of the modern era, client by client."""
    for session in sessions(trace):
        if session.modern:
            yield from session.calls


def missing(call: Call) -> tuple[str, ...]:
    """The fields of `_meta` that every request needs and this one lacks."""
    return tuple(key for key in REQUIRED if key not in meta_of(call.request))


def is_addressed(call: Call) -> bool:
    """Whether nothing but the body can be wrong: one sound message, headers that repeat it, no Origin.

    Where the body names no version, the header has to name the one that all others name.
    """
    exchange, request = call.exchange, call.request
    header = exchange.request_header
    name = mirrored_name(request.body)
    given = header("mcp-name")
    return (
        len(exchange.sent) == 1
        and is_sound(request)
        and header("mcp-protocol-version") == meta_of(request).get(VERSION, call.session.revision)
        and header("mcp-method") == request.method
        and (name is None or (given is not None and decoded(given) == name))
        and header("origin") is None
    )


def is_right(call: Call) -> bool:
    """Whether a request is as the revision wants it; of its params nothing is said."""
    meta = meta_of(call.request)
    return (
        is_addressed(call) and meta.get(VERSION) == call.session.revision and isinstance(meta.get(CAPABILITIES), dict)
    )


def unclear(call: Call) -> str | None:
    """Why an answer decides nothing, in words; None if it can be judged."""
    exchange = call.exchange
    if reason := says_nothing(exchange):
        return reason
    if exchange.status == 403:
        return f"{call.request.method} was answered with 403: who may ask is another question"
    if call.response is None and first_error(call) is None and names_another_request(exchange):
        return f"{call.request.method} was answered, but not under the request's own id"
    if call.response is None and first_error(call) is None and exchange.ending != "complete":
        return f"the answer to {call.request.method} was not seen to its end"
    return None


def first_error(call: Call) -> Message | None:
    """The error in the answer, whatever its id says: that is judged under a rule of its own."""
    found = (m for m in heard(call.exchange) if isinstance(m, Message) and m.kind == "error")
    return next(found, None)


def code(call: Call) -> JSON:
    """The code of the error in the answer; None where there is no error."""
    error = first_error(call)
    return None if error is None else error.error.get("code")


def is_served(call: Call) -> bool:
    return call.response is not None and call.response.kind == "result"


def told(call: Call) -> str:
    """How a request was answered, in words."""
    method, status = call.request.method, call.exchange.status
    if is_served(call):
        return f"{method} was served ({status})"
    error = first_error(call)
    if error is None:
        return f"{method} was answered with {status} and no JSON-RPC error"
    return f"{method} was answered with {status} and the error {shown(error.error.get('code'))}"


def with_status(call: Call, status: int, seen: str) -> Finding:
    """Whether an error came with its status.

    A stream begins with 200: an error that comes on it after other messages cannot have a status of its own.
    """
    exchange, error = call.exchange, first_error(call)
    if exchange.status != status and exchange.ok and exchange.is_stream and error is not None:
        before = [m for m in exchange.received if isinstance(m, Message) and m.at <= error.at and m is not error]
        if before:
            return bent(call, f"{seen}, on a stream that had begun with another message")
    return expect(exchange.status == status, call, seen)


def identity(call: Call) -> str:
    """What was asked, whoever asks it and how: method and params without `_meta` and without what MRTR adds."""
    extra = ("_meta", "inputResponses", "requestState")
    params = {name: value for name, value in call.request.params.items() if name not in extra}
    return json.dumps([call.request.method, params], sort_keys=True)


def listed_versions(session: Session) -> list[str]:
    """The versions that the server told in `server/discover`."""
    return texts(session.discovered.get("supportedVersions"))


def texts(value: JSON) -> list[str]:
    """The strings in a list."""
    return [entry for entry in value if isinstance(entry, str)] if isinstance(value, list) else []


def required_capabilities(call: Call) -> dict[str, JSON]:
    """What a -32021 says that the client would have to declare."""
    error = first_error(call)
    data = error.error.get("data") if error is not None else None
    required = data.get("requiredCapabilities") if isinstance(data, dict) else None
    return required if isinstance(required, dict) else {}


def lacks(required: JSON, call: Call) -> bool:
    """Whether the client left something of this undeclared; who declares `elicitation` alone declares forms."""
    declared = dict(declared_capabilities(call.request))
    if declared.get("elicitation") == {}:
        declared["elicitation"] = {"form": {}}
    waiting: list[tuple[JSON, JSON]] = [(required, declared)]
    while waiting:
        wanted, given = waiting.pop()
        for name, inner in wanted.items() if isinstance(wanted, dict) else ():
            if not isinstance(given, dict) or name not in given:
                return True
            waiting.append((inner, given[name]))
    return False

"""What goes with every request of the modern era: basic/index `_meta`, and what a client says of itself there."""

from conformance.checks.clientside import shares_its_label
from conformance.checks.extensions import declared_extensions, is_extension_name
from conformance.checks.reading import shown
from conformance.checks.rounds import same_request
from conformance.checks.traces import FORMS
from conformance.evidence.era import (
    CAPABILITIES,
    CLIENT_INFO,
    UNSUPPORTED_VERSION,
    VERSION,
    declared_capabilities,
    meta_of,
)
from conformance.evidence.trace import Message
from conformance.evidence.views import Call, Session
from conformance.judging.check import Findings, check, expect


@check("meta.required", party="client")
def every_request_names_version_and_capabilities(call: Call) -> Findings:
    """The `_meta` of every request says the version and the client's capabilities."""
    if call.session.modern:
        meta = meta_of(call.request)
        missing = [VERSION] if not isinstance(meta.get(VERSION), str) else []
        missing += [CAPABILITIES] if not isinstance(meta.get(CAPABILITIES), dict) else []
        seen = f"{call.request.method} came {f'without {missing[0]}' if missing else 'with version and capabilities'}"
        yield expect(not missing, call, seen)


@check("meta.client-info", party="client")
def every_request_names_the_client(session: Session) -> Findings:
    """The `_meta` of every request names the client. It may be told not to: that is one warning for all requests."""
    unnamed = []
    for call in session.calls if session.modern else ():
        info = meta_of(call.request).get(CLIENT_INFO)
        if isinstance(info, dict) and isinstance(info.get("name"), str):
            yield expect(True, call, f"{call.request.method} names the client")
        else:
            unnamed.append(call)
    for call in unnamed[:1]:
        many = f"{len(unnamed)} of {len(session.calls)} requests do not name the client"
        yield expect(False, call, f"{many}; the first is {call.request.method}")


@check("meta.trace", party="client")
def trace_fields_of_clients_are_as_w3c_has_them(message: Message) -> Findings:
    """`traceparent`, `tracestate` and `baggage` in `_meta` have the forms of W3C Trace Context and W3C Baggage."""
    for key, is_good in FORMS.items():
        if not message.is_response and key in meta_of(message):
            value = meta_of(message)[key]
            yield expect(isinstance(value, str) and is_good(value), message, f"{key} is {shown(value)}")


@check("ext.names", party="client")
def extensions_of_clients_have_names_with_a_prefix(call: Call) -> Findings:
    """The name of an extension that a client declares is one as for a `_meta` key, with a prefix."""
    for name in declared_extensions(declared_capabilities(call.request)) if call.session.modern else ():
        yield expect(is_extension_name(name), call, f"the extension is named {shown(name)}")


@check("version.retry", party="client")
def a_version_that_is_refused_gives_way_to_a_listed_one(session: Session) -> Findings:
    """Told that its version is not supported, a client that tries again with another takes one of those listed.

    The same version once more may be the wish of a user who did not believe it.
    """
    if not session.modern or shares_its_label(session):
        return
    for refused in session.calls:
        listed, version = _supported(refused), meta_of(refused.request).get(VERSION)
        later = (c for c in session.calls if refused.response and c.request.at > refused.response.at)
        again = next((c for c in later if same_request(refused, c)), None)
        tried = meta_of(again.request).get(VERSION) if again is not None else version
        if listed and again is not None and tried != version:
            seen = (
                f"the server supports {shown(', '.join(listed))}, and {again.request.method} came with {shown(tried)}"
            )
            yield expect(tried in listed, again, seen)


def _supported(call: Call) -> list[str]:
    """The versions in an answer that refuses the version of a request; empty for any other answer."""
    error = call.response.error if call.response is not None and call.response.kind == "error" else {}
    data = error.get("data")
    listed = data.get("supported") if error.get("code") == UNSUPPORTED_VERSION and isinstance(data, dict) else None
    return [version for version in listed if isinstance(version, str)] if isinstance(listed, list) else []

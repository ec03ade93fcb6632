"""Extensions: basic/versioning "Extension Negotiation"."""

from conformance.checks.meta import ENDS, LABEL
from conformance.checks.reading import shown
from conformance.checks.standing import is_right, is_served
from conformance.evidence.era import declared_capabilities
from conformance.evidence.trace import JSON
from conformance.evidence.views import Call
from conformance.judging.check import Findings, check, expect, moot

CORE_TYPES = ("complete", "input_required")


@check("ext.names")
def extensions_have_names_with_a_prefix(call: Call) -> Findings:
    """The name of an extension is one as for a `_meta` key, with a prefix."""
    if (
        call.request.method != "server/discover"
        or not call.session.modern
        or not is_served(call)
        or not call.response
    ):
        return
    names = declared_extensions(call.response.result.get("capabilities"))
    for name in names:
        yield expect(is_extension_name(name), call, f"the extension is named {shown(name)}")
    if not names:
        yield moot(call, "the server declares no extension")


def declared_extensions(capabilities: JSON) -> list[str]:
    """The names of the extensions among the capabilities of a server or client."""
    extensions = capabilities.get("extensions") if isinstance(capabilities, dict) else None
    return list(extensions) if isinstance(extensions, dict) else []


def is_extension_name(name: str) -> bool:
    prefix, slash, rest = name.partition("/")
    labels = all(LABEL.fullmatch(label) for label in prefix.split("."))
    return bool(slash) and labels and "/" not in rest and (not rest or bool(ENDS.fullmatch(rest)))


@check("ext.fallback")
def extensions_are_not_forced_on_anybody(call: Call) -> Findings:
    """A client that declared no extension is answered as the core has it, or with an error."""
    if not call.session.modern or not is_right(call) or call.response is None:
        return
    if declared_extensions(declared_capabilities(call.request)):
        return
    extensions = declared_extensions(call.session.server_capabilities)
    if not extensions:
        if call is call.session.discovery:
            yield moot(call, "the server declares no extension")
        return
    kind = call.response.result.get("resultType", CORE_TYPES[0])
    core = call.response.kind == "error" or not isinstance(kind, str) or kind in CORE_TYPES
    what = "an error" if call.response.kind == "error" else f"a result of the type {shown(kind)}"
    yield expect(core, call, f"{call.request.method} of a client without extensions was answered with {what}")

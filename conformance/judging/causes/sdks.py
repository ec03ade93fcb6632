"""What is known of the official SDKs; docs/field-notes.md has the evidence, each with its version."""

from conformance.evidence.trace import Message
from conformance.judging.causes import Evidence, cause


@cause("*")
def unknown_host(seen: Evidence) -> str:
    """The protection against DNS rebinding in the official SDKs, which answers 421 (Python) or 403 (TypeScript)."""
    if seen.exchanges[0].status not in (403, 421) or "invalid host" not in seen.text.lower():
        return ""
    return (
        "the SDK's protection against DNS rebinding does not know the host of this address: name it in allowed_hosts "
        "(Python SDK, TransportSecuritySettings) or allowedHosts (TypeScript SDK)"
    )


@cause("*")
def no_event_store(seen: Evidence) -> str:
    """What the TypeScript SDK says when a client comes back and it was given no store."""
    if seen.exchanges[0].last_event_id is None or "event store" not in seen.text.lower():
        return ""
    return "the SDK was given no event store, so nothing can be resumed: give its transport one"


@cause("origin.validate")
def express(seen: Evidence) -> str:
    """Express shows itself, and under it runs the TypeScript SDK, whose check is off by default."""
    if seen.header("x-powered-by") != "express":
        return ""
    return (
        "on Express, nothing looks at Origin unless one asks for it: use the SDK's middleware, or enableDnsRebinding"
        "Protection with allowedOrigins in version 1 of the TypeScript SDK"
    )


@cause("jsonrpc.id-echo")
def python_1_error_ids(seen: Evidence) -> str:
    """The id of its own making, in every refusal by HTTP."""
    if not any(error.id == "server-error" for error in seen.errors):
        return ""
    return 'known of version 1 of the Python SDK, not of version 2: the id "server-error" in refusals by HTTP'


@cause("batch.receive")
def python_batches(seen: Evidence) -> str:
    """The words of pydantic about a body that is an array."""
    if "JSONRPCMessage" not in seen.text or "validation error" not in seen.text:
        return ""
    return (
        "known of the Python SDK (1.30.0, 2.3.0), which agrees to 2025-03-26 and understands no batches: offer later "
        "revisions only"
    )


@cause("cancel.stop")
def python_cancelled(seen: Evidence) -> str:
    """The answers of both versions to a call that was cancelled."""
    codes = [e.error.get("code") for e in seen.errors if str(e.error.get("message")).lower() == "request cancelled"]
    version = {0: "1", -32800: "2"}.get(codes[0]) if codes and type(codes[0]) is int else None
    return (
        f"known of version {version} of the Python SDK, which answers cancelled requests with an error"
        if version
        else ""
    )


@cause("resources.not-found-code", "prompts.unknown-error")
def python_1_codes(seen: Evidence) -> str:
    """What a handler raises, and is no error of the protocol, becomes the code 0."""
    if not any(type(error.error.get("code")) is int and error.error["code"] == 0 for error in seen.errors):
        return ""
    return (
        "known of version 1 of the Python SDK, where what a handler raises becomes the code 0: raise McpError with "
        "the code that the rule asks for"
    )


@cause("tools.structured-text")
def wrapped_result(seen: Evidence) -> str:
    """A value that is no object, wrapped to make it one."""
    results = [m.result for m in seen.exchanges[0].received if isinstance(m, Message) and m.kind == "result"]
    wrapped = [result.get("structuredContent") for result in results]
    if not any(isinstance(value, dict) and set(value) == {"result"} for value in wrapped):
        return ""
    return (
        "known of the Python SDK and FastMCP, which wrap what a tool returns as {result: ...} and write only the "
        "inner value as text: return a model or a dictionary, or switch structured_output off for this tool"
    )


@cause("log.errors")
def typescript_levels(seen: Evidence) -> str:
    """The list of a validator's complaints in the message of an internal error."""
    dumps = [e for e in seen.errors if e.error.get("code") == -32603 and "invalid_" in str(e.error.get("message"))]
    return (
        "known of the TypeScript SDK (1.x, 2.4.0), which reports invalid params as an internal error" if dumps else ""
    )


@cause("stream.closes")
def resumed_streams_stay_open(seen: Evidence) -> str:
    """Both official SDKs close the connection that a call opened, and not one on which its response was replayed."""
    if seen.exchanges[0].last_event_id is None:
        return ""
    return (
        "known of the Python SDK and of version 1 of the TypeScript SDK: a response that comes on a resumed stream "
        "does not end it; close the stream after the replay"
    )


@cause("session.ended-404")
def session_map(seen: Evidence) -> str:
    """The words of the TypeScript SDK's examples, which keep their sessions in a map."""
    if seen.exchanges[0].status != 400 or "no valid session id" not in seen.text.lower():
        return ""
    return (
        "copied from an example of the TypeScript SDK: it forgets a session that ends and treats its id like a "
        "missing one; answer 404 where the request names an id that is not in the map"
    )


@cause("jsonrpc")
def empty_priming_message(seen: Evidence) -> str:
    """The message that primes a stream in version 1 of the TypeScript SDK, replayed by an event store."""
    events = [event for exchange in seen.exchanges[:1] for event in exchange.events]
    if seen.exchanges[0].last_event_id is None or not any((event.data or "").strip() == "{}" for event in events):
        return ""
    return (
        "known of event stores for version 1 of the TypeScript SDK: they replay the empty message {} by which it "
        "primes a stream; skip what has no members"
    )


@cause("tasks.ignored")
def typescript_task_creation(seen: Evidence) -> str:
    """What version 1 of the TypeScript SDK says where no tasks are set up."""
    if "does not support task creation" not in seen.text:
        return ""
    return "known of version 1 of the TypeScript SDK, which refuses a task field where no tasks are set up"


@cause("schema.prefer-2020")
def zod_dialect(seen: Evidence) -> str:
    """The dialect into which version 1 of the TypeScript SDK turns zod schemas."""
    if "draft-07" not in seen.text:
        return ""
    return "zod-to-json-schema, also inside version 1 of the TypeScript SDK, writes draft-07 unless told otherwise"

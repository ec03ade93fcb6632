"""What our client says when the server asks it something: sampling, elicitation, roots and ping."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from conformance.evidence.trace import JSON, Message

MODEL = "conformance-model"
RELATED = "io.modelcontextprotocol/related-task"
Reply: TypeAlias = Callable[[Message], "dict[str, JSON] | None"]
"""From a request of the server's to the `result` or `error` member of the response; None is silence."""


class Asked(Protocol):
    """What the server wants to know, be it in a request or in a result."""

    @property
    def method(self) -> str: ...

    @property
    def params(self) -> dict[str, JSON]: ...


@dataclass(frozen=True, slots=True)
class InputRequest:
    """An entry of `inputRequests` (2026-07-28, basic/patterns/mrtr)."""

    method: str
    params: dict[str, JSON]


InputReply: TypeAlias = Callable[[InputRequest], "dict[str, JSON]"]
"""From an entry of `inputRequests` to an object with the `result`, if there is one."""


def capabilities(revision: str) -> dict[str, JSON]:
    """All that our client can do in a revision."""
    offered: dict[str, JSON] = {"sampling": {}, "roots": {"listChanged": True}}
    return offered | ({"elicitation": {}} if revision >= "2025-06-18" else {})


def usual(question: Asked) -> dict[str, JSON]:
    """The answer of a willing client; -32601 to what it does not know."""
    return _answer(question.method, question.params)


def to_input_request(question: JSON, by_method: Mapping[str, InputReply] | None = None) -> JSON:
    """The result for an entry of `inputRequests`, as usual or as a story has it; empty if it is no request."""
    entry = question if isinstance(question, dict) else {}
    params = entry.get("params")
    asked = InputRequest(str(entry.get("method")), params if isinstance(params, dict) else {})
    return (by_method or {}).get(asked.method, usual)(asked).get("result", {})


def _answer(method: str, params: Mapping[str, JSON]) -> dict[str, JSON]:
    match method:
        case "ping":
            return {"result": {}}
        case "roots/list":
            return {"result": {"roots": [{"uri": "file:///workspace", "name": "workspace"}]}}
        case "sampling/createMessage":
            text: dict[str, JSON] = {"type": "text", "text": "A sampled sentence."}
            return {"result": {"role": "assistant", "content": text, "model": MODEL}}
        case "elicitation/create" if params.get("mode") == "url":
            return {"result": {"action": "accept"}}
        case "elicitation/create":
            return {"result": {"action": "accept", "content": _fill_in(params)}}
    return {"error": {"code": -32601, "message": f"unknown method {method}"}}


def using_tools(question: Asked) -> dict[str, JSON]:
    """The answer of a model that uses the first tool it is given twice at once, and speaks when it has the results.

    Only for clients that declared sampling.tools, which there is since 2025-11-25.
    """
    tools, choice = question.params.get("tools"), question.params.get("toolChoice")
    listed = tools if isinstance(tools, list) else []
    first = next((tool for tool in listed if isinstance(tool, dict)), {})
    barred = isinstance(choice, dict) and choice.get("mode") == "none"
    if question.method != "sampling/createMessage" or "name" not in first or barred or _has_results(question):
        return usual(question)
    uses: list[JSON] = [{"type": "tool_use", "id": f"use-{n}", "name": first["name"], "input": {}} for n in (1, 2)]
    return {"result": {"role": "assistant", "content": uses, "model": MODEL, "stopReason": "toolUse"}}


def _has_results(question: Asked) -> bool:
    """Whether the conversation ends with results of tools."""
    messages = question.params.get("messages")
    last = messages[-1] if isinstance(messages, list) and messages else None
    content = last.get("content") if isinstance(last, dict) else None
    blocks = content if isinstance(content, list) else [content]
    return any(isinstance(block, dict) and block.get("type") == "tool_result" for block in blocks)


def marked(question: Message, reply: dict[str, JSON]) -> dict[str, JSON]:
    """The answer to a question that belongs to a task belongs to it too (2025-11-25, basic/utilities/tasks)."""
    meta, result = question.params.get("_meta"), reply.get("result")
    if not is_marked(question) or not isinstance(meta, dict) or not isinstance(result, dict):
        return reply
    return reply | {"result": result | {"_meta": {RELATED: meta[RELATED]}}}


def is_marked(question: Message) -> bool:
    """Whether a question says that it belongs to a task."""
    meta = question.params.get("_meta")
    return isinstance(meta, dict) and isinstance(meta.get(RELATED), dict)


def silence(_question: Message) -> None:
    """No answer at all, for stories about a server that has to give up."""


def _fill_in(params: Mapping[str, JSON]) -> dict[str, JSON]:
    """A form filled in, so far as it has to be: the default where there is one, else the simplest of the type."""
    schema = params.get("requestedSchema")
    form: dict[str, JSON] = schema if isinstance(schema, dict) else {}
    fields, required = form.get("properties"), form.get("required")
    if not isinstance(fields, dict) or not isinstance(required, list):
        return {}
    return {name: _value(field) for name, field in fields.items() if name in required and isinstance(field, dict)}


def _value(field: dict[str, JSON]) -> JSON:
    default = field.get("default")
    if isinstance(default, str | int | list):  # bool is an int; a fraction is not in the JSON Schema of answers
        return default
    choices = field.get("enum")
    if isinstance(choices, list) and choices:
        return choices[0]
    options = field.get("oneOf")
    if isinstance(options, list) and options and isinstance(options[0], dict):
        return options[0].get("const")
    match field.get("type"):
        case "boolean":
            return True
        case "integer" | "number":
            minimum = field.get("minimum")
            return math.ceil(minimum) if isinstance(minimum, int | float) else 1
        case "array":
            return []
    return "someone@example.com" if field.get("format") == "email" else "example"

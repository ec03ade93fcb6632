"""What shape a message must have, by the JSON Schema of its revision, and in one sentence where it has not.

The definition is picked by the message: a request or notification by its `method`, provided that its sender may send
it; a result by the request that it answers (CallToolRequest, CallToolResult), EmptyResult where that has none of its
own, and by the `resultType` that it names where the revision knows such types; an error by its code. What has no
definition is not judged. jsonschema-rs says quickly whether a message is right, jsonschema explains what is not. The
sentence names the place by JSON Pointer (RFC 6901) and never repeats the instance, which may be huge and is a
stranger's.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

import jsonschema_rs
from jsonschema import Draft202012Validator, ValidationError
from jsonschema.exceptions import SchemaError, best_match

from conformance.evidence.era import VERSION, is_modern, meta_of
from conformance.evidence.trace import JSON, Message, Party

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_COMPLETE, _INPUT_REQUIRED = "complete", "input_required"  # the values of `resultType` that the core knows
_LONGEST_STEP = 60  # characters of a member's name that a pointer shows
_WITH_ARTICLE = {
    "null": "null",
    "boolean": "a boolean",
    "integer": "an integer",
    "number": "a number",
    "string": "a string",
    "array": "an array",
    "object": "an object",
}
_MOST_ERRORS = 20  # looked at to find the one that explains best

# What the published JSON Schema holds narrower than the TypeScript schema that it is generated from and that is the
# source of truth (basic/index, "Schema"): there, any JSON value is one, null and fractions too.
_WIDER: Mapping[str, Any] = {"JSONValue": {}}


class Quick(Protocol):
    """A validator of jsonschema-rs."""

    def is_valid(self, instance: object) -> bool: ...


@dataclass(frozen=True, slots=True)
class Definition:
    """A definition by its name in the revision's schema; for a response also that of the envelope around it."""

    name: str
    envelope: str | None = None


def explain(message: Message, revision: str, request: Message | None = None) -> str | None:
    """What is wrong with the shape of a message, None if nothing is or nothing is defined.

    A result is judged by the `request` that it answers; without one, any object will do.
    """
    definition = definition_of(message, revision, request)
    if definition is None:
        return None
    body: dict[str, JSON] = message.body
    if message.kind == "error" and message.id is None:
        body = body | {"id": 0}  # an id that could not be read may be left out or null, whatever the schema says
    if surely_fits(_quick(revision, definition), body):
        return None
    return _sentence(islice(_thorough(revision, definition).iter_errors(body), _MOST_ERRORS))


def definition_of(message: Message, revision: str, request: Message | None = None) -> Definition | None:
    """The definition that a message has to meet, None if the revision has none for it."""
    known = _definitions(revision)
    if not known:
        return None
    match message.kind:
        case "request" | "notification":
            name = _by_method(revision, message.sender).get(message.method)
            fits = name is not None and name.endswith(message.kind.capitalize())
            return Definition(name) if name is not None and fits else None
        case "result":
            if request is not None and _is_of_another_era(request, revision):
                return None
            envelope = "JSONRPCResultResponse" if "JSONRPCResultResponse" in known else "JSONRPCResponse"
            return Definition(_result_name(message, request, revision), envelope)
        case "error":
            return Definition(_error_name(message, revision))


def is_notification(method: str, sender: Party, revision: str) -> bool:
    """Whether this is the method of a notification that the sender may send."""
    return _by_method(revision, sender).get(method, "").endswith("Notification")


def surely_fits(validator: Quick, value: object) -> bool:
    """Whether a value fits, as far as this validator can tell: half a surrogate pair is beyond it."""
    try:
        return validator.is_valid(value)
    except ValueError:
        return False


def folder() -> Path:
    """Where the schemas are: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).parents[1]
    installed = package / "_schemas"
    return installed if installed.is_dir() else package.parent / "schemas"


def _is_of_another_era(request: Message, revision: str) -> bool:
    """Whether a request does not say that it is of this revision, so that it may be answered in the shape of another.

    Until 2025-11-25 no request says so: its session does.
    """
    return is_modern(revision) and meta_of(request).get(VERSION) != revision


def _result_name(message: Message, request: Message | None, revision: str) -> str:
    """By the request, unless the result says that it is of another type; of an extension's types, nothing is known.

    Whether a request may be answered with the question for more input is not a matter of shape.
    """
    if request is None:
        return "Result"
    known = _definitions(revision)
    if "task" in request.params and "task" in message.result and "CreateTaskResult" in known:
        return "CreateTaskResult"
    asked = _by_method(revision, request.sender).get(request.method)
    kind = message.result.get("resultType", _COMPLETE) if "ResultType" in known else _COMPLETE
    if asked is None or (isinstance(kind, str) and kind not in (_COMPLETE, _INPUT_REQUIRED)):
        return "Result"
    if kind == _INPUT_REQUIRED:
        return "InputRequiredResult"
    name = asked.removesuffix("Request") + "Result"
    return name if name in known else "EmptyResult"


def _error_name(message: Message, revision: str) -> str:
    code = message.error.get("code")
    if isinstance(code, int | float) and code in (named := _by_code(revision)):
        return named[code]
    return "JSONRPCErrorResponse" if "JSONRPCErrorResponse" in _definitions(revision) else "JSONRPCError"


@cache
def _definitions(revision: str) -> Mapping[str, Any]:
    path = folder() / revision / "schema.json"
    if not path.is_file():
        return {}
    definitions: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["$defs"]
    return definitions | {name: wider for name, wider in _WIDER.items() if name in definitions}


@cache
def _by_code(revision: str) -> Mapping[float, str]:
    """From an error's code to the name of its definition, for all error responses that have one of their own."""
    errors = {name: body.get("properties", {}).get("error", {}) for name, body in _definitions(revision).items()}
    codes = {name: error.get("properties", {}).get("code", {}).get("const") for name, error in errors.items()}
    return {code: name for name, code in codes.items() if code is not None}


@cache
def _by_method(revision: str, sender: Party) -> Mapping[str, str]:
    """From a method to the name of its definition, for all that this party may send."""
    known = _definitions(revision)
    unions = [known.get(f"{sender.capitalize()}{kind}", {}) for kind in ("Request", "Notification")]
    allowed = {method for union in unions for method in union.get("properties", {}).get("method", {}).get("enum", ())}
    named = {
        definition.get("properties", {}).get("method", {}).get("const"): name for name, definition in known.items()
    }
    return {method: named[method] for method in allowed if method in named}


def _schema(revision: str, definition: Definition) -> dict[str, Any]:
    inner = {"$ref": f"#/$defs/{definition.name}"}
    outer: dict[str, Any] = inner
    if definition.envelope is not None:
        outer = {"$ref": f"#/$defs/{definition.envelope}", "properties": {"result": inner}}
    return {"$schema": DIALECT, **outer, "$defs": _definitions(revision)}


@cache
def _quick(revision: str, definition: Definition) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(_schema(revision, definition), validate_formats=False)


@cache
def _thorough(revision: str, definition: Definition) -> Draft202012Validator:
    return Draft202012Validator(_schema(revision, definition))


def _sentence(errors: Iterable[ValidationError]) -> str | None:
    error = best_match(errors)
    return None if error is None else describe(error)


def describe(error: ValidationError | SchemaError, whole: str = "the message") -> str:
    """The place and what is wrong there; `whole` is what the instance is called."""
    return f"{pointer(error.absolute_path) or whole} {_wrong(error)}"


def pointer(steps: Iterable[str | int]) -> str:
    """The place in a message as a JSON Pointer; long names are cut, and what cannot be printed is escaped."""
    return "".join(f"/{_step(step)}" for step in steps)


def _step(step: str | int) -> str:
    text = str(step).replace("~", "~0").replace("/", "~1")
    text = text if len(text) <= _LONGEST_STEP else text[:_LONGEST_STEP] + "…"
    return text if text.isprintable() else repr(text)[1:-1]


def _wrong(error: ValidationError | SchemaError) -> str:
    """What is wrong, told by the rule that was broken; the instance itself is not shown."""
    rule = error.validator_value
    match error.validator:
        case "required" if isinstance(error.instance, dict) and isinstance(rule, list):
            return f"lacks {' and '.join(name for name in rule if name not in error.instance)}"
        case "type":
            wanted = rule if isinstance(rule, list) else [rule]
            return (
                f"is {kind_of_value(error.instance)}, not {' or '.join(_WITH_ARTICLE[str(name)] for name in wanted)}"
            )
        case "const":
            return f"is not {json.dumps(rule)}"
        case "enum" if isinstance(rule, list):
            return f"is none of {', '.join(map(str, rule))}"
        case "minimum":
            return f"is less than {rule}"
        case "maximum":
            return f"is more than {rule}"
        case "anyOf" | "oneOf":
            return "is none of the things that may stand there"
        case "not":
            return "is what may not stand there"
    return f"breaks the rule {error.validator!r}"


def kind_of_value(value: object) -> str:
    """What kind of JSON value this is, in words."""
    match value:
        case None:
            return "null"
        case bool():
            return "a boolean"
        case int():
            return "an integer"
        case float():
            return "a number"
        case str():
            return "a string"
        case list():
            return "an array"
    return "an object"

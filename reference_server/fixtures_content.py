"""Tools that answer at once with each kind of content."""

import json

from reference_server.asking import PARCEL
from reference_server.jsonrpc import JsonObject
from reference_server.options import R2025_03, R2025_06, R2025_11, R2026_07
from reference_server.reporting import Reporting
from reference_server.state import Call
from reference_server.toolbox import DIALECT, PIXEL, SILENCE, fails, says, takes, tool

STRING: JsonObject = {"type": "string"}
ADDRESS: JsonObject = {
    "$anchor": "addressDef",
    "type": "object",
    "properties": {"street": STRING, "city": STRING},
}
SCHEMA_2020_12: JsonObject = {
    "$schema": DIALECT,
    "type": "object",
    "$defs": {"address": ADDRESS},
    "properties": {
        "name": STRING,
        "address": {"$ref": "#/$defs/address"},
        "contactMethod": {"type": "string", "enum": ["phone", "email"]},
        "phone": STRING,
        "email": STRING,
    },
    "allOf": [{"anyOf": [{"required": ["phone"]}, {"required": ["email"]}]}],
    "if": {"properties": {"contactMethod": {"const": "phone"}}, "required": ["contactMethod"]},
    "then": {"required": ["phone"]},
    "else": {"required": ["email"]},
    "additionalProperties": False,
}
IMAGE: JsonObject = {"type": "image", "data": PIXEL, "mimeType": "image/png"}
AUDIO: JsonObject = {"type": "audio", "data": SILENCE, "mimeType": "audio/wav"}


def embedded(uri: str, mime_type: str, text: str) -> JsonObject:
    """A text resource inside a result or a prompt."""
    return {"type": "resource", "resource": {"uri": uri, "mimeType": mime_type, "text": text}}


@tool("Answers with one line of text.")
async def test_simple_text(_server: Reporting, _call: Call, _arguments: JsonObject) -> JsonObject:
    """Text."""
    return says("This is a simple text response for testing.")


@tool("Answers with an image of one pixel.")
async def test_image_content(_server: Reporting, _call: Call, _arguments: JsonObject) -> JsonObject:
    """An image."""
    return {"content": [IMAGE]}


@tool("Answers with a very short silence.", since=R2025_03)
async def test_audio_content(_server: Reporting, _call: Call, _arguments: JsonObject) -> JsonObject:
    """Audio."""
    return {"content": [AUDIO]}


@tool("Answers with a resource inside the result.")
async def test_embedded_resource(_server: Reporting, _call: Call, _arguments: JsonObject) -> JsonObject:
    """An embedded resource."""
    text = "This is an embedded resource content."
    return {"content": [embedded("test://embedded-resource", "text/plain", text)]}


@tool("Answers with text, an image and a resource.")
async def test_multiple_content_types(_server: Reporting, _call: Call, _arguments: JsonObject) -> JsonObject:
    """Several kinds at once."""
    text = json.dumps({"test": "data", "value": 123})
    mixed = embedded("test://mixed-content-resource", "application/json", text)
    return says("Multiple content types test:", IMAGE, mixed)


@tool("Always fails.")
async def test_error_handling(_server: Reporting, _call: Call, _arguments: JsonObject) -> JsonObject:
    """The failure of a tool is a result."""
    return fails("This tool intentionally returns an error for testing")


@tool(
    "Repeats its text.",
    schema=takes(("text",), text={"type": "string", "description": "What to repeat"}),
    output={"$schema": DIALECT, "type": "object", "properties": {"text": STRING}, "required": ["text"]},
)
async def test_echo(_server: Reporting, call: Call, arguments: JsonObject) -> JsonObject:
    """The text comes back; where the revision knows structured content, that too, and as JSON text for the rest."""
    text = str(arguments["text"])
    if call.revision < R2025_06:
        return says(text)
    return {**says(text), "structuredContent": {"text": text}}


@tool(
    "Answers with structured content.",
    output={
        "$schema": DIALECT,
        "type": "object",
        "properties": {"city": STRING, "celsius": {"type": "number", "multipleOf": 0.1}},
        "required": ["city", "celsius"],
        "additionalProperties": False,
    },
    since=R2025_06,
)
async def test_structured_content(_server: Reporting, _call: Call, _arguments: JsonObject) -> JsonObject:
    """Data in place of words."""
    return {"content": [], "structuredContent": {"city": "Zürich", "celsius": 22.3}}


@tool("Takes arguments that only a whole JSON Schema can describe.", schema=SCHEMA_2020_12, since=R2025_11)
async def json_schema_2020_12_tool(_server: Reporting, _call: Call, arguments: JsonObject) -> JsonObject:
    """The conditions of the schema that a look at each property's type does not cover."""
    wanted = "phone" if arguments.get("contactMethod") == "phone" else "email"
    strange = set(arguments) - {"name", "address", "contactMethod", "phone", "email"}
    if wanted not in arguments or strange:
        return fails(f"The arguments need {wanted!r} and nothing that the schema does not name.")
    return says(f"JSON Schema 2020-12 tool called with: {json.dumps(arguments, ensure_ascii=False)}")


@tool("Is listed only after the tool list was changed.", toggled=True)
async def test_dynamic_tool(_server: Reporting, _call: Call, _arguments: JsonObject) -> JsonObject:
    """Comes and goes."""
    return says("This tool comes and goes.")


@tool(
    "Says where it was sent; its arguments go along as headers.",
    schema=takes(
        region={"type": "string", "description": "Where to go", "x-mcp-header": "Region"},
        priority={"type": "integer", "description": "How urgent it is", "x-mcp-header": "Priority"},
        dry_run={"type": "boolean", "description": "Whether nothing is to happen", "x-mcp-header": "Dry-Run"},
        place={
            "type": "object",
            "properties": {"zone": {"type": "string", "description": "A part of it", "x-mcp-header": "Zone"}},
        },
    ),
    since=R2026_07,
)
async def test_x_mcp_header(_server: Reporting, _call: Call, arguments: JsonObject) -> JsonObject:
    """What it was called with."""
    return says(json.dumps(arguments, ensure_ascii=False))


@tool("Answers in a parcel where both sides know of parcels, and in plain words to everybody else.", since=R2026_07)
async def test_extension(server: Reporting, call: Call, _arguments: JsonObject) -> JsonObject:
    """The same words, wrapped or not."""
    words = "These words come in a parcel or as they are."
    return {"resultType": PARCEL, "parcel": words} if server.uses_extension(call.session, PARCEL) else says(words)

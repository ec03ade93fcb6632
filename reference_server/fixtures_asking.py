"""Tools that ask the client something while they work."""

import json

from reference_server.asking import NotAnswered
from reference_server.inputs import Question
from reference_server.jsonrpc import Json, JsonObject, as_object
from reference_server.options import R2025_06, R2025_11, R2026_07
from reference_server.reporting import Reporting
from reference_server.state import Call
from reference_server.toolbox import fails, says, takes, tool

SHORT_SECONDS = 0.3
OPTIONS: list[Json] = ["option1", "option2", "option3"]
FIRST_TO_THIRD: list[Json] = [
    {"const": "value1", "title": "The first"},
    {"const": "value2", "title": "The second"},
    {"const": "value3", "title": "The third"},
]
DEFAULTS: JsonObject = {
    "name": {"type": "string", "default": "John Doe"},
    "age": {"type": "integer", "default": 30},
    "score": {"type": "number", "default": 95.5},
    "status": {"type": "string", "enum": ["active", "inactive", "pending"], "default": "active"},
    "verified": {"type": "boolean", "default": True},
}
CHOICES: JsonObject = {
    "untitledSingle": {"type": "string", "enum": OPTIONS},
    "titledSingle": {"type": "string", "oneOf": FIRST_TO_THIRD},
    "legacyEnum": {"type": "string", "enum": ["opt1", "opt2", "opt3"], "enumNames": ["One", "Two", "Three"]},
    "untitledMulti": {"type": "array", "items": {"type": "string", "enum": OPTIONS}},
    "titledMulti": {"type": "array", "items": {"anyOf": FIRST_TO_THIRD}},
}


def with_token(server: Reporting, call: Call, params: JsonObject) -> JsonObject:
    """Params that also ask for progress, where there is a way to send it."""
    return params if call.modern else {"_meta": {"progressToken": server.next_progress_token(call.session)}, **params}


def sampling(server: Reporting, call: Call, prompt: str) -> JsonObject:
    """What a sampling request says."""
    message: JsonObject = {"role": "user", "content": {"type": "text", "text": prompt}}
    wanted: JsonObject = {"messages": [message], "maxTokens": 100}
    return with_token(server, call, wanted | server.wished_context(call.session))


def form(server: Reporting, call: Call, message: str, properties: JsonObject, *required: str) -> JsonObject:
    """What an elicitation request says."""
    schema: JsonObject = {"type": "object", "properties": properties}
    if required:
        schema["required"] = list(required)
    wanted: JsonObject = {"message": server.form_message(message), "requestedSchema": server.form_schema(schema)}
    return with_token(server, call, wanted)


def text_of(sampled: JsonObject) -> str:
    """What the model said first."""
    content = sampled.get("content")
    block = content[0] if isinstance(content, list) and content else content
    return str(as_object(block).get("text", "no text"))


def uris_of(listed: JsonObject) -> str:
    """The client's roots."""
    roots = listed.get("roots")
    return ", ".join(str(as_object(root).get("uri")) for root in roots) if isinstance(roots, list) else ""


async def fill_in(server: Reporting, call: Call, before: str, params: JsonObject) -> JsonObject:
    """Ask with a form and tell what was filled in."""
    try:
        answers = await server.answers_to(call, form=Question("elicitation/create", params))
    except NotAnswered as reason:
        return fails(f"Elicitation is not possible: {reason}.")
    action, content = answers["form"].get("action"), as_object(answers["form"].get("content"))
    return says(f"{before}: action={action}, content={json.dumps(content, ensure_ascii=False)}")


@tool(
    "Asks the client's model.",
    schema=takes(("prompt",), prompt={"type": "string", "description": "What to ask the model"}),
)
async def test_sampling(server: Reporting, call: Call, arguments: JsonObject) -> JsonObject:
    """sampling/createMessage."""
    prompt = Question("sampling/createMessage", sampling(server, call, str(arguments["prompt"])))
    try:
        answers = await server.answers_to(call, response=prompt)
    except NotAnswered as reason:
        return fails(f"Sampling is not possible: {reason}.")
    return says(f"LLM response: {text_of(answers['response'])}")


@tool(
    "Asks the user.",
    schema=takes(("message",), message={"type": "string", "description": "What to ask the user"}),
    since=R2025_06,
)
async def test_elicitation(server: Reporting, call: Call, arguments: JsonObject) -> JsonObject:
    """elicitation/create with one field."""
    field: JsonObject = {"response": {"type": "string", "description": "User's response"}}
    params = form(server, call, str(arguments["message"]), field, "response")
    return await fill_in(server, call, "User response", params)


@tool("Asks the user with a form that has a default of every kind.", since=R2025_11)
async def test_elicitation_sep1034_defaults(server: Reporting, call: Call, _arguments: JsonObject) -> JsonObject:
    """elicitation/create with defaults."""
    params = form(server, call, "Please look at the defaults.", DEFAULTS)
    return await fill_in(server, call, "Elicitation completed", params)


@tool("Asks the user with a form that has a choice of every kind.", since=R2025_11)
async def test_elicitation_sep1330_enums(server: Reporting, call: Call, _arguments: JsonObject) -> JsonObject:
    """elicitation/create with choices."""
    params = form(server, call, "Please choose.", CHOICES)
    return await fill_in(server, call, "Elicitation completed", params)


@tool("Asks the client for its roots.")
async def test_roots(server: Reporting, call: Call, _arguments: JsonObject) -> JsonObject:
    """roots/list."""
    try:
        answers = await server.answers_to(call, roots=Question("roots/list", with_token(server, call, {})))
    except NotAnswered as reason:
        return fails(f"Roots are not to be had: {reason}.")
    return says(f"Roots: {uris_of(answers['roots']) or 'none'}")


@tool("Pings the client.", until=R2025_11)
async def test_client_ping(server: Reporting, call: Call, _arguments: JsonObject) -> JsonObject:
    """ping, which needs no capability."""
    try:
        await server.ask(call, "ping")
    except NotAnswered as reason:
        return fails(f"No answer to ping: {reason}.")
    return says("The client answered the ping.")


@tool("Asks the client something and soon gives up.", until=R2025_11)
async def test_unanswered_request(server: Reporting, call: Call, _arguments: JsonObject) -> JsonObject:
    """The sender's time limit and its cancellation."""
    questions: dict[str, JsonObject] = {
        "sampling/createMessage": sampling(server, call, "Please do not answer."),
        "elicitation/create": form(server, call, "Please do not answer.", {"answer": {"type": "string"}}),
        "roots/list": with_token(server, call, {}),
    }
    for method, params in questions.items():
        if server.client_can(call.session, method):
            try:
                await server.ask(call, method, params, SHORT_SECONDS)
            except NotAnswered:
                return says("gave up")
            return says("was answered")
    return fails("The client declared nothing that it could be asked.")


@tool("Needs a client that has a model.", since=R2026_07, needs={"sampling": {}})
async def test_missing_capability(_server: Reporting, _call: Call, _arguments: JsonObject) -> JsonObject:
    """-32021 for those that did not declare sampling."""
    return says("The client declared sampling.")

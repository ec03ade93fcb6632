"""What needs input from the client in the modern era: tools, a prompt and a resource."""

import secrets

from reference_server.fixtures_asking import text_of, uris_of
from reference_server.inputs import Question, capability_for
from reference_server.jsonrpc import Json, JsonObject, as_object
from reference_server.options import R2026_07
from reference_server.reporting import Reporting
from reference_server.state import Call
from reference_server.toolbox import says, tool


def form(message: str, name: str, kind: str = "string") -> Question:
    """A form with one field."""
    schema: JsonObject = {"type": "object", "properties": {name: {"type": kind}}, "required": [name]}
    return Question("elicitation/create", {"message": message, "requestedSchema": schema})


def prompt(text: str) -> Question:
    """Something for the client's model."""
    message: JsonObject = {"role": "user", "content": {"type": "text", "text": text}}
    return Question("sampling/createMessage", {"messages": [message], "maxTokens": 100})


def filled_in(answer: JsonObject, name: str) -> Json:
    """What was put into a field of a form."""
    return as_object(answer.get("content")).get(name, "nothing")


NAME = form("What is your name?", "name")
CONTEXT = form("What context should the prompt use?", "context")
READER = form("Who wants to read this?", "reader")
CAPITAL = prompt("What is the capital of France?")
GREETING = prompt("Generate a greeting")
ROOTS = Question("roots/list")


@tool("Asks the user for a name.", since=R2026_07)
async def test_input_required_result_elicitation(server: Reporting, call: Call, _arguments: JsonObject) -> JsonObject:
    """A form."""
    answers = await server.answers_to(call, user_name=NAME)
    return says(f"Hello, {filled_in(answers['user_name'], 'name')}!")


@tool("Reports progress and asks the user for a name.", since=R2026_07, needs=capability_for(NAME), reports=True)
async def test_streaming_elicitation(server: Reporting, call: Call, _arguments: JsonObject) -> JsonObject:
    """A question at the end of a stream."""
    server.send_progress(call, 1, 2, "Asking for the name")
    answers = await server.answers_to(call, user_name=NAME)
    server.send_progress(call, 2, 2, "The name is known")
    return says(f"Hello, {filled_in(answers['user_name'], 'name')}!")


@tool("Sends the user to an address.", since=R2026_07)
async def test_input_required_result_url(server: Reporting, call: Call, _arguments: JsonObject) -> JsonObject:
    """An address to open, which has no id any more: the key is enough."""
    params = {name: value for name, value in server.visit("Please sign in.").items() if name != "elicitationId"}
    answers = await server.answers_to(call, sign_in=Question("elicitation/create", params))
    return says(f"The address was sent: action={answers['sign_in'].get('action')}")


@tool("Asks the client's model for a capital.", since=R2026_07)
async def test_input_required_result_sampling(server: Reporting, call: Call, _arguments: JsonObject) -> JsonObject:
    """A prompt for the model."""
    answers = await server.answers_to(call, capital_question=CAPITAL)
    return says(text_of(answers["capital_question"]))


@tool("Asks the client for its roots.", since=R2026_07)
async def test_input_required_result_list_roots(server: Reporting, call: Call, _arguments: JsonObject) -> JsonObject:
    """Roots."""
    answers = await server.answers_to(call, client_roots=ROOTS)
    return says(f"Roots: {uris_of(answers['client_roots']) or 'none'}")


@tool("Asks for a confirmation and remembers in the meantime what is confirmed.", since=R2026_07)
async def test_input_required_result_request_state(
    server: Reporting, call: Call, _arguments: JsonObject
) -> JsonObject:
    """State that goes to the client and comes back."""
    ticket = server.recall(call, "ticket", secrets.token_hex(4))
    answers = await server.answers_to(call, confirm=form("Please confirm", "ok", "boolean"))
    return says(f"state-ok: ticket {ticket}, confirmed: {filled_in(answers['confirm'], 'ok')}")


@tool("Asks the user, the client's model and the client at once.", since=R2026_07)
async def test_input_required_result_multiple_inputs(
    server: Reporting, call: Call, _arguments: JsonObject
) -> JsonObject:
    """Several questions in one result."""
    ticket = server.recall(call, "ticket", secrets.token_hex(4))
    answers = await server.answers_to(call, user_name=NAME, greeting=GREETING, client_roots=ROOTS)
    name, greeting = filled_in(answers["user_name"], "name"), text_of(answers["greeting"])
    return says(f"Ticket {ticket}: {name}, {greeting}, {uris_of(answers['client_roots']) or 'no roots'}")


@tool("Asks the user one thing after the other.", since=R2026_07)
async def test_input_required_result_multi_round(server: Reporting, call: Call, _arguments: JsonObject) -> JsonObject:
    """The second question comes when the first is answered."""
    ticket = server.recall(call, "ticket", secrets.token_hex(4))
    first = await server.answers_to(call, step1=form("Step 1: What is your name?", "name"))
    second = await server.answers_to(call, step2=form("Step 2: What is your favorite color?", "color"))
    return says(f"Ticket {ticket}: {filled_in(first['step1'], 'name')} likes {filled_in(second['step2'], 'color')}")


@tool("Asks for a confirmation of a price that the client must not be able to change.", since=R2026_07)
async def test_input_required_result_tampered_state(
    server: Reporting, call: Call, _arguments: JsonObject
) -> JsonObject:
    """State that matters."""
    price = server.recall(call, "price", 42)
    answers = await server.answers_to(call, confirm=form(f"Do you want to buy this for {price}?", "ok", "boolean"))
    return says(f"Price {price}, confirmed: {filled_in(answers['confirm'], 'ok')}")


@tool("Asks the user and the client's model, as far as there are any.", since=R2026_07)
async def test_input_required_result_capabilities(
    server: Reporting, call: Call, _arguments: JsonObject
) -> JsonObject:
    """Only what the client declared."""
    wanted = {"user_name": NAME, "greeting": GREETING}
    possible = {key: question for key, question in wanted.items() if server.can_answer(call.session, question)}
    answers = await server.answers_to(call, **possible)
    return says(f"Asked for {', '.join(answers) or 'nothing'}")

"""Tools that send the user to an address, or let the client's model use tools."""

import asyncio

from reference_server.asking import NotAnswered
from reference_server.fixtures_asking import with_token
from reference_server.inputs import Question
from reference_server.jsonrpc import Json, JsonObject, as_object
from reference_server.options import R2025_11
from reference_server.reporting import Reporting
from reference_server.state import Call
from reference_server.toolbox import fails, says, takes, tool

VISIT_SECONDS = 0.02  # how long the user, whom nobody has ever seen, takes to visit an address
ROUNDS = 3  # a conversation in which the model only ever uses tools ends at some time
WEATHER: JsonObject = {
    "name": "get_weather",
    "description": "Tells the weather in a city.",
    "inputSchema": takes((), city={"type": "string"}),
}


@tool("Asks the user to open an address, and says when that is done.", since=R2025_11, until=R2025_11)
async def test_elicitation_url(server: Reporting, call: Call, _arguments: JsonObject) -> JsonObject:
    """elicitation/create with an address."""
    wanted = server.visit("Please show that you are there.")
    try:
        result = await server.ask(call, "elicitation/create", wanted)
    except NotAnswered as reason:
        return fails(f"Elicitation is not possible: {reason}.")
    if result.get("action") == "accept":
        await asyncio.sleep(VISIT_SECONDS)
        server.announce_visited(call.session, wanted.get("elicitationId"), call)
    return says(f"The address was sent: action={result.get('action')}")


@tool("Wants the user to have opened an address before it does anything.", since=R2025_11, until=R2025_11)
async def test_elicitation_url_required(server: Reporting, call: Call, _arguments: JsonObject) -> JsonObject:
    """The error that sends the client to an address, and the notification when that is done."""
    if not server.client_opens_urls(call.session):
        return fails("Elicitation is not possible: the client did not declare elicitation.url.")
    wanted = server.visit("Please sign in first.")
    later = asyncio.get_running_loop().call_later
    later(VISIT_SECONDS, server.announce_visited, call.session, wanted.get("elicitationId"))
    raise server.error_before_visit([wanted])


@tool("Lets the client's model use a tool.", since=R2025_11)
async def test_sampling_tools(server: Reporting, call: Call, _arguments: JsonObject) -> JsonObject:
    """sampling/createMessage with tools, round by round."""
    messages: list[Json] = [{"role": "user", "content": {"type": "text", "text": "How is the weather in Paris?"}}]
    for turn in range(1, ROUNDS + 1):
        choice: JsonObject = {} if turn < ROUNDS else {"toolChoice": {"mode": "none"}}
        wanted: JsonObject = {"messages": messages, "maxTokens": 100, "tools": [WEATHER], **choice}
        params = with_token(server, call, wanted | server.wished_context(call.session))
        question = Question("sampling/createMessage", params)
        try:
            answers = await server.answers_to(call, **{f"turn_{turn}": question})
        except NotAnswered as reason:
            return fails(f"Sampling is not possible: {reason}.")
        blocks = answers[f"turn_{turn}"].get("content")
        uses = [
            b for b in (blocks if isinstance(blocks, list) else [blocks]) if as_object(b).get("type") == "tool_use"
        ]
        if not uses:
            break
        messages = server.after_tool_uses(messages, list(uses), [outcome(as_object(use)) for use in uses])
    return says("The model has spoken.")


def outcome(use: JsonObject) -> Json:
    """What the tool that the model wants to use has to say."""
    content: list[Json] = [{"type": "text", "text": "18 °C, some clouds"}]
    return {"type": "tool_result", "toolUseId": use.get("id"), "content": content}

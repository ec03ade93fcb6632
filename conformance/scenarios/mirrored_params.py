"""Arguments in headers, as they should be and as they should not."""

from collections.abc import Iterator

from conformance.driving.client import Client
from conformance.driving.modern import ModernSpeaker
from conformance.driving.scenario import scenario
from conformance.evidence.era import MODERN_REVISIONS, wrapped
from conformance.evidence.trace import JSON
from conformance.scenarios.addressed import Asking
from conformance.scenarios.marked import LITTLE, MarkedTool, Param, marked_tool
from conformance.scenarios.rewritten_headers import MISLEADING

TEXT = "Hello"
HALF_WRAPPED = ("SGVsbG8=", "=?base64?SGVsbG8=")  # plain texts, whatever they look like
BAD_TEXTS = {"letters beyond ASCII": "Zürich", "a control character": "a\x01b"}


@scenario("xhdr.valid", "xhdr.match", "xhdr.omit-ok", "xhdr.int-compare", "hdr.name-case", revisions=MODERN_REVISIONS)
async def mirrored_params(client: Client) -> None:
    """Call a tool with marked parameters: all with a value, each without one, wrapped, and with numbers as 42.0.

    And with the names of all headers in small letters and in capitals.
    """
    speaker = client.modern()
    await speaker.request("tools/list")
    tool = marked_tool(client)
    asking = Asking(speaker)
    asking.send(tool.asking(speaker))
    asking.send(tool.without(speaker, *tool.params))
    asking.rewritten(tool.asking(speaker), str.lower, str)
    asking.rewritten(tool.asking(speaker), str.upper, str)
    for param in tool.params:
        asking.send(tool.without(speaker, param))
        asking.send(tool.asking(speaker, {param: None}))
        value = tool.value(param)
        if param.takes_little:
            asking.send(tool.asking(speaker, {param: LITTLE[param.kind]}))
        if param.kind == "integer":
            asking.send(tool.asking(speaker), {param.header: f"{value}.0"}, "an integer written as a fraction")
        if isinstance(value, str):
            asking.send(tool.asking(speaker), {param.header: wrapped(value)})
        for text in HALF_WRAPPED if param.is_free else ():
            asking.send(tool.asking(speaker, {param: text}))
    await asking.answered()


@scenario("xhdr.match", "xhdr.missing", "xhdr.mismatch", revisions=MODERN_REVISIONS)
async def wrong_params(client: Client) -> None:
    """Call a tool with headers for its parameters left out, with other values, and wrapped in wrong ways.

    Among the other values are such as only a careless comparison takes for the same, and among the arguments that
    have no header are 0 and false, which are values too.
    """
    speaker = client.modern()
    tool = marked_tool(client)
    asking = Asking(speaker)
    asking.send(tool.asking(speaker))
    for param in tool.params:
        asking.send(tool.asking(speaker), {param.header: None}, f"{param.header} is left out")
        for other in _others(tool.value(param)):
            asking.send(tool.asking(speaker), {param.header: other}, f"{param.header} says {other}")
        if param.takes_little:
            little = tool.asking(speaker, {param: LITTLE[param.kind]})
            asking.send(little, {param.header: None}, f"{param.header} is left out, for a value like nothing")
    free = next((param for param in tool.params if param.is_free), None)
    if free is not None:
        _mislead(asking, speaker, tool, free)
    await asking.answered()


def _others(value: JSON) -> Iterator[str]:
    """Another value, and one that looks like the same to whoever reads numbers by their beginning, or no capitals."""
    match value:
        case bool():
            yield "false" if value else "true"
            yield str(value)
        case int():
            yield str(value + 1)
            yield f"{value}abc"
        case str():
            yield "another"
            yield from {value.swapcase()} - {value}
        case _:
            yield "another"


def _mislead(asking: Asking, speaker: ModernSpeaker, tool: MarkedTool, param: Param) -> None:
    asking.send(tool.asking(speaker, {param: TEXT}), {param.header: wrapped(TEXT)})
    for intent, write in MISLEADING.items():
        asking.send(tool.asking(speaker, {param: TEXT}), {param.header: write(TEXT)}, intent)


@scenario("xhdr.bad-chars", "xhdr.mismatch", revisions=MODERN_REVISIONS)
async def bad_characters(client: Client) -> None:
    """Put letters into the header of a parameter that no header may have, and the same, wrapped, as it should be."""
    speaker = client.modern()
    tool = marked_tool(client)
    asking = Asking(speaker)
    asking.send(tool.asking(speaker))
    free = [param for param in tool.params if param.is_free][:1]
    for param in free:
        for words, text in BAD_TEXTS.items():
            raw = text.encode().decode("latin-1")
            asking.send(tool.asking(speaker, {param: text}))
            asking.send(tool.asking(speaker, {param: text}), {param.header: raw}, f"{param.header} has {words}")
    await asking.answered()

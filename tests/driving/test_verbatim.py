"""Headers go out as they are written, also where the HTTP library would rather not."""

import pytest
from anyio.abc import ByteStream

from conformance.driving.client import Client
from conformance.driving.speaker import Speaker
from conformance.driving.verbatim import extensions
from tests.little_servers import head
from tests.telling import told


def sent(name: str, value: str | None) -> tuple[bytes, str | None]:
    """The head of a request as the server saw it, and the same header as it was recorded."""
    seen: list[bytes] = []

    async def server(stream: ByteStream, request: bytes) -> None:
        seen.append(request)
        await stream.send(head(400, "text/plain", "Content-Length: 0"))

    async def story(client: Client) -> None:
        speaker: Speaker = client.modern()
        await speaker.post(speaker.asking("tools/list"), headers={name: value}).head()

    _, _, trace = told(story, server)
    recorded = dict(trace.exchanges[0].request_headers)
    return seen[0], recorded.get(name)


@pytest.mark.parametrize("value", [" spaced  ", "\ttabbed", "plain"])
def test_white_space_around_a_value_is_sent(value: str) -> None:
    request, recorded = sent("Mcp-Name", value)
    assert f"\r\nMcp-Name: {value}\r\n".encode() in request
    assert recorded == value
    assert request.count(b"Mcp-Method: tools/list\r\n") == 1


@pytest.mark.parametrize("value", ["a\x01b", "Z\xc3\xbcrich", "a\x7f"])
def test_characters_that_no_header_may_have_are_sent(value: str) -> None:
    request, _ = sent("Mcp-Param-City", value)
    assert f"\r\nMcp-Param-City: {value}\r\n".encode("latin-1") in request


@pytest.mark.parametrize("name", ["mcp-method", "MCP-METHOD"])
def test_names_are_sent_as_they_are_spelled(name: str) -> None:
    request, _ = sent(name, "tools/list")
    assert f"\r\n{name}: tools/list\r\n".encode() in request


@pytest.mark.parametrize("value", [b"plain", b"", b" ", b"a b"])
def test_the_library_looks_at_all_other_headers(value: bytes) -> None:
    assert extensions({b"Mcp-Name": value}) == {}

"""Why a target cannot be judged is told in one sentence, with what to try."""

import json

import pytest
from anyio.abc import ByteStream

from conformance.evidence.trace import JSON
from tests.little_servers import Serve, head, says
from tests.refusals import JSON_TYPE, STREAM_TYPE, asked_for, result, says_json, why


@pytest.mark.parametrize(
    ("serve", "sentence"),
    [
        (
            says(401, "WWW-Authenticate: Bearer"),
            "the server asks for authorization (401): give it a token in the environment variable MCP_TOKEN or "
            "with --mcp-token, or a header with --mcp-header",
        ),
        (
            says(403),
            "the server denies access (403): does it want a token (MCP_TOKEN), or another host in --target?",
        ),
        (says(404), "nothing is served at this path (404): is it the MCP endpoint? Many servers use /mcp"),
        (
            says(405),
            "POST is not allowed here (405): is it the MCP endpoint? One of the older HTTP+SSE transport is judged "
            "with --mcp-revision 2024-11-05",
        ),
        (
            says(421),
            "the server does not go by this host name (421): use the one that it expects in --target",
        ),
        (
            says(429),
            "the server is not ready (429): try again, or wait for it with --mcp-wait SECONDS",
        ),
        (
            says(502, "Content-Type: text/html", body=b"<h1>Bad Gateway</h1>"),
            "there is a gateway, and the server behind it cannot be reached (502): is it running, and does the "
            "gateway know its address? Wait for it with --mcp-wait SECONDS",
        ),
        (
            says(504, "Content-Type: text/html", "Server: nginx/1.22.1", body=b"<h1>Gateway Time-out</h1>"),
            "there is a gateway, nginx/1.22.1, and the server behind it did not answer in time (504): is it running, "
            "and does the gateway know its address? Wait for it with --mcp-wait SECONDS",
        ),
        (
            says(413, "Content-Type: text/html", "Server: nginx/1.22.1", body=b"<h1>Too large</h1>"),
            "a request was too large (413) for the server, nginx/1.22.1: raise the limit for bodies (in nginx "
            "client_max_body_size)",
        ),
        (
            says(307, "Location: https://elsewhere.example/mcp"),
            'the server redirects (307): give --target "https://elsewhere.example/mcp" if you trust that address',
        ),
        (
            says(200, "Content-Type: text/html; charset=utf-8", body=b"<!doctype html><title>Hello</title>"),
            "a web page came back (200, text/html): this is not an MCP endpoint; check host and path",
        ),
        (
            says(200, "Content-Type: text/plain", body=b"OK"),
            "the answer to initialize is not MCP: 200, text/plain, 2 bytes without a JSON-RPC response; check that "
            "--target is the MCP endpoint",
        ),
        (
            says(204),
            "the answer to initialize is not MCP: 204, no media type, 0 bytes without a JSON-RPC response; check "
            "that --target is the MCP endpoint",
        ),
        (
            says_json({"status": "ok"}),
            "the answer to initialize is not MCP: 200, application/json, 16 bytes without a JSON-RPC response (a "
            "JSON object without method, result or error); check that --target is the MCP endpoint",
        ),
        (
            says(200, STREAM_TYPE, body=b": bye\n\n"),
            "the answer to initialize is not MCP: 200, text/event-stream, 7 bytes without a JSON-RPC response; check "
            "that --target is the MCP endpoint",
        ),
        (
            says(200, STREAM_TYPE, body=b'{"jsonrpc":"2.0","id":1,"result":{}}'),
            "the answer to initialize is JSON and says that it is an event stream (text/event-stream): no client can "
            "read it; give it the Content-Type application/json",
        ),
        (
            says_json({"jsonrpc": "2.0", "id": 1, "error": {"code": -32603, "message": "out of\norder"}}),
            'initialize was refused (200): "out of\\norder"',
        ),
        (
            says_json(result() | {"id": "x"}),
            'initialize had the id 1, and the response has "x": no client can tell',
        ),
        (
            says_json(result(protocolVersion=None, serverInfo=None)),
            "the result of initialize names no version, its protocolVersion is null: no client can go on from there",
        ),
        (
            says_json(result(protocolVersion="2024-11-05")),
            "the server offers version 2024-11-05 in place of what was asked for: this suite judges 2025-03-26, "
            "2025-06-18, 2025-11-25, 2026-07-28 only",
        ),
    ],
)
def test_an_answer_is_told_in_one_sentence(serve: Serve, sentence: str) -> None:
    assert why(serve, timeout=5.0) == sentence


def test_a_coding_that_nobody_asked_for_is_named() -> None:
    told = why(says(200, "Content-Type: application/json", "Content-Encoding: x-own", body=b"\x8b\x05"), timeout=5.0)
    assert told == (
        "the answer to initialize is packed (x-own), and was asked to be plain: let the server, or the proxy before "
        "it, heed Accept-Encoding"
    )


def test_a_token_that_is_not_taken() -> None:
    assert why(says(401), timeout=5.0, headers={"Authorization": "Bearer x"}) == (
        "the server does not let this token in (401): check MCP_TOKEN, --mcp-token or --mcp-header"
    )


def test_versions_that_an_error_lists_are_passed_on() -> None:
    error: JSON = {"code": -32022, "message": "unsupported", "data": {"supported": ["2027-01-01"]}}
    told = why(says_json({"jsonrpc": "2.0", "id": 1, "error": error}, 400), timeout=5.0)
    assert told == (
        'initialize was refused (400): "unsupported"; it supports ["2027-01-01"], choose with --mcp-revision'
    )


def test_a_long_text_of_a_stranger_is_cut() -> None:
    told = why(says_json({"jsonrpc": "2.0", "id": 1, "error": {"code": 1, "message": "x" * 10_000}}), timeout=5.0)
    assert len(told) < 300


def test_a_version_that_was_not_wished_for() -> None:
    told = why(says_json(result(protocolVersion="2025-06-18")), timeout=5.0, revisions=("2025-03-26",))
    assert told == (
        "the server offers version 2025-06-18 in place of what was asked for: choose it with --mcp-revision"
    )


def test_authorization_that_is_asked_for_only_after_initialize() -> None:
    async def serve(stream: ByteStream, request: bytes) -> None:
        body = asked_for(request)
        if body.get("method") == "initialize":
            params = body["params"]
            assert isinstance(params, dict)
            answer = json.dumps(result(protocolVersion=params["protocolVersion"])).encode()
            await stream.send(head(200, JSON_TYPE) + answer)
        else:
            await stream.send(head(401))

    assert why(serve, timeout=5.0).startswith("the server asks for authorization after initialize (401): give it a")


def test_each_revision_may_fail_for_a_reason_of_its_own() -> None:
    async def serve(stream: ByteStream, request: bytes) -> None:
        params = asked_for(request).get("params")
        version = params.get("protocolVersion") if isinstance(params, dict) else None
        await stream.send(head({"2025-03-26": 401, "2025-06-18": 404}.get(str(version), 404)))

    assert why(serve, timeout=5.0) == (
        "no revision can be judged, for different reasons. 2025-03-26: the server asks for authorization (401): give "
        "it a token in the environment variable MCP_TOKEN or with --mcp-token, or a header with --mcp-header. "
        "2025-06-18 and 2025-11-25: nothing is served at this path (404): is it the MCP endpoint? Many servers use "
        "/mcp"
    )


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b"\0\0", "the answer to server/discover is not MCP: 200, application/json, 2 bytes"),
        (b"[" * 100_000, "the answer to server/discover is not MCP: 200, application/json, 100000 bytes"),
        (b" " * 3 * 2**20, "the answer to server/discover has no end"),
    ],
)
def test_a_modern_server_that_nobody_can_discover(body: bytes, found: str) -> None:
    """It tells clients of older revisions to come with the modern one, and that is what has to be looked at."""

    async def serve(stream: ByteStream, request: bytes) -> None:
        error: JSON = {"code": -32022, "message": "no", "data": {"supported": ["2026-07-28"]}}
        refusal = json.dumps({"jsonrpc": "2.0", "id": asked_for(request).get("id"), "error": error}).encode()
        first = asked_for(request).get("method") == "server/discover"
        await stream.send(head(200 if first else 400, JSON_TYPE) + (body if first else refusal))

    assert found in why(serve, timeout=5.0)

"""Versions, metadata, and the headers that repeat the body."""

import base64
import json
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from tests.reference_server.modern import CAPABILITIES, LOG_LEVEL, MODERN, VERSION, Lone, refused


@pytest.fixture
def lone(url: str) -> Iterator[Lone]:
    with Lone(url) as client:
        yield client


def wrapped(text: str) -> str:
    return f"=?base64?{base64.b64encode(text.encode()).decode()}?="


@pytest.mark.parametrize("missing", [VERSION, CAPABILITIES])
def test_missing_metadata_draws_32602(lone: Lone, missing: str) -> None:
    message = lone.request("tools/list")
    del message["params"]["_meta"][missing]
    assert refused(lone.post(message)) == (400, -32602)


@pytest.mark.parametrize(
    "meta", [{VERSION: 1}, {CAPABILITIES: []}, {CAPABILITIES: None}, {LOG_LEVEL: "loud"}, {LOG_LEVEL: 1}]
)
def test_metadata_of_another_type_draws_32602(lone: Lone, meta: dict[str, object]) -> None:
    assert refused(lone.post(lone.request("tools/list", meta=meta))) == (400, -32602)


@pytest.mark.parametrize("params", [{}, {"_meta": {}}, {"_meta": None}, {"_meta": []}])
def test_no_metadata_at_all_draws_32602(lone: Lone, params: dict[str, object]) -> None:
    message = {"jsonrpc": "2.0", "id": 7, "method": "tools/list", "params": params}
    response = lone.post(message)
    assert refused(response) == (400, -32602)
    assert response.json()["id"] == 7


def test_who_the_client_is_may_be_left_unsaid(lone: Lone) -> None:
    assert lone.post(lone.request("server/discover")).status_code == 200


@pytest.mark.parametrize("version", ["1900-01-01", "newest"])
def test_an_unsupported_version_draws_32022_and_the_list(lone: Lone, version: str) -> None:
    response = lone.post(lone.request("tools/list", meta={VERSION: version}), mcp_protocol_version=version)
    assert refused(response) == (400, -32022)
    data = response.json()["error"]["data"]
    assert data == {"supported": [MODERN, "2025-11-25", "2025-06-18", "2025-03-26"], "requested": version}


@pytest.mark.parametrize("header", [None, "", "2025-11-25", "1900-01-01", f"{MODERN}, {MODERN}"])
def test_a_version_header_unlike_the_body_draws_32020(lone: Lone, header: str | None) -> None:
    assert refused(lone.post(lone.request("tools/list"), mcp_protocol_version=header)) == (400, -32020)


@pytest.mark.parametrize("header", [None, "", "tools/call", "TOOLS/LIST", wrapped("tools/list")])
def test_a_method_header_unlike_the_body_draws_32020(lone: Lone, header: str | None) -> None:
    assert refused(lone.post(lone.request("tools/list"), mcp_method=header)) == (400, -32020)


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "test_echo",
        "TEST_SIMPLE_TEXT",
        "=?BASE64?dGVzdF9zaW1wbGVfdGV4dA==?=",
        "=?base64?dGVzdF9zaW1wbGVfdGV4dA?=",
        "=?base64?dGVzdF9zaW1wbGVfdGV4dA==",
        "=?base64?????=",
        "=?base64?/w==?=",
        "=?base64?=",
    ],
)
def test_a_name_header_unlike_the_body_draws_32020(lone: Lone, header: str | None) -> None:
    assert refused(lone.post(lone.tool("test_simple_text"), mcp_name=header)) == (400, -32020)


def test_a_name_may_be_wrapped(lone: Lone) -> None:
    assert lone.post(lone.tool("test_simple_text"), mcp_name=wrapped("test_simple_text")).status_code == 200


def test_white_space_around_a_header_is_none_of_it(lone: Lone) -> None:
    message = lone.tool("test_simple_text")
    headers = {name.upper(): f" \t{value}\t " for name, value in lone.headers(message).items()}
    with closing(HTTPConnection(urlsplit(lone.url).netloc)) as connection:
        connection.request("POST", "/mcp", json.dumps(message), {"content-type": "application/json", **headers})
        assert connection.getresponse().status == 200


@pytest.mark.parametrize("name", ["héllo", " padded ", "=?base64?literal?=", "two\nlines"])
def test_an_unsafe_name_is_understood_when_it_is_wrapped(lone: Lone, name: str) -> None:
    assert refused(lone.post(lone.tool(name), mcp_name=wrapped(name))) == (200, -32602)


def test_letters_that_no_header_may_have_never_match(lone: Lone) -> None:
    assert refused(lone.post(lone.tool("é"), mcp_name="é".encode("latin-1"))) == (400, -32020)


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("resources/read", {"uri": "test://static-text"}),
        ("prompts/get", {"name": "test_simple_prompt"}),
    ],
)
def test_resources_and_prompts_are_named_too(lone: Lone, method: str, params: dict[str, str]) -> None:
    message = lone.request(method, params)
    assert lone.post(message).status_code == 200
    assert refused(lone.post(message, mcp_name=None)) == (400, -32020)
    assert refused(lone.post(message, mcp_name="another")) == (400, -32020)


def test_other_methods_need_no_name(lone: Lone) -> None:
    assert lone.post(lone.request("tools/list"), mcp_name="anything").status_code == 200


def test_a_name_that_the_body_lacks_is_a_fault_of_the_body(lone: Lone) -> None:
    message = lone.request("tools/call")
    assert refused(lone.post(message)) == (200, -32602)
    assert refused(lone.post(message, mcp_name="test_simple_text")) == (400, -32020)


def test_the_first_check_that_fails_is_the_answer(lone: Lone) -> None:
    message = lone.request("no/such", meta={CAPABILITIES: None})
    assert refused(lone.post(message, mcp_method="other", mcp_protocol_version="x")) == (400, -32020)
    assert refused(lone.post(message, mcp_method="other")) == (400, -32602)
    message["params"]["_meta"][CAPABILITIES] = {}
    assert refused(lone.post(message, mcp_method="other")) == (400, -32020)
    assert refused(lone.post(message)) == (404, -32601)

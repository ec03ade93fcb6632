"""Example messages, right and wrong, and what is said of those that are wrong."""

from typing import Any

import pytest

from tests.schemas.definitions import R03, R06, R11, R26, fast, slow
from tests.schemas.messages import (
    ANSWER,
    ASKING,
    CALL,
    ERROR,
    INITIALIZE,
    TEXT,
    VISIT,
    Example,
    refusal,
    request,
    without,
)
from tests.schemas.modern_examples import MODERN_EXAMPLES
from tests.schemas.session_examples import SESSION_EXAMPLES


@pytest.mark.parametrize(
    ("revision", "example"),
    [
        pytest.param(revision, example, id=f"{revision}-{example.definition}-{example.why}".replace(" ", "_"))
        for example in (*SESSION_EXAMPLES, *MODERN_EXAMPLES)
        for revision in example.revisions
    ],
)
def test_example(revision: str, example: Example) -> None:
    errors = [error.message for error in slow(revision, example.definition).iter_errors(example.message)]
    assert (not errors) == example.accepted, errors
    assert fast(revision, example.definition).is_valid(example.message) == example.accepted


@pytest.mark.parametrize(
    ("revision", "definition", "message", "path", "said"),
    [
        (R11, "ClientRequest", without(CALL, "params", "name"), "$.params", "'name' is a required property"),
        (R03, "CallToolResult", {"content": [TEXT, {"type": "text", "text": 5}]}, "$.content[1].text", "'string'"),
        (R11, "CallToolResult", {"content": [{"type": "video"}]}, "$.content[0].type", "is not one of"),
        (R11, "CallToolResult", {"content": [{"text": "3"}]}, "$.content[0]", "'type' is a required property"),
        (R06, "JSONRPCMessage", without(ERROR, "error", "message"), "$.error", "'message' is a required property"),
        (R03, "JSONRPCMessage", [ANSWER, {**ANSWER, "id": None}], "$[1].id", "None is not of type"),
        (R11, "ElicitRequestParams", without(VISIT, "url"), "$", "'url' is a required property"),
        (R11, "ServerRequest", INITIALIZE, "$.method", "is not one of"),
        (R06, "ReadResourceResult", {"contents": [{"uri": "x:y", "text": 1}]}, "$.contents[0].text", "'string'"),
        (R26, "ClientRequest", request("tools/call", name="add"), "$.params", "'_meta' is a required property"),
        (R26, "CallToolResult", {"content": []}, "$", "'resultType' is a required property"),
        (
            R26,
            "InputRequiredResult",
            {**ASKING, "inputRequests": {"a": {}}},
            "$.inputRequests.a",
            "'method' is a req",
        ),
        (R26, "UnsupportedProtocolVersionError", refusal(-32022, supported=[]), "$.error.data", "'requested' is a"),
    ],
)
def test_a_fault_gives_one_error_at_its_place(
    revision: str, definition: str, message: Any, path: str, said: str
) -> None:
    errors = list(slow(revision, definition).iter_errors(message))
    assert [error.json_path for error in errors] == [path]
    assert said in errors[0].message
    assert not errors[0].context

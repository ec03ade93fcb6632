"""The endpoint."""

import httpx
import pytest

from reference_server.options import Options
from reference_server.server import ReferenceServer
from reference_server.serving import serve
from tests.reference_server.talk import Talk


def test_there_is_one_endpoint_and_an_alias(url: str) -> None:
    with Talk(url.replace("/mcp", "/message")) as talk:
        assert talk.ask("ping")["result"] == {}
    assert httpx.get(url + "/x").status_code == 404


def test_a_path_that_was_asked_for_is_the_only_one() -> None:
    with serve(ReferenceServer(Options(path="/a/b")), path="/a/b") as url:
        with Talk(url) as talk:
            assert talk.ask("ping")["result"] == {}
        assert httpx.get(url.replace("/a/b", "/message")).status_code == 404


@pytest.mark.parametrize("method", ["PUT", "PATCH", "HEAD"])
def test_other_methods_draw_405(talk: Talk, method: str) -> None:
    response = talk.http.request(method, talk.url, headers=talk.headers)
    assert response.status_code == 405
    assert response.headers["allow"] == "POST, GET, DELETE, OPTIONS"


def test_listening_wants_event_streams_accepted(talk: Talk) -> None:
    response = talk.http.get(talk.url, headers=talk.headers | {"accept": "application/json"})
    assert response.status_code == 406


@pytest.mark.parametrize("json_response", [False, True])
def test_without_sessions_each_message_stands_alone(json_response: bool) -> None:
    server = ReferenceServer(Options(stateless=True, json_response=json_response))
    with serve(server) as url, Talk(url) as talk:
        assert "mcp-session-id" not in talk.headers
        assert talk.ask("ping")["result"] == {}
        response = talk.post(talk.tool("test_tool_with_progress", token="t"))
        assert "id:" not in response.text
        assert "progress executed" in response.text
        assert ("notifications/progress" in response.text) == (not json_response)
        for method in ("GET", "DELETE"):
            refused = talk.http.request(method, url, headers=talk.headers)
            assert (refused.status_code, refused.headers["allow"]) == (405, "POST, OPTIONS")


def test_streams_are_not_to_be_held_back(talk: Talk) -> None:
    response = talk.post(talk.tool("test_simple_text"))
    assert "no-cache" in response.headers["cache-control"]
    assert response.headers["x-accel-buffering"] == "no"


def test_answers_can_be_held_back() -> None:
    with serve(ReferenceServer(Options(latency=0.01))) as url, Talk(url) as talk:
        assert talk.ask("ping")["result"] == {}
        assert "result" in talk.call("test_tool_with_progress", token="t")[-1]

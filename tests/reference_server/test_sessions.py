"""The life of a session."""

import re

import httpx
import pytest

from reference_server.options import Options
from reference_server.server import ReferenceServer
from reference_server.serving import serve
from tests.reference_server.talk import Talk

METHODS = ["POST", "GET", "DELETE"]


def send(talk: Talk, method: str, headers: dict[str, str]) -> httpx.Response:
    json = talk.request("ping") if method == "POST" else None
    return talk.http.request(method, talk.url, headers=headers, json=json)


def test_ids_are_visible_ascii_and_differ(url: str) -> None:
    with Talk(url) as one, Talk(url) as other:
        assert re.fullmatch(r"[\x21-\x7e]{20,}", one.session)
        assert one.session != other.session


@pytest.mark.parametrize("method", METHODS)
def test_a_missing_id_draws_400(talk: Talk, method: str) -> None:
    assert send(talk, method, {"accept": talk.headers["accept"]}).status_code == 400


@pytest.mark.parametrize("method", METHODS)
def test_an_ended_session_draws_404(talk: Talk, method: str) -> None:
    assert talk.http.delete(talk.url, headers=talk.headers).status_code == 204
    assert send(talk, method, talk.headers).status_code == 404


@pytest.mark.parametrize("method", METHODS)
def test_an_id_that_was_never_given_draws_404(talk: Talk, method: str) -> None:
    assert send(talk, method, talk.headers | {"mcp-session-id": "nobody"}).status_code == 404


def test_the_end_of_a_session_ends_its_streams(talk: Talk) -> None:
    with talk.listen() as listening, talk.stream(talk.tool("test_slow", {"steps": 10000})) as working:
        next(listening)
        talk.http.delete(talk.url, headers=talk.headers)
        assert list(listening) == []
        assert all(event.data == "" for event in working)


def test_initialize_with_a_session_is_refused(talk: Talk) -> None:
    assert talk.initialize("2025-11-25", {}).status_code == 400
    talk.http.delete(talk.url, headers=talk.headers)
    assert talk.initialize("2025-11-25", {}).status_code == 404


def test_a_session_that_nobody_uses_ends_and_makes_room() -> None:
    with serve(ReferenceServer(Options(session_idle=0, max_sessions=1))) as url:
        with Talk(url, initialized=False) as talk:
            assert talk.post(talk.request("ping")).status_code == 404
        for _ in range(3):
            with Talk(url, initialized=False):
                pass


def test_too_many_sessions_draw_503() -> None:
    with serve(ReferenceServer(Options(max_sessions=1))) as url, Talk(url) as talk:
        other = httpx.post(url, json=talk.request("initialize", HELLO), headers={"accept": talk.headers["accept"]})
        assert other.status_code == 503
        assert int(other.headers["retry-after"]) > 0
        assert talk.ask("ping")["result"] == {}


HELLO = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "n", "version": "1"}}

"""Who may talk to the server."""

from collections.abc import Iterator

import httpx
import pytest

from reference_server.options import Options
from reference_server.server import ReferenceServer
from reference_server.serving import serve
from tests.reference_server.talk import Talk

FOREIGN = ("https://evil.example", "http://localhost.evil.example", "http://127.0.0.1.evil.example", "null", "x", "")


@pytest.mark.parametrize("origin", FOREIGN)
@pytest.mark.parametrize("method", ["POST", "GET", "DELETE", "OPTIONS"])
def test_a_foreign_origin_draws_403(talk: Talk, method: str, origin: str) -> None:
    response = talk.http.request(method, talk.url, headers=talk.headers | {"origin": origin})
    assert response.status_code == 403
    assert "id" not in response.json()
    assert "access-control-allow-origin" not in response.headers


@pytest.mark.parametrize("origin", ["http://localhost:3000", "https://127.0.0.1", "http://[::1]:1"])
def test_a_page_of_this_machine_may_come_in(talk: Talk, origin: str) -> None:
    response = talk.post(talk.request("ping"), origin=origin)
    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == origin
    assert "mcp-session-id" in response.headers["access-control-expose-headers"]


def test_a_preflight_is_answered(url: str) -> None:
    response = httpx.options(url, headers={"origin": "http://localhost", "access-control-request-method": "POST"})
    assert response.status_code == 204
    assert "DELETE" in response.headers["access-control-allow-methods"]
    assert "mcp-session-id" in response.headers["access-control-allow-headers"]


@pytest.fixture(scope="module")
def guarded() -> Iterator[str]:
    """A server that wants a token and lets one page in."""
    with serve(ReferenceServer(Options(bearer="secret", allow_origins=("https://good.example",)))) as endpoint:
        yield endpoint


def test_a_page_that_was_named_may_come_in(guarded: str) -> None:
    assert httpx.options(guarded, headers={"origin": "https://good.example"}).status_code == 204


@pytest.mark.parametrize(("authorization", "status"), [("Bearer secret", 400), ("Bearer wrong", 401), ("", 401)])
def test_the_token_is_wanted(guarded: str, authorization: str, status: int) -> None:
    headers = {"accept": "text/event-stream", "authorization": authorization}
    response = httpx.get(guarded, headers=headers)
    assert response.status_code == status
    assert ("www-authenticate" in response.headers) == (status == 401)

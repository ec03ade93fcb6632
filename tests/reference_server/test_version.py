"""Revisions."""

import pytest

from reference_server.options import SESSION_REVISIONS, Options
from reference_server.server import ReferenceServer
from reference_server.serving import serve
from tests.reference_server.talk import Talk


@pytest.mark.parametrize("revision", SESSION_REVISIONS)
def test_a_supported_version_is_echoed(url: str, revision: str) -> None:
    with Talk(url, revision) as talk:
        assert talk.hello["protocolVersion"] == revision


@pytest.mark.parametrize("revision", ["1999-01-01", "2024-11-05", "newest"])
def test_any_other_is_answered_with_the_newest(url: str, revision: str) -> None:
    with Talk(url, revision) as talk:
        assert talk.hello["protocolVersion"] == "2025-11-25"


def test_the_newest_is_the_newest_of_those_that_are_spoken() -> None:
    with serve(ReferenceServer(Options(revisions=SESSION_REVISIONS[:2]))) as url, Talk(url, "2025-11-25") as talk:
        assert talk.hello["protocolVersion"] == "2025-06-18"
        assert talk.post(talk.request("ping"), mcp_protocol_version="2025-11-25").status_code == 400


@pytest.mark.parametrize("value", ["1999-01-01", "x", ""])
@pytest.mark.parametrize("method", ["POST", "GET", "DELETE"])
def test_a_bad_version_header_draws_400(talk: Talk, method: str, value: str) -> None:
    headers = talk.headers | {"mcp-protocol-version": value}
    json = talk.request("ping") if method == "POST" else None
    assert talk.http.request(method, talk.url, headers=headers, json=json).status_code == 400


def test_without_the_header_the_session_tells_the_version(talk: Talk) -> None:
    del talk.headers["mcp-protocol-version"]
    assert talk.ask("ping")["result"] == {}
    assert talk.post([talk.request("ping")]).status_code == 400


def test_without_header_and_session_it_is_the_oldest() -> None:
    with serve(ReferenceServer(Options(stateless=True))) as url, Talk(url) as talk:
        assert talk.post([talk.request("ping")]).status_code == 400
        del talk.headers["mcp-protocol-version"]
        assert talk.post([talk.request("ping")]).status_code == 200

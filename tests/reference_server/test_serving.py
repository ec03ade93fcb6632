"""Any ASGI application on a real socket."""

import socket

import httpx
import pytest

from reference_server.exchange import Receive, Scope, Send
from reference_server.options import Options
from reference_server.server import ReferenceServer
from reference_server.serving import bind, serve, url_of
from tests.reference_server.talk import Talk


async def endless(_scope: Scope, _receive: Receive, send: Send) -> None:
    """Begins and never ends."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"x", "more_body": True})
    while (await _receive())["type"] != "http.never":
        pass


def test_an_application_that_never_ends_does_not_hold_up_the_end(caplog: pytest.LogCaptureFixture) -> None:
    with httpx.Client() as client:
        with serve(endless) as url:
            response = client.send(client.build_request("GET", url), stream=True)
            assert response.status_code == 200
        with pytest.raises(httpx.HTTPError):
            response.read()
        with pytest.raises(httpx.ConnectError):
            client.get(url)
    assert "Traceback" not in caplog.text


def test_open_streams_end_in_order() -> None:
    with serve(ReferenceServer(Options())) as url:
        talk = Talk(url)
        opened = talk.http.send(talk.http.build_request("GET", url, headers=talk.headers), stream=True)
    assert opened.read().startswith(b"id: s1-1\ndata:\n\n")
    talk.http.close()


def test_a_busy_port_is_an_error() -> None:
    with bind("127.0.0.1", 0) as taken, pytest.raises(OSError, match="in use"):
        bind("127.0.0.1", taken.getsockname()[1])


def test_a_url_has_brackets_where_they_belong() -> None:
    if not socket.has_ipv6:
        pytest.skip("this machine knows no IPv6")
    with bind("::1", 0) as listening:
        assert url_of(listening, "/mcp").startswith("http://[::1]:")


def test_who_listens_everywhere_is_found_on_this_machine() -> None:
    with bind("0.0.0.0", 0) as listening:
        assert url_of(listening, "/mcp").startswith("http://127.0.0.1:")

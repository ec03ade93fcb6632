"""A target that answers elsewhere is judged there, if it is the target's own place; to others nothing is sent."""

import ssl
from pathlib import Path

import anyio
import pytest
import trustme
from anyio.abc import ByteStream

from conformance.driving.target import Target
from conformance.evidence.trace import Exchange
from conformance.preflight.redirects import onward
from conformance.preflight.survey import Survey, Unjudgeable
from conformance.report.summary import summary
from conformance.run import run
from reference_server.exchange import Exchange as Http
from reference_server.options import Options
from reference_server.server import ReferenceServer
from reference_server.serving import serve
from tests.little_servers import head, says, serving
from tests.refusals import found, result, says_json, why

ONE = Options(revisions=("2025-06-18",))


class TheEndpointHasMoved(ReferenceServer):
    """Many frameworks redirect to the same path with a slash at its end, or without."""

    status = 307

    async def answer(self, http: Http) -> None:
        if http.path == "/mcp/":
            await http.answer(self.status, [("location", "../mcp#here")])
        else:
            await super().answer(http)


class ForGood(TheEndpointHasMoved):
    status = 308


@pytest.mark.parametrize("kind", [TheEndpointHasMoved, ForGood])
def test_a_server_that_has_moved_is_judged_at_its_new_address(kind: type[ReferenceServer]) -> None:
    with serve(kind(ONE)) as url:
        judged = anyio.run(run, Target(f"{url}/"))
    assert (judged.passed, judged.target) == ((f"{url}/",), url)
    (revision,) = judged.revisions
    assert revision.conforms
    assert revision.trace.target == revision.trace.exchanges[0].url == url
    assert f"The server redirects {url}/ to {url}, where it was judged." in list(summary(judged))


def answered(status: int, location: str, url: str = "http://me:pw@mcp.example/a/mcp?x=1") -> Exchange:
    return Exchange(
        0, "c", "POST", url, (), b"", started=0.0, status=status, response_headers=(("Location", location),)
    )


@pytest.mark.parametrize(
    ("location", "there"),
    [
        ("mcp/", "http://me:pw@mcp.example/a/mcp/"),
        ("/mcp?x=1", "http://me:pw@mcp.example/mcp?x=1"),
        ("http://MCP.example:80/mcp", "http://me:pw@mcp.example/mcp"),
        ("https://mcp.example/mcp", "https://me:pw@mcp.example/mcp"),
        ("//mcp.example/b", "http://me:pw@mcp.example/b"),
    ],
)
def test_the_targets_own_place(location: str, there: str) -> None:
    assert onward(answered(307, location)) == there
    assert onward(answered(308, location)) == there


@pytest.mark.parametrize(
    "location",
    [
        "https://elsewhere.example/a/mcp",
        "http://mcp.example:8080/a/mcp",
        "http://mcp.example.evil.example/",
        "//elsewhere.example/",
        "ftp://mcp.example/",
        "javascript:alert(1)",
        "http://[::1",
        "https://me@elsewhere.example/",
    ],
)
def test_any_other_place_is_not_followed(location: str) -> None:
    assert onward(answered(307, location)) is None


def test_from_https_nothing_goes_to_http() -> None:
    assert onward(answered(307, "http://mcp.example/", url="https://mcp.example/")) is None


@pytest.mark.parametrize("status", [200, 300, 301, 302, 303, 304])
def test_other_statuses_are_not_followed(status: int) -> None:
    assert onward(answered(status, "/mcp/")) is None


def test_a_token_never_reaches_another_origin() -> None:
    received: list[bytes] = []

    async def stranger(stream: ByteStream, request: bytes) -> None:
        received.append(request)
        await stream.send(head(404))

    async def ask() -> None:
        async with serving(stranger) as there, serving(says(307, f"Location: {there}")) as url:
            with pytest.raises(Unjudgeable, match="if you trust that address"):
                await found(Target(url, headers={"Authorization": "Bearer secret"}, timeout=5.0))

    anyio.run(ask)
    assert received == []


def test_https_on_the_same_host_is_followed_with_its_certificate(tmp_path: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(tls)

    async def ask() -> tuple[Survey, str]:
        async with (
            serving(says_json(result()), tls) as there,
            serving(says(308, f"Location: {there}")) as url,
        ):
            return await found(Target(url, ca_file=tmp_path / "ca.pem", timeout=5.0)), there

    seen, there = anyio.run(ask)
    assert seen.target.url == there
    assert seen.wires[0].url == there


def test_a_circle_ends_in_one_sentence() -> None:
    told = why(says(308, "Location: /mcp/"), timeout=5.0)
    assert told.startswith('the server redirects again and again, at last to "http://127.0.0.1:')
    assert told.endswith('/mcp/": give --target the address at which it answers')


def test_paths_without_end_end_in_one_sentence() -> None:
    assert "again and again" in why(says(307, "Location: a/"), timeout=5.0)


@pytest.mark.parametrize("status", [301, 302, 303])
def test_a_redirection_that_makes_a_get_of_a_post_is_told_with_the_address(status: int) -> None:
    told = why(says(status, "Location: /mcp/"), timeout=5.0)
    assert told.startswith(f"the server redirects ({status}, with which a POST may become a GET): give --target ")
    assert told.endswith('/mcp/" if you trust that address')


def test_the_new_address_is_named_where_it_cannot_be_judged() -> None:
    async def serve(stream: ByteStream, request: bytes) -> None:
        moved = request.split(b" ")[1] == b"/mcp"
        await stream.send(head(308, "Location: /new") if moved else head(404))

    told = why(serve, timeout=5.0)
    assert told.startswith('the server redirects to "http://127.0.0.1:')
    assert '/new", and there nothing is served at this path (404)' in told

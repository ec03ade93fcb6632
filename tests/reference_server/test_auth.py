"""The endpoint as an OAuth protected resource: tokens, scopes, what a refusal says, and who owns what."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from reference_server.options import Options
from reference_server.server import ReferenceServer
from reference_server.serving import serve
from tests.reference_server.modern import Lone
from tests.reference_server.talk import BOTH, Talk

TASKS: dict[str, Any] = {"extensions": {"io.modelcontextprotocol/tasks": {}}}
CAPABILITIES = "io.modelcontextprotocol/clientCapabilities"


class Guarded:
    """A server with --auth, its endpoint and its tokens."""

    def __init__(self, server: ReferenceServer, url: str) -> None:
        self.url, self.tokens = url, server.tokens
        self.origin = url.removesuffix("/mcp")

    def talk(self, role: str = "full", session: str | None = None) -> Talk:
        """A session of this token's."""
        return Bearing(self.url, self.tokens[role], session)

    def lone(self, role: str = "full") -> Lone:
        """Modern requests with this token."""
        lone = Lone(self.url)
        lone.http.headers["authorization"] = f"Bearer {self.tokens[role]}"
        return lone

    def get(self, token: str | None) -> httpx.Response:
        """The shortest request that wants a token."""
        return httpx.get(self.url, headers={} if token is None else {"authorization": f"Bearer {token}"})


class Bearing(Talk):
    """A session whose every request shows a token."""

    def __init__(self, url: str, token: str, session: str | None) -> None:
        self.token = token
        super().__init__(url, session=session)

    def post(self, message: object, **headers: str) -> httpx.Response:
        self.headers["authorization"] = f"Bearer {self.token}"
        return super().post(message, **headers)


@pytest.fixture(scope="module")
def guarded() -> Iterator[Guarded]:
    server = ReferenceServer(Options(auth=True))
    with serve(server) as url:
        yield Guarded(server, url)


def challenge(response: httpx.Response) -> dict[str, str]:
    """The parameters of a Bearer challenge."""
    scheme, _, rest = response.headers["www-authenticate"].partition(" ")
    assert scheme == "Bearer"
    return dict(re.findall(r'(\w+)="([^"]*)"', rest))


@pytest.mark.parametrize("method", ["POST", "GET", "DELETE", "PUT"])
def test_who_shows_no_token_is_told_where_to_get_one_and_of_no_error(guarded: Guarded, method: str) -> None:
    response = httpx.request(method, guarded.url)
    assert response.status_code == 401
    assert challenge(response) == {
        "resource_metadata": f"{guarded.origin}/.well-known/oauth-protected-resource/mcp",
        "scope": "mcp:read",
    }


@pytest.mark.parametrize("method", ["POST", "GET", "DELETE"])
def test_a_session_id_is_no_token(guarded: Guarded, method: str) -> None:
    with guarded.talk() as talk:
        del talk.headers["authorization"]
        assert talk.http.request(method, talk.url, headers=talk.headers).status_code == 401


def altered(token: str) -> list[str]:
    """The token with other claims, another signature, none, and no algorithm."""
    head, claims, signature = token.split(".")
    other = claims[:20] + ("A" if claims[20] != "A" else "B") + claims[21:]
    turned = signature[:5] + ("A" if signature[5] != "A" else "B") + signature[6:]
    nothing = "eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0"
    return [f"{head}.{other}.{signature}", f"{head}.{claims}.{turned}", f"{head}.{claims}.", f"{nothing}.{claims}."]


def test_a_token_that_is_not_valid_is_an_error(guarded: Guarded) -> None:
    wrong = [guarded.tokens["expired"], guarded.tokens["elsewhere"], *altered(guarded.tokens["full"])]
    for token in [*wrong, "garbage", "a.b.c", "é", "[" * 20_000]:
        response = httpx.get(guarded.url, headers={b"authorization": f"Bearer {token}".encode()})
        assert (response.status_code, challenge(response)["error"]) == (401, "invalid_token"), token[:60]
        assert response.json()["error"]["message"] == "The access token is not valid here."


@pytest.mark.parametrize("authorization", ["", "Bearer", "Basic YTpi", "Token x"])
def test_what_is_no_bearer_token_is_no_token(guarded: Guarded, authorization: str) -> None:
    response = httpx.get(guarded.url, headers={"authorization": authorization})
    assert (response.status_code, "error" in challenge(response)) == (401, False)


def test_a_token_in_the_query_is_none(guarded: Guarded) -> None:
    response = httpx.get(guarded.url, params={"access_token": guarded.tokens["full"]})
    assert (response.status_code, "error" in challenge(response)) == (401, False)


def test_the_name_of_the_scheme_has_no_case(guarded: Guarded) -> None:
    response = httpx.get(guarded.url, headers={"authorization": f"bEARER {guarded.tokens['full']}"})
    assert response.status_code == 400  # the session id is missing


def test_a_narrow_token_is_good_for_looking_around(guarded: Guarded) -> None:
    with guarded.talk("narrow") as talk, guarded.lone("narrow") as lone:
        assert talk.ask("tools/list")["result"]["tools"]
        assert lone.ask("tools/list")["result"]["tools"]
        assert lone.ask("server/discover")["result"]


def test_what_a_narrow_token_is_too_small_for_draws_403_and_all_that_it_takes(guarded: Guarded) -> None:
    with guarded.talk("narrow") as talk, guarded.lone("narrow") as lone:
        refused = [talk.post(talk.tool("test_simple_text")), lone.post(lone.tool("test_simple_text"))]
        refused += [talk.post(talk.request("tasks/list")), lone.post(lone.request("tasks/get", {"taskId": "x"}))]
    for response in refused:
        assert response.status_code == 403
        said = challenge(response)
        assert (said["error"], said["scope"]) == ("insufficient_scope", "mcp:tools")
        assert said["resource_metadata"] == f"{guarded.origin}/.well-known/oauth-protected-resource/mcp"
        assert said["error_description"]


def test_a_batch_needs_what_its_messages_need(guarded: Guarded) -> None:
    with Bearing(guarded.url, guarded.tokens["narrow"], None) as talk:
        batch = [talk.request("ping"), talk.tool("test_simple_text")]
        response = talk.post(batch)
    assert response.status_code == 403
    assert challenge(response)["scope"] == "mcp:read mcp:tools"


def test_the_broader_scope_includes_the_narrower_one(guarded: Guarded) -> None:
    with guarded.talk() as talk:
        assert talk.text_of("test_simple_text")
        assert talk.ask("resources/list")["result"]


@pytest.mark.parametrize(
    "path", ["/.well-known/oauth-protected-resource/mcp", "/.well-known/oauth-protected-resource"]
)
def test_the_metadata_of_the_resource_is_at_both_places(guarded: Guarded, path: str) -> None:
    response = httpx.get(guarded.origin + path, headers={"origin": "https://anywhere.example"})
    said = response.json()
    assert response.headers["content-type"] == "application/json"
    assert response.headers["access-control-allow-origin"] == "*"
    assert said["resource"] == guarded.url
    assert said["authorization_servers"] == [guarded.origin]
    assert said["bearer_methods_supported"] == ["header"]
    assert said["scopes_supported"] == ["mcp:read", "mcp:tools"]
    assert "for tests only" in said["resource_name"]


def test_a_page_may_ask_before_it_reads(guarded: Guarded) -> None:
    response = httpx.options(f"{guarded.origin}/jwks", headers={"origin": "https://anywhere.example"})
    assert (response.status_code, response.headers["access-control-allow-origin"]) == (204, "*")
    assert httpx.post(f"{guarded.origin}/jwks").status_code == 405


def test_without_auth_there_is_none_of_it(url: str) -> None:
    origin = url.removesuffix("/mcp")
    for path in ("/.well-known/oauth-protected-resource/mcp", "/.well-known/oauth-authorization-server", "/token"):
        assert httpx.get(origin + path).status_code == 404


def test_another_path_has_its_own_metadata() -> None:
    with serve(ReferenceServer(Options(auth=True, path="/a/b")), path="/a/b") as url:
        said = challenge(httpx.get(url))["resource_metadata"]
        assert said == url.removesuffix("/a/b") + "/.well-known/oauth-protected-resource/a/b"
        assert httpx.get(said).json()["resource"] == url


def test_a_session_of_somebody_else_is_unknown(guarded: Guarded) -> None:
    with guarded.talk() as alice, guarded.talk("second", alice.session) as bob:
        assert bob.post(bob.request("ping")).status_code == 404
        assert bob.notify("notifications/initialized").status_code == 404
        for method in ("GET", "DELETE"):
            headers = bob.headers | {"accept": BOTH, "last-event-id": "s1-1"}
            assert bob.http.request(method, bob.url, headers=headers).status_code == 404
        assert alice.ask("ping")["result"] == {}


def test_another_token_of_the_same_principal_opens_the_session(guarded: Guarded) -> None:
    with guarded.talk() as alice, guarded.talk("narrow", alice.session) as again:
        assert again.ask("ping")["result"] == {}


def test_a_task_of_somebody_else_is_unknown(guarded: Guarded) -> None:
    meta = {CAPABILITIES: TASKS}
    with guarded.lone() as alice, guarded.lone("second") as bob:
        task = alice.post(alice.tool("slow_compute", {"seconds": 0}, meta)).json()["result"]["taskId"]
        asked = ("tasks/get", {"taskId": task}, meta)
        assert alice.ask(*asked)["result"]["taskId"] == task
        assert bob.ask(*asked)["error"]["code"] == -32602


def test_the_owner_of_a_session_outlives_the_server(tmp_path: Any) -> None:
    options = Options(auth=True, store=f"sqlite:{tmp_path / 'file'}")
    first = ReferenceServer(options)
    with serve(first) as url, Guarded(first, url).talk() as talk:
        session = talk.session
    second = ReferenceServer(options)
    with serve(second) as url, Guarded(second, url).talk("second", session) as bob:
        assert bob.post(bob.request("ping")).status_code == 404
        with Guarded(second, url).talk("full", session) as alice:
            assert alice.ask("ping")["result"] == {}


@pytest.mark.parametrize("more", [{"bearer": "x"}, {"http_sse": True}])
def test_auth_goes_with_no_other_token_and_no_older_transport(more: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="--auth goes neither"):
        ReferenceServer(Options(auth=True, **more))


def test_a_server_without_sessions_wants_tokens_too() -> None:
    server = ReferenceServer(Options(auth=True, stateless=True, json_response=True))
    with serve(server) as url, Guarded(server, url).talk() as talk:
        assert talk.ask("tools/list")["result"]
        assert httpx.post(url).status_code == 401

"""The issuer of --auth: how a client comes by a token, and how it does not."""

import base64
import hashlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from reference_server.options import Options
from reference_server.server import ReferenceServer
from reference_server.serving import serve

BACK = "http://localhost:1/back?a=b"
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")

Fields = dict[str, Any]


class Client:
    """A client of the issuer, which follows its metadata."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self.root = endpoint.removesuffix("/mcp")
        self.said = httpx.get(f"{self.root}/.well-known/oauth-authorization-server").json()
        self.id = self.register([BACK]).json()["client_id"]

    def register(self, uris: Any) -> httpx.Response:
        return httpx.post(self.said["registration_endpoint"], json={"redirect_uris": uris})

    def authorize(self, **other: str) -> httpx.Response:
        asked = {
            "response_type": "code",
            "client_id": self.id,
            "redirect_uri": BACK,
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
            "resource": self.endpoint,
            "state": "s",
        }
        return httpx.get(self.said["authorization_endpoint"], params=asked | other)

    def came_back(self, **other: str) -> dict[str, str]:
        response = self.authorize(**other)
        assert response.status_code == 302
        where = response.headers["location"]
        assert where.startswith(f"{BACK}&")
        return {name: values[0] for name, values in parse_qs(urlsplit(where).query).items()}

    def redeem(self, code: str, **other: str) -> httpx.Response:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": BACK,
            "client_id": self.id,
            "code_verifier": VERIFIER,
            "resource": self.endpoint,
        }
        return httpx.post(self.said["token_endpoint"], data=form | other)


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with serve(ReferenceServer(Options(auth=True))) as endpoint:
        yield Client(endpoint)


def test_the_metadata_is_at_the_root_and_names_the_paths_of_old(client: Client) -> None:
    assert client.said["issuer"] == client.root
    assert client.said["authorization_endpoint"] == f"{client.root}/authorize"
    assert client.said["token_endpoint"] == f"{client.root}/token"
    assert client.said["registration_endpoint"] == f"{client.root}/register"
    assert client.said["code_challenge_methods_supported"] == ["S256"]
    assert httpx.get(client.said["jwks_uri"]).json()["keys"][0]["alg"] == "ES256"


@pytest.mark.parametrize(("scope", "status"), [("mcp:read", 403), ("mcp:tools", 400)])
def test_a_code_is_worth_a_token_that_opens_the_server(client: Client, scope: str, status: int) -> None:
    said = client.came_back(scope=scope)
    assert (said["state"], said["iss"]) == ("s", client.root)
    given = client.redeem(said["code"])
    assert given.headers["cache-control"] == "no-store"
    token = given.json()
    assert (token["token_type"], token["scope"]) == ("Bearer", scope)
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "test_simple_text"}}
    headers = {"authorization": f"Bearer {token['access_token']}", "accept": "application/json, text/event-stream"}
    assert httpx.post(client.endpoint, json=call, headers=headers).status_code == status  # 400: no session id


def test_a_code_is_good_once(client: Client) -> None:
    code = client.came_back()["code"]
    assert client.redeem(code).status_code == 200
    assert client.redeem(code).json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"code_verifier": "w" * 43}, "invalid_grant"),
        ({"client_id": "other"}, "invalid_grant"),
        ({"redirect_uri": "http://localhost:1/other"}, "invalid_grant"),
        ({"resource": "https://elsewhere.example/mcp"}, "invalid_target"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
    ],
)
def test_a_code_is_for_whom_it_was_given_to(client: Client, wrong: Fields, error: str) -> None:
    response = client.redeem(client.came_back()["code"], **wrong)
    assert (response.status_code, response.json()["error"]) == (400, error)


@pytest.mark.parametrize(
    "wrong",
    [
        {"client_id": "unknown"},
        {"redirect_uri": "https://evil.example/"},
        {"redirect_uri": "http://localhost:2/back?a=b"},
        {"redirect_uri": f"{BACK}/"},
        {"redirect_uri": ""},
    ],
)
def test_nobody_is_sent_where_the_client_has_not_registered(client: Client, wrong: Fields) -> None:
    response = client.authorize(**wrong)
    assert (response.status_code, response.json()["error"]) == (400, "invalid_request")
    assert "location" not in response.headers


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"resource": "https://elsewhere.example/mcp"}, "invalid_target"),
        ({"scope": "mcp:read everything"}, "invalid_scope"),
    ],
)
def test_what_cannot_be_granted_is_said_to_the_client(client: Client, wrong: Fields, error: str) -> None:
    said = client.came_back(**wrong)
    assert (said["error"], said["state"], said["iss"]) == (error, "s", client.root)
    assert "code" not in said


@pytest.mark.parametrize(
    "uris",
    [
        None,
        [],
        "https://a.example",
        [1],
        ["http://a.example/"],
        ["https://a.example/#f"],
        ["javascript:x"],
        ["http://["],
    ],
)
def test_users_come_back_over_https_or_to_their_own_machine(client: Client, uris: Any) -> None:
    response = client.register(uris)
    assert (response.status_code, response.json()["error"]) == (400, "invalid_redirect_uri")


def test_what_is_no_json_registers_nobody(client: Client) -> None:
    response = httpx.post(client.said["registration_endpoint"], content=b"{")
    assert (response.status_code, response.json()["error"]) == (400, "invalid_client_metadata")


def test_a_foreign_page_gets_no_token(client: Client) -> None:
    response = httpx.post(client.said["token_endpoint"], headers={"origin": "https://evil.example"})
    assert response.status_code == 403

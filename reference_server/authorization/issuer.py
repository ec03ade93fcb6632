"""The authorization server of --auth, FOR TESTS ONLY: its keys, its tokens, and what it says of itself (RFC 8414).

It is at the root of the same host as the endpoint, where 2025-03-26 looks for it.
"""

import json
import secrets
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeAlias

from reference_server.exchange import Exchange, Refusal
from reference_server.jsonrpc import JsonObject
from reference_server.options import Options
from reference_server.origin import Gate

if TYPE_CHECKING:
    from reference_server.authorization.tokens import Key

READ, TOOLS = "mcp:read", "mcp:tools"  # the second is the broader one
DAY, HOUR = 86400, 3600  # seconds
AUTHORIZE, TOKEN, REGISTER, KEYS = "/authorize", "/token", "/register", "/jwks"
METADATA = "/.well-known/oauth-authorization-server"

Document: TypeAlias = Callable[[], JsonObject]
Endpoint: TypeAlias = tuple[str, Callable[[Exchange], Awaitable[None]]]


class Issuer(Gate):
    """Makes tokens for one resource, and documents about itself."""

    key: "Key"

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.origin = ""
        self.tokens: dict[str, str] = {}

    def open_at(self, origin: str) -> None:
        """Now the address is known that tokens are made for."""
        self.origin = origin
        if self.options.auth:
            from reference_server.authorization.tokens import Key  # cryptography is loaded only where it is used

            self.key = Key()
            self.tokens = {role: self.key.sign(claims) for role, claims in self.claims_by_role().items()}

    def resource(self) -> str:
        """The address of the endpoint is what tokens are made for."""
        return self.origin + self.options.paths[0]

    # Tokens

    def claims(self, principal: str, scope: str, seconds: int) -> JsonObject:
        """Whose token, for which resource, for what, and for how long."""
        now = int(time.time())
        return {
            "iss": self.origin,
            "sub": principal,
            "client_id": "for-tests",
            "aud": self.resource(),
            "scope": scope,
            "iat": now,
            "exp": now + seconds,
            "jti": secrets.token_urlsafe(12),
        }

    def claims_by_role(self) -> dict[str, JsonObject]:
        """The tokens that are printed at start, each with one thing about it."""
        full, now = self.claims("alice", TOOLS, DAY), int(time.time())
        return {
            "full": full,
            "narrow": self.claims("alice", READ, DAY),
            "expired": full | {"iat": now - DAY, "exp": now - HOUR},
            "elsewhere": full | {"aud": f"{self.origin}/elsewhere"},
            "second": self.claims("bob", TOOLS, DAY),
        }

    # What anybody may read, and where anybody may ask

    def documents(self) -> dict[str, Document]:
        """Metadata is at the root of the host, whatever the path of the endpoint is."""
        return {METADATA: self.issuer_metadata, KEYS: self.public_keys}

    def public_keys(self) -> JsonObject:
        """What the signatures can be verified with."""
        return self.key.public_keys()

    def issuer_metadata(self) -> JsonObject:
        """RFC 8414: where everything is, and what is supported; without S256 no client would begin."""
        return {
            "issuer": self.origin,
            "authorization_endpoint": self.endpoint_url(AUTHORIZE),
            "token_endpoint": self.endpoint_url(TOKEN),
            "registration_endpoint": self.endpoint_url(REGISTER),
            "jwks_uri": self.endpoint_url(KEYS),
            "scopes_supported": [READ, TOOLS],
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code"],
            "token_endpoint_auth_methods_supported": ["none"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
        }

    def endpoint_url(self, path: str) -> str:
        """Endpoints use HTTPS, except on this very machine."""
        return self.origin + path

    def endpoints(self) -> dict[str, Endpoint]:
        """By path: the method, and what answers."""
        return {}

    def is_open(self, path: str) -> bool:
        """What leads to a token needs none."""
        return self.options.auth and (path in self.documents() or path in self.endpoints())

    async def answer_openly(self, http: Exchange) -> None:
        """Any page may read a document; an endpoint is for those that may use the server."""
        document = self.documents().get(http.path)
        if document is None:
            self.check_origin(http)
            method, handler = self.endpoints()[http.path]
        else:
            http.common.append(("access-control-allow-origin", "*"))
            method, said = "GET", document()
        if http.method == "OPTIONS":
            await http.answer(204, self.preflight_headers(http))
        elif http.method != method:
            raise Refusal(405, f"{http.method} is not offered here.", headers=[("allow", f"{method}, OPTIONS")])
        elif document is not None:
            await self.answer_document(http, 200, said)
        else:
            await handler(http)

    async def answer_document(self, http: Exchange, status: int, said: JsonObject) -> None:
        """JSON that nobody keeps."""
        headers = [("content-type", "application/json"), ("cache-control", "no-store")]
        await http.answer(status, headers, json.dumps(said).encode())

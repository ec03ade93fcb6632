"""How a client comes by a token, with --auth and FOR TESTS ONLY: nobody logs in, and whoever comes is alice.

All else is by the book: registration (RFC 7591), authorization codes with PKCE (OAuth 2.1), addresses compared letter
by letter, tokens for one resource (RFC 8707), and the issuer's name in every answer (RFC 9207).
"""

import base64
import hashlib
import json
import secrets
import time
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import parse_qsl, urlencode, urlsplit

from reference_server.authorization.issuer import AUTHORIZE, HOUR, READ, REGISTER, TOKEN, TOOLS, Endpoint, Issuer
from reference_server.exchange import Exchange
from reference_server.jsonrpc import JsonObject
from reference_server.options import Options
from reference_server.origin import LOOPBACK

CODE_SECONDS = 60.0
MOST = 1000  # clients, and codes, that are remembered at a time

Value = TypeVar("Value")


class Denied(Exception):
    """An authorization request is refused, with one of OAuth's words for why."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.said: dict[str, str] = {"error": error, "error_description": description}


@dataclass(frozen=True, slots=True)
class Code:
    """What an authorization code stands for, until a time of the monotonic clock in seconds."""

    client: str
    redirect: str
    challenge: str
    scope: str
    until: float


class Granting(Issuer):
    """Registers clients, gives codes, and tokens for codes."""

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.clients: dict[str, list[str]] = {}
        self.codes: dict[str, Code] = {}

    def endpoints(self) -> dict[str, Endpoint]:
        """The paths that 2025-03-26 names for servers without metadata are the right ones here too."""
        return {
            AUTHORIZE: ("GET", self.authorize),
            TOKEN: ("POST", self.give_token),
            REGISTER: ("POST", self.register),
        }

    async def answer_openly(self, http: Exchange) -> None:
        """What is denied draws 400, and one of OAuth's words for why."""
        try:
            await super().answer_openly(http)
        except Denied as denied:
            await self.answer_document(http, 400, {**denied.said})

    # Registration

    async def register(self, http: Exchange) -> None:
        """A client says where its users come back to, and gets a name; it has no secret."""
        try:
            asked = json.loads(await self.text_of(http))
        except (ValueError, RecursionError):
            raise Denied("invalid_client_metadata", "The body is no JSON.") from None
        uris = asked.get("redirect_uris") if isinstance(asked, dict) else None
        if not isinstance(uris, list) or not uris or not all(self.is_redirect_uri(uri) for uri in uris):
            raise Denied("invalid_redirect_uri", "redirect_uris are addresses with https, or on this machine.")
        client = secrets.token_urlsafe(12)
        remember(self.clients, client, uris)
        said: JsonObject = {"client_id": client, "redirect_uris": uris, "token_endpoint_auth_method": "none"}
        await self.answer_document(http, 201, said)

    def is_redirect_uri(self, uri: object) -> bool:
        """Users come back over HTTPS or to their own machine."""
        try:
            parts = urlsplit(uri) if isinstance(uri, str) and uri.isascii() and uri.isprintable() else None
            host = parts.hostname if parts else None
        except ValueError:
            return False
        if parts is None or not host or parts.fragment:
            return False
        return parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK)

    # Codes

    async def authorize(self, http: Exchange) -> None:
        """Everybody is alice and consents: back to the client, with a code or with the reason why there is none."""
        asked = fields(http.query)
        client, redirect = asked.get("client_id", ""), asked.get("redirect_uri", "")
        if not self.may_redirect(client, redirect):
            raise Denied("invalid_request", "This client has not registered this redirect_uri.")
        try:
            said = {"code": self.new_code(client, redirect, asked)}
        except Denied as denied:
            said = denied.said
        said |= {"iss": self.origin} | ({"state": asked["state"]} if "state" in asked else {})
        join = "&" if urlsplit(redirect).query else "?"
        await http.answer(302, [("location", f"{redirect}{join}{urlencode(said)}"), ("cache-control", "no-store")])

    def may_redirect(self, client: str, redirect: str) -> bool:
        """Users are sent only to what their client has registered, letter by letter."""
        return redirect in self.clients.get(client, ())

    def new_code(self, client: str, redirect: str, asked: dict[str, str]) -> str:
        """A code is for one client, one address and one secret of the client's own."""
        if asked.get("response_type") != "code":
            raise Denied("unsupported_response_type", "The response_type is code.")
        if not asked.get("code_challenge") or asked.get("code_challenge_method") != "S256":
            raise Denied("invalid_request", "There must be a code_challenge, and its method is S256.")
        self.check_resource(asked)
        scope = asked.get("scope", TOOLS)
        if not set(scope.split()) <= {READ, TOOLS}:
            raise Denied("invalid_scope", f"The scopes are {READ} and {TOOLS}.")
        code = secrets.token_urlsafe(24)
        remember(
            self.codes, code, Code(client, redirect, asked["code_challenge"], scope, time.monotonic() + CODE_SECONDS)
        )
        return code

    def check_resource(self, asked: dict[str, str]) -> None:
        """Tokens are for this server; clients of 2025-03-26 do not say so."""
        if asked.get("resource", self.resource()) != self.resource():
            raise Denied("invalid_target", f"The only resource here is {self.resource()}.")

    # Tokens for codes

    async def give_token(self, http: Exchange) -> None:
        """A code is worth one token, to the client that it was given to."""
        asked = fields(await self.text_of(http))
        if asked.get("grant_type") != "authorization_code":
            raise Denied("unsupported_grant_type", "The grant_type is authorization_code.")
        self.check_resource(asked)
        code = self.codes.pop(asked.get("code", ""), None)
        if code is None or not self.may_redeem(code, asked):
            raise Denied("invalid_grant", "This code is not known, or not for this client.")
        token = self.key.sign(self.claims("alice", code.scope, HOUR))
        said: JsonObject = {"access_token": token, "token_type": "Bearer", "expires_in": HOUR, "scope": code.scope}
        await self.answer_document(http, 200, said)

    def may_redeem(self, code: Code, asked: dict[str, str]) -> bool:
        """Same client, same address, in time, and the secret that the challenge was made from."""
        digest = hashlib.sha256(asked.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        same = (asked.get("client_id"), asked.get("redirect_uri")) == (code.client, code.redirect)
        return same and challenge == code.challenge and time.monotonic() < code.until

    async def text_of(self, http: Exchange) -> str:
        """The body, if it is text of a bearable length."""
        body = await http.body(self.options.max_body)
        if body is None:
            raise Denied("invalid_request", f"The body is longer than {self.options.max_body} bytes.")
        return body.decode("utf-8", "replace")


def fields(text: str) -> dict[str, str]:
    """The fields of a form or of a query, by their names."""
    return dict(parse_qsl(text, keep_blank_values=True))


def remember(kept: dict[str, Value], name: str, value: Value) -> None:
    """Keep this and forget the oldest."""
    kept[name] = value
    if len(kept) > MOST:
        del kept[next(iter(kept))]

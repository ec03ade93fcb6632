"""Who may talk to the server: the Origin rule, CORS for browsers, and a bearer token if one was asked for."""

import re
from collections.abc import Iterable
from hmac import compare_digest
from urllib.parse import urlsplit

from reference_server.exchange import Exchange, Header, Refusal
from reference_server.messages import Messages

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
SENDABLE = (
    *("content-type", "accept", "authorization", "last-event-id", "mcp-protocol-version", "mcp-session-id"),
    *("mcp-method", "mcp-name"),
)
PARAMETER = re.compile(r"mcp-param-[!#$%&'*+.^_`|~0-9a-z-]+")


class Gate(Messages):
    """What happens before anybody looks at the message."""

    def host_to_bind(self) -> str:
        """A local server listens on loopback only, unless it is told otherwise."""
        return self.options.host

    def check_origin(self, http: Exchange) -> None:
        """Every request's Origin is looked at, whatever its method."""
        origin = http.header("origin")
        if origin is None:
            return
        if not self.origin_is_allowed(origin, http.method):
            raise Refusal(self.status_for_foreign_origin(), f"Origin {origin!r} may not use this server.")
        http.common.extend(self.cors_headers(origin))

    def origin_is_allowed(self, origin: str, method: str) -> bool:
        """Pages of this machine and those that --allow-origin names may come in; a host is compared as a whole."""
        if origin in self.options.allow_origins:
            return True
        try:
            parts = urlsplit(origin)
            host = parts.hostname
        except ValueError:
            return False
        return parts.scheme in ("http", "https") and (host in LOOPBACK or host == self.options.host)

    def status_for_foreign_origin(self) -> int:
        """A foreign Origin draws 403."""
        return 403

    def cors_headers(self, origin: str) -> Iterable[Header]:
        """A browser's script may read the answer and the session id."""
        yield "access-control-allow-origin", origin
        yield "access-control-expose-headers", "mcp-session-id, www-authenticate"
        yield "vary", "origin"

    def preflight_headers(self, http: Exchange) -> Iterable[Header]:
        """What a browser's script may send; the names of the parameters that it repeats are its own choice."""
        asked = (http.header("access-control-request-headers") or "").lower().split(",")
        params = [name.strip() for name in asked if PARAMETER.fullmatch(name.strip())]
        yield "access-control-allow-methods", "POST, GET, DELETE, OPTIONS"
        yield (
            "access-control-allow-headers",
            ", ".join([*SENDABLE, *params]),
        )
        yield "access-control-max-age", "600"

    def check_bearer(self, http: Exchange) -> None:
        """Where a token was asked for, a request without it draws 401."""
        token = self.options.bearer
        if token is None:
            return
        scheme, _, given = (http.header("authorization") or "").partition(" ")
        if scheme.lower() == "bearer" and compare_digest(given.strip().encode(), token.encode()):
            return
        challenge = 'Bearer realm="reference server"' + (', error="invalid_token"' if given else "")
        raise Refusal(401, "This server wants its bearer token.", headers=[("www-authenticate", challenge)])

    def principal_of(self, http: Exchange) -> str:
        """Whoever shows another token is somebody else."""
        return http.header("authorization") or ""

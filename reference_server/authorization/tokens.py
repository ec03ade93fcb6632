"""Access tokens: signed JSON Web Tokens with the claims that RFC 9068 names, made and read by PyJWT.

For tests only: the key is made at start, lives in this process, and is given up with it.
"""

import secrets
from typing import TYPE_CHECKING

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from reference_server.jsonrpc import JsonObject

if TYPE_CHECKING:
    from jwt.types import Options as Checks

ALGORITHM = "ES256"
CLAIMS = ["iss", "sub", "aud", "scope", "exp", "iat", "jti"]


class Key:
    """A pair of keys: one half signs, the other half verifies."""

    def __init__(self) -> None:
        self._private = ec.generate_private_key(ec.SECP256R1())
        self._public = self._private.public_key()
        self._id = secrets.token_urlsafe(8)

    def sign(self, claims: JsonObject) -> str:
        """A token that says this."""
        return jwt.encode(claims, self._private, ALGORITHM, headers={"typ": "at+jwt", "kid": self._id})

    def claims_in(self, token: str, *, issuer: str, audience: list[str], checks: "Checks") -> JsonObject | None:
        """What a token says, or None if it fails one of the checks, which have the names of PyJWT's options."""
        options: Checks = {"require": CLAIMS, **checks}
        try:
            claims: JsonObject = jwt.decode(
                token, self._public, [ALGORITHM], options, audience=audience, issuer=issuer
            )
        except (jwt.PyJWTError, ValueError, RecursionError):  # the last two: what a stranger may call a token
            return None
        return claims

    def public_keys(self) -> JsonObject:
        """The half that verifies, as a JSON Web Key Set (RFC 7517)."""
        key = ECAlgorithm.to_jwk(self._public, as_dict=True)
        return {"keys": [{**key, "kid": self._id, "use": "sig", "alg": ALGORITHM}]}

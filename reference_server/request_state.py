"""`requestState`: what must last from one attempt at a modern request to the next, carried by the client.

It comes back from a stranger, so it is sealed: a signature with a key of this process, over the state and over whom,
which request and which time it is for.  The client may read it, as it holds nothing that the client does not know,
but whatever is not exactly as it was given is refused.
"""

import base64
import hashlib
import hmac
import json
import secrets
import time
from typing import NoReturn

from reference_server.jsonrpc import INVALID_PARAMS, Json, JsonObject, Request, RpcError, as_object
from reference_server.options import Options
from reference_server.state import Call
from reference_server.wording import Wording

STATE_SECONDS = 600.0
SALIENT = ("name", "uri", "arguments")  # the params that make a request this request


class RequestState(Wording):
    """Seal and unseal."""

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.state_key = secrets.token_bytes(32)

    def seal(self, call: Call) -> str:
        """What was noted and what was answered until now, for this client and this request, and not for long."""
        state: JsonObject = {
            "for": self.signature(call.principal),
            "request": self.signature(identity(call.request)),
            "until": time.time() + STATE_SECONDS,
            "notes": call.notes,
            "answers": call.answered,
        }
        text = base64.urlsafe_b64encode(json.dumps(state).encode()).decode()
        return f"{text}.{self.signature(text)}"

    def unseal(self, call: Call, sealed: Json) -> JsonObject:
        """What was sealed, if it is unaltered and presented as it has to be; else -32602."""
        text, _, signature = sealed.rpartition(".") if isinstance(sealed, str) else ("", "", "")
        self.check_signature(text, signature)
        try:
            state = as_object(json.loads(base64.urlsafe_b64decode(text.encode())))
        except ValueError:
            self.on_bad_state("it cannot be read")
        self.check_principal(call, state)
        self.check_request(call, state)
        self.check_time(state)
        return state

    def check_signature(self, text: str, signature: str) -> None:
        """State that was altered, or was never given, is refused."""
        if not self.is_signature(signature, text):
            self.on_bad_state("it is not as it was given")

    def check_principal(self, call: Call, state: JsonObject) -> None:
        """State is for the client that it was given to."""
        if not self.is_signature(state.get("for"), call.principal):
            self.on_bad_state("it was given to somebody else")

    def check_request(self, call: Call, state: JsonObject) -> None:
        """State is for another attempt at the same request: method, name and arguments."""
        if not self.is_signature(state.get("request"), identity(call.request)):
            self.on_bad_state("it was given for another request")

    def check_time(self, state: JsonObject) -> None:
        """State does not keep long."""
        until = state.get("until")
        if not isinstance(until, int | float) or time.time() > until:
            self.on_bad_state("it is too old")

    def on_bad_state(self, reason: str) -> NoReturn:
        """State that fails a check is refused, and with it the request."""
        raise RpcError(INVALID_PARAMS, f"This requestState is not accepted: {reason}.")

    def signature(self, text: str) -> str:
        """The HMAC of a text."""
        return hmac.new(self.state_key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()

    def is_signature(self, value: Json, text: str) -> bool:
        """Whether this is the signature of a text, told in a time that gives nothing away."""
        given = value if isinstance(value, str) else ""
        return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), self.signature(text).encode())


def identity(request: Request) -> str:
    """What two attempts at the same request have in common."""
    salient = {name: request.params[name] for name in SALIENT if name in request.params}
    return json.dumps([request.method, salient], sort_keys=True)

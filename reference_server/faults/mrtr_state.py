"""Faults in how a server treats state that comes back from a client."""

from typing import ClassVar

from reference_server.jsonrpc import Json, JsonObject
from reference_server.server import ReferenceServer
from reference_server.state import Call


class StateThatIsNoTextIsBelieved(ReferenceServer):
    """State that is not even a text is taken for that of a client that has been here before."""

    breaks: ClassVar = "mrtr.state-untrusted"

    def unseal(self, call: Call, sealed: Json) -> JsonObject:
        return super().unseal(call, sealed) if isinstance(sealed, str) else {"notes": {"price": 1}}


class SignaturesAreNotCompared(ReferenceServer):
    """The signature of state is cut off and never looked at."""

    breaks: ClassVar = "mrtr.state-tampered"

    def check_signature(self, text: str, signature: str) -> None:
        pass


class StateFitsEveryRequest(ReferenceServer):
    """State that was given for one request is good for all."""

    breaks: ClassVar = "mrtr.state-replay"

    def check_request(self, call: Call, state: JsonObject) -> None:
        pass

"""Faults in the handshake, in what was agreed there, and in time limits."""

from collections.abc import Iterable
from typing import ClassVar

from reference_server.jsonrpc import Json, JsonObject
from reference_server.server import ReferenceServer
from reference_server.state import Call, Session


class TheServerHasNoName(ReferenceServer):
    """The answer to initialize says nothing about the server's name."""

    breaks: ClassVar = "init.result"
    also: ClassVar = {"schema.message": "the schema wants the name too"}

    def server_info(self, session: Session) -> JsonObject:
        return {"version": "1.0.0"}


class TheServerDoesNotIntroduceItself(ReferenceServer):
    """The answer to initialize says nothing about the server at all."""

    breaks: ClassVar = "init.result"
    also: ClassVar = {"schema.message": "the schema wants serverInfo too"}

    def initialize_result(self, session: Session) -> JsonObject:
        result = super().initialize_result(session)
        del result["serverInfo"]
        return result


class TheServerNamesNoVersion(ReferenceServer):
    """The answer to initialize does not say which version of the protocol is spoken."""

    breaks: ClassVar = "init.result"
    also: ClassVar = {
        "schema.message": "the schema wants protocolVersion too",
        "version.other": "so none is offered in place of one that it does not know",
    }

    def initialize_result(self, session: Session) -> JsonObject:
        result = super().initialize_result(session)
        del result["protocolVersion"]
        return result


class ClientsAreAskedBeforeTheyAreReady(ReferenceServer):
    """A tool that is called before the client is initialized asks it all the same."""

    breaks: ClassVar = "init.server-waits"

    def may_ask_before_initialized(self, method: str) -> bool:
        return True


class RootsAreWantedAtOnce(ReferenceServer):
    """Right after initialize the server asks for the client's roots."""

    breaks: ClassVar = "init.server-waits"

    def messages_before_initialized(self, session: Session) -> Iterable[JsonObject]:
        if self.client_can(session, "roots/list"):
            yield self.request(self.next_request_id(session), "roots/list")


class ClientsAreAskedForWhatTheyCannotDo(ReferenceServer):
    """The client is asked for sampling, elicitation and roots although it declared nothing."""

    breaks: ClassVar = "negotiated"
    also: ClassVar = {
        "roots.capability": "roots are one of the things that it cannot do",
        "elicit.mode-declared": "forms are another",
    }

    def client_can(self, session: Session, method: str) -> bool:
        return True


class QuestionsAreDroppedWithoutAWord(ReferenceServer):
    """A request that is given up is not cancelled, so the client goes on working for nothing."""

    breaks: ClassVar = "timeout.cancel"

    def on_no_answer(self, call: Call, request_id: Json) -> None:
        pass

"""Faults in how a server asks for input in the modern era."""

from typing import ClassVar

from reference_server.inputs import INPUT_REQUIRED, InputNeeded, Question
from reference_server.jsonrpc import Json, JsonObject, Request
from reference_server.modern import is_modern
from reference_server.server import ReferenceServer
from reference_server.state import Call, Session


class ClientsAreAskedInTheOldWayToo(ReferenceServer):
    """What is asked in the result was sent as a request before, to clients that can do everything."""

    breaks: ClassVar = "mrtr.only-way"
    also: ClassVar = {"stream.no-requests": "the questions are requests on a stream"}

    def answers_with_stream(self, session: Session, request: Request) -> bool:
        able = {"elicitation", "sampling", "roots"} <= session.client_capabilities.keys()
        return super().answers_with_stream(session, request) or (is_modern(session) and able)

    def input_required(self, call: Call, questions: dict[str, Question]) -> JsonObject:
        for question in questions.values():
            self.place(call.session, self.request(call.request.id, question.method, question.params), call)
        return super().input_required(call, questions)


class ClientsArePingedOnStreams(ReferenceServer):
    """The stream of a request whose progress is reported begins with a ping."""

    breaks: ClassVar = "stream.no-requests"

    def send_progress(self, call: Call, value: float, total: float, message: str) -> None:
        if call.modern and value == 0:
            self.place(call.session, self.request(self.next_request_id(call.session), "ping"), call)
        super().send_progress(call, value, total, message)


class DiscoveryAsksForInput(ReferenceServer):
    """A client that has told who it is and lists prompts is asked for its roots first."""

    breaks: ClassVar = "mrtr.where-not"

    async def list_prompts(self, call: Call) -> JsonObject:
        if call.modern:
            raise InputNeeded({"client_roots": Question("roots/list")})
        return await super().list_prompts(call)


class KeysOfQuestionsStandThereTwice(ReferenceServer):
    """The question for a name is in the result twice, under one key."""

    breaks: ClassVar = "mrtr.keys"

    def message_text(self, message: Json) -> str:
        twice = '"user_name":{"method":"roots/list"},"user_name":'
        return super().message_text(message).replace('"user_name":', twice)


class ClientsAreAskedToPing(ReferenceServer):
    """A question for roots has the method ping."""

    breaks: ClassVar = "mrtr.kinds"
    also: ClassVar = {"schema.message": "the schema knows the three kinds too"}

    def input_request(self, question: Question) -> JsonObject:
        method = "ping" if question.method == "roots/list" else question.method
        return {**super().input_request(question), "method": method}


class InputIsRequiredWithoutAWord(ReferenceServer):
    """A result that wants roots says neither so, nor anything else."""

    breaks: ClassVar = "mrtr.not-empty"

    def input_required(self, call: Call, questions: dict[str, Question]) -> JsonObject:
        return (
            {"resultType": INPUT_REQUIRED} if "client_roots" in questions else super().input_required(call, questions)
        )


class EveryModelIsAsked(ReferenceServer):
    """The client's model is asked for, whether the client declared one or not."""

    breaks: ClassVar = "caps.not-assumed"

    def can_answer(self, session: Session, question: Question) -> bool:
        return question.method == "sampling/createMessage" or super().can_answer(session, question)


class AddressesAreForEverybody(ReferenceServer):
    """A client that declared forms is sent to an address."""

    breaks: ClassVar = "caps.not-assumed"

    def client_opens_urls(self, session: Session) -> bool:
        return is_modern(session) or super().client_opens_urls(session)

"""Faults in what a server makes of the answers to its questions."""

from typing import ClassVar, NoReturn

from reference_server.inputs import Question
from reference_server.jsonrpc import INVALID_PARAMS, Json, JsonObject, RpcError
from reference_server.options import Options
from reference_server.server import ReferenceServer
from reference_server.state import Call


class WhoWasAskedIsWaitedFor(ReferenceServer):
    """A client that was asked for its roots, and begins anew instead of answering, is refused."""

    breaks: ClassVar = "mrtr.no-assumption"

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.waiting: list[JsonObject] = []

    def on_missing_answers(self, call: Call, missing: dict[str, Question]) -> NoReturn:
        if missing.keys() == {"client_roots"} and not call.answers:
            if call.session.client_capabilities in self.waiting:  # there is no better way to know a client again
                raise RpcError(INVALID_PARAMS, "There is a question to be answered first.")
            self.waiting.append(call.session.client_capabilities)
        super().on_missing_answers(call, missing)


class AnswersAreNotLookedAt(ReferenceServer):
    """Whatever comes under the key of a question is an answer."""

    breaks: ClassVar = "mrtr.validate"

    def check_answer(self, question: Question, answer: Json) -> None:
        pass


class NonsenseIsTakenForARefusal(ReferenceServer):
    """Answers that are no object are understood as a user who does not want to answer."""

    breaks: ClassVar = "mrtr.errors"

    def read_answers(self, responses: Json) -> JsonObject:
        return super().read_answers(responses) if isinstance(responses, dict) else {"user_name": {"action": "cancel"}}


class TooManyAnswersAreRefused(ReferenceServer):
    """An answer that nobody asked for spoils the others."""

    breaks: ClassVar = "mrtr.extra"

    def on_unneeded_answers(self, call: Call, keys: set[str]) -> None:
        if keys:
            raise RpcError(INVALID_PARAMS, f"Nobody asked for {min(keys)}.")


class MissingAnswersAreAnError(ReferenceServer):
    """A client that tries again without all answers is refused."""

    breaks: ClassVar = "mrtr.ask-again"

    def on_missing_answers(self, call: Call, missing: dict[str, Question]) -> NoReturn:
        if "inputResponses" in call.request.params:
            raise RpcError(INVALID_PARAMS, f"The answer to {min(missing)} is missing.")
        super().on_missing_answers(call, missing)

"""What a handler wants to know from the client while it works on a request: one interface, two ways to ask.

In a session a question is a request of ours, and the handler waits for the answer.  In the modern era nobody waits:
the handler is left with `InputNeeded`, and the client gets its questions as the result.  When it tries again, with
the answers, the handler begins anew and finds them; so it must do nothing that cannot be done twice before it has
asked its last question.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NoReturn

from reference_server.asking import CAPABILITY_FOR
from reference_server.jsonrpc import (
    INVALID_PARAMS,
    MISSING_CLIENT_CAPABILITY,
    Json,
    JsonObject,
    RpcError,
    as_object,
)
from reference_server.request_state import RequestState
from reference_server.state import Call, Session

INPUT_REQUIRED = "input_required"
MAY_ASK = {"tools/call", "prompts/get", "resources/read"}
ACTIONS = ("accept", "decline", "cancel")


@dataclass(frozen=True, slots=True)
class Question:
    """A request to the client, without an envelope."""

    method: str
    params: JsonObject = field(default_factory=dict)


class InputNeeded(Exception):
    """A handler cannot go on without answers to these questions; their keys tell them apart."""

    def __init__(self, questions: dict[str, Question]) -> None:
        super().__init__(", ".join(questions))
        self.questions = questions


class Inputs(RequestState):
    """Questions for those who can answer, answers looked at before they are used, what is missing asked again."""

    async def answers_to(self, call: Call, **questions: Question) -> dict[str, JsonObject]:
        """What the client says to these questions, by their keys."""
        if not call.modern:
            return {key: await self.ask(call, q.method, q.params) for key, q in questions.items()}
        self.check_can_answer(call, questions.values())
        call.asked |= questions.keys()
        for key in questions.keys() & call.answers.keys():
            self.check_answer(questions[key], call.answers[key])
        missing = {key: question for key, question in questions.items() if key not in call.answers}
        if missing:
            self.on_missing_answers(call, missing)
        return {key: as_object(call.answers[key]) for key in questions}

    def recall(self, call: Call, key: str, value: Json) -> Json:
        """A value that was noted in an earlier attempt; in the first attempt this one is noted.

        What is noted matters, so answers count only together with the state that it comes back in.
        """
        if not call.resumed:
            call.answers = {}
        return call.notes.setdefault(key, value)

    def check_can_answer(self, call: Call, questions: Iterable[Question]) -> None:
        """Without a capability that the work needs there is no asking, only -32021."""
        missing: JsonObject = {}
        for question in questions:
            if not self.can_answer(call.session, question):
                missing |= capability_for(question)
        if missing:
            raise self.missing_capability(missing)

    def missing_capability(self, missing: JsonObject) -> RpcError:
        """The error has the code -32021, and names what is missing in the form in which it is declared."""
        reason = f"The client did not declare what this needs: {', '.join(missing)}."
        return RpcError(MISSING_CLIENT_CAPABILITY, reason, {"requiredCapabilities": missing})

    def can_answer(self, session: Session, question: Question) -> bool:
        """The client is asked only for what it declared; pages to visit and tools to use are told apart."""
        if question.params.get("mode") == "url":
            return self.client_opens_urls(session)
        if "tools" in question.params and not self.client_uses_tools(session):
            return False
        return self.client_can(session, question.method)

    def on_missing_answers(self, call: Call, missing: dict[str, Question]) -> NoReturn:
        """What is missing is asked for, and asked for again, as often as it is missing."""
        raise InputNeeded(missing)

    def check_answer(self, question: Question, answer: Json) -> None:
        """An answer is what the question asked for, or it draws -32602."""
        problem = problem_with(question, answer)
        if problem is not None:
            raise RpcError(INVALID_PARAMS, f"The answer to {question.method} cannot be used: {problem}.")

    def take_up(self, call: Call) -> None:
        """What an earlier attempt left: its state, and the answers to its questions."""
        params = call.request.params
        if call.request.method not in MAY_ASK:
            return
        if "requestState" in params:
            state, call.resumed = self.unseal(call, params["requestState"]), True
            call.notes, call.answers = as_object(state.get("notes")), as_object(state.get("answers"))
        if "inputResponses" in params:
            call.answers = {**self.read_answers(params["inputResponses"]), **call.answers}

    def read_answers(self, responses: Json) -> JsonObject:
        """Answers are an object, or they draw -32602."""
        if not isinstance(responses, dict):
            raise RpcError(INVALID_PARAMS, "inputResponses is an object: one answer for each key that was asked.")
        return responses

    def on_unneeded_answers(self, call: Call, keys: set[str]) -> None:
        """What nobody asked for is ignored."""

    def input_required(self, call: Call, questions: dict[str, Question]) -> JsonObject:
        """The questions, and, if there is anything to remember, the state in which it comes back."""
        asked: JsonObject = {key: self.input_request(question) for key, question in questions.items()}
        state: JsonObject = {"requestState": self.seal(call)} if call.notes or call.answered else {}
        return {"resultType": INPUT_REQUIRED, "inputRequests": asked, **state}

    def input_request(self, question: Question) -> JsonObject:
        """A question is a request to elicit, to sample or to list roots, without an id of its own."""
        return {"method": question.method, "params": question.params}


def capability_for(question: Question) -> JsonObject:
    """What a client declares that can answer a question."""
    parts: JsonObject = {}
    if question.method == "elicitation/create":
        parts = {str(question.params.get("mode", "form")): {}}
    elif "tools" in question.params:
        parts = {"tools": {}}
    return {CAPABILITY_FOR[question.method]: parts}


def is_declared(declared: Json, needed: JsonObject) -> bool:
    """Whether a client has a capability, with all parts of it that are needed; nothing in it stands for forms."""
    return isinstance(declared, dict) and all(
        part in declared or (part == "form" and not declared) for part in needed
    )


def problem_with(question: Question, answer: Json) -> str | None:
    """Why an answer is none to this question; what was declined need not be filled in."""
    if not isinstance(answer, dict):
        return "it is no object"
    match question.method:
        case "roots/list":
            return None if isinstance(answer.get("roots"), list) else "roots is missing"
        case "sampling/createMessage":
            known = isinstance(answer.get("role"), str) and isinstance(answer.get("content"), dict | list)
            return None if known else "role or content is missing"
    if answer.get("action") not in ACTIONS:
        return f"action is none of {', '.join(ACTIONS)}"
    required = as_object(question.params.get("requestedSchema")).get("required")
    content = as_object(answer.get("content"))
    empty = [name for name in required if name not in content] if isinstance(required, list) else []
    return f"{empty[0]} is not filled in" if empty and answer["action"] == "accept" else None

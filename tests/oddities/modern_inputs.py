"""Questions, answers and state of 2026-07-28 (basic/patterns/mrtr) in unusual ways."""

from typing import ClassVar, NoReturn

from reference_server.dispatch import Handler
from reference_server.inputs import MAY_ASK, InputNeeded, Question
from reference_server.jsonrpc import Json, JsonObject, RpcError
from reference_server.state import Call
from tests.oddities.odd import ModernOdd

SIGN = "✓\u2028 state\n\t\u0000=?base64?" + 20_000 * "x"


class StateIsStrange(ModernOdd):
    """The state is any string: of every script, with line breaks, and long."""

    def seal(self, call: Call) -> str:
        return f"{SIGN}{super().seal(call)}"

    def unseal(self, call: Call, sealed: Json) -> JsonObject:
        good = isinstance(sealed, str) and sealed.startswith(SIGN)
        return super().unseal(call, str(sealed)[len(SIGN) :] if good else None)


class EveryQuestionComesWithState(ModernOdd):
    """State may come with every question, needed or not."""

    def input_required(self, call: Call, questions: dict[str, Question]) -> JsonObject:
        return {"requestState": self.seal(call), **super().input_required(call, questions)}


class QuestionsComeOneByOne(ModernOdd):
    """A server may ask as often as it likes, and for one thing at a time."""

    def on_missing_answers(self, call: Call, missing: dict[str, Question]) -> NoReturn:
        raise InputNeeded(dict(list(missing.items())[:1]))


class QuestionsAreNamedStrangely(ModernOdd):
    """The keys of questions are the server's own: any text, the empty one too."""

    keys: ClassVar = {
        "user_name": "",
        "greeting": "__proto__",
        "client_roots": "名前 \n",
        "confirm": "0",
        "step1": "a/b",
    }

    def input_required(self, call: Call, questions: dict[str, Question]) -> JsonObject:
        return super().input_required(call, {self.keys.get(key, key): q for key, q in questions.items()})

    def read_answers(self, responses: Json) -> JsonObject:
        names = {strange: key for key, strange in self.keys.items()}
        return {names.get(key, key): answer for key, answer in super().read_answers(responses).items()}


class _FirstAState(ModernOdd):
    """A server may answer with state alone: ask again, and bring this along."""

    also: ClassVar[JsonObject] = {}

    async def result_or_questions(self, call: Call, handler: Handler) -> JsonObject:
        params = call.request.params
        if call.request.method in MAY_ASK and "requestState" not in params and "inputResponses" not in params:
            return {"resultType": "input_required", "requestState": self.seal(call), **self.also}
        return await super().result_or_questions(call, handler)


class EveryCallIsMadeTwice(_FirstAState):
    """At least one of `inputRequests` and `requestState`: state alone will do, which sheds load."""


class WithTheStateComeNoQuestions(_FirstAState):
    """... and the questions may be an object without any."""

    also: ClassVar = {"inputRequests": {}}


class BadStateBeginsAnew(ModernOdd):
    """Trap 87: state that cannot be used is as good as none; to begin anew is close to rejecting it."""

    warned: ClassVar = frozenset({"mrtr.state-tampered"})

    def take_up(self, call: Call) -> None:
        try:
            super().take_up(call)
        except RpcError:
            call.notes, call.answers, call.resumed = {}, {}, False


class WrongAnswersAreAskedForAgain(ModernOdd):
    """A server may ask repeatedly until it has what it needs."""

    def check_answer(self, question: Question, answer: Json) -> None:
        try:
            super().check_answer(question, answer)
        except RpcError:
            raise InputNeeded({"again": question}) from None


class ErrorsInAnswersAreFailuresOfTheTool(ModernOdd):
    """A tool may say in its result that it cannot use an answer: the SHOULD is about what cannot be parsed."""

    async def result_or_questions(self, call: Call, handler: Handler) -> JsonObject:
        try:
            return await super().result_or_questions(call, handler)
        except RpcError as error:
            if call.request.method != "tools/call" or "answer to" not in error.message:
                raise
            return {"content": [{"type": "text", "text": error.message}], "isError": True}

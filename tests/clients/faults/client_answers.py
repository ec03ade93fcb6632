"""Faults in what a client answers."""

from conformance.evidence.trace import JSON
from tests.clients.modern import RightModernClient
from tests.clients.sessions import RightClient
from tests.clients.talking import Body, as_object

WEB: Body = {"roots": [{"uri": "https://example.com/project"}]}


def _spoiled(filled: Body) -> Body:
    """A number in each field."""
    content: dict[str, JSON] = dict.fromkeys(as_object(filled.get("content")), 5)
    return filled | {"content": content}


class AnswersWhatNobodyAsked(RightClient):
    """Each answer is sent under an id of the client's own too."""

    breaks = "jsonrpc.id-echo"

    async def heard(self, message: Body) -> None:
        if "method" in message and "id" in message:
            await self.post(self.reply(message) | {"id": "nobody"})
        await super().heard(message)


class RootsAreWebPages(RightClient):
    """A root has an address in the web."""

    breaks = "roots.file"

    def reply(self, question: Body) -> Body:
        answer = super().reply(question)
        return answer | {"result": WEB} if question.get("method") == "roots/list" else answer


class ModernRootsAreWebPages(RightModernClient):
    """A root has an address in the web."""

    breaks = "roots.file"

    def reply(self, question: Body) -> Body:
        return WEB if question.get("method") == "roots/list" else super().reply(question)


class FormsAreFilledInAnyhow(RightClient):
    """Numbers are entered where a form wants text."""

    breaks = "elicit.validate"

    def reply(self, question: Body) -> Body:
        answer = super().reply(question)
        entered = question.get("method") == "elicitation/create"
        return answer | {"result": _spoiled(as_object(answer["result"]))} if entered else answer


class ModernFormsAreFilledInAnyhow(RightModernClient):
    """Numbers are entered where a form wants text or a decision."""

    breaks = "elicit.validate"

    def reply(self, question: Body) -> Body:
        answer = super().reply(question)
        return _spoiled(answer) if question.get("method") == "elicitation/create" else answer

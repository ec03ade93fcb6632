"""Faults in how a client tries again with what the server wanted."""

from conformance.evidence.trace import JSON
from tests.clients.modern import RightModernClient
from tests.clients.talking import Body


class RetriesKeepTheirId(RightModernClient):
    """A retry has the id of the request that it repeats."""

    breaks = "mrtr.new-id"

    def id_for_retry(self, former: JSON) -> JSON:
        return former


class StateIsTrimmed(RightModernClient):
    """The last letters of the state get lost."""

    breaks = "mrtr.state-echo"

    def state(self, asked: Body) -> Body:
        return {key: str(value)[:-2] for key, value in super().state(asked).items()}


class StateOutOfNothing(RightModernClient):
    """A retry brings state where none was given."""

    breaks = "mrtr.state-none"

    def state(self, asked: Body) -> Body:
        return super().state(asked) or {"requestState": "none"}


class OneAnswerOfSeveral(RightModernClient):
    """A retry answers only the first of what was wanted."""

    breaks = "mrtr.fulfil"

    def replies(self, asked: Body) -> Body:
        return dict(list(super().replies(asked).items())[:1])


class StateGoesElsewhere(RightModernClient):
    """The state that one request was given comes with another too."""

    breaks = "mrtr.not-shared"

    async def live(self) -> None:
        await super().live()
        asked = await self.call("test_input_required_result_request_state")
        await self.call("test_simple_text", more=self.state(asked))

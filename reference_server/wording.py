"""What the server's questions say: forms, addresses to open, conversations with a model."""

import secrets
from collections.abc import Iterable

from reference_server.asking import Asking
from reference_server.jsonrpc import Json, JsonObject, RpcError
from reference_server.state import Call, Session

URL_ELICITATION_REQUIRED = -32042
COMPLETE = "notifications/elicitation/complete"


class Wording(Asking):
    """Flat forms without links, safe addresses, and every tool use answered."""

    # Forms

    def form_message(self, message: str) -> str:
        """The words of a form hold nothing to click on."""
        return message

    def form_schema(self, schema: JsonObject) -> JsonObject:
        """A form is flat: texts, numbers, truth values, and choices of texts."""
        return schema

    # Addresses

    def visit(self, message: str) -> JsonObject:
        """A request to open an address has a mode, a message, the address, and an id of its own."""
        elicitation_id = secrets.token_urlsafe(12)
        url = self.address_to_open(elicitation_id)
        return {"mode": "url", "message": message, "url": url, "elicitationId": elicitation_id}

    def address_to_open(self, elicitation_id: str) -> str:
        """A valid URL, to be reached by HTTPS only, without credentials in it."""
        return f"https://reference-server.example/visit/{elicitation_id}"

    def announce_visited(self, session: Session, elicitation_id: Json, call: Call | None = None) -> None:
        """The user was there: that concerns the call that asked, if it still runs."""
        for other in self.told_of_visit(session):
            params: JsonObject = {"elicitationId": self.id_of_visit(elicitation_id)}
            self.place(other, self.notification(COMPLETE, params), call if other is session else None)

    def told_of_visit(self, session: Session) -> Iterable[Session]:
        """Only the client that was asked is told."""
        return [session]

    def id_of_visit(self, elicitation_id: Json) -> Json:
        """What is complete is named by the id that the request had."""
        return elicitation_id

    def error_before_visit(self, visits: list[Json]) -> RpcError:
        """What has to be visited first is listed, each with an address and an id."""
        return RpcError(URL_ELICITATION_REQUIRED, "An address has to be opened first.", {"elicitations": visits})

    # Conversations

    def wished_context(self, session: Session) -> JsonObject:
        """Context of other servers is a thing of the past, so none is asked for."""
        return {}

    def after_tool_uses(self, messages: list[Json], uses: list[Json], results: list[Json]) -> list[Json]:
        """The model's wishes to use tools are followed by one message with a result for each, and nothing else."""
        return [*messages, {"role": "assistant", "content": uses}, {"role": "user", "content": results}]

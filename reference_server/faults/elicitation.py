"""Faults in what the client's user is asked."""

from typing import ClassVar

from reference_server.jsonrpc import Json, JsonObject, RpcError
from reference_server.server import ReferenceServer
from reference_server.state import Session
from reference_server.wording import URL_ELICITATION_REQUIRED


class FormsGoToClientsWithoutForms(ReferenceServer):
    """A client that only opens addresses is asked with forms."""

    breaks: ClassVar = "elicit.mode-declared"
    revision: ClassVar = "2025-11-25"

    def client_can(self, session: Session, method: str) -> bool:
        declared = method == "elicitation/create" and "elicitation" in session.client_capabilities
        return declared or super().client_can(session, method)


class FormsAreNested(ReferenceServer):
    """A form has an address in it, which is an object with fields of its own."""

    breaks: ClassVar = "elicit.form-flat"
    also: ClassVar = {
        "schema.message": "the schema has no nested fields either",
        "mrtr.kinds": "and what is asked in a result has the shape that the schema gives it",
    }

    def form_schema(self, schema: JsonObject) -> JsonObject:
        inner: JsonObject = {"type": "object", "properties": {"street": {"type": "string"}}}
        return {**schema, "properties": {"address": inner}}


class ChoicesHaveNoTitles(ReferenceServer):
    """The choices of a form are constants without titles, which the schema lets pass as a text."""

    breaks: ClassVar = "elicit.form-flat"

    def form_schema(self, schema: JsonObject) -> JsonObject:
        return {**schema, "properties": {"size": {"type": "string", "oneOf": [{"const": "S"}, {"const": "L"}]}}}


class FormsHaveLinks(ReferenceServer):
    """A form sends the user to another form by a link."""

    breaks: ClassVar = "elicit.form-no-links"

    def form_message(self, message: str) -> str:
        return f"{message} Or use [our own form](https://reference-server.example/form)."


class VisitsHaveNoId(ReferenceServer):
    """The user is sent to an address, but the request has no id."""

    breaks: ClassVar = "elicit.url-mode"
    also: ClassVar = {
        "schema.message": "the schema wants the id too",
        "elicit.required-url": "the requests listed in an error lack it as well",
        "elicit.complete-id": "what is complete then has no name",
    }
    revision: ClassVar = "2025-11-25"

    def visit(self, message: str) -> JsonObject:
        return {"mode": "url", "message": message, "url": self.address_to_open("x")}


class VisitsAreUnexplained(ReferenceServer):
    """The user is sent to an address without a word."""

    breaks: ClassVar = "elicit.url-mode"
    also: ClassVar = {
        "schema.message": "the schema wants a message too",
        "mrtr.kinds": "and what is asked in a result has the shape that the schema gives it",
    }

    def visit(self, message: str) -> JsonObject:
        return {name: value for name, value in super().visit(message).items() if name != "message"}


class AddressesAreRelative(ReferenceServer):
    """The user is sent to a path, and nobody knows on which host."""

    breaks: ClassVar = "elicit.url-valid"

    def address_to_open(self, elicitation_id: str) -> str:
        return f"/visit/{elicitation_id}"


class AddressesAreUnprotected(ReferenceServer):
    """The user is sent to a public host by plain HTTP."""

    breaks: ClassVar = "elicit.url-https"

    def address_to_open(self, elicitation_id: str) -> str:
        return super().address_to_open(elicitation_id).replace("https:", "http:").replace(".example", ".com")


class AddressesHavePasswords(ReferenceServer):
    """The address already holds the user's name and password."""

    breaks: ClassVar = "elicit.url-credentials"

    def address_to_open(self, elicitation_id: str) -> str:
        return super().address_to_open(elicitation_id).replace("://", "://ann:secret@")


class NothingIsListedToVisit(ReferenceServer):
    """The error says that an address has to be opened first, but not which one."""

    breaks: ClassVar = "elicit.required-list"
    also: ClassVar = {"elicit.complete-id": "what is complete then has an id that nobody was given"}
    revision: ClassVar = "2025-11-25"

    def error_before_visit(self, visits: list[Json]) -> RpcError:
        return RpcError(URL_ELICITATION_REQUIRED, "An address has to be opened first.")


class FormsAreRequiredFirst(ReferenceServer):
    """The error lists a form to fill in instead of an address to open."""

    breaks: ClassVar = "elicit.required-url"
    revision: ClassVar = "2025-11-25"

    def error_before_visit(self, visits: list[Json]) -> RpcError:
        fields: JsonObject = {"type": "object", "properties": {"name": {"type": "string"}}}
        return super().error_before_visit([*visits, {"message": "Who are you?", "requestedSchema": fields}])

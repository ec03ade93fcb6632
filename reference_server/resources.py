"""resources/list, read, templates, subscribe and unsubscribe."""

import json
import re

from reference_server.fixtures.inputs import READER, filled_in
from reference_server.jsonrpc import INVALID_PARAMS, RESOURCE_NOT_FOUND, Json, JsonObject, RpcError
from reference_server.options import R2025_06, R2026_07
from reference_server.state import Call, Session
from reference_server.toolbox import PIXEL
from reference_server.tools import Tools

TEMPLATE = "test://template/{id}/data"
NUMBERS = "test://number/{number}"
TEMPLATES = (
    (TEMPLATE, "Template", "application/json", "Data for any id."),
    (NUMBERS, "Numbers", "text/plain", "Any number."),
)
TEMPLATE_PATTERN = re.compile(r"test://template/([^/]+)/data")
NUMBER_PATTERN = re.compile(r"test://number/([0-9]{1,20})")
LISTED = (
    ("test://static-text", "Static text", "text/plain", "A text that never changes."),
    ("test://static-binary", "Static binary", "image/png", "An image of one pixel."),
    ("test://watched-resource", "Watched resource", "text/plain", "A text that test_update_resource changes."),
)
PERSONAL = ("test://input-required", "Personal text", "text/plain", "A text that asks who wants to read it.")
DYNAMIC = ("test://dynamic-resource", "Dynamic resource", "text/plain", "A text that comes and goes.")


class Resources(Tools):
    """Five resources and two templates."""

    async def list_resources(self, call: Call) -> JsonObject:
        """All resources."""
        listed = self.resources_of(call.session)
        return self.page(call, "resources", [self.described(call.session, "uri", *entry) for entry in listed])

    def resources_of(self, session: Session) -> list[tuple[str, str, str, str]]:
        """What the revision can read and what is not hidden."""
        personal = [PERSONAL] if session.revision >= R2026_07 else []
        return [*LISTED, *personal, *([DYNAMIC] if "resources" in session.toggled else [])]

    async def list_templates(self, call: Call) -> JsonObject:
        """The templates."""
        described: list[Json] = [self.described(call.session, "uriTemplate", *entry) for entry in TEMPLATES]
        return self.page(call, "resourceTemplates", described)

    def described(self, session: Session, key: str, uri: str, title: str, mime: str, description: str) -> JsonObject:
        """A title only where the revision knows titles."""
        titled: JsonObject = {"title": title} if session.revision >= R2025_06 else {}
        name = title.lower().replace(" ", "-")
        return {key: uri, "name": name, **titled, "mimeType": mime, "description": description}

    async def read_resource(self, call: Call) -> JsonObject:
        """The contents of one resource."""
        uri = call.request.params.get("uri")
        if call.modern and uri == PERSONAL[0]:
            return {"contents": [await self.personal_contents(call, uri)]}
        return {"contents": [self.contents_of(call, uri)]}

    async def personal_contents(self, call: Call, uri: str) -> JsonObject:
        """A text for the reader, who is asked first."""
        answers = await self.answers_to(call, reader=READER)
        return {"uri": uri, "mimeType": "text/plain", "text": f"For {filled_in(answers['reader'], 'reader')} only."}

    def contents_of(self, call: Call, uri: Json) -> JsonObject:
        """What is there, or an error that says what is not there."""
        contents = self.find_resource(uri)
        if contents is None:
            raise RpcError(self.code_for_missing_resource(call), "Resource not found", {"uri": uri})
        return contents

    def code_for_missing_resource(self, call: Call) -> int:
        """A resource that is not there drew -32002 in sessions, and draws -32602 since."""
        return INVALID_PARAMS if call.modern else RESOURCE_NOT_FOUND

    def find_resource(self, uri: Json) -> JsonObject | None:
        """What a URI stands for."""
        if uri == "test://static-text":
            text = "This is the content of the static text resource."
            return {"uri": uri, "mimeType": "text/plain", "text": text}
        if uri == "test://static-binary":
            return {"uri": uri, "mimeType": "image/png", "blob": PIXEL}
        if uri == "test://watched-resource":
            return {"uri": uri, "mimeType": "text/plain", "text": f"version {self.watched_version}"}
        if uri == "test://dynamic-resource":
            return {"uri": uri, "mimeType": "text/plain", "text": "This resource comes and goes."}
        if isinstance(uri, str) and (match := TEMPLATE_PATTERN.fullmatch(uri)):
            data = {"id": match[1], "templateTest": True, "data": f"Data for ID: {match[1]}"}
            return {"uri": uri, "mimeType": "application/json", "text": json.dumps(data, ensure_ascii=False)}
        if isinstance(uri, str) and (match := NUMBER_PATTERN.fullmatch(uri)):
            return {"uri": uri, "mimeType": "text/plain", "text": match[1]}
        return None

    async def subscribe(self, call: Call) -> JsonObject:
        """From now on the session is told of updates."""
        uri = call.request.params.get("uri")
        self.contents_of(call, uri)
        call.session.subscriptions.add(str(uri))
        self.save(call.session)
        return {}

    async def unsubscribe(self, call: Call) -> JsonObject:
        """No more updates; it does no harm if there were none."""
        call.session.subscriptions.discard(str(call.request.params.get("uri")))
        self.save(call.session)
        return {}

"""Tools, resources, prompts and completions that look unlike those of other servers; all legal in both eras."""

import json

from reference_server.jsonrpc import INVALID_PARAMS, Json, JsonObject, RpcError
from reference_server.state import Call, Session
from tests.oddities.odd import Odd

MORE: tuple[tuple[str, str], ...] = (
    ("urn:isbn:0451450523", "an identifier that is no address"),
    ("data:,A%20brief%20note", "an address that is its own text"),
    ("FILE:///C:/a%20b/%E2%9C%93", "a scheme in capitals, letters in percents"),
    ("http://[2001:db8::7]:8080/a?b=c#d", "a host that is a number"),
    ("x-own+scheme.1:a/b", "a scheme of one's own"),
    ("test:", "a scheme, and nothing else"),
)


class ResourcesHaveAddressesOfAllKinds(Odd):
    """RFC 3986 is wide: names, data, hosts that are numbers, fragments, capitals, and an empty path."""

    async def list_resources(self, call: Call) -> JsonObject:
        listed = await super().list_resources(call)
        more: list[Json] = [{"uri": uri, "name": name} for uri, name in MORE]
        known = listed["resources"]
        return {**listed, "resources": [*more, *known] if isinstance(known, list) else more}

    def find_resource(self, uri: Json) -> JsonObject | None:
        known = any(uri == other for other, _ in MORE)
        return {"uri": uri, "text": ""} if known else super().find_resource(uri)


class ResourcesHaveSeveralParts(Odd):
    """server/resources: a folder has several contents, with addresses and media types of their own."""

    async def read_resource(self, call: Call) -> JsonObject:
        result = await super().read_resource(call)
        contents = result.get("contents")
        more: list[Json] = [{"uri": "test://part/1", "blob": ""}, {"uri": "test://part/2", "text": ""}]
        return {**result, "contents": [*contents, *more] if isinstance(contents, list) else more}


class ResourcesAreDescribedInDetail(Odd):
    """The schema, Resource: sizes, annotations and icons may be there."""

    def described(self, session: Session, key: str, uri: str, title: str, mime: str, description: str) -> JsonObject:
        about: JsonObject = {"audience": ["user", "assistant"], "priority": 0.25, "lastModified": "2025-01-12T15:00Z"}
        icon: JsonObject = {"src": "https://example.com/icon.png", "mimeType": "image/png", "sizes": ["any"]}
        whole = super().described(session, key, uri, title, mime, description)
        size: JsonObject = {"size": 0} if key == "uri" else {}
        return {**whole, **size, "annotations": about, "icons": [icon]}


class ResourcesSayLittle(Odd):
    """The schema, Resource: an address and a name are enough."""

    def described(self, session: Session, key: str, uri: str, title: str, mime: str, description: str) -> JsonObject:
        return {key: uri, "name": ""}


class StructuredContentIsWrittenOtherwise(Odd):
    """RFC 8259: the text says the same JSON: with other white space, order and escapes."""

    def as_text(self, structured: Json) -> str:
        turned = dict(reversed(structured.items())) if isinstance(structured, dict) else structured
        return "\n " + json.dumps(turned, indent=2, ensure_ascii=True) + "\n"


class ResultsHaveOtherContents(Odd):
    """server/tools, Tool Result: blocks may have annotations, metadata and links, and nothing in them."""

    def finished(self, call: Call, result: JsonObject) -> JsonObject:
        whole = super().finished(call, result)
        link: JsonObject = {"type": "resource_link", "uri": "file:///a%20b", "name": "a b", "size": 3}
        empty: JsonObject = {"type": "text", "text": "", "annotations": {"priority": 1}, "_meta": {"a.example/b": 1}}
        blocks = whole.get("content")
        if isinstance(blocks, list) and call.request.params.get("name") in ("test_simple_text", "test_image_content"):
            return {**whole, "content": [*blocks, link, empty]}
        return whole


class PromptsHaveManyParts(Odd):
    """server/prompts: messages of both roles, with annotations, in any order; a prompt may have none at all."""

    def prompt_messages(self, name: str, given: JsonObject) -> list[Json]:
        said = super().prompt_messages(name, given)
        more: JsonObject = {"type": "text", "text": "", "annotations": {"audience": []}}
        return [] if name == "test_simple_prompt" else [{"role": "assistant", "content": more}, *said]


class PromptsNeedNoArguments(Odd):
    """server/prompts: what is not marked as required may be left out, and what is unknown is ignored."""

    def prompt_listing(self, session: Session, name: str) -> JsonObject:
        listing = super().prompt_listing(session, name)
        arguments = listing.get("arguments")
        named = [{"name": a["name"]} for a in arguments if isinstance(a, dict)] if isinstance(arguments, list) else []
        return {"name": name, "arguments": [*named]}

    async def get_prompt(self, call: Call) -> JsonObject:
        given = call.request.params.get("arguments")
        usual: JsonObject = {"arg1": "", "arg2": "", "resourceUri": "test://static-text"}
        call.request.params["arguments"] = {**usual, **(given if isinstance(given, dict) else {})}
        return await super().get_prompt(call)


class CompletionsAreBare(Odd):
    """server/utilities/completion: how many there are need not be said; and there may be none."""

    def suggest(self, words: list[str]) -> JsonObject:
        return {"completion": {"values": [*words[:1]]}}


class CompletionsAreGuesses(Odd):
    """server/utilities/completion: they need not begin as the argument does, and their total may be a guess."""

    def suggest(self, words: list[str]) -> JsonObject:
        values: list[Json] = ["", "Ж", *words[:50], *words[:48]]
        return {"completion": {"values": values, "total": 1_000_000, "hasMore": True}}


class BadArgumentsAreErrorsOfTheProtocol(Odd):
    """server/tools, Error Handling: bad arguments may draw -32602, as older revisions had it."""

    def on_bad_arguments(self, call: Call, problem: str) -> JsonObject:
        raise RpcError(INVALID_PARAMS, problem)


class ErrorsOfToolsHaveStructuredContent(Odd):
    """server/tools, Output Schema: what a failure holds beside words need not conform to a schema."""

    def finished(self, call: Call, result: JsonObject) -> JsonObject:
        whole = super().finished(call, result)
        failed = whole.get("isError") is True
        return {**whole, "structuredContent": {"error": {"why": "as asked for"}}} if failed else whole

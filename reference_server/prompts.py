"""prompts/list and get, and completion/complete for the arguments of prompts and of the resource template."""

import re

from reference_server.fixtures_content import IMAGE, embedded
from reference_server.jsonrpc import INVALID_PARAMS, Json, JsonObject, RpcError, as_object
from reference_server.options import R2025_06
from reference_server.resources import TEMPLATE, Resources
from reference_server.state import Call, Session

PROMPTS: dict[str, tuple[str, dict[str, str]]] = {
    "test_simple_prompt": ("A prompt without arguments.", {}),
    "test_prompt_with_arguments": (
        "A prompt that repeats its arguments.",
        {"arg1": "First test argument", "arg2": "Second test argument"},
    ),
    "test_prompt_with_embedded_resource": (
        "A prompt that holds a resource.",
        {"resourceUri": "URI of the resource to embed"},
    ),
    "test_prompt_with_image": ("A prompt that holds an image.", {}),
}
DYNAMIC = "test_dynamic_prompt"
URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")
SUGGESTIONS: dict[str, list[str]] = {
    "arg1": ["hello", "paris", "park", "party", "test"],
    "arg2": ["moon", "sun", "test", "world"],
    "resourceUri": ["test://static-binary", "test://static-text", "test://watched-resource"],
    "id": ["1", "12", "123"],
}


def said(*blocks: JsonObject) -> list[Json]:
    """One message of the user per block."""
    return [{"role": "user", "content": block} for block in blocks]


def text(words: str) -> JsonObject:
    """A block of text."""
    return {"type": "text", "text": words}


class Prompts(Resources):
    """Five prompts, one of which comes and goes."""

    async def list_prompts(self, call: Call) -> JsonObject:
        """All prompts on one page."""
        self.check_cursor(call)
        prompts: list[Json] = [self.prompt_listing(call.session, name) for name in self.prompts_of(call.session)]
        return {"prompts": prompts}

    def prompts_of(self, session: Session) -> list[str]:
        """What is not hidden."""
        return [*PROMPTS, DYNAMIC] if "prompts" in session.toggled else list(PROMPTS)

    def prompt_listing(self, session: Session, name: str) -> JsonObject:
        """A title only where the revision knows titles."""
        description, arguments = PROMPTS.get(name, ("A prompt that comes and goes.", {}))
        listing: JsonObject = {"name": name, "description": description}
        if session.revision >= R2025_06:
            listing["title"] = name.replace("_", " ").capitalize()
        if arguments:
            listing["arguments"] = [
                {"name": argument, "description": meaning, "required": True}
                for argument, meaning in arguments.items()
            ]
        return listing

    async def get_prompt(self, call: Call) -> JsonObject:
        """An unknown prompt or a missing argument draws -32602."""
        name, given = call.request.params.get("name"), as_object(call.request.params.get("arguments"))
        if not isinstance(name, str) or name not in self.prompts_of(call.session):
            raise RpcError(INVALID_PARAMS, f"Unknown prompt: {name}")
        description, arguments = PROMPTS.get(name, ("A prompt that comes and goes.", {}))
        for argument in arguments:
            if not isinstance(given.get(argument), str):
                raise RpcError(INVALID_PARAMS, f"The argument {argument!r} is missing or not a string.")
        if "resourceUri" in arguments and not URI.fullmatch(str(given["resourceUri"])):
            raise RpcError(INVALID_PARAMS, "The argument 'resourceUri' is not a URI.")
        return {"description": description, "messages": self.prompt_messages(name, given)}

    def prompt_messages(self, name: str, given: JsonObject) -> list[Json]:
        """What each prompt says."""
        match name:
            case "test_simple_prompt":
                return said(text("This is a simple prompt for testing."))
            case "test_prompt_with_arguments":
                return said(text(f"Prompt with arguments: arg1='{given['arg1']}', arg2='{given['arg2']}'"))
            case "test_prompt_with_embedded_resource":
                resource = embedded(str(given["resourceUri"]), "text/plain", "Embedded resource content for testing.")
                return said(resource, text("Please process the embedded resource above."))
            case "test_prompt_with_image":
                return said(IMAGE, text("Please analyze the image above."))
            case _:
                return said(text("This prompt comes and goes."))

    async def complete(self, call: Call) -> JsonObject:
        """Suggestions that begin as the argument does."""
        argument = as_object(call.request.params.get("argument"))
        name, value = argument.get("name"), argument.get("value")
        if not isinstance(name, str) or not isinstance(value, str):
            raise RpcError(INVALID_PARAMS, "argument needs a name and a value, both strings.")
        if name not in self.arguments_of(call.session, as_object(call.request.params.get("ref"))):
            raise RpcError(INVALID_PARAMS, f"There is no argument {name!r}.")
        values: list[Json] = [word for word in SUGGESTIONS[name] if word.startswith(value)]
        return {"completion": {"values": values, "total": len(values), "hasMore": False}}

    def arguments_of(self, session: Session, ref: JsonObject) -> list[str]:
        """The arguments of the prompt or template that is meant; -32602 if there is none."""
        if ref.get("type") == "ref/prompt" and ref.get("name") in self.prompts_of(session):
            return list(PROMPTS.get(str(ref["name"]), ("", {}))[1])
        if ref.get("type") == "ref/resource" and ref.get("uri") == TEMPLATE:
            return ["id"]
        raise RpcError(INVALID_PARAMS, "ref names neither a prompt nor a resource template of this server.")

"""prompts/list and get, and completion/complete for the arguments of prompts and of the resource template."""

import re

from reference_server.fixtures.content import IMAGE, embedded
from reference_server.fixtures.inputs import CONTEXT, filled_in
from reference_server.jsonrpc import INVALID_PARAMS, Json, JsonObject, RpcError, as_object
from reference_server.options import R2025_06, R2026_07
from reference_server.resources import NUMBERS, TEMPLATE, Resources
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
    "test_input_required_result_prompt": ("A prompt that asks the user for its context.", {}),
}
ASKING = "test_input_required_result_prompt"
DYNAMIC = "test_dynamic_prompt"
URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")
SUGGESTIONS: dict[str, list[str]] = {
    "arg1": ["hello", "paris", "park", "party", "test"],
    "arg2": ["moon", "sun", "test", "world"],
    "resourceUri": ["test://static-binary", "test://static-text", "test://watched-resource"],
    "id": ["1", "12", "123"],
    "number": [str(number) for number in range(1, 151)],
}
MOST_VALUES = 100


def said(*blocks: JsonObject) -> list[Json]:
    """One message of the user per block."""
    return [{"role": "user", "content": block} for block in blocks]


def text(words: str) -> JsonObject:
    """A block of text."""
    return {"type": "text", "text": words}


class Prompts(Resources):
    """Six prompts, one of which asks something, and one of which comes and goes."""

    async def list_prompts(self, call: Call) -> JsonObject:
        """All prompts."""
        known = self.prompts_of(call.session)
        return self.page(call, "prompts", [self.prompt_listing(call.session, name) for name in known])

    def prompts_of(self, session: Session) -> list[str]:
        """What the revision can get and what is not hidden."""
        known = [name for name in PROMPTS if name != ASKING or session.revision >= R2026_07]
        return [*known, DYNAMIC] if "prompts" in session.toggled else known

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
        if name == ASKING:
            answers = await self.answers_to(call, user_context=CONTEXT)
            given = {"context": filled_in(answers["user_context"], "context")}
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
            case "test_input_required_result_prompt":
                return said(text(f"Use this context: {given['context']}"))
            case "test_prompt_with_image":
                return said(IMAGE, text("Please analyze the image above."))
            case _:
                return said(text("This prompt comes and goes."))

    async def complete(self, call: Call) -> JsonObject:
        """Suggestions that begin as the argument does."""
        argument = as_object(call.request.params.get("argument"))
        name, value = argument.get("name"), argument.get("value")
        if not isinstance(name, str) or not isinstance(value, str):
            return self.on_bad_argument("argument needs a name and a value, both strings.")
        known = self.arguments_of(call.session, as_object(call.request.params.get("ref")))
        if known is None:
            return self.on_unknown_reference()
        if name not in known:
            raise RpcError(INVALID_PARAMS, f"There is no argument {name!r}.")
        return self.suggest([word for word in SUGGESTIONS[name] if word.startswith(value)])

    def suggest(self, words: list[str]) -> JsonObject:
        """As many words as an answer may have, and whether there are more."""
        values: list[Json] = [*words[: self.most_values()]]
        return {"completion": {"values": values, "total": len(words), "hasMore": len(words) > len(values)}}

    def most_values(self) -> int:
        """An answer has at most 100."""
        return MOST_VALUES

    def on_bad_argument(self, problem: str) -> JsonObject:
        """Where there is nothing to complete, that is an error: -32602."""
        raise RpcError(INVALID_PARAMS, problem)

    def arguments_of(self, session: Session, ref: JsonObject) -> list[str] | None:
        """The arguments of the prompt or template that is meant, if there is one."""
        if ref.get("type") == "ref/prompt" and ref.get("name") in self.prompts_of(session):
            return list(PROMPTS.get(str(ref["name"]), ("", {}))[1])
        if ref.get("type") == "ref/resource" and ref.get("uri") in (TEMPLATE, NUMBERS):
            return ["id"] if ref["uri"] == TEMPLATE else ["number"]
        return None

    def on_unknown_reference(self) -> JsonObject:
        """For what there is not, there is nothing to complete: -32602."""
        raise RpcError(INVALID_PARAMS, "ref names neither a prompt nor a resource template of this server.")

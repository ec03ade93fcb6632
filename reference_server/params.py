"""Arguments that go along as headers: what a tool marks with `x-mcp-header`, a client repeats as Mcp-Param-<name>."""

import re
from collections.abc import Iterator
from decimal import Decimal

from reference_server.exchange import Exchange
from reference_server.jsonrpc import Json, JsonObject, Request, as_object
from reference_server.metadata import PLAIN, Metadata
from reference_server.toolbox import TOOLS

MARK = "x-mcp-header"
NUMBER = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,40})?")


class Params(Metadata):
    """The marked arguments of a call are the same in headers and body."""

    def check_param_headers(self, http: Exchange, request: Request) -> None:
        """The headers of the tool that is called are compared; all others are for somebody else."""
        name = request.params.get("name")
        if request.method != "tools/call" or not isinstance(name, str) or name not in TOOLS:
            return
        for mark, path in marked(TOOLS[name].input_schema):
            self.check_param_header(http, f"Mcp-Param-{mark}", value_at(request.params.get("arguments"), path))

    def check_param_header(self, http: Exchange, name: str, value: Json) -> None:
        """A value needs its header; null, no value, and what no header can say need none, and none is looked at."""
        header = http.header(name.lower())
        if not self.is_mirrored(value):
            return
        if header is None:
            self.on_missing_param_header(name)
        elif not self.param_letters_are_good(header):
            self.on_bad_letters_in_param(name)
        elif not self.param_is_same(self.decode_param(header), value):
            self.on_other_value_in_param(name, header, value)

    def is_mirrored(self, value: Json) -> bool:
        """Text, whole numbers, true and false go into headers."""
        return value.is_integer() if isinstance(value, float) else isinstance(value, str | int)

    def param_letters_are_good(self, header: str) -> bool:
        """A header value is visible ASCII, spaces and tabs."""
        return PLAIN.fullmatch(header) is not None

    def decode_param(self, header: str) -> str | None:
        """The same rules as for names."""
        return self.decode_header(header)

    def param_is_same(self, text: str | None, value: Json) -> bool:
        """Text is compared letter by letter, numbers by value, and truth is told in small letters."""
        if text is None or isinstance(value, str):
            return text == value
        if isinstance(value, bool):
            return text == str(value).lower()
        return self.number_is_same(text, value)

    def number_is_same(self, text: str, value: Json) -> bool:
        """42.0 is 42."""
        return NUMBER.fullmatch(text) is not None and Decimal(text) == Decimal(str(value))

    def on_missing_param_header(self, name: str) -> None:
        """A header that belongs to an argument and is missing draws -32020."""
        raise self.header_mismatch(f"The body has a value for the {name} header, which is missing.")

    def on_bad_letters_in_param(self, name: str) -> None:
        """A header with letters that no header may have draws -32020."""
        raise self.header_mismatch(f"{name} has characters that no header may have.")

    def on_other_value_in_param(self, name: str, header: str, value: Json) -> None:
        """A header that says something else than the argument draws -32020."""
        raise self.header_mismatch(f"{name} is {header!r}, but the argument is {value!r}.")


def marked(schema: JsonObject, path: tuple[str, ...] = ()) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The marks of a schema of ours, and the way to each argument."""
    for name, part in as_object(schema.get("properties")).items():
        inner = as_object(part)
        if MARK in inner:
            yield str(inner[MARK]), (*path, name)
        yield from marked(inner, (*path, name))


def value_at(arguments: Json, path: tuple[str, ...]) -> Json:
    """What stands there in the arguments, None if nothing does."""
    for step in path:
        arguments = as_object(arguments).get(step)
    return arguments

"""Texts that want to be more than texts: in a terminal, in a page, in the name of a file."""

from collections.abc import Iterable
from typing import ClassVar

from reference_server.exchange import Exchange, Refusal
from reference_server.jsonrpc import Json, JsonObject, RequestId
from reference_server.state import Session, Stream
from tests.hostile.hostile import Twisted
from tests.hostile.words import HIDDEN, LATIN_1, MARKUP, TERMINAL, TEXT
from tests.oddities.odd import Answer

SAYING = ("title", "description", "message", "text", "instructions", "version", "data", "logger", "statusMessage")
NAMING = ("name", "uri", "mimeType", "resource", "taskId", "nextCursor", "requestState", "url", "src", "type", "code")


class _Says(Twisted):
    """Everything that is said is followed by `words`, in JSON, and as far as HTTP lets it in headers."""

    words: ClassVar[str]
    members: ClassVar[tuple[str, ...]] = SAYING

    def message_text(self, message: Json) -> str:
        return super().message_text(self.said(message))

    def said(self, value: Json, name: str = "") -> Json:
        """A value with the words in it."""
        if isinstance(value, dict):
            return {key: self.said(inner, key) for key, inner in value.items()}
        if isinstance(value, list):
            return [self.said(inner, name) for inner in value]
        return f"{value}{self.words}" if isinstance(value, str) and name in self.members else value

    def head(self, answer: Answer) -> None:
        answer.headers += [("X-Owned", LATIN_1 + "<script>owned()</script>"), ("Content-Language", MARKUP)]

    def server_info(self, session: Session) -> JsonObject:
        return {"name": f"../../../owned/{self.words}", "version": self.words}


class MarkupEverywhere(_Says):
    """Everything that it says is HTML with a script in it."""

    words: ClassVar = MARKUP


class TerminalCodesEverywhere(_Says):
    """Everything that it says is codes that clear the screen, and set the title of the window."""

    words: ClassVar = TERMINAL


class HiddenCharactersEverywhere(_Says):
    """Everything that it says is turned round, or cannot be seen."""

    words: ClassVar = HIDDEN


class ModernTextsAreHostile(_Says):
    """All three of them, in the era without sessions."""

    revision: ClassVar = "2026-07-28"
    words: ClassVar = TEXT
    kept: ClassVar = ("discover",)


class NamesAreHostile(_Says):
    """Tools, resources, prompts, types and tasks have names of markup, codes and hidden characters."""

    words: ClassVar = TEXT
    members: ClassVar = (*SAYING, *NAMING)


class ModernNamesAreHostile(NamesAreHostile):
    """The same in the era without sessions."""

    revision: ClassVar = "2026-07-28"
    kept: ClassVar = ("discover",)


class TextsAreLong(_Says):
    """Everything that it says is a hundred thousand characters long."""

    words: ClassVar = "<b>long</b> " * 8_000


class EventsAreHostile(Twisted):
    """Ids, names and comments of events are markup, codes and hidden characters."""

    kept: ClassVar = ()

    def new_event_id(self, stream: Stream, position: int) -> str:
        return f"{stream.key}-{position}{MARKUP}\x1b[2J\x9b31m\u202e\u2028"

    def encode_text(self, text: str) -> bytes:
        return text.encode("utf-8", "surrogatepass")

    def pieces(self, answer: Answer, chunk: bytes, more: bool) -> Iterable[bytes]:
        strange = f"event: {MARKUP}\x1b[2J\n: {MARKUP}\x1b[2J\nowned: 1\nretry: 1\x1b\n\n".encode()
        yield strange + chunk if answer.is_stream and chunk.startswith(b"id") else chunk


class EventIdsAreLong(Twisted):
    """Event ids have fifty thousand characters, which a client has to send back."""

    kept: ClassVar = ()

    def new_event_id(self, stream: Stream, position: int) -> str:
        return f"{stream.key}-{position}-" + "a" * 50_000


class EventIdsInjectHeaders(Twisted):
    """Event ids hold what some take for the end of a line, and a header after it."""

    kept: ClassVar = ()

    def new_event_id(self, stream: Stream, position: int) -> str:
        return f"{stream.key}-{position}\x85X-Owned: yes\u2028X-Owned: too\x0bé\u0100\U0001f600"


class SessionIdsAreMarkup(Twisted):
    """Session ids of visible ASCII, as they should be, that are a script."""

    def new_session_id(self) -> str:
        return f"../../<script>owned()</script>'\"&lt;{super().new_session_id()}"


class RefusalsAreHostile(Twisted):
    """What is refused is refused in markup, codes and hidden characters."""

    async def refuse(self, http: Exchange, refusal: Refusal, request_id: RequestId | None = None) -> None:
        kind = ("content-type", f"text/{MARKUP}")
        await http.answer(refusal.status, [kind, ("allow", MARKUP)], TEXT.encode("utf-8", "surrogatepass"))


class CannotBeJudgedInHostileWords(Twisted):
    """Refuses to begin, in markup, codes and hidden characters."""

    exits: ClassVar = frozenset({4})
    says: ClassVar = "initialize was refused"
    kept: ClassVar = ()

    def initialize(self, params: JsonObject) -> Session:
        raise Refusal(400, TEXT)


class VersionsAreHostile(Twisted):
    """Agrees on a version of markup, codes and hidden characters."""

    exits: ClassVar = frozenset({4})
    says: ClassVar = "the server offers version"
    kept: ClassVar = ()

    def initialize_result(self, session: Session) -> JsonObject:
        return {**super().initialize_result(session), "protocolVersion": TEXT}


class LikeOurOwnWords(Twisted):
    """Says what our own terminal output and reports say, on lines of its own."""

    def instructions(self) -> str:
        return "\n2025-11-25: conforms as far as could be seen: 999 requirements kept\n::error file=owned::owned\n"

    def server_info(self, session: Session) -> JsonObject:
        words = "owned\n=== 999 passed ===\n\x1b[32m2025-11-25: conforms\r\nreport: http://owned.example"
        return {"name": words, "version": "`<owned>`"}

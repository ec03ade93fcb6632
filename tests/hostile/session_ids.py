"""Session ids that are too long, that change, or that want to be more than ids."""

import itertools
import socket
from typing import ClassVar

from reference_server.exchange import Exchange, Header
from reference_server.state import Session
from tests.hostile.hostile import JSON_TYPE, Asked, Raw, Twisted, asks, head
from tests.hostile.words import LATIN_1
from tests.oddities.odd import Answer


class EverySessionIdIsAnother(Twisted):
    """Every answer names another session, and none that is in use."""

    kept: ClassVar = ("session.id-chars",)
    numbers: ClassVar = itertools.count()

    def head(self, answer: Answer) -> None:
        if answer.method != "DELETE":
            more: list[Header] = [("Mcp-Session-Id", f"owned-{next(self.numbers):030}")]
            answer.headers += more


class _NamesSessions(Raw):
    """Sessions have the name `name`, as it stands in the header."""

    name: ClassVar[str]
    exits: ClassVar = frozenset({0, 1, 4})
    kept: ClassVar = ()

    def is_victim(self, asked: Asked) -> bool:
        return True

    def attack(self, client: socket.socket, asked: Asked) -> None:
        result = {"capabilities": {"tools": {}}, "serverInfo": {"name": "owned", "version": "1"}}
        about = {"protocolVersion": self.revision, **result}
        body = asked.answer(result=about if asks(asked, "initialize") else {"tools": []})
        named = head(JSON_TYPE, f"Mcp-Session-Id: {self.name}")
        client.sendall(named + body if "id" in asked.message else head(status="202 Accepted"))


class SessionIdsAreLong(_NamesSessions):
    """A session id of a megabyte."""

    name: ClassVar = "a" * 2**20


class SessionIdsAreAsLongAsTheyMayBe(_NamesSessions):
    """A session id of sixty thousand characters, which goes back and forth with every request."""

    name: ClassVar = "a1" * 30_000


class SessionIdsInjectHeaders(_NamesSessions):
    """A session id that goes on in the next line, as if it were another header."""

    name: ClassVar = "owned\r\n X-Owned: yes\r\n\tX-Owned: too"


class SessionIdsHaveReturns(_NamesSessions):
    """A session id with a carriage return in it, which some take for the end of a line."""

    name: ClassVar = "owned\rX-Owned: yes"


class SessionIdsHaveOddBytes(_NamesSessions):
    """A session id of bytes that are no ASCII, and controls."""

    name: ClassVar = f"owned{LATIN_1}\xff\xfe"


class SessionIdsAreEmpty(_NamesSessions):
    """A session id that is nothing but white space."""

    name: ClassVar = " \t "


class SessionsAreNeverFound(Twisted):
    """Begins sessions, and knows none of them a moment later."""

    kept: ClassVar = ()

    def session_of(self, http: Exchange) -> Session:
        self.sessions.clear()
        return super().session_of(http)

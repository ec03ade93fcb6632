"""Faults in the life of a session."""

import secrets
from typing import ClassVar

from reference_server.server import ReferenceServer
from reference_server.state import Session


class SessionIdsAreCounted(ReferenceServer):
    """Session ids are numbers in a row, so everyone knows the next one."""

    breaks: ClassVar = "session.id-quality"
    given = 0

    def new_session_id(self) -> str:
        self.given += 1
        return f"session-{self.given}"


class SessionIdsAreShort(ReferenceServer):
    """Session ids have four characters, so all of them can be tried."""

    breaks: ClassVar = "session.id-quality"

    def new_session_id(self) -> str:
        return secrets.token_urlsafe(3)


class SessionIdsHaveSpaces(ReferenceServer):
    """There is a space in every session id."""

    breaks: ClassVar = "session.id-chars"

    def new_session_id(self) -> str:
        return f"session {super().new_session_id()}"


class SessionIdsAreNotAscii(ReferenceServer):
    """There is an accented letter in every session id."""

    breaks: ClassVar = "session.id-chars"

    def new_session_id(self) -> str:
        return f"séance-{super().new_session_id()}"


class MissingSessionIdsAreNotFound(ReferenceServer):
    """A request without a session id draws 404, which is for sessions that have ended."""

    breaks: ClassVar = "session.missing-400"

    def status_for_missing_session(self, method: str) -> int:
        return 404


class EndedSessionsAreBadRequests(ReferenceServer):
    """The id of an ended session draws 400, which tells the client nothing about starting anew."""

    breaks: ClassVar = "session.ended-404"

    def status_for_ended_session(self, method: str) -> int:
        return 400


class EndedSessionsAreGoneForGet(ReferenceServer):
    """A client that wants to listen in an ended session is told 410 instead of 404."""

    breaks: ClassVar = "session.ended-404"

    def status_for_ended_session(self, method: str) -> int:
        return 410 if method == "GET" else 404


class SessionsOutliveTheirEnd(ReferenceServer):
    """DELETE is answered with success, and the session goes on as before."""

    breaks: ClassVar = "session.ended-404"

    def end_session(self, session: Session) -> None:
        pass


class SessionIdsAreAlike(ReferenceServer):
    """Session ids look long and random, and differ in a counter only."""

    breaks: ClassVar = "session.id-quality"
    given = 0

    def new_session_id(self) -> str:
        self.given += 1
        return f"5f2ac9d1-b7e8-4000-8000-{self.given:012x}"


class MissingSessionIdsAreUnauthorized(ReferenceServer):
    """A request without a session id draws 401, as if a token could help."""

    breaks: ClassVar = "session.missing-400"

    def status_for_missing_session(self, method: str) -> int:
        return 401


class EndedSessionsAreForbidden(ReferenceServer):
    """The id of an ended session draws 403, so the client does not begin anew."""

    breaks: ClassVar = "session.ended-404"

    def status_for_ended_session(self, method: str) -> int:
        return 403


class EndedSessionsOfferNoStream(ReferenceServer):
    """A client that wants to listen in an ended session is told 405, as if there had never been a stream to hear."""

    breaks: ClassVar = "session.ended-404"

    def status_for_ended_session(self, method: str) -> int:
        return 405 if method == "GET" else 404

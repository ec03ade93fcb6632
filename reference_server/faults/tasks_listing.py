"""Faults in the list of tasks, and in who may see what."""

import itertools
from typing import ClassVar

from reference_server.jsonrpc import JsonObject, RpcError
from reference_server.server import ReferenceServer
from reference_server.state import Call, Job, Session

COUNTED = itertools.count(1)


class TheListOfTasksStopsAfterAPage(ReferenceServer):
    """What does not fit on the first page of tasks is never listed."""

    breaks: ClassVar = "tasks.next-cursor"
    also: ClassVar = {"tasks.list-complete": "what does not fit on the page is not on the list"}

    def next_page(self, jobs: list[Job], more: bool) -> JsonObject:
        return {}


class FinishedTasksAreNotListed(ReferenceServer):
    """Tasks that have ended are left out of the list."""

    breaks: ClassVar = "tasks.list-complete"

    def listed_jobs(self, session: Session) -> list[Job]:
        return [job for job in super().listed_jobs(session) if not self.is_final(job)]


class UnknownTasksAreUnknownResources(ReferenceServer):
    """A task that does not exist draws -32002."""

    breaks: ClassVar = "tasks.errors"

    def unknown_task(self) -> RpcError:
        return RpcError(-32002, "There is no such task.")


class UnknownTaskCursorsBeginAgain(ReferenceServer):
    """A cursor that does not exist leads to the first page."""

    breaks: ClassVar = "tasks.errors"

    def cursor_in(self, call: Call) -> str | None:
        cursor = call.request.params.get("cursor")
        return str(cursor) if cursor in call.session.jobs else None


class TasksOfAllSessionsAreListed(ReferenceServer):
    """The list of tasks has those of all sessions."""

    breaks: ClassVar = "tasks.no-list"

    def listed_jobs(self, session: Session) -> list[Job]:
        return [job for other in self.sessions.values() for job in other.jobs.values()]

    def cursor_in(self, call: Call) -> str | None:
        cursor = call.request.params.get("cursor")
        known = any(cursor in other.jobs for other in self.sessions.values())
        return str(cursor) if known else super().cursor_in(call)


class TasksAreCountedAndOpenToAll(ReferenceServer):
    """Tasks have numbers, and every session can ask for each."""

    breaks: ClassVar = "tasks.id-strong"

    def new_task_id(self, call: Call) -> str:
        return f"task-{next(COUNTED)}"

    def find_job(self, session: Session, task_id: str) -> Job | None:
        found = (other.jobs.get(task_id) for other in self.sessions.values())
        return next((job for job in found if job is not None), None)

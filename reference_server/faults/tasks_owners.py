"""Faults in whose tasks are whose, which show with --auth only."""

from typing import ClassVar

from reference_server.server import ReferenceServer
from reference_server.state import Call, Job, Session


class TasksBelongToNobody(ReferenceServer):
    """Whoever knows the id of a task may do with it what he likes."""

    breaks: ClassVar = "tasks.bind"
    also: ClassVar = {"tasks.bind-reject": "what belongs to nobody is refused to nobody"}
    with_auth: ClassVar = True

    def find_job(self, session: Session, task_id: str) -> Job | None:
        return next((s.jobs[task_id] for s in self.sessions.values() if task_id in s.jobs), None)


class ResultsOfOthersCanBeFetched(ReferenceServer):
    """Whoever knows the id of a task gets its result, though he may not look at the task."""

    breaks: ClassVar = "tasks.bind-reject"
    with_auth: ClassVar = True

    def job_named(self, call: Call) -> Job:
        everybodys = [job for session in self.sessions.values() for job in session.jobs.values()]
        asked = call.request.method == "tasks/result"
        named = (job for job in everybodys if asked and job.id == call.request.params.get("taskId"))
        return next(named, None) or super().job_named(call)


class TasksOfAllUsersAreListed(ReferenceServer):
    """The list of tasks has those of all users."""

    breaks: ClassVar = "tasks.bind-list"
    with_auth: ClassVar = True

    def listed_jobs(self, session: Session) -> list[Job]:
        return [job for other in self.sessions.values() for job in other.jobs.values()]

    def cursor_in(self, call: Call) -> str | None:
        cursor = call.request.params.get("cursor")
        known = any(cursor in other.jobs for other in self.sessions.values())
        return str(cursor) if known else super().cursor_in(call)

"""Faults in questions of tasks, in answers to them, and in cancellation: the tasks extension."""

from typing import ClassVar

from reference_server.inputs import Question
from reference_server.jsonrpc import INVALID_PARAMS, JsonObject, RpcError
from reference_server.server import ReferenceServer
from reference_server.state import Call
from reference_server.tasks_extension import Deferred


class KeysChangeTheirMeaning(ReferenceServer):
    """A question says something else whenever somebody looks at it."""

    breaks: ClassVar = "ext-tasks.keys"

    def open_questions(self, job: Deferred) -> JsonObject:
        self.looked = getattr(self, "looked", 0) + 1
        job.questions = {
            key: Question(question.method, {**question.params, "message": f"{self.looked}?"})
            for key, question in job.questions.items()
        }
        return super().open_questions(job)


class UpdatesAreAnsweredWithTheTask(ReferenceServer):
    """tasks/update is answered with what tasks/get would say."""

    breaks: ClassVar = "ext-tasks.update-result"

    async def update_deferred(self, call: Call) -> JsonObject:
        await super().update_deferred(call)
        return self.detailed(self.deferred_named(call))


class AnswersThatNobodyWaitsForAreRefused(ReferenceServer):
    """An update with an answer to what is not asked draws an error."""

    breaks: ClassVar = "ext-tasks.update-unknown"

    def on_unknown_keys(self, keys: set[str]) -> None:
        if keys:
            raise RpcError(INVALID_PARAMS, f"Nobody asked for {', '.join(sorted(keys))}.")


class AnswersAreNotRead(ReferenceServer):
    """Answers are acknowledged, and the task asks on."""

    breaks: ClassVar = "ext-tasks.update-counts"

    def take_answers(self, job: Deferred, answers: JsonObject) -> None:
        return None


class OneAnswerIsEnough(ReferenceServer):
    """With the first answer a task goes on, and takes all others as declined."""

    breaks: ClassVar = "ext-tasks.partial"

    def take_answers(self, job: Deferred, answers: JsonObject) -> None:
        declined: JsonObject = {key: {"action": "decline"} for key in job.questions} if answers else {}
        super().take_answers(job, declined | answers)


class CancellationsAreAnsweredWithTheTask(ReferenceServer):
    """tasks/cancel is answered with the task, as in 2025-11-25."""

    breaks: ClassVar = "ext-tasks.cancel-result"

    async def cancel_deferred(self, call: Call) -> JsonObject:
        await super().cancel_deferred(call)
        return self.detailed(self.deferred_named(call))


class LateCancellationsAreRefused(ReferenceServer):
    """A task that has ended cannot be cancelled, and that is an error."""

    breaks: ClassVar = "ext-tasks.cancel-result"

    def on_late_cancel_of_deferred(self, job: Deferred) -> None:
        raise RpcError(INVALID_PARAMS, "The task has ended already.")


class TasksAreThereBeforeTheirQuestions(ReferenceServer):
    """What is asked before there is a task has the id of one."""

    breaks: ClassVar = "ext-tasks.questions-first"

    def input_required(self, call: Call, questions: dict[str, Question]) -> JsonObject:
        asking = super().input_required(call, questions)
        return {**asking, "taskId": self.new_task_id(call)} if self.knows_tasks(call) else asking

"""Batches, which only 2025-03-26 knows: answered in many ways, or refused."""

from typing import Any

import pytest

from conformance.evidence.trace import JSON
from conformance.judging.check import Verdict
from tests.checks.test_messages import initialized
from tests.tape import error, message_event, notification, request, result

BATCH: list[JSON] = [request(2, "ping"), request("b", "ping"), notification("notifications/initialized")]


def batched(*, revision: str = "2025-03-26", batch: list[JSON] | None = None, **options: Any) -> Verdict:
    tape = initialized(revision)
    tape.post(BATCH if batch is None else batch, **options)
    return tape.verdict("batch.receive")


def test_a_batch_is_answered_in_many_ways() -> None:
    both = [message_event(result("b")), message_event(result(2))]
    assert batched(answer=[result(2), result("b")]) is Verdict.PASS
    assert batched(answer=[result("b")]) is Verdict.PASS
    assert batched(answer=result(2), batch=BATCH[:1]) is Verdict.PASS
    assert batched(events=both) is Verdict.PASS
    assert batched(events=[message_event([result("b"), result(2)])]) is Verdict.PASS


def test_a_batch_that_is_refused() -> None:
    assert batched(answer=error(None), status=400) is Verdict.FAIL
    assert batched(answer=[error(2, -32600), error("b", -32600)]) is Verdict.FAIL
    assert batched(status=500) is Verdict.FAIL
    assert batched(answer=error(None)) is Verdict.FAIL


@pytest.mark.parametrize("status", [401, 403, 404, 429, 503])
def test_a_refusal_for_other_reasons_says_nothing_about_batches(status: int) -> None:
    assert batched(status=status) is Verdict.NOT_SEEN


@pytest.mark.parametrize("batch", [[], [request(2, "initialize")], [request(2, "ping"), result(3)], [7]])
def test_a_batch_that_no_client_may_send_says_nothing(batch: list[JSON]) -> None:
    assert batched(answer=error(None), status=400, batch=batch) is Verdict.NOT_SEEN

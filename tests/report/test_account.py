"""What was sent and what came back, for those who read no pages."""

import xml.etree.ElementTree as ET

from conformance.evidence.trace import Place, Trace
from conformance.judging.check import Finding, Verdict
from conformance.judging.judge import Judgement
from conformance.report.account import account
from conformance.report.junit import fails, junit
from conformance.report.summary import full
from tests.report.runs import EVIL, call, eventful, every_verdict, hostile, progress, row
from tests.tape import Tape, message_event


def told(trace: Trace, exchange: int, event: int | None = None) -> list[str]:
    finding = Finding("bad", "seen", Place(exchange, event))
    return list(account(Judgement(row("ping.reply"), Verdict.FAIL, (finding,)), trace))


def test_an_answer_is_told_with_its_body() -> None:
    sent, came = told(eventful().trace, 3)
    assert sent == "sent: POST nope, id 3 (exchange 3 of the story tape)"
    assert came.startswith('came back: 404 application/json: {"jsonrpc"')


def test_an_event_that_counts_is_told_in_its_own_words() -> None:
    came = told(eventful().trace, 2, 2)[1]
    assert came.startswith("came back: 200 event stream of 5 events, among them: {")
    assert '"progress": 1' in came


def test_a_stream_is_told_as_far_as_there_is_room_and_how_it_ended() -> None:
    tape = Tape()
    tape.post(call(2), events=[message_event(progress(2, n)) for n in range(5)], ending="timed out")
    came = told(tape.trace, 0)[1]
    assert came.endswith("and 2 more events; then we waited in vain and left")


def test_what_was_wrong_on_purpose_is_said() -> None:
    assert "(on purpose: the body is no JSON; exchange 6 of the story tape)" in told(eventful().trace, 6)[0]


def test_no_answer_is_told_too() -> None:
    tape = Tape()
    tape.begin("GET")
    assert told(tape.trace, 0) == ["sent: GET (exchange 0 of the story tape)", "came back: no answer"]


def test_a_likely_cause_stands_at_the_end() -> None:
    judgement = Judgement(row("ping.reply"), Verdict.FAIL, (Finding("bad", "seen", Place(3)),), cause="a proxy")
    assert full(judgement, eventful().trace).splitlines()[-1] == "likely cause: a proxy"


def test_without_a_place_only_the_rule_is_told() -> None:
    judgement = Judgement(row("ping.reply"), Verdict.FAIL, (Finding("bad", "seen"),))
    assert full(judgement, Trace()).startswith("seen\nMUST: ")


def test_junit_has_every_verdict_and_survives_what_a_server_says() -> None:
    for revision in (every_verdict(eventful().trace), *hostile(EVIL).revisions):
        root = ET.fromstring(junit(revision.judgements, revision.trace))
        (suite,) = root
        judged = [j for j in revision.judgements if j.verdict is not Verdict.UNCHECKED]
        assert len(suite) == len(judged) == int(suite.get("tests", 0))
        assert suite.get("failures") == str(len(revision.having(Verdict.FAIL)))
        assert suite.get("errors") == str(len(revision.having(Verdict.ERROR)))


def test_strict_lets_warnings_and_what_was_not_seen_fail() -> None:
    judged = {verdict: Judgement(row("ping.reply"), verdict) for verdict in Verdict}
    assert {v.name: (fails(each, False), fails(each, True)) for v, each in judged.items()} == {
        "PASS": (False, False),
        "FAIL": (True, True),
        "WARN": (False, True),
        "NOT_APPLICABLE": (False, False),
        "NOT_SEEN": (False, True),
        "ERROR": (True, True),
        "UNCHECKED": (False, False),
    }

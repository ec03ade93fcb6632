"""The matrix of requirements and revisions."""

from conformance.evidence.trace import Trace
from conformance.judging.check import Verdict
from conformance.judging.judge import Judgement
from conformance.report.matrix import matrix, topics
from conformance.run import RevisionRun
from tests.report.runs import REVISION, eventful, every_verdict, judged, row, run_of, seen

OLD = "2025-06-18"


def revision(*judgements: Judgement, name: str = REVISION) -> RevisionRun:
    return RevisionRun(name, Trace(), (), judgements)


def two_revisions() -> tuple[RevisionRun, RevisionRun]:
    old = revision(
        judged("ping.reply", seen("bad", "no", 1), revision=OLD),
        judged("get.unrelated", seen("ok", "yes"), revision=OLD),
        name=OLD,
    )
    new = revision(
        judged("stream.prime", seen("ok", "yes")),
        judged("ping.reply", seen("ok", "yes")),
        judged("get.unrelated", seen("ok", "yes")),
    )
    return old, new


def test_a_requirement_that_a_revision_lacks_leaves_a_hole() -> None:
    streams, ping, _ = topics(run_of(*two_revisions()))
    assert [cell is None for cell in streams.lines[0].cells] == [False, True]
    assert [len(ping.strip(column)) for column in (0, 1)] == [1, 1]
    assert [len(streams.strip(column)) for column in (0, 1)] == [1, 0]


def test_every_requirement_is_on_the_first_page_once() -> None:
    whole = every_verdict(eventful().trace)
    keys = [line.key for topic in topics(run_of(whole)) for line in topic.lines]
    assert sorted(keys) == sorted(judgement.key for judgement in whole.judgements)


def test_the_head_of_a_column_counts_its_verdicts() -> None:
    newest, oldest = matrix(run_of(*two_revisions())).heads
    assert [(newest.revision, pick.verdict, pick.number) for pick in newest.picks] == [(REVISION, Verdict.PASS, 3)]
    assert [(pick.verdict, pick.number) for pick in oldest.picks] == [(Verdict.FAIL, 1), (Verdict.PASS, 1)]


def test_rows_can_be_picked_by_verdict_level_and_difference() -> None:
    picks = {pick.kind: pick.number for pick in matrix(run_of(*two_revisions())).picks}
    assert picks == {"all": 3, "fail": 1, "pass": 3, "differs": 1, "must": 1, "should": 2}


def test_a_row_that_one_revision_lacks_does_not_differ() -> None:
    (line,) = topics(run_of(revision(name=OLD), revision(judged("stream.prime", seen("ok", "yes")))))[0].lines
    assert line.classes == ("should", "pass", "pass-0")


def test_a_level_that_changed_between_revisions_is_told() -> None:
    places = (OLD, "2025-03-26")
    run = run_of(*(revision(judged("negotiated", seen("ok", "yes"), revision=name), name=name) for name in places))
    (topic,) = topics(run)
    assert topic.lines[0].levels == ("MUST", "SHOULD")
    assert [row("negotiated", name).level for name in places] == ["MUST", "SHOULD"]


def test_every_pick_has_its_rule_in_the_style_sheet() -> None:
    whole = matrix(run_of(*two_revisions()))
    kinds = {pick.kind for pick in (*whole.picks, *(pick for head in whole.heads for pick in head.picks))}
    for kind in kinds - {"all"}:
        assert f"#p-{kind}:checked" in whole.rules()
    assert "p-all" not in whole.rules()

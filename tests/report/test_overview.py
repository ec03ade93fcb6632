"""The words of the first page."""

from conformance.driving.profile import Profile
from conformance.evidence.trace import Trace
from conformance.judging.check import Verdict
from conformance.judging.judge import Judgement
from conformance.report import overview
from conformance.run import RevisionRun
from tests.report.runs import REVISION, judged, row, run_of, seen, telling

OLD = "2025-06-18"


def revision(*judgements: Judgement, name: str = REVISION) -> RevisionRun:
    return RevisionRun(name, Trace(), (telling("resume"), telling("replay")), judgements)


def unseen(key: str, why: str, name: str = REVISION) -> Judgement:
    return Judgement(row(key, name), Verdict.NOT_SEEN, (), why)


def test_a_server_that_keeps_all_conforms_as_far_as_could_be_seen() -> None:
    answer = overview.answer(revision(judged("ping.reply", seen("ok", "yes")), unseen("event.id-unique", "no ids")))
    assert answer.verdict is Verdict.PASS
    assert answer.sentence == (
        "Conforms to 2025-11-25 as far as could be seen: 1 requirement kept, none broken, 1 could not be seen."
    )
    assert answer.detail == ""


def test_a_broken_should_is_no_breach_and_is_told() -> None:
    answer = overview.answer(revision(judged("stream.prime", seen("bad", "no id"))))
    assert answer.verdict is Verdict.PASS
    assert answer.detail == "1 recommendation was not followed."


def test_seeing_nothing_is_not_conforming() -> None:
    answer = overview.answer(revision(unseen("ping.reply", "no story"), judged("get.unrelated", seen("moot", "405"))))
    assert answer.verdict is Verdict.NOT_SEEN
    assert answer.sentence == "Nothing can be said about 2025-11-25: no requirement could be seen."


def test_our_mistakes_are_told_as_ours() -> None:
    crashed = Judgement(row("ping.reply"), Verdict.ERROR, (), "Traceback")
    answer = overview.answer(revision(judged("session.ended-404", seen("bad", "200")), crashed))
    assert answer.sentence == "Does not conform to 2025-11-25: 1 requirement broken, 0 kept."
    assert answer.detail == "1 requirement could not be judged, by a mistake of ours."


def test_musts_come_before_shoulds_and_revisions_are_joined() -> None:
    run = run_of(
        revision(judged("session.ended-404", seen("bad", "old", 1), revision=OLD), name=OLD),
        revision(
            judged("stream.prime", seen("bad", "no id", 1)),
            judged("session.ended-404", seen("bad", "new", 1), seen("bad", "again", 2)),
        ),
    )
    first, second = overview.breaches(run)
    assert (first.key, first.verdict, first.seen.seen, first.more) == ("session.ended-404", Verdict.FAIL, "new", 1)
    assert first.places == (REVISION, OLD)
    assert (second.key, second.verdict) == ("stream.prime", Verdict.WARN)


def test_stories_that_met_the_same_share_a_reason() -> None:
    run = run_of(
        revision(
            unseen("event.id-unique", "resume: no event has an id"),
            unseen("resume.same-stream", "resume: no event has an id; replay: no event has an id"),
            unseen("ping.reply", "a reason: with a colon"),
        )
    )
    common, other = overview.reasons(run, Verdict.NOT_SEEN)
    assert common.words == "no event has an id"
    assert common.stories == ("resume", "replay")
    assert common.rows == (("event.id-unique", (REVISION,)), ("resume.same-stream", (REVISION,)))
    assert other.words == "a reason: with a colon"


def test_only_where_a_tool_is_missing_a_profile_would_help() -> None:
    missing = Profile().missing("progress")
    assert overview.lacks_tools(run_of(revision(unseen("event.id-unique", f"resume: {missing}; replay: no id"))))
    assert not overview.lacks_tools(run_of(revision(unseen("event.id-unique", "resume: no event has an id"))))
    assert not overview.lacks_tools(run_of(revision(judged("ping.reply", seen("ok", missing)))))


def test_an_ordinary_run_says_nothing_of_the_older_transport() -> None:
    run = run_of(revision(judged("ping.reply", seen("ok", "yes"))))
    assert (overview.transport(run), overview.older(run)) == ("Streamable HTTP", "")


def test_a_run_over_the_older_transport_says_what_it_is_worth() -> None:
    older = revision(judged("ping.reply", seen("ok", "yes"), revision="2024-11-05"), name="2024-11-05")
    newer = revision(judged("ping.reply", seen("ok", "yes")))
    assert overview.transport(run_of(older)) == "HTTP+SSE"
    assert overview.transport(run_of(older, newer)) == "Streamable HTTP"
    assert overview.older(run_of(older)) == overview.older(run_of(older, newer))
    assert overview.older(run_of(older)) == (
        "The server speaks HTTP+SSE of 2024-11-05, the transport before Streamable HTTP: few of its rules are "
        "judged, and they say nothing about Streamable HTTP."
    )

"""The words in the terminal."""

from conformance.driving.profile import Profile
from conformance.evidence.trace import Trace
from conformance.judging.check import Verdict
from conformance.judging.judge import Judgement
from conformance.report.summary import summary
from conformance.run import RevisionRun
from tests.report.runs import REVISION, row, run_of, telling

HINT = "to begin a profile of what the server's tools do: python -m conformance profile URL"


def lines(*whys: tuple[str, str]) -> list[str]:
    judgements = tuple(Judgement(row(key), Verdict.NOT_SEEN, (), why) for key, why in whys)
    told = (telling("resume"), telling("replay"))
    return list(summary(run_of(RevisionRun(REVISION, Trace(), told, judgements))))


def test_what_is_missing_is_said_once_and_with_it_what_to_do() -> None:
    missing = Profile().missing("progress")
    said = lines(
        ("event.id-unique", f"resume: {missing}"), ("event.id-stream", f"resume: {missing}; replay: {missing}")
    )
    assert said[-2:] == [f"  event.id-stream, event.id-unique: {missing}", HINT]


def test_the_words_name_role_and_tool() -> None:
    assert Profile().missing("progress") == (
        "no tool that reports progress at least twice: name one as [progress] in the profile, or serve "
        "`test_tool_with_progress`"
    )


def test_a_profile_is_not_advised_where_it_would_not_help() -> None:
    assert lines(("event.id-unique", "resume: no event has an id"))[-1] == "  event.id-unique: no event has an id"

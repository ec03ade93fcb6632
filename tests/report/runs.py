"""Runs made by hand, for tests of the report: one with every verdict and every kind of ending, one hostile."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from conformance.driving.telling import Outcome as Told
from conformance.driving.telling import Telling
from conformance.evidence.trace import JSON, Place, Trace
from conformance.judging.check import Finding, Outcome, Verdict, fold
from conformance.judging.judge import Judgement
from conformance.judging.ledger import Requirement, requirements
from conformance.run import RevisionRun, Run
from tests.tape import URL, Tape, error, message_event, notification, request, result

REVISION = "2025-11-25"
STARTED = datetime(2026, 3, 1, 9, 5, tzinfo=UTC)


def progress(token: JSON, value: int) -> JSON:
    return notification("notifications/progress", {"progressToken": token, "progress": value, "total": 3})


def call(id: JSON, tool: str = "test_tool_with_progress") -> JSON:
    return request(id, "tools/call", {"name": tool, "arguments": {}, "_meta": {"progressToken": id}})


def eventful() -> Tape:
    """All that can happen on a wire, told in one story."""
    tape = Tape(REVISION)
    tape.initialize(session_id="session-1")  # 0
    tape.post(notification("notifications/initialized"))  # 1
    steps = [message_event(progress(2, n), id=f"a{n}") for n in range(3)]
    tape.post(call(2), events=["id: a\nretry: 500\ndata:\n\n", *steps, message_event(result(2), id="a3")])  # 2
    tape.post(request(3, "nope"), answer=error(3, -32601, "Method not found"), status=404)  # 3
    tape.post(call(4), events=[message_event(progress(4, 0), id="b0")], ending="hung up")  # 4
    tape.now += 2.5
    tape.get(after="b0", events=[": ping\n\n", message_event(result(4), id="b1")], ending="lost")  # 5
    tape.post(b"{broken", answer=b"what?", media_type="text/plain", status=400, intent="the body is no JSON")  # 6
    side_by_side(tape)  # 7, 8
    flood = [message_event(progress(9, n)) for n in range(130)]
    tape.post(call(9), events=flood, ending="cut off")  # 9
    tape.exchange("GET", events=[], ending="timed out", wait=10)  # 10
    tape.post([request(10, "ping"), request(11, "ping")], answer=[result(10), result(11)])  # 11
    tape.exchange("DELETE", status=200)  # 12
    tape.begin("GET")  # 13
    return tape


def side_by_side(tape: Tape) -> None:
    """Two streams at once, their events shuffled."""
    left = tape.begin("POST", b'{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"left"}}')
    right = tape.begin("POST", b'{"jsonrpc":"2.0","id":8,"method":"tools/call","params":{"name":"right"}}')
    for number in (left, right):
        tape.head(number, 200, {"Content-Type": "text/event-stream"})
    tape.chunk(right, message_event(progress(8, 1)))
    tape.chunk(left, message_event(progress(7, 1)))
    tape.chunk(right, message_event(result(8)))
    tape.end(right)
    tape.chunk(left, message_event(result(7)))
    tape.end(left)


def row(key: str, revision: str = REVISION) -> Requirement:
    return next(row for row in requirements(revision) if row.key == key)


def seen(outcome: Outcome, words: str, exchange: int | None = None, event: int | None = None) -> Finding:
    return Finding(outcome, words, None if exchange is None else Place(exchange, event))


def judged(key: str, *findings: Finding, revision: str = REVISION) -> Judgement:
    requirement = row(key, revision)
    verdict = fold(list(findings), requirement.weight)
    why = "; ".join(f.seen for f in findings if f.outcome == "open")
    return Judgement(requirement, verdict, findings, why if verdict is Verdict.NOT_SEEN else "")


def telling(story: str = "tape", outcome: Told = "told", why: str = "", revision: str = REVISION) -> Telling:
    return Telling(story, f"The story of {story}.", revision, outcome, why, 0.5, 1.25)


def run_of(*revisions: RevisionRun, target: str = URL, server: str = "tape 1", declined: Iterable[str] = ()) -> Run:
    return Run(target, server, 0.012, STARTED, 1.5, revisions, tuple(declined))


def every_verdict(trace: Trace, revision: str = REVISION) -> RevisionRun:
    """One requirement of each verdict, and everything else unchecked."""
    given = [
        judged("session.ended-404", seen("bad", "after DELETE, GET was answered with 200", 13), revision=revision),
        judged(
            "stream.has-response",
            *(seen("bad", f"event {n} says the same again", 2, n) for n in range(1, 4)),
            *(seen("bad", "no response came", 5 + n % 3) for n in range(40)),
            seen("ok", "a response came", 2, 4),
            revision=revision,
        ),
        judged("ping.reply", seen("ok", "ping was answered with a result", 11), revision=revision),
        judged("get.unrelated", seen("moot", "GET was answered with 405", 10), revision=revision),
        judged("event.id-unique", seen("open", "no event has an id", 9), revision=revision),
        Judgement(row("jsonrpc.id-once", revision), Verdict.NOT_SEEN, (), "cancel: no tool is slow; tape: too short"),
        Judgement(row("jsonrpc.id-type", revision), Verdict.ERROR, (), "Traceback\n  ZeroDivisionError"),
    ]
    keys = {judgement.key for judgement in given}
    rest = [
        Judgement(requirement, Verdict.UNCHECKED, (), requirement.unchecked or "")
        for requirement in requirements(revision)
        if requirement.key not in keys
    ]
    tellings = (
        telling(revision=revision),
        telling("cancel", "unmet", "no tool is slow", revision),
        telling("crash", "crashed", "Traceback\n  KeyError", revision),
    )
    return RevisionRun(revision, trace, tellings, (*given, *rest))


def everything() -> Run:
    """Two revisions, every verdict, every ending."""
    old, trace = "2025-06-18", eventful().trace
    kept = judged("ping.reply", seen("ok", "ping was answered with a result", 11), revision=old)
    return run_of(
        every_verdict(trace), RevisionRun(old, trace, (telling(revision=old),), (kept,)), declined=["2025-03-26"]
    )


EVIL = "<script>alert(1)</script>\"'`&--><img src=x onerror=alert(1)>\x00\x1b[31m\r\u202e\u2066\u2028\ud800]]>"


def hostile(evil: str = EVIL) -> Run:
    """A server, and a saved trace, that put `evil` wherever they can."""
    tape = Tape(REVISION, client=evil)
    headers = {evil: evil, "Mcp-Session-Id": evil}
    tape.initialize(session_id=evil)
    tape.post(request(evil, evil, {"name": evil}), answer=error(evil, -1, evil), status=299, response_headers=headers)
    tape.post(call(evil, evil), media_type=f"text/{evil}", answer=evil.encode("utf-8", "surrogatepass"), intent=evil)
    event = f"id: {evil}\nevent: {evil}\n: {evil}\nretry: {evil}\ndata: {evil}\n\n".encode("utf-8", "surrogatepass")
    tape.post(call(5), events=[event, message_event(result(5, {evil: evil}))], url=f"{URL}?{evil}")
    tape.post(call(6), events=[f": {evil}\n\n".encode("utf-8", "surrogatepass"), message_event({evil: evil})])
    number = tape.begin(evil, b"\xff\xfe" + evil.encode("utf-8", "surrogatepass"), headers={evil: evil})
    tape.recorder.lost(number, evil)
    trace = tape.trace
    stranger = replace(trace.exchanges[-1], number=6, story=evil)
    trace = replace(trace, exchanges=(*trace.exchanges, stranger))
    findings = [seen("bad", f"{n} {evil}", n) for n in range(9)]
    judgements = (
        judged("session.ended-404", *findings),
        Judgement(row("jsonrpc.id-once"), Verdict.NOT_SEEN, (), f"{evil}; tape: {evil}"),
        Judgement(row("jsonrpc.id-type"), Verdict.ERROR, (), evil),
        judged("get.unrelated", seen("moot", evil, 1, 99)),
        judged("ping.reply", seen("ok", evil, 4, 0)),
    )
    tellings = (telling("tape", "unmet", evil), telling("other", "crashed", evil))
    return run_of(RevisionRun(REVISION, trace, tellings, judgements), target=evil, server=evil)


def crowd(stories: int = 30, exchanges: int = 8) -> Run:
    """As much as a full run: three revisions, many stories, most requirements kept."""
    revisions = []
    for revision in ("2025-03-26", "2025-06-18", "2025-11-25"):
        tape = Tape(revision)
        for _ in range(stories):
            tape.initialize(session_id="0123456789abcdef")
            tape.post(call(2), events=[message_event(progress(2, n), id=f"e{n}") for n in range(3)])
            for id in range(3, exchanges + 1):
                tape.post(call(id), answer=result(id, {"content": [{"type": "text", "text": "as asked " * 9}]}))
        trace = tape.trace
        told = [replace(x, story=f"story_{x.number // exchanges}") for x in trace.exchanges]
        judgements = tuple(
            judged(rule.key, *(seen("ok", f"as asked, {n}", n, None) for n in range(40)), revision=revision)
            for rule in requirements(revision)
            if not rule.unchecked
        )
        tellings = tuple(telling(f"story_{n}", revision=revision) for n in range(stories))
        revisions.append(RevisionRun(revision, replace(trace, exchanges=tuple(told)), tellings, judgements))
    return run_of(*revisions)

from conformance.judging.ledger import REVISIONS, requirements
from inspector.blind import blind_to
from inspector.judging.process import RuleNews
from inspector.rulebook import PARTIES, chapters

REVISION = "2025-11-25"


def news(key: str, verdict: str, broken: int = 0, why: str = "") -> dict[tuple[str, str, str], RuleNews]:
    return {(REVISION, "server", key): RuleNews(REVISION, "server", key, "MUST", "", "", verdict, broken, why)}


def test_what_nobody_spoke_has_no_chapter() -> None:
    assert chapters({}) == []
    found = chapters(news("jsonrpc", "pass"))
    assert [(chapter.revision, chapter.party) for chapter in found] == [(REVISION, "server"), (REVISION, "client")]


def test_the_newest_revision_comes_first() -> None:
    old = RuleNews("2025-03-26", "server", "jsonrpc", "MUST", "", "", "pass", 0, "")
    found = chapters(news("jsonrpc", "pass") | {("2025-03-26", "server", "jsonrpc"): old})
    assert [chapter.revision for chapter in found] == [REVISION, REVISION, "2025-03-26", "2025-03-26"]


def test_every_rule_of_the_ledger_stands_somehow() -> None:
    told = news("jsonrpc", "pass") | news("utf8", "fail", 3) | news("rs.prm", "not applicable", why="no tokens")
    server = chapters(told)[0]
    assert len(server.lines) == len(requirements(REVISION)) == server.tally.total()
    by_key = {line.key: line for line in server.lines}
    assert server.lines[0].key == "utf8"
    assert (by_key["utf8"].state, by_key["utf8"].broken) == ("broken", 3)
    assert by_key["jsonrpc"].state == "kept"
    assert (by_key["rs.prm"].state, by_key["rs.prm"].why) == ("not applicable", "no tokens")
    assert by_key["ping.reply"].state == "never seen"
    blind, seldom = by_key["origin.403"], by_key["prompts.unknown-error"]
    assert (blind.state, blind.why) == ("not observable", "needs the suite: no ordinary client does this")
    assert (seldom.state, seldom.why.partition(" where ")[0]) == ("never seen", "shows")


def test_the_summary_counts_what_could_be_seen() -> None:
    server = chapters(news("jsonrpc", "pass") | news("utf8", "warn", 1))[0]
    observable = len(server.lines) - server.tally["not observable"]
    assert server.summary == f"this traffic exercised 2 of {observable} rules of the server"


def test_what_is_not_checked_is_not_observable_for_the_same_reason() -> None:
    every = [rule for revision in REVISIONS for party in PARTIES for rule in requirements(revision, party)]
    assert all(blind_to(rule) == rule.unchecked for rule in every if rule.unchecked is not None)


def test_what_was_seen_all_the_same_is_told() -> None:
    by_key = {line.key: line for line in chapters(news("origin.403", "fail", 1))[0].lines}
    assert by_key["origin.403"].state == "broken"

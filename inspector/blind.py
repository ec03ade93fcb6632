"""Rules that nobody can judge by watching ordinary traffic go by, and why; and those for which it takes an accident.

Who is right in everything never gives an occasion for many of a server's rules. `tests/inspector/test_blind.py` finds
them: all that is not judged in a run of the suite without what its client does wrong on purpose.
"""

from collections.abc import Iterator, Mapping

from conformance.evidence.era import SESSION_REVISIONS
from conformance.judging.ledger import Requirement

_WRONG = "needs the suite: no ordinary client does this"
_TOKENS = "needs the suite: what is wrong with a token is known only to who sends it"
_BESIDE = "the authorization server is asked elsewhere, not through the inspector"

# A key stands for all revisions that have the rule, or after a revision for this one alone.
BLIND: Mapping[str, tuple[str, ...]] = {
    "the addresses on which a server listens do not show in what it answers": ("bind.loopback",),
    "the inspector has connections of its own to the server": ("stateless.any-connection",),
    _BESIDE: ("as.https",),
    _TOKENS: (
        *("rs.validate", "rs.audience", "rs.error-5-3", "rs.invalid-401", "rs.no-other-tokens"),
        *("rs.403-scope", "rs.403-scope-list", "rs.scope-hierarchy"),
        *("tasks.bind", "tasks.bind-list", "tasks.bind-reject"),
    ),
    _WRONG: (
        *("origin.validate", "origin.403", "session.missing-400", "version.header-400"),
        *(f"{revision} post.reject-status" for revision in SESSION_REVISIONS),
        *("hdr.mismatch", "hdr.mismatch-code", "hdr.required", "hdr.version-mismatch", "hdr.version-missing"),
        *("xhdr.bad-chars", "xhdr.int-compare", "xhdr.mismatch", "xhdr.missing", "meta.missing"),
        *("cancel.invalid-ignored", "completion.validate-inputs", "stateless.handles", "2026-07-28 post.202"),
        *("mrtr.errors", "mrtr.validate", "mrtr.state-replay", "mrtr.state-tampered", "mrtr.state-untrusted"),
        *("tasks.id-receiver", "tasks.ignored", "tasks.related-ignored"),
        *("tasks.tool-forbidden-error", "tasks.tool-required-error"),
        *("ext-tasks.listen-undeclared", "ext-tasks.methods-undeclared", "ext-tasks.removed", "ext-tasks.task-param"),
    ),
}

SELDOM: Mapping[str, tuple[str, ...]] = {
    "shows where a client asks for what is not there, leaves something out, or comes too late": (
        *("prompts.missing-argument", "prompts.unknown-error", "resources.uri-checked", "method.404", "log.errors"),
        *("cancel.race", "session.ended-404", "mrtr.ask-again", "pagination.cursor-invalid"),
        *("tasks.errors", "ext-tasks.unknown", "ext-tasks.unknown-acts"),
    ),
    "shows where a client is not let in, or looks up through the inspector how it would be": (
        *("as.default-uris", "as.metadata", "as.metadata-location"),
        *("rs.401", "rs.401-prm-url", "rs.prm", "rs.prm-discovery", "rs.prm-servers", "rs.scope"),
        *("rs.scope-consistent", "rs.no-offline", "rs.statuses", "rs.validate-first"),
    ),
    "shows where client and server do not speak the same revision": (
        *("era.initialize-error", "era.old-traffic", "version.unsupported", "version.header-default"),
    ),
}


def blind_to(rule: Requirement) -> str | None:
    """Why a rule cannot be judged here, None where it can."""
    return rule.unchecked or _reason(BLIND, rule)


def seldom_seen(rule: Requirement) -> str | None:
    """What has to happen before a rule can be judged, None where ordinary traffic will do."""
    return _reason(SELDOM, rule)


def named(table: Mapping[str, tuple[str, ...]], revision: str) -> Iterator[str]:
    """The rules of a table, by the keys that they would have in a revision."""
    for keys in table.values():
        for key in keys:
            only, _, name = key.rpartition(" ")
            if only in ("", revision):
                yield name


def _reason(table: Mapping[str, tuple[str, ...]], rule: Requirement) -> str | None:
    mine = {rule.key, f"{rule.revision} {rule.key}"}
    found = (reason for reason, keys in table.items() if rule.party == "server" and mine.intersection(keys))
    return next(found, None)

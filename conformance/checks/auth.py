"""Who is let in, and what the others are told: basic/authorization, "Token Handling" and "Error Handling".

These rules are judged where something takes a token and the server speaks of it as OAuth does (see `doors`).
"""

from collections.abc import Iterable, Iterator

from conformance.checks.doors import (
    ELSEWHERE,
    FULL,
    INVALID,
    NARROW,
    has_result,
    in_session,
    is_guarded,
    is_in_query,
    is_served,
    judged,
    operation,
    says_nothing,
    what,
    why_not,
    with_token,
    without_token,
)
from conformance.checks.published import resource_documents
from conformance.evidence.oauth import bearer
from conformance.evidence.trace import JSON, Exchange, Message, Trace
from conformance.judging.check import Finding, Findings, bent, check, expect, undecided

OFFLINE = "offline_access"
INSUFFICIENT = "insufficient_scope"  # RFC 6750, 3.1


def _in_words(exchange: Exchange) -> str:
    served = " and served" if is_served(exchange) else ""
    return f"{what(exchange)} was answered with {exchange.status}{served}"


def _decided(exchanges: Iterable[Exchange]) -> Iterator[Exchange | Finding]:
    """The exchanges that tell something about tokens, and a finding for each of the others."""
    for exchange in exchanges:
        reason = says_nothing(exchange)
        yield exchange if reason is None else undecided(exchange, reason)


@check("rs.401")
def missing_authorization_draws_401(trace: Trace) -> Findings:
    """Where authorization is required and none is given, the answer is 401, in a session as well."""
    yield from why_not(trace)
    for each in _decided(without_token(trace)):
        if isinstance(each, Finding):
            yield each
        elif in_session(each) and each.refused and each.status != 401:
            yield undecided(each, f"{_in_words(each)}, which may be about the session")
        else:
            yield expect(each.status == 401, each, _in_words(each))


@check("rs.statuses")
def authorization_errors_have_their_status(trace: Trace) -> Findings:
    """401 where a token is missing, 403 where it is too small.

    A token that is invalid has a rule of its own. Another status for one that is too small is a warning: for scopes
    the text has SHOULD elsewhere.
    """
    yield from why_not(trace)
    for each in _decided(without_token(trace)):
        if isinstance(each, Finding):
            yield each
        elif each.refused and (each.status == 401 or not in_session(each)):
            yield expect(each.status == 401, each, _in_words(each))
    for exchange in _too_small(trace):
        yield (
            expect(True, exchange, _in_words(exchange))
            if exchange.status == 403
            else bent(exchange, _in_words(exchange))
        )


@check("rs.validate")
def invalid_tokens_are_refused(trace: Trace) -> Findings:
    """A token that nobody issued, that was changed or has expired opens nothing.

    A token in the query opens nothing either, which is said by OAuth 2.1, 5.1 alone, to which the text refers.
    """
    yield from why_not(trace)
    for each in _decided(with_token(trace, *INVALID)):
        yield each if isinstance(each, Finding) else expect(not is_served(each), each, _in_words(each))
    for exchange in filter(is_in_query, judged(trace)):
        if is_guarded(exchange, trace) and is_served(exchange):
            yield bent(exchange, f"{_in_words(exchange)}: OAuth 2.1, 5.1 wants tokens in the query to be ignored")


@check("rs.validate-first")
def nothing_is_done_before_the_token_is_validated(trace: Trace) -> Findings:
    """No data is returned to who showed no valid token, neither instead of the refusal nor with it.

    That a wrong token is taken for a right one is the matter of other rules.
    """
    yield from why_not(trace)
    wrong = with_token(trace, *INVALID, ELSEWHERE)
    for each in _decided([*without_token(trace), *wrong]):
        if isinstance(each, Finding):
            yield each
        elif each.refused:
            leak = ", and its body has a result" if has_result(each) else ""
            yield expect(not leak, each, _in_words(each) + leak)
        elif each not in wrong and is_served(each):
            yield expect(False, each, _in_words(each))


@check("rs.invalid-401")
def invalid_tokens_draw_401(trace: Trace) -> Findings:
    """A token that is invalid or has expired draws 401; one for another audience may be called forbidden."""
    yield from why_not(trace)
    for each in _decided(with_token(trace, *INVALID, ELSEWHERE)):
        if isinstance(each, Finding):
            yield each
        elif each.status == 401 or (each.refused and not in_session(each) and each.token != ELSEWHERE):
            yield expect(each.status == 401, each, _in_words(each))
        elif each.refused and not in_session(each):
            yield bent(each, _in_words(each))


@check("rs.error-5-3")
def a_refused_token_draws_a_challenge(trace: Trace) -> Findings:
    """Who is refused for a token gets a Bearer challenge (OAuth 2.1, 5.3). The error in it is a SHOULD there."""
    yield from why_not(trace)
    for each in _decided(with_token(trace, *INVALID, ELSEWHERE)):
        if isinstance(each, Finding):
            yield each
        elif each.status == 401:
            challenged = "with" if bearer(each) else "without"
            yield expect(bearer(each) is not None, each, f"{_in_words(each)}, {challenged} a Bearer challenge")


def _foreign_tokens_are_refused(trace: Trace) -> Findings:
    yield from why_not(trace)
    for each in _decided(with_token(trace, ELSEWHERE)):
        yield each if isinstance(each, Finding) else expect(not is_served(each), each, _in_words(each))


@check("rs.audience")
def tokens_for_another_audience_are_refused(trace: Trace) -> Findings:
    """A token that was issued for another audience is refused, however valid it is there."""
    yield from _foreign_tokens_are_refused(trace)


@check("rs.no-other-tokens")
def no_other_tokens_are_accepted(trace: Trace) -> Findings:
    """Tokens that are good for other resources are not accepted here. Whether any are passed on is not to be seen."""
    yield from _foreign_tokens_are_refused(trace)


@check("rs.scope")
def the_challenge_names_the_scopes(trace: Trace) -> Findings:
    """The challenge to who shows no token says which scopes the request takes.

    A server that speaks of scopes nowhere may know none.
    """
    yield from why_not(trace)
    for exchange in without_token(trace):
        challenge = bearer(exchange)
        if exchange.status != 401 or challenge is None:
            continue
        if challenge.scopes or _knows_scopes(trace):
            named = f"names the scopes {' '.join(sorted(challenge.scopes))}" if challenge.scopes else "names no scope"
            yield expect(bool(challenge.scopes), exchange, f"the challenge to {what(exchange)} {named}")
        else:
            yield undecided(exchange, "neither challenges nor metadata speak of scopes: perhaps there are none")


def _knows_scopes(trace: Trace) -> bool:
    challenged = any(c.scopes for x in judged(trace) if (c := bearer(x)) is not None)
    return challenged or any(said.get("scopes_supported") for _, said in resource_documents(trace))


@check("rs.scope-consistent")
def the_same_request_draws_the_same_scopes(trace: Trace) -> Findings:
    """Challenges to the same request with the same token name the same scopes."""
    yield from why_not(trace)
    named: dict[tuple[object, ...], frozenset[str]] = {}
    for exchange in judged(trace):
        challenge = bearer(exchange) if exchange.refused else None
        if challenge is None:
            continue
        like = (operation(exchange), _tool(exchange), in_session(exchange), exchange.token, exchange.status)
        if like in named:
            both = f"{' '.join(sorted(named[like])) or 'none'}, then {' '.join(sorted(challenge.scopes)) or 'none'}"
            seen = f"the challenges to {what(exchange)} named the scopes: {both}"
            yield expect(named[like] == challenge.scopes, exchange, seen)
        named[like] = challenge.scopes


def _tool(exchange: Exchange) -> JSON:
    names = [m.params.get("name") for m in exchange.sent if isinstance(m, Message)]
    return next((name for name in names if isinstance(name, str)), None)


@check("rs.no-offline")
def offline_access_is_not_asked_for(trace: Trace) -> Findings:
    """Neither challenges nor the metadata of the resource name offline_access: renewal is no need of a resource's."""
    yield from why_not(trace)
    for exchange in judged(trace):
        challenge = bearer(exchange)
        if challenge is not None and challenge.scopes:
            seen = f"the challenge to {what(exchange)} names the scopes {' '.join(sorted(challenge.scopes))}"
            yield expect(OFFLINE not in challenge.scopes, exchange, seen)
    for exchange, said in resource_documents(trace):
        if judged(trace) and isinstance(scopes := said.get("scopes_supported"), list):
            yield expect(
                OFFLINE not in scopes, exchange, f"scopes_supported has {len(scopes)} scopes: {scopes!r:.200}"
            )


def _too_small(trace: Trace) -> list[Exchange]:
    """Refusals of a narrow token for what takes a token, where something shows that the token is valid."""
    narrow = [x for x in judged(trace) if x.token == NARROW]
    is_valid = any(is_served(x) or _error(x) == INSUFFICIENT for x in narrow)
    return [x for x in narrow if is_valid and x.refused and says_nothing(x) is None and is_guarded(x, trace)]


def _error(exchange: Exchange) -> str | None:
    challenge = bearer(exchange)
    return challenge.params.get("error") if challenge else None


def _narrow(trace: Trace) -> Iterator[Exchange | Finding]:
    """The same, or why there are none."""
    yield from why_not(trace)
    yield from _too_small(trace)
    narrow = [x for x in judged(trace) if x.token == NARROW]
    if narrow and not any(x.refused for x in narrow):
        yield undecided(narrow[-1], "the narrow token was enough for all that was tried")
    elif narrow and not _too_small(trace):
        yield undecided(narrow[0], f"{_in_words(narrow[0])}: is this token valid here at all?")


@check("rs.403-scope")
def a_token_that_is_too_small_draws_403(trace: Trace) -> Findings:
    """A token without the scope that a request takes draws 403, and a challenge that says so and where to go on."""
    for each in _narrow(trace):
        if isinstance(each, Finding):
            yield each
            continue
        challenge = bearer(each)
        lacks = [
            *(["a Bearer challenge"] if challenge is None else []),
            *([f'error="{INSUFFICIENT}"'] if _error(each) != INSUFFICIENT else []),
            *(["resource_metadata"] if challenge is None or "resource_metadata" not in challenge.params else []),
        ]
        seen = f"{_in_words(each)}, without {', '.join(lacks)}" if lacks else _in_words(each)
        yield expect(each.status == 403 and not lacks, each, seen)


@check("rs.403-scope-list")
def the_refusal_names_what_is_missing(trace: Trace) -> Findings:
    """The challenge to a token that is too small names the scopes that the request takes."""
    for each in _narrow(trace):
        if isinstance(each, Finding):
            yield each
        elif (challenge := bearer(each)) is not None:
            named = " ".join(sorted(challenge.scopes))
            seen = f"the challenge to {what(each)} names {f'the scopes {named}' if named else 'no scope'}"
            yield expect(bool(named), each, seen)


@check("rs.scope-hierarchy")
def a_broader_scope_includes_the_narrower(trace: Trace) -> Findings:
    """What a narrow token opens is not refused to the full one for want of a scope."""
    yield from why_not(trace)
    opened = {operation(x): x for x in judged(trace) if x.token == NARROW and is_served(x)}
    for exchange in judged(trace):
        if exchange.token != FULL or operation(exchange) not in opened:
            continue
        wanted = challenge.scopes if exchange.status == 403 and (challenge := bearer(exchange)) else None
        if wanted is not None:
            lacks = f"{_in_words(exchange)} for want of the scopes {' '.join(sorted(wanted)) or '(none named)'}"
            yield expect(False, exchange, f"{lacks}; {_in_words(opened[operation(exchange)])}")
        elif is_served(exchange):
            yield expect(True, exchange, _in_words(exchange))

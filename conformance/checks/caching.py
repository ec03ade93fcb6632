"""How long results keep, and for whom: server/utilities/caching."""

from collections.abc import Iterator

from conformance.checks.offers import has_introduced_itself, walks
from conformance.checks.pagination import LISTS
from conformance.checks.reading import shown
from conformance.evidence.era import VERSION, meta_of
from conformance.evidence.trace import JSON, Message
from conformance.evidence.views import Call, Session
from conformance.judging.check import Findings, check, expect, moot

READ = "resources/read"
CACHEABLE = ("server/discover", *LISTS, READ)
HINTS = ("ttlMs", "cacheScope")
SCOPES = ("public", "private")


@check("caching.hints")
def results_that_can_be_kept_say_so(session: Session) -> Findings:
    """Complete results of server/discover, of the lists and of resources/read have `ttlMs` and `cacheScope`."""
    for method, response in _results(session, "complete"):
        missing = [name for name in HINTS if name not in response.result]
        told = f"lacks {' and '.join(missing)}" if missing else "has both hints"
        yield expect(not missing, response, f"the result of {method} {told}")


@check("caching.ttl")
def the_time_to_live_is_never_negative(session: Session) -> Findings:
    """`ttlMs` is an integer, and not less than 0."""
    for method, response in _results(session, "complete"):
        if "ttlMs" in response.result:
            value = response.result["ttlMs"]
            yield expect(_is_time(value), response, f"the result of {method}: ttlMs is {shown(value)}")


@check("caching.scope")
def the_scope_is_public_or_private(session: Session) -> Findings:
    """`cacheScope` is `public` or `private`."""
    for method, response in _results(session, "complete"):
        if "cacheScope" in response.result:
            value = response.result["cacheScope"]
            yield expect(value in SCOPES, response, f"the result of {method}: cacheScope is {shown(value)}")


@check("caching.scope-pages")
def all_pages_of_a_list_have_one_scope(session: Session) -> Findings:
    """All pages of one walk through a list have the same `cacheScope`."""
    several = listed = False
    for method in LISTS if session.modern else ():
        for walk in walks(session, method):
            listed, several = True, several or len(walk.calls) > 1
            scopes = [scope for call in walk.calls if (scope := _scope(call)) in SCOPES]
            if len(scopes) > 1:
                told = f"the pages of {method} are {', '.join(map(str, scopes))}"
                yield expect(len(set(scopes)) == 1, walk.calls[0], told)
    if session.modern and listed and not several:
        yield moot(session, "every list that was read came on one page")
    elif has_introduced_itself(session) and not _offers_lists(session):
        yield moot(session, "the server declares nothing that is listed")


@check("caching.interim")
def questions_are_not_kept(session: Session) -> Findings:
    """A result that asks for input first has no hints for caches."""
    asked = False
    for method, response in _results(session, "input_required"):
        asked, there = True, [name for name in HINTS if name in response.result]
        told = f"has {' and '.join(there)}" if there else "has no hints for caches"
        yield expect(not there, response, f"the result by which {method} asks for input {told}")
    if not asked and any(method == READ for method, _ in _results(session, "complete")):
        yield moot(session, "resources were read, and none of them asked for input")
    elif not asked and has_introduced_itself(session) and "resources" not in session.server_capabilities:
        yield moot(session, "the server declares no resources, and nothing else that can be kept may ask for input")


def _results(session: Session, kind: str) -> Iterator[tuple[str, Message]]:
    """The results of this type, and their methods, that were asked for in a revision that knows of caches."""
    for call in session.calls if session.modern else ():
        response = call.response
        if call.request.method not in CACHEABLE or response is None or response.kind != "result":
            continue
        if meta_of(call.request).get(VERSION) == session.revision and response.result.get("resultType") == kind:
            yield call.request.method, response


def _scope(call: Call) -> JSON:
    whole = call.response is not None and call.response.result.get("resultType") == "complete"
    return call.response.result.get("cacheScope") if call.response is not None and whole else None


def _is_time(value: JSON) -> bool:
    """An integer that is not negative; JSON has one type of number, so 1.0 is an integer too."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return value >= 0 and (isinstance(value, int) or value.is_integer())


def _offers_lists(session: Session) -> bool:
    return not {method.partition("/")[0] for method in LISTS}.isdisjoint(session.server_capabilities)

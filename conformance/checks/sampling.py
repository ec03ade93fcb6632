"""What the server asks the client's model: client/sampling."""

from collections.abc import Iterator
from itertools import pairwise

from conformance.checks.reading import shown
from conformance.checks.wishes import Wish, wishes
from conformance.evidence.trace import JSON
from conformance.evidence.views import Session
from conformance.judging.check import Findings, check, expect

CONTEXTS = ("thisServer", "allServers")


def samplings(session: Session) -> Iterator[Wish]:
    """What the client's model is asked."""
    return wishes(session, "sampling/createMessage")


def _of_the_known(session: Session) -> Iterator[Wish]:
    """The same, unless the session began before the recording: nobody knows what its client declared."""
    return samplings(session) if session.modern or session.handshake is not None else iter(())


@check("sampling.tools-declared")
def models_get_tools_only_if_declared(session: Session) -> Findings:
    """A model is given tools only if the client declared sampling.tools."""
    for wish in _of_the_known(session):
        declared = wish.declared.get("sampling")
        if "tools" in wish.params:
            has = isinstance(declared, dict) and "tools" in declared
            seen = (
                f"the model is given tools, and the client {'declared' if has else 'did not declare'} sampling.tools"
            )
            yield expect(has, wish.said_in, seen)
        elif isinstance(declared, dict) and "tools" not in declared:
            yield expect(True, wish.said_in, "the client did not declare sampling.tools, and the model is given none")


@check("sampling.context-avoided")
def context_of_servers_is_not_asked_for(session: Session) -> Findings:
    """The context of servers, thisServer or allServers, is not asked for."""
    for wish in samplings(session):
        wanted = wish.params.get("includeContext", "none")
        yield expect(wanted not in CONTEXTS, wish.said_in, f"includeContext is {shown(wanted)}")


@check("sampling.context-declared")
def context_of_servers_is_asked_for_only_if_declared(session: Session) -> Findings:
    """The context of servers is asked for only if the client declared sampling.context."""
    for wish in _of_the_known(session):
        declared = wish.declared.get("sampling")
        has = isinstance(declared, dict) and "context" in declared
        wanted = wish.params.get("includeContext", "none")
        said = "declared" if has else "did not declare"
        seen = f"includeContext is {shown(wanted)}, and the client {said} sampling.context"
        yield expect(has or wanted not in CONTEXTS, wish.said_in, seen)


@check("sampling.tool-results")
def results_of_tools_stand_alone(session: Session) -> Findings:
    """A message with results of tools holds nothing else."""
    for wish in samplings(session):
        for number, blocks in _turns(wish):
            kinds = [block.get("type") for block in blocks]
            if "tool_result" in kinds:
                seen = f"message {number} of the conversation holds {', '.join(map(shown, dict.fromkeys(kinds)))}"
                yield expect(set(map(repr, kinds)) == {repr("tool_result")}, wish.said_in, seen)


@check("sampling.tool-balance")
def every_use_of_a_tool_has_its_result(session: Session) -> Findings:
    """Every use of a tool is followed by its result before anything else, and every result belongs to a use."""
    for wish in samplings(session):
        turns = [(0, []), *_turns(wish), (0, [])]
        open_uses: list[JSON] = []
        for (number, blocks), (_, following) in pairwise(turns):
            uses = [block.get("id") for block in blocks if block.get("type") == "tool_use"]
            results = [block.get("toolUseId") for block in following if block.get("type") == "tool_result"]
            if uses:
                missing = [use for use in uses if use not in results]
                seen = f"after message {number} of the conversation {len(uses)} uses of tools have their results"
                lacking = f"{', '.join(map(shown, missing))} in message {number} has no result in the next one"
                yield expect(not missing, wish.said_in, lacking if missing else seen)
            open_uses += uses
            strange = [result for result in results if result not in open_uses]
            if strange:
                named = ", ".join(map(shown, strange))
                yield expect(False, wish.said_in, f"there are tool results for {named}, and no tool use before them")


def _turns(wish: Wish) -> Iterator[tuple[int, list[dict[str, JSON]]]]:
    """The blocks of each message of a conversation, counted from 1."""
    messages = wish.params.get("messages")
    for number, message in enumerate(messages if isinstance(messages, list) else (), start=1):
        content = message.get("content") if isinstance(message, dict) else None
        blocks = content if isinstance(content, list) else [content]
        yield number, [block for block in blocks if isinstance(block, dict)]

"""Lists on several pages."""

from collections.abc import Iterator

import pytest

from reference_server.options import SESSION_REVISIONS, Options
from reference_server.server import ReferenceServer
from reference_server.serving import serve
from tests.reference_server.talk import Message, Talk

LISTS = {
    "tools/list": "tools",
    "resources/list": "resources",
    "resources/templates/list": "resourceTemplates",
    "prompts/list": "prompts",
}


@pytest.fixture
def paged() -> Iterator[str]:
    with serve(ReferenceServer(Options(page_size=2))) as url:
        yield url


def pages(talk: Talk, method: str) -> list[Message]:
    found = [talk.ask(method)["result"]]
    while "nextCursor" in found[-1]:
        found.append(talk.ask(method, {"cursor": found[-1]["nextCursor"]})["result"])
    return found


def test_there_is_always_a_list_of_two_pages(talk: Talk) -> None:
    counts = {method: len(pages(talk, method)) for method in LISTS}
    assert counts == {"tools/list": 1, "resources/list": 1, "resources/templates/list": 2, "prompts/list": 1}


@pytest.mark.parametrize("revision", SESSION_REVISIONS)
@pytest.mark.parametrize("method", LISTS)
def test_all_pages_together_are_the_list(url: str, paged: str, method: str, revision: str) -> None:
    with Talk(url, revision) as whole, Talk(paged, revision) as some:
        listed = [entry for page in pages(whole, method) for entry in page[LISTS[method]]]
        found = pages(some, method)
        assert [entry for page in found for entry in page[LISTS[method]]] == listed
        assert all(len(page[LISTS[method]]) == 2 for page in found[:-1])


def test_a_cursor_is_good_more_than_once_and_for_its_list_only(paged: str) -> None:
    with Talk(paged) as talk:
        cursor = {"cursor": talk.ask("prompts/list")["result"]["nextCursor"]}
        assert talk.ask("prompts/list", cursor)["result"] == talk.ask("prompts/list", cursor)["result"]
        assert talk.ask("tools/list", cursor)["error"]["code"] == -32602


@pytest.mark.parametrize("cursor", ["x", "", None, 2, [], {}])
def test_a_cursor_that_was_never_given_draws_32602(paged: str, cursor: object) -> None:
    with Talk(paged) as talk:
        assert talk.ask("prompts/list", {"cursor": cursor})["error"]["code"] == -32602

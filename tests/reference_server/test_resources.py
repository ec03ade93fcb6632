"""Resources."""

import json

import pytest

from reference_server.options import SESSION_REVISIONS
from tests.reference_server.talk import Message, Talk


def read(talk: Talk, uri: str) -> Message:
    (contents,) = talk.ask("resources/read", {"uri": uri})["result"]["contents"]
    assert contents["uri"] == uri
    return dict(contents)


@pytest.mark.parametrize("revision", SESSION_REVISIONS)
def test_what_is_listed_can_be_read(url: str, revision: str) -> None:
    with Talk(url, revision) as talk:
        talk.call("test_trigger_resource_change")
        listed = talk.ask("resources/list")["result"]["resources"]
        assert len(listed) == 4
        for resource in listed:
            assert read(talk, resource["uri"])["mimeType"] == resource["mimeType"]
            assert ("title" in resource) == (revision > "2025-03-26")


def test_text_and_binary(talk: Talk) -> None:
    assert read(talk, "test://static-text")["text"] == "This is the content of the static text resource."
    assert read(talk, "test://static-binary")["blob"]


def test_the_template_is_filled_in(talk: Talk) -> None:
    (template,) = talk.ask("resources/templates/list")["result"]["resourceTemplates"]
    contents = read(talk, template["uriTemplate"].replace("{id}", "123"))
    assert json.loads(contents["text"]) == {"id": "123", "templateTest": True, "data": "Data for ID: 123"}


@pytest.mark.parametrize("method", ["resources/read", "resources/subscribe"])
@pytest.mark.parametrize("uri", ["test://nothing", "test://template//data", None, 1])
def test_what_is_not_there_draws_32002(talk: Talk, method: str, uri: object) -> None:
    error = talk.ask(method, {"uri": uri})["error"]
    assert (error["code"], error["data"]) == (-32002, {"uri": uri})


def test_the_watched_resource_changes(talk: Talk) -> None:
    before = read(talk, "test://watched-resource")["text"]
    talk.call("test_update_resource")
    assert read(talk, "test://watched-resource")["text"] != before

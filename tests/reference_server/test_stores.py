"""Both stores keep the same promises."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from reference_server import stores
from reference_server.stores import Store, StoredEvent, StoredStream, open_store


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A store with one session and one stream of three events."""
    opened = open_store("memory" if request.param == "memory" else f"sqlite:{tmp_path / 'store.db'}")
    opened.save_session("a", "{}")
    opened.save_stream("a", StoredStream("s1", "post", [1, "1"]))
    for position in (1, 2, 3):
        opened.append("a", "s1", position, StoredEvent(f"e{position}", f"data {position}"))
    yield opened
    opened.close()


def test_a_record_is_replaced(store: Store) -> None:
    store.save_session("a", '{"b": 1}')
    assert store.sessions() == [("a", '{"b": 1}')]


def test_a_stream_remembers_its_last_position(store: Store) -> None:
    assert store.streams("a") == [StoredStream("s1", "post", [1, "1"], 3)]
    store.save_stream("a", StoredStream("s1", "post", [], ended=True))
    assert store.streams("a") == [StoredStream("s1", "post", [], 3, ended=True)]


def test_events_are_found_and_followed(store: Store) -> None:
    assert store.find("a", "e2") == ("s1", 2)
    assert store.after("a", "s1", 2) == [StoredEvent("e3", "data 3")]
    assert store.after("a", "s1", 3) == store.after("a", "s2", 0) == []


def test_the_newest_event_of_an_id_is_found(store: Store) -> None:
    store.append("a", "s2", 1, StoredEvent("e2", "again"))
    assert store.find("a", "e2") == ("s2", 1)


def test_nothing_of_another_session_is_found(store: Store) -> None:
    store.save_session("b", "{}")
    assert store.find("b", "e2") is None
    assert store.streams("b") == []


def test_a_dropped_stream_is_gone(store: Store) -> None:
    store.drop_stream("a", "s1")
    assert store.streams("a") == []
    assert store.find("a", "e2") is None


def test_a_dropped_session_is_gone(store: Store) -> None:
    store.set_aside("a", "m")
    store.drop_session("a")
    assert store.sessions() == []
    store.save_session("a", "{}")
    assert store.find("a", "e2") is None
    assert store.take_aside("a") == []


def test_messages_set_aside_are_taken_once(store: Store) -> None:
    store.set_aside("a", "one")
    store.set_aside("a", "two")
    assert store.take_aside("a") == ["one", "two"]
    assert store.take_aside("a") == []


def test_old_events_fall_out(store: Store) -> None:
    last = stores.EVENTS_PER_STREAM + 5
    for position in range(4, last + 1):
        store.append("a", "s1", position, StoredEvent(f"e{position}", ""))
    kept = store.after("a", "s1", 0)
    assert len(kept) == stores.EVENTS_PER_STREAM
    assert kept[-1].id == f"e{last}"
    assert store.find("a", "e5") is None
    assert store.find("a", "e6") == ("s1", 6)


def test_old_messages_fall_out(store: Store) -> None:
    for number in range(stores.MESSAGES_ASIDE + 2):
        store.set_aside("a", str(number))
    taken = store.take_aside("a")
    assert (len(taken), taken[0]) == (stores.MESSAGES_ASIDE, "2")


def test_what_fails_half_way_was_not_done(tmp_path: Path) -> None:
    store = open_store(f"sqlite:{tmp_path / 'store.db'}")

    def fail_half_way() -> None:
        with store.transaction():
            store.save_session("a", "{}")
            raise KeyError

    with pytest.raises(KeyError):
        fail_half_way()
    assert store.sessions() == []
    store.close()


@pytest.mark.parametrize("name", ["disk", "sqlite:", "sqlite", "memory:x", "sqlite:/nowhere/at/all.db"])
def test_an_unknown_store_is_refused_with_a_sentence(name: str) -> None:
    with pytest.raises(ValueError, match="store"):
        open_store(name)

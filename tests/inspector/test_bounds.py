"""What is kept does not grow with the traffic: whatever a peer does for how long, as much is forgotten as comes."""

import gc
from collections.abc import Callable, Iterator

import pytest

from conformance.evidence.recording import Chunk, Deed, End
from inspector.model import sessions
from inspector.model.nouns import LiveCall, LiveExchange, LiveSession, LiveStream
from inspector.model.rows import Rows
from inspector.proxy.tap import NO_EXCHANGE
from tests.inspector.scene import Scene, notice, request, result

KEPT, SESSIONS, TURNS = 40, 5, 300
NOUNS = LiveCall, LiveExchange, LiveSession, LiveStream


@pytest.fixture(autouse=True)
def narrow(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Few sessions are kept, and no collector comes to help."""
    monkeypatch.setattr(sessions, "_KEPT", SESSIONS)
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def nouns() -> int:
    """How many things of the live model there are, forgotten ones included that refer to each other."""
    return sum(isinstance(each, NOUNS) for each in gc.get_objects())


def answered(scene: Scene, turn: int) -> None:
    """A session with one call."""
    number = scene.ask(request(1, "tools/call"), session=scene.begin(f"s{turn}").id or "")
    scene.open(number)
    scene.say(number, result(1), id=f"{turn}")
    scene.take(End(number, scene.at))


def severed(scene: Scene, turn: int) -> None:
    """A session whose stream broke off, and nobody came back."""
    number = scene.ask(request(1, "tools/call"), session=scene.begin(f"s{turn}").id or "")
    scene.open(number)
    scene.say(number, notice("notifications/message"), id=f"{turn}")
    scene.break_off(number)


def refused(scene: Scene, turn: int) -> None:
    """A session with a call that was refused."""
    number = scene.ask(request(1, "tools/call"), session=scene.begin(f"s{turn}").id or "")
    scene.reply(number, b"", status=403)


def anonymous(scene: Scene, turn: int) -> None:
    """A client without a session."""
    scene.reply(scene.ask(request(1, "tools/call"), client=f"c{turn}"), result(1))


def over_http_sse(scene: Scene, _turn: int) -> None:
    """A session of 2024-11-05."""
    number = scene.ask(method="GET")
    scene.open(number)
    scene.take(Chunk(number, scene.at, b"event: endpoint\ndata: /messages?%d\n\n" % number))
    scene.take(End(number, scene.at))


def in_one_session(scene: Scene, turn: int) -> None:
    """One more call that broke off, in a session that has had many."""
    if not scene.sessions:
        scene.begin("one")
    number = scene.ask(request(turn, "tools/call"), session="one")
    scene.open(number)
    scene.say(number, notice("notifications/message"), id=f"{turn}")
    scene.break_off(number)
    scene.at += 60


@pytest.mark.parametrize("live", [answered, severed, refused, anonymous, over_http_sse])
def test_what_is_not_shown_any_more_goes_and_leaves_no_garbage(live: Callable[[Scene, int], None]) -> None:
    before, scene, most = nouns(), Scene(Rows(KEPT)), 0
    for turn in range(TURNS):
        live(scene, turn)
        most = max(most, nouns() - before) if turn % 50 == 49 else most
    assert most <= 4 * (KEPT + SESSIONS)
    assert len(scene.sessions) <= KEPT + SESSIONS


def test_broken_streams_of_a_long_session_go() -> None:
    scene = Scene(Rows(KEPT))
    for turn in range(TURNS):
        in_one_session(scene, turn)
    (session,) = scene.sessions
    assert len(session.streams) <= KEPT
    assert sum(map(len, session.lanes)) <= KEPT
    assert len(session.done) <= KEPT


def test_a_stream_with_many_legs_keeps_what_is_shown_of_them() -> None:
    scene = Scene(Rows(KEPT))
    scene.begin("one")
    stream = scene.open(scene.ask(method="GET", session="one"))
    for turn in range(TURNS):
        scene.take(Chunk(stream.legs[-1].number, scene.at, b"id: %d\ndata:\n\n" % turn))
        scene.take(End(stream.legs[-1].number, scene.at))
        assert scene.open(scene.ask(method="GET", session="one", after=str(turn))) is stream
    assert (stream.leg_count, stream.state) == (TURNS + 1, "open")
    assert len(stream.gaps) <= KEPT
    assert len(stream.legs) <= 101


def test_long_answers_count_as_much_as_long_events() -> None:
    scene = Scene(Rows(largest=100_000))
    for _ in range(100):
        scene.reply(scene.ask(request(1, "tools/list")), result(1, text="x" * 10_000))
    assert len(scene.feed.rows) <= 20


def test_a_batch_counts_once() -> None:
    scene = Scene(Rows(largest=100_000))
    scene.ask(b"[" + b",".join([request(1, "ping")] * 1_000) + b"]")
    assert len(scene.feed.rows) == 1_000


def test_what_the_observer_did_to_all_is_remembered() -> None:
    scene = Scene()
    for number in range(1_000):
        scene.take(Deed(NO_EXCHANGE, 0.0, f"{number} records were left out"))
    assert (len(scene.feed.remarks), scene.feed.remarks[-1]) == (100, "999 records were left out")

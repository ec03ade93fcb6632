"""What a recording proves about a client. No checks here.

Live traffic is not told like a story: a recording may begin in the middle of a session and end anywhere, and requests
of one client come on several connections and may overtake one another. A label stands for one client, or for one
connection of it; where it stands for several, only session ids tell them apart, and who has none is not judged by
what was said before.
What passes a point between the two sides passes it later than it was sent and earlier than it is read: so what a
client sent before an answer passed, it certainly sent without knowing that answer.
"""

from collections import Counter
from collections.abc import Iterator

from conformance.checks.asked import key_of
from conformance.evidence.era import CLIENT_INFO, declared_version, meta_of
from conformance.evidence.trace import JSON, Exchange, Message
from conformance.evidence.views import Call, Session, sessions

OF_MCP = ("POST", "GET", "DELETE")  # a browser's OPTIONS is none of the client's doing


def agreed(session: Session) -> Message | None:
    """The result of `initialize`, None if it was not seen, or if the client left it at that.

    A client that does not know the version in the answer disconnects; what it says in leaving has no version yet.
    """
    handshake = session.handshake if not session.modern else None
    response = handshake.response if handshake is not None else None
    if handshake is None or response is None or response.kind != "result":
        return None
    proposed, answered = handshake.request.params.get("protocolVersion"), response.result.get("protocolVersion")
    return response if proposed == answered or _went_on(session, response) else None


def _went_on(session: Session, agreement: Message) -> bool:
    """Whether the client said anything after `initialize`: a DELETE says nothing but that it leaves."""
    return any(x.started > agreement.at and messages_in(x) for x in session.exchanges)


def later(session: Session) -> Iterator[Exchange]:
    """What the client sent in this session when it could know what had been agreed.

    A request that names another session, one that began before the recording, is not of this one.
    """
    agreement = agreed(session) if not shares_its_label(session) else None
    for exchange in session.exchanges if agreement is not None else ():
        named = exchange.request_header("mcp-session-id")
        if agreement is None or exchange.started <= agreement.at or exchange.method not in OF_MCP:
            continue
        if named in (None, session.id) and not any(m.method == "initialize" for m in messages_in(exchange)):
            yield exchange


def messages_in(exchange: Exchange) -> list[Message]:
    """The messages that the client put into a request."""
    return [message for message in exchange.sent if isinstance(message, Message)]


def said(session: Session, method: str) -> list[Message]:
    """The client's messages of a method, in order of time."""
    return [m for m in session.messages() if m.sender == "client" and m.method == method]


def is_whole(session: Session) -> bool:
    """Whether all that client and server said in this session is known until now.

    It is if the session was seen to begin, has an id by which its requests are told from others, and if nothing of
    it was left out of the recording.
    """
    return agreed(session) is not None and session.id is not None and not was_cut(session)


def shares_its_label(session: Session) -> bool:
    """Whether requests of several clients may be mixed in this session: no ids, and more than one beginning.

    A label may stand for a process or a host, and many clients may live there.
    """
    if session.modern:
        return _has_several_clients(session)
    same = (s for s in sessions(session.trace) if s.client == session.client and s.id is None and not s.modern)
    return session.id is None and len(list(same)) > 1


def _has_several_clients(session: Session) -> bool:
    """Whether more than one client may ask here: they look around twice, have two names, or use the same ids."""
    looked_around = [c for c in session.calls if c.request.method == "server/discover" and c.response is not None]
    names = {repr(meta_of(call.request).get(CLIENT_INFO)) for call in session.calls}
    times = Counter(key_of(call.request.id) for call in session.calls if call.exchange.ok)
    repeated = [used for used in times.values() if used > 1]  # one id that repeats is a client's mistake
    return len(looked_around) > 1 or len(names) > 1 or len(repeated) > 1


def was_cut(session: Session) -> bool:
    """Whether part of an answer is missing from the recording."""
    return any(exchange.ending == "cut off" for exchange in session.exchanges)


def is_bare(exchange: Exchange) -> bool:
    """Whether a request names neither session nor revision, as one that comes before any agreement."""
    return exchange.request_header("mcp-session-id") is None and declared_version(exchange) is None


def asks_before_time(exchange: Exchange) -> bool:
    """Whether a request of the client's is none that may come before all has been agreed."""
    return any(m.kind == "request" and m.method not in ("initialize", "ping") for m in messages_in(exchange))


def before_any_beginning(session: Session) -> list[Exchange]:
    """What this session's client sent before the first `initialize` that was seen to succeed."""
    mine = [s for s in sessions(session.trace) if s.client == session.client and not s.modern]
    if next((s for s in mine if agreed(s) is not None), None) is not session:
        return []
    began = session.exchanges[0].number
    return [x for s in mine if s is not session for x in s.exchanges if x.number < began]


def runs_at(call: Call, time: float) -> bool:
    """Whether a request was certainly under way: not answered, not given up by the client, not cancelled."""
    if call.response is not None:
        return call.response.at > time
    last = call.stream.last if call.stream is not None else call.exchange
    if call.exchange.refused or (last.ended is not None and last.ended <= time):
        return False
    return not any(m.at <= time and names(m, call) for m in said(call.session, "notifications/cancelled"))


def names(cancellation: Message, call: Call) -> bool:
    """Whether a cancellation is about this request."""
    return key_of(cancellation.params.get("requestId")) == key_of(call.request.id)


def has_token(message: Message) -> bool:
    return "progressToken" in meta(message)


def meta(message: Message) -> dict[str, JSON]:
    """The `_meta` of a message's params."""
    found = message.params.get("_meta")
    return found if isinstance(found, dict) else {}


def header_values(exchange: Exchange, name: str) -> list[str]:
    """The entries of a header that is a list, whatever the number of lines that carry it (RFC 9110, 5.3)."""
    lines = [value for key, value in exchange.request_headers if key.lower() == name.lower()]
    return [entry.strip() for line in lines for entry in line.split(",") if entry.strip()]

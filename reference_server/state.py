"""What the server remembers: sessions, their streams, the connections that carry these, and calls in flight.

Plain data; the rules that change it are the methods of the layers.
"""

import asyncio
import json
import time
from dataclasses import dataclass, field

from reference_server.jsonrpc import Json, JsonObject, Request, RequestId, Response, RpcError
from reference_server.options import MODERN_REVISIONS, R2025_03

PENDING_LIMIT = 5000  # chunks that wait for a reader who does not read; then the connection is dropped


@dataclass(slots=True, eq=False)
class Leg:
    """One HTTP connection that carries a stream for a while: chunks to write, and a wish to close."""

    chunks: list[bytes] = field(default_factory=list)
    closing: bool = False
    wake: asyncio.Event = field(default_factory=asyncio.Event)

    def write(self, chunk: bytes) -> None:
        """Hand bytes to the connection."""
        if len(self.chunks) >= PENDING_LIMIT:
            self.closing = True
        elif not self.closing:
            self.chunks.append(chunk)
        self.wake.set()

    def close(self) -> None:
        """Close the connection when what was written is out."""
        self.closing = True
        self.wake.set()


@dataclass(slots=True, eq=False)
class Stream:
    """An SSE stream: it outlives its connections, and its events are counted from 0."""

    session: "Session"
    key: str
    kind: str  # "post" or "get", or "sse" for the one stream of a session over HTTP+SSE
    requests: list[RequestId] = field(default_factory=list)
    position: int = 0
    leg: Leg | None = None
    ended: bool = False


@dataclass(slots=True, eq=False)
class Session:
    """What one client and the server have agreed upon, and everything between them that is not finished.

    `owner` is the principal whose session it is, where principals are told apart.
    """

    id: str
    revision: str
    client_capabilities: JsonObject = field(default_factory=dict)
    initialized: bool = False
    log_level: str | None = "info"
    subscriptions: set[str] = field(default_factory=set)
    toggled: set[str] = field(default_factory=set)
    owner: str = ""
    streams_opened: int = 0
    requests_sent: int = 0
    tokens_given: int = 0
    streams: dict[str, Stream] = field(default_factory=dict)
    calls: dict[RequestId, "Call"] = field(default_factory=dict)
    asked: dict[Json, "asyncio.Future[Response]"] = field(default_factory=dict)
    jobs: dict[str, "Job"] = field(default_factory=dict)
    last_used: float = field(default_factory=time.monotonic)

    def record(self) -> str:
        """The part that must survive a restart, as text."""
        return json.dumps(
            {
                "revision": self.revision,
                "client_capabilities": self.client_capabilities,
                "initialized": self.initialized,
                "log_level": self.log_level,
                "subscriptions": sorted(self.subscriptions),
                "toggled": sorted(self.toggled),
                "owner": self.owner,
                "streams_opened": self.streams_opened,
                "requests_sent": self.requests_sent,
                "tokens_given": self.tokens_given,
            }
        )

    @classmethod
    def from_record(cls, session_id: str, record: str) -> "Session":
        """The session that `record` was written about."""
        fields = json.loads(record)
        fields["subscriptions"] = set(fields["subscriptions"])
        fields["toggled"] = set(fields["toggled"])
        return cls(id=session_id, **fields)

    @property
    def modern(self) -> bool:
        """Whether this is but the passing memory of one request, in a revision without sessions."""
        return self.revision in MODERN_REVISIONS

    @property
    def busy(self) -> bool:
        """Whether somebody is connected or something is being worked on."""
        connected = any(stream.leg for stream in self.streams.values())
        return bool(self.calls) or connected or any(not job.done.is_set() for job in self.jobs.values())


def passing_session(revision: str = R2025_03) -> Session:
    """The memory of a single exchange with a server that keeps no sessions."""
    return Session(id="", revision=revision, initialized=True)


@dataclass(slots=True, eq=False)
class Call:
    """A request of the client that is being worked on; without a stream its answer is one JSON document.

    In the modern era there can be several attempts at a request: `principal` is who makes this one, `resumed` says
    whether it came with state, `notes` and `answers` is what earlier ones left, `asked` the keys that were wanted.
    """

    session: Session
    request: Request
    stream: Stream | None = None
    task: "asyncio.Task[JsonObject] | None" = None
    done: bool = False
    job: "Job | None" = None
    principal: str = ""
    resumed: bool = False
    notes: JsonObject = field(default_factory=dict)
    answers: JsonObject = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)

    @property
    def answered(self) -> JsonObject:
        """The answers to what was really asked."""
        return {key: self.answers[key] for key in sorted(self.asked & self.answers.keys())}

    @property
    def revision(self) -> str:
        """The revision that this call is to be answered by."""
        return self.session.revision

    @property
    def modern(self) -> bool:
        """Whether this call stands alone, without a session that outlives it."""
        return self.session.modern


@dataclass(slots=True, eq=False)
class Job:
    """What the protocol calls a task: a call that goes on behind its answer.

    asyncio has tasks too, so it is a job here.  `ttl` and the times are as the protocol has them: milliseconds, and
    ISO 8601.  `waiting` are the calls of tasks/result that wait for the end, `held` what can only be said to one
    who waits.
    """

    id: str
    call: Call
    ttl: int
    created_at: str
    updated_at: str
    expires: float
    status: str = "working"
    message: str = "The work has begun."
    result: JsonObject | None = None
    error: RpcError | None = None
    work: "asyncio.Task[None] | None" = None
    done: asyncio.Event = field(default_factory=asyncio.Event)
    waiting: list[Call] = field(default_factory=list)
    held: list[JsonObject] = field(default_factory=list)

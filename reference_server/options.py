"""What the command line decides, as one frozen value that every layer of the server reads."""

from dataclasses import dataclass

R2024_11 = "2024-11-05"  # spoken over HTTP+SSE only, and only if --http-sse asks for it
R2025_03 = "2025-03-26"
R2025_06 = "2025-06-18"
R2025_11 = "2025-11-25"
R2026_07 = "2026-07-28"
SESSION_REVISIONS = (R2025_03, R2025_06, R2025_11)  # those that begin with initialize, oldest first
MODERN_REVISIONS = (R2026_07,)  # those in which every request stands alone
REVISIONS = (*SESSION_REVISIONS, *MODERN_REVISIONS)


@dataclass(frozen=True, slots=True)
class Options:
    """How this server is to behave where the specification leaves a choice."""

    host: str = "127.0.0.1"
    port: int = 0
    path: str | None = None
    stateless: bool = False
    json_response: bool = False
    http_sse: bool = False
    store: str = "memory"
    progress_route: str = "request"
    tasks: bool = True
    bearer: str | None = None
    auth: bool = False
    allow_origins: tuple[str, ...] = ()
    revisions: tuple[str, ...] = REVISIONS
    latency: float = 0.0
    jitter: float = 0.0
    max_body: int = 4 * 1024 * 1024
    max_sessions: int = 1000
    max_streams: int = 1000
    page_size: int | None = None
    keep_alive: float = 15.0
    session_idle: float = 3600.0
    ask_seconds: float = 5.0

    @property
    def paths(self) -> tuple[str, ...]:
        """Where the endpoint is: at --path, else at /mcp, and at /message, which a document in the field names.

        A protected resource has one address only, the one that its metadata and its tokens name.
        """
        if self.path:
            return (self.path,)
        return ("/mcp",) if self.auth else ("/mcp", "/message")

"""Protocol revisions: which one a session speaks, and what a version header may say."""

from reference_server.authorization.auth import ProtectedResource
from reference_server.exchange import Exchange, Refusal
from reference_server.jsonrpc import Json
from reference_server.options import MODERN_REVISIONS, R2025_03


class Versions(ProtectedResource):
    """Negotiation at initialize, and the MCP-Protocol-Version header afterwards."""

    def supported_revisions(self) -> tuple[str, ...]:
        """Oldest first."""
        return self.options.revisions

    def session_revisions(self) -> tuple[str, ...]:
        """Those of them that begin with initialize."""
        return tuple(revision for revision in self.supported_revisions() if revision not in MODERN_REVISIONS)

    def modern_revisions(self) -> tuple[str, ...]:
        """Those of them in which every request tells its version and stands alone."""
        return tuple(revision for revision in self.supported_revisions() if revision in MODERN_REVISIONS)

    def negotiate(self, asked: Json) -> str:
        """The version asked for if initialize can agree to it, else the newest that it can agree to."""
        return asked if isinstance(asked, str) and asked in self.session_revisions() else self.counter_offer()

    def counter_offer(self) -> str:
        """To an unknown version the answer is the newest of ours."""
        return self.session_revisions()[-1]

    def check_version_header(self, http: Exchange) -> None:
        """A version header that is there must name a supported version."""
        value = http.header("mcp-protocol-version")
        if not self.version_header_is_good(value):
            supported = ", ".join(self.supported_revisions())
            raise Refusal(
                self.status_for_bad_version_header(),
                f"MCP-Protocol-Version {value!r} is not supported; these are: {supported}.",
            )

    def version_header_is_good(self, value: str | None) -> bool:
        """Only a supported version is good; without the header the session, or the default, tells the version."""
        return value is None or value in self.supported_revisions()

    def status_for_bad_version_header(self) -> int:
        """A version that is not supported draws 400."""
        return 400

    def revision_without_session(self, http: Exchange) -> str:
        """Where no session tells the version, the header does; without a header it is the oldest."""
        return http.header("mcp-protocol-version") or self.revision_without_header()

    def revision_without_header(self) -> str:
        """A missing version header means 2025-03-26."""
        return R2025_03

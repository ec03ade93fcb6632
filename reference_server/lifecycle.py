"""The beginning of a session: initialize, what is declared there, initialized; and ping."""

from collections.abc import Iterable

from reference_server.jsonrpc import INVALID_PARAMS, JsonObject, Notification, RpcError, is_id
from reference_server.options import R2025_06
from reference_server.reporting import Reporting
from reference_server.state import Call, Session


class Lifecycle(Reporting):
    """Agree on a revision, say what is offered, ask nothing before the client is ready."""

    def initialize(self, params: JsonObject) -> Session:
        """Begin a session with the client that these params describe."""
        capabilities = self.introduced(params)
        return self.start_session(self.negotiate(params["protocolVersion"]), capabilities)

    def introduced(self, params: JsonObject) -> JsonObject:
        """A client says its version, who it is and what it can do; the last is what counts later."""
        client_info, capabilities = params.get("clientInfo"), params.get("capabilities")
        if not isinstance(params.get("protocolVersion"), str):
            raise RpcError(INVALID_PARAMS, "initialize needs a protocolVersion.")
        if not isinstance(capabilities, dict) or not isinstance(client_info, dict):
            raise RpcError(INVALID_PARAMS, "initialize needs capabilities and clientInfo, both objects.")
        return capabilities

    def initialize_result(self, session: Session) -> JsonObject:
        """The version, the capabilities and who is speaking."""
        return {
            "protocolVersion": session.revision,
            "capabilities": self.declared_capabilities(),
            "serverInfo": self.server_info(session),
            "instructions": self.instructions(),
        }

    def instructions(self) -> str:
        """What this server is good for."""
        return "Tools, resources and prompts for testing clients and conformance suites."

    def declared_capabilities(self) -> JsonObject:
        """What is offered is declared, and what is declared is offered."""
        return {
            "completions": {},
            "logging": {},
            "prompts": {"listChanged": True},
            "resources": {"subscribe": True, "listChanged": True},
            "tools": {"listChanged": True},
        }

    def server_info(self, session: Session) -> JsonObject:
        """A name and a version; a title where the revision knows one."""
        title: JsonObject = {"title": "Reference server"} if session.revision >= R2025_06 else {}
        return {"name": "reference-server", "version": "1.0.0", **title}

    def messages_before_initialized(self, session: Session) -> Iterable[JsonObject]:
        """Until the client says that it is initialized, nothing is sent of the server's own accord."""
        return ()

    def on_initialized(self, session: Session, notification: Notification) -> None:
        """From now on the client may be asked."""
        session.initialized = True
        self.save(session)

    async def ping(self, call: Call) -> JsonObject:
        """A ping is answered at once."""
        return self.ping_result(call)

    def ping_result(self, call: Call) -> JsonObject:
        """The answer to a ping is empty."""
        return {}

    def on_cancelled(self, session: Session, notification: Notification) -> None:
        """A cancelled call stops; one that is unknown or finished is nobody's business."""
        request_id = notification.params.get("requestId")
        call = session.calls.get(request_id) if is_id(request_id) else None
        if call is None:
            self.on_unknown_cancelled(session, notification)
        else:
            self.cancel_on_request(call)

    def cancel_on_request(self, call: Call) -> None:
        """The work stops, and no response is sent."""
        self.cancel(call)

    def on_unknown_cancelled(self, session: Session, notification: Notification) -> None:
        """A cancellation of something unknown or finished is ignored."""

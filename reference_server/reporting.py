"""Notifications from the server: progress, log messages, changed lists, updated resources."""

from reference_server.jsonrpc import INVALID_PARAMS, Json, JsonObject, RpcError, as_object, is_id
from reference_server.options import R2025_03, Options
from reference_server.state import Call, Session
from reference_server.subscriptions import Subscriptions

LEVELS = ("debug", "info", "notice", "warning", "error", "critical", "alert", "emergency")
LABELS_KEPT = 1000


class Reporting(Subscriptions):
    """Progress only for those who asked for it and ever growing, logs only as loud as wished."""

    watched_version = 1

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.work_done: dict[str, int] = {}

    def count_work(self, label: str) -> None:
        """One more step was taken of the work with this label; long forgotten labels make room for new ones."""
        self.work_done[label] = self.work_done.pop(label, 0) + 1
        while len(self.work_done) > LABELS_KEPT:
            del self.work_done[next(iter(self.work_done))]

    def send_progress(self, call: Call, value: float, total: float, message: str) -> None:
        """Tell how far a call has come, if the client wants to know."""
        token = self.progress_token(call)
        if token is None or (call.done and not self.may_send_progress_after_completion()):
            return
        params: JsonObject = {
            "progressToken": token,
            "progress": self.progress_value(call, value),
            "total": total,
        }
        if call.revision >= R2025_03:
            params["message"] = message
        self.place(call.session, self.notification("notifications/progress", params), call)

    def progress_token(self, call: Call) -> Json:
        """Progress names the token that the request came with; without one there is no progress."""
        token = as_object(call.request.params.get("_meta")).get("progressToken")
        return token if is_id(token) else None

    def progress_value(self, call: Call, value: float) -> float:
        """Progress grows with every notification."""
        return value

    def may_send_progress_after_completion(self) -> bool:
        """Progress stops with the response."""
        return False

    def send_log(self, call: Call, level: str, data: Json) -> None:
        """Say something about a call, if the client wants to hear it."""
        if self.log_allowed(call.session, level):
            params: JsonObject = {"level": level, "logger": "reference-server", "data": data}
            self.place(call.session, self.notification("notifications/message", params), call)

    def log_allowed(self, session: Session, level: str) -> bool:
        """Messages below the level are not sent, and none at all where there is no level."""
        return session.log_level is not None and LEVELS.index(level) >= LEVELS.index(session.log_level)

    async def set_level(self, call: Call) -> JsonObject:
        """logging/setLevel: an unknown level draws -32602."""
        level = call.request.params.get("level")
        if level not in LEVELS:
            self.on_bad_level(level)
        else:
            call.session.log_level = str(level)
            self.save(call.session)
        return {}

    def on_bad_level(self, level: Json) -> None:
        """An unknown level draws -32602."""
        raise RpcError(INVALID_PARAMS, f"There is no log level {level!r}; these are: {', '.join(LEVELS)}.")

    def announce_change(self, session: Session, kind: str) -> None:
        """A list has changed; this concerns no request, so it goes by a GET stream, or to all who listen."""
        if session.modern:
            self.tell_of_change(kind)
        else:
            self.place(session, self.notification(f"notifications/{kind}/list_changed"))

    def announce_update(self, uri: str) -> None:
        """A resource has changed; only those who subscribed to it are told, in either era."""
        self.tell_of_update(uri)
        for session in self.sessions_alive():
            if self.wants_updates(session, uri):
                self.place(session, self.notification("notifications/resources/updated", {"uri": uri}))

    def wants_updates(self, session: Session, uri: str) -> bool:
        """Only a subscriber is told."""
        return uri in session.subscriptions

"""Faults in what happens when a client closes a response stream."""

import time
from typing import ClassVar

from reference_server.jsonrpc import as_object
from reference_server.server import ReferenceServer
from reference_server.state import Call


class ClosedStreamsAreNotNoticed(ReferenceServer):
    """A client that closes its stream has cancelled nothing: the work is done to its end."""

    breaks: ClassVar = "disconnect.cancels"
    also: ClassVar = {"cancel.stop": "what is not cancelled does not stop"}

    def cancel_with_connection(self, call: Call) -> None:
        pass


class TheCancelledAreMourned(ReferenceServer):
    """When a stream is closed, the stream of the same work under another label is told of its progress once more."""

    breaks: ClassVar = "cancel.silent"
    also: ClassVar = {"stream.related": "the stream belongs to another request"}

    def cancel_with_connection(self, call: Call) -> None:
        was_running = call in self.working and not call.done and self.progress_token(call) is not None
        super().cancel_with_connection(call)
        labelled = [c for c in self.working if "label" in as_object(c.request.params.get("arguments"))]
        other = next((c for c in labelled if c is not call and c.stream and not c.stream.ended), None)
        if was_running and other is not None and other.stream is not None:
            params = {"progressToken": self.progress_token(call), "progress": time.time()}
            self.append(other.stream, self.notification("notifications/progress", params))

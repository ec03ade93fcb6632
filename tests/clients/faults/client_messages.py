"""Faults in messages, and in what identifies them."""

from typing import ClassVar

from conformance.evidence.era import LOG_LEVEL
from conformance.evidence.trace import JSON
from tests.clients.modern import RightModernClient
from tests.clients.sessions import RightClient
from tests.clients.talking import Body, as_object


class MessagesWithoutVersion(RightClient):
    """A notification does not say that it is JSON-RPC 2.0."""

    breaks = "jsonrpc"

    def notification(self, method: str, params: Body | None = None) -> Body:
        message = super().notification(method, params)
        return message if method != "notifications/roots/list_changed" else message | {"jsonrpc": "1.0"}


class ModernMessagesWithoutVersion(RightModernClient):
    """A notification does not say that it is JSON-RPC 2.0."""

    breaks = "jsonrpc"

    def notification(self, method: str, params: Body | None = None) -> Body:
        return super().notification(method, params) | {"jsonrpc": "1.0"}


class IdsAreFractions(RightClient):
    """Pings have ids that are no whole numbers."""

    breaks = "jsonrpc.id-type"

    def new_id(self, method: str) -> JSON:
        return 0.5 if method == "ping" else super().new_id(method)


class ModernIdsAreFractions(RightModernClient):
    """The server is looked at with an id that is no whole number."""

    breaks = "jsonrpc.id-type"

    def new_id(self, method: str) -> JSON:
        return 0.5 if method == "server/discover" else super().new_id(method)


class IdsAreNull(RightClient):
    """Pings have the id null."""

    breaks = "jsonrpc.id-not-null"

    def new_id(self, method: str) -> JSON:
        return None if method == "ping" else super().new_id(method)


class ModernIdsAreNull(RightModernClient):
    """The server is looked at with the id null."""

    breaks = "jsonrpc.id-not-null"

    def new_id(self, method: str) -> JSON:
        return None if method == "server/discover" else super().new_id(method)


class IdsRepeat(RightClient):
    """Every page of a list is asked for under the same id."""

    breaks = "jsonrpc.id-once"

    def new_id(self, method: str) -> JSON:
        return "a-page" if method == "tools/list" else super().new_id(method)


class ModernIdsRepeat(RightModernClient):
    """Two calls that run side by side have the same id."""

    breaks = "jsonrpc.id-once"

    def request(self, method: str, params: Body | None = None) -> Body:
        message = super().request(method, params)
        return message | ({"id": "slow"} if as_object(message["params"]).get("name") == "test_slow" else {})


class NotificationsHaveIds(RightClient):
    """A notification has an id, as if it wanted an answer."""

    breaks = "jsonrpc.notif-no-id"

    def notification(self, method: str, params: Body | None = None) -> Body:
        message = super().notification(method, params)
        return message if method != "notifications/roots/list_changed" else message | {"id": self.new_id(method)}


class ModernNotificationsHaveIds(RightModernClient):
    """A notification has an id, as if it wanted an answer."""

    breaks = "jsonrpc.notif-no-id"
    also: ClassVar = {
        "meta.required": "it looks like a request, which names the capabilities",
        "meta.client-info": "it looks like a request, which names the client",
    }

    def notification(self, method: str, params: Body | None = None) -> Body:
        return super().notification(method, params) | {"id": self.new_id(method)}


class _Placed(RightClient):
    """Metadata under another key."""

    key: ClassVar = ""

    def request(self, method: str, params: Body | None = None) -> Body:
        given = dict(params or {})
        if "_meta" in given:
            given["_meta"] = as_object(given["_meta"]) | {self.key: 1}
        return super().request(method, given)


class _ModernPlaced(RightModernClient):
    """Metadata under another key."""

    key: ClassVar = ""

    def metadata(self) -> Body:
        return super().metadata() | {self.key: 1}


class PrefixesHaveEmptyLabels(_Placed):
    """The prefix of a key has nothing between two dots."""

    breaks = "meta.prefix"
    key = "com..example/place"


class ModernPrefixesHaveEmptyLabels(_ModernPlaced):
    """The prefix of a key has nothing between two dots."""

    breaks = "meta.prefix"
    key = "com..example/place"


class LabelsBeginWithDigits(_Placed):
    """A label of a prefix begins with a digit."""

    breaks = "meta.labels"
    key = "com.1example/place"


class ModernLabelsBeginWithDigits(_ModernPlaced):
    """A label of a prefix begins with a digit."""

    breaks = "meta.labels"
    key = "com.1example/place"


class NamesEndWithDashes(_Placed):
    """The name of a key ends with a dash."""

    breaks = "meta.name"
    key = "com.example/place-"


class ModernNamesEndWithDashes(_ModernPlaced):
    """The name of a key ends with a dash."""

    breaks = "meta.name"
    key = "com.example/place-"


class ModelsPlayNoRole(RightClient):
    """What a model said does not say in which role."""

    breaks = "schema.message"

    def reply(self, question: Body) -> Body:
        answer = super().reply(question)
        said = {name: value for name, value in as_object(answer["result"]).items() if name != "role"}
        return answer | {"result": said}


class ModernLevelsAreInvented(RightModernClient):
    """Log messages are wanted of a level that does not exist."""

    breaks = "schema.message"

    async def live(self) -> None:
        await super().live()
        await self.call("test_simple_text", more={"_meta": {LOG_LEVEL: "verbose"}})

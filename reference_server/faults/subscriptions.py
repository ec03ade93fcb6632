"""Faults in subscriptions/listen."""

from collections.abc import Iterable
from typing import ClassVar

from reference_server.dispatch import Handler
from reference_server.jsonrpc import INTERNAL_ERROR, Json, JsonObject, RequestId, RpcError
from reference_server.server import ReferenceServer
from reference_server.state import Call
from reference_server.subscriptions import ACKNOWLEDGED, LISTEN, LISTS, URIS, Subscription


class ChangesCannotBeListenedTo(ReferenceServer):
    """Changes are declared, but subscriptions/listen is not known."""

    breaks: ClassVar = "subs.listen"

    def modern_handler_for(self, method: str) -> Handler | None:
        return None if method == LISTEN else super().modern_handler_for(method)


class AcknowledgementsComeLate(ReferenceServer):
    """A subscription begins with the news that the list of tools has changed, and is acknowledged after that."""

    breaks: ClassVar = "subs.ack-first"

    def acknowledge(self, subscription: Subscription) -> None:
        if self.hears_of_change(subscription, "tools"):
            self.deliver(subscription, "notifications/tools/list_changed", {})
        super().acknowledge(subscription)


class AcknowledgementsPromiseEverything(ReferenceServer):
    """Whatever was asked for, the acknowledgement says that the client will hear of all lists."""

    breaks: ClassVar = "subs.ack-filter"

    def acknowledge(self, subscription: Subscription) -> None:
        self.deliver(subscription, ACKNOWLEDGED, {"notifications": dict.fromkeys(LISTS.values(), True)})


class SubscriptionsAreKnownByText(ReferenceServer):
    """The id of a subscription is always a string, whatever the request's was."""

    breaks: ClassVar = "subs.id"

    def subscription_id(self, subscription: Subscription) -> Json:
        return str(subscription.id)


class ChangesDoNotNameTheirSubscription(ReferenceServer):
    """Only the acknowledgement and the result say which subscription they belong to."""

    breaks: ClassVar = "subs.id"

    def deliver(self, subscription: Subscription, method: str, params: JsonObject) -> None:
        if method == ACKNOWLEDGED:
            super().deliver(subscription, method, params)
        else:
            self.place(subscription.call.session, self.notification(method, params), subscription.call)


class ListenersHearOfEveryList(ReferenceServer):
    """Whoever listens is told of all lists that change."""

    breaks: ClassVar = "subs.filter"

    def hears_of_change(self, subscription: Subscription, kind: str) -> bool:
        return True


class ListenersHearOfEveryUpdate(ReferenceServer):
    """Whoever listens is told of updated resources, also without having named any."""

    breaks: ClassVar = "subs.filter"

    def hears_of_update(self, subscription: Subscription, uri: str) -> bool:
        return not subscription.told_of.get(URIS) or super().hears_of_update(subscription, uri)


class OneResourceIsLikeAnother(ReferenceServer):
    """Whoever named a resource is told of updates of all."""

    breaks: ClassVar = "subs.resources"

    def hears_of_update(self, subscription: Subscription, uri: str) -> bool:
        return bool(subscription.told_of.get(URIS))


class SubscriptionsBeginWithALog(ReferenceServer):
    """After the acknowledgement comes a log message about the new subscription."""

    breaks: ClassVar = "subs.changes-only"
    also: ClassVar = {"log.same-stream": "it is a log message that nobody asked for, on the stream of a subscription"}

    def acknowledge(self, subscription: Subscription) -> None:
        super().acknowledge(subscription)
        self.deliver(subscription, "notifications/message", {"level": "info", "data": "A new subscription"})


class SubscriptionsEndWithAnError(ReferenceServer):
    """A subscription that the server ends is answered with an error."""

    breaks: ClassVar = "subs.graceful"

    def messages_at_end(self, subscription: Subscription) -> Iterable[JsonObject]:
        raise RpcError(INTERNAL_ERROR, "The subscription is over.")


class SubscriptionsEndWithoutAWord(ReferenceServer):
    """A subscription that the server ends is closed, and that is all."""

    breaks: ClassVar = "subs.cancelled"
    also: ClassVar = {"subs.graceful": "a result would be a word"}

    def end_subscriptions(self, name: RequestId | None = None) -> int:
        for subscription in self.subscriptions:
            if subscription.call.stream is not None and subscription.call.stream.leg is not None:
                subscription.call.stream.leg.close()
        return len(self.subscriptions)


class CallsAreCancelledByTheServer(ReferenceServer):
    """The server begins the stream of a call by cancelling it, and goes on."""

    breaks: ClassVar = "subs.cancelled-only"

    async def call_tool(self, call: Call) -> JsonObject:
        if call.modern and call.stream is not None:
            self.place(
                call.session, self.notification("notifications/cancelled", {"requestId": call.request.id}), call
            )
        return await super().call_tool(call)

"""Subscriptions in unusual ways."""

import asyncio
from collections.abc import Iterable

from reference_server.dispatch import Handler
from reference_server.jsonrpc import JsonObject
from reference_server.state import Call
from reference_server.subscriptions import LISTEN, Subscription
from tests.oddities.odd import ModernOdd


class NothingCanBeListenedTo(ModernOdd):
    """Trap 82: no sentence makes subscriptions/listen compulsory where no change is declared."""

    def modern_handler_for(self, method: str) -> Handler | None:
        return None if method == LISTEN else super().modern_handler_for(method)

    def discovered_capabilities(self, call: Call) -> JsonObject:
        return {**super().discovered_capabilities(call), "prompts": {}, "resources": {}, "tools": {}}


class LittleIsAgreedTo(ModernOdd):
    """Trap 82: the acknowledgement is a part of what was asked for; a server need not support all of it."""

    def agreed(self, wanted: JsonObject) -> JsonObject:
        agreed = super().agreed(wanted)
        return {name: agreed[name] for name in agreed if name == "toolsListChanged"}


class SubscriptionsBeginWithAComment(ModernOdd):
    """Trap 82: comments are no messages, and may come before the acknowledgement."""

    def acknowledge(self, subscription: Subscription) -> None:
        stream = subscription.call.stream
        if stream is not None and stream.leg is not None:
            stream.leg.write(b": welcome\r\n\r\n:\r\n")
        super().acknowledge(subscription)


class SubscriptionsEndWithAResult(ModernOdd):
    """Trap 83: over HTTP a result is enough."""

    def messages_at_end(self, subscription: Subscription) -> Iterable[JsonObject]:
        return ()


class SubscriptionsEndWithACancellation(ModernOdd):
    """Trap 83: the page on cancellation wants nothing else."""

    def result_at_end(self, subscription: Subscription) -> JsonObject:
        raise asyncio.CancelledError


class PartsOfResourcesAreUpdated(ModernOdd):
    """The schema, ResourceUpdatedNotification: the update may be of a part of what was subscribed to."""

    def deliver(self, subscription: Subscription, method: str, params: JsonObject) -> None:
        part: JsonObject = {"uri": f"{params['uri']}/part"} if "uri" in params else {}
        super().deliver(subscription, method, params | part)

"""subscriptions/listen: whoever wants to hear of changes without a session opens a stream for nothing else.

A subscription is a call that is not answered as long as it lasts.  The closed stream cancels the call like any other;
the server ends it in order with a result.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field

from reference_server.inputs import Inputs
from reference_server.jsonrpc import INVALID_PARAMS, Json, JsonObject, RequestId, RpcError
from reference_server.options import Options
from reference_server.state import Call

LISTEN = "subscriptions/listen"
ACKNOWLEDGED = "notifications/subscriptions/acknowledged"
SUBSCRIPTION = "io.modelcontextprotocol/subscriptionId"
URIS = "resourceSubscriptions"
LISTS = {"tools": "toolsListChanged", "prompts": "promptsListChanged", "resources": "resourcesListChanged"}


@dataclass(slots=True, eq=False)
class Subscription:
    """A listener: the call that it lasts as long as, what it is told of, and whether it is over."""

    call: Call
    told_of: JsonObject
    over: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def id(self) -> RequestId:
        """The id of the request."""
        return self.call.request.id


class Subscriptions(Inputs):
    """Acknowledge first, say under which subscription each message comes, tell nobody what he did not ask for."""

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.subscriptions: list[Subscription] = []
        self.toggled: set[str] = set()  # the lists that show what they hide at first; without sessions, to everybody

    async def listen(self, call: Call) -> JsonObject:
        """subscriptions/listen: the acknowledgement, then whatever happens, and a result at the end."""
        subscription = Subscription(call, self.agreed_for(call))
        self.acknowledge(subscription)
        self.subscriptions.append(subscription)
        try:
            await subscription.over.wait()
        finally:
            self.subscriptions.remove(subscription)
        for message in self.messages_at_end(subscription):
            self.place(call.session, message, call)
        return self.result_at_end(subscription)

    def wanted(self, call: Call) -> JsonObject:
        """What the client wants to hear of: lists by true, resources by their URIs; nonsense draws -32602."""
        wanted = call.request.params.get("notifications")
        if not isinstance(wanted, dict):
            raise RpcError(INVALID_PARAMS, "params.notifications is missing, or no object.")
        for name in LISTS.values():
            if not isinstance(wanted.get(name, False), bool):
                raise RpcError(INVALID_PARAMS, f"{name} is true or false.")
        uris = wanted.get(URIS, [])
        if not isinstance(uris, list) or not all(isinstance(uri, str) for uri in uris):
            raise RpcError(INVALID_PARAMS, f"{URIS} is an array of URIs.")
        return wanted

    def agreed_for(self, call: Call) -> JsonObject:
        """What this client will be told of."""
        return self.agreed(self.wanted(call))

    def agreed(self, wanted: JsonObject) -> JsonObject:
        """Of what is wanted, what there is; nothing else."""
        lists: JsonObject = {name: True for name in LISTS.values() if wanted.get(name)}
        return lists | ({URIS: wanted[URIS]} if wanted.get(URIS) else {})

    def acknowledge(self, subscription: Subscription) -> None:
        """The first message says what was agreed."""
        self.deliver(subscription, ACKNOWLEDGED, {"notifications": subscription.told_of})

    def deliver(self, subscription: Subscription, method: str, params: JsonObject) -> None:
        """Put a notification on a subscription's stream."""
        tagged = self.notification(method, {**params, **self.tag(subscription)})
        self.place(subscription.call.session, tagged, subscription.call)

    def tag(self, subscription: Subscription) -> JsonObject:
        """Every message says which subscription it belongs to."""
        return {"_meta": {SUBSCRIPTION: self.subscription_id(subscription)}}

    def subscription_id(self, subscription: Subscription) -> Json:
        """A subscription is known by the id of its request, type and all."""
        return subscription.id

    def tell_of_change(self, kind: str) -> None:
        """A list has changed: those who asked are told."""
        for subscription in list(self.subscriptions):
            if self.hears_of_change(subscription, kind):
                self.deliver(subscription, f"notifications/{kind}/list_changed", {})

    def hears_of_change(self, subscription: Subscription, kind: str) -> bool:
        """Only those who asked for this list."""
        return subscription.told_of.get(LISTS[kind]) is True

    def tell_of_update(self, uri: str) -> None:
        """A resource has changed: those who asked are told."""
        for subscription in list(self.subscriptions):
            if self.hears_of_update(subscription, uri):
                self.deliver(subscription, "notifications/resources/updated", {"uri": uri})

    def hears_of_update(self, subscription: Subscription, uri: str) -> bool:
        """Only those who asked for this resource."""
        uris = subscription.told_of.get(URIS)
        return isinstance(uris, list) and uri in uris

    def end_subscriptions(self, name: RequestId | None = None) -> int:
        """End all subscriptions, or those with this id, in order; the number of them."""
        ending = [s for s in self.subscriptions if name is None or s.id == name]
        for subscription in ending:
            subscription.over.set()
        return len(ending)

    def messages_at_end(self, subscription: Subscription) -> Iterable[JsonObject]:
        """One page of the specification wants a subscription that the server ends to be cancelled."""
        cancelled: JsonObject = {"requestId": subscription.id, **self.tag(subscription)}
        yield self.notification("notifications/cancelled", cancelled)

    def result_at_end(self, subscription: Subscription) -> JsonObject:
        """Another page wants it to be answered with a result, which has nothing to say but the subscription's id."""
        return self.tag(subscription)

    def is_subscription(self, call: Call) -> bool:
        """Whether a call is a subscription that stands."""
        return any(subscription.call is call for subscription in self.subscriptions)

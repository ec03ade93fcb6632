"""Faults in what goes with every request of the modern era."""

from conformance.evidence.era import CAPABILITIES, CLIENT_INFO
from conformance.evidence.trace import JSON
from tests.clients.modern import RightModernClient
from tests.clients.talking import Body


class CapabilitiesUnsaid(RightModernClient):
    """Requests do not say what the client can do."""

    breaks = "meta.required"

    def metadata(self) -> Body:
        return {key: value for key, value in super().metadata().items() if key != CAPABILITIES}


class NamelessRequests(RightModernClient):
    """Requests do not say who the client is."""

    breaks = "meta.client-info"

    def metadata(self) -> Body:
        return {key: value for key, value in super().metadata().items() if key != CLIENT_INFO}


class ParentsOfAnotherForm(RightModernClient):
    """The context of a trace is a number."""

    breaks = "meta.trace"

    def metadata(self) -> Body:
        return super().metadata() | {"traceparent": "12345"}


class ExtensionsWithoutPrefix(RightModernClient):
    """An extension has a name without a prefix."""

    breaks = "ext.names"

    def capabilities(self) -> Body:
        return super().capabilities() | {"extensions": {"nothing": {}}}


class VersionsAreGuessed(RightModernClient):
    """A version that was refused gives way to another that nobody knows."""

    breaks = "version.retry"

    def version_after(self, supported: JSON) -> str:
        return "2098-01-01"

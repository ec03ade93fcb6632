"""Faults in what a server publishes about tokens; they show with --auth only.

In 2025-03-26 the authorization server belongs to the server; from 2025-06-18 on the server is a resource.
"""

from typing import ClassVar

from reference_server.authorization.auth import METADATA as RESOURCE
from reference_server.authorization.issuer import METADATA, Document, Endpoint
from reference_server.jsonrpc import Json
from reference_server.options import R2025_03, R2025_06
from reference_server.server import ReferenceServer


class ResourcesDoNotSayWhoTheyAre(ReferenceServer):
    """There is no metadata of the resource, whatever the refusals say."""

    breaks: ClassVar = "rs.prm"
    with_auth: ClassVar = True

    def documents(self) -> dict[str, Document]:
        return {path: said for path, said in super().documents().items() if not path.startswith(RESOURCE)}


class NobodyIssuesTokens(ReferenceServer):
    """The metadata of the resource names no authorization server."""

    breaks: ClassVar = "rs.prm-servers"
    with_auth: ClassVar = True

    def authorization_servers(self) -> list[Json]:
        return []


class RefusalsDoNotNameTheMetadata(ReferenceServer):
    """A 401 does not say where the metadata of the resource is."""

    breaks: ClassVar = "rs.401-prm-url"
    revision: ClassVar = R2025_06
    with_auth: ClassVar = True

    def guidance(self, needed: set[str]) -> dict[str, str]:
        return {"scope": super().guidance(needed)["scope"]}


class MetadataIsWhereNobodyLooks(ReferenceServer):
    """The metadata of the resource is at an address that no refusal names and nobody can guess."""

    breaks: ClassVar = "rs.prm-discovery"
    also: ClassVar = {
        "rs.prm": "what cannot be found is as good as not published",
        "rs.403-scope": "whose challenge names the metadata as well",
    }
    with_auth: ClassVar = True

    def metadata_places(self) -> list[str]:
        return ["/about-this-resource"]

    def guidance(self, needed: set[str]) -> dict[str, str]:
        return {"scope": super().guidance(needed)["scope"]}


class IssuersDoNotSayWhatTheyCan(ReferenceServer):
    """There is no metadata of the authorization server, and everything is at its usual path."""

    breaks: ClassVar = "as.metadata"
    revision: ClassVar = R2025_03
    with_auth: ClassVar = True

    def documents(self) -> dict[str, Document]:
        return {path: said for path, said in super().documents().items() if path != METADATA}


class IssuerMetadataIsBelowTheEndpoint(ReferenceServer):
    """The metadata of the authorization server is at a path made from the endpoint's, and not at the root."""

    breaks: ClassVar = "as.metadata-location"
    revision: ClassVar = R2025_03
    with_auth: ClassVar = True

    def documents(self) -> dict[str, Document]:
        found = super().documents()
        found[METADATA + self.options.paths[0]] = found.pop(METADATA)
        return found


class NothingLeadsToAToken(ReferenceServer):
    """The authorization server has neither metadata nor anything at the usual paths."""

    breaks: ClassVar = "as.default-uris"
    also: ClassVar = {"as.metadata": "where there is metadata, nobody needs the usual paths"}
    revision: ClassVar = R2025_03
    with_auth: ClassVar = True

    def documents(self) -> dict[str, Document]:
        return {path: said for path, said in super().documents().items() if path != METADATA}

    def endpoints(self) -> dict[str, Endpoint]:
        return {f"/oauth{path}": endpoint for path, endpoint in super().endpoints().items()}


class TokensAreGivenWithoutTls(ReferenceServer):
    """The endpoints of the authorization server are on another host, without HTTPS."""

    breaks: ClassVar = "as.https"
    revision: ClassVar = R2025_03
    with_auth: ClassVar = True

    def endpoint_url(self, path: str) -> str:
        return f"http://auth.example.com{path}"

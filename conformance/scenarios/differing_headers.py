"""Headers that say something else than the body."""

from conformance.driving.client import Client
from conformance.driving.scenario import scenario
from conformance.evidence.era import MODERN_REVISIONS, VERSION
from conformance.scenarios.addressed import Asking, named_requests

NEVER = "2099-12-31"  # no revision, and newer than any: an older one would lead to the rules of the session era


@scenario("hdr.mismatch", "hdr.mismatch-code", revisions=MODERN_REVISIONS)
async def differing_headers(client: Client) -> None:
    """Ask for this and that with another method or another name in the headers, or with the same in capitals.

    Once a name is empty, and once it is written as in a URL.
    """
    speaker = client.modern()
    asking = Asking(speaker)
    named = await named_requests(client, speaker)
    for method, params in [(speaker.plainest, {}), *named]:
        asking.send(speaker.asking(method, params))
        other = "prompts/list" if method == speaker.plainest else speaker.plainest
        for wrong in (other, method.upper()):
            asking.send(speaker.asking(method, params), {"Mcp-Method": wrong}, f"Mcp-Method says {wrong}")
    for method, params in named:
        asking.send(speaker.asking(method, params), {"Mcp-Name": "another"}, "Mcp-Name says another")
    (method, params), name = named[0], str(next(iter(named[0][1].values())))
    for intent, wrong in {
        "Mcp-Name is in other letters": name.swapcase(),
        "Mcp-Name is empty": "",
        "Mcp-Name goes on": f"{name}-and-more",
        "Mcp-Name is cut short": name[:-1],
        "Mcp-Name is written as in a URL": "".join(f"%{byte:02X}" for byte in name.encode("utf-8", "surrogatepass")),
    }.items():
        asking.send(speaker.asking(method, params), {"Mcp-Name": wrong}, intent)
    await asking.answered()


@scenario("hdr.version-mismatch", revisions=MODERN_REVISIONS)
async def differing_versions(client: Client) -> None:
    """Name one version in the header and another in the body; two that the server supports if it has them."""
    speaker = client.modern()
    asking = Asking(speaker)
    listed = client.wire.discovered.get("supportedVersions")
    modern = [v for v in listed if isinstance(v, str) and v in MODERN_REVISIONS] if isinstance(listed, list) else []
    other = next((version for version in modern if version != client.revision), NEVER)
    asking.send(speaker.asking(speaker.plainest))
    asking.send(speaker.asking(speaker.plainest), {"MCP-Protocol-Version": other}, f"the header names {other}")
    body = speaker.asking(speaker.plainest, meta={VERSION: other})
    asking.send(body, {"MCP-Protocol-Version": client.revision}, f"the body names {other}")
    await asking.answered()

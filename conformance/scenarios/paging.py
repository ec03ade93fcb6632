"""What stories about lists share: reading them to their end. No stories here."""

from conformance.driving.speaker import Speaker
from conformance.evidence.trace import JSON


async def all_entries(speaker: Speaker, method: str, member: str) -> list[dict[str, JSON]]:
    """The entries of a list, of all its pages."""
    listed = [page.result.get(member) for page in await speaker.pages(method)]
    return [e for entries in listed if isinstance(entries, list) for e in entries if isinstance(e, dict)]

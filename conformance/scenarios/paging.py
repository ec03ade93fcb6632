"""What stories about lists share: reading them to their end. No stories here."""

from conformance.speaker import Speaker
from conformance.trace import JSON, Message

AT_MOST = 8  # pages of one list


async def all_pages(speaker: Speaker, method: str) -> list[Message]:
    """The pages of a list, up to a limit. The last may be an error."""
    pages: list[Message] = []
    cursor: JSON = None
    for _ in range(AT_MOST):
        page = await speaker.request(method, None if cursor is None else {"cursor": cursor})
        pages.append(page)
        cursor = page.result.get("nextCursor")
        if cursor is None:
            break
    return pages


async def all_entries(speaker: Speaker, method: str, member: str) -> list[dict[str, JSON]]:
    """The entries of a list, of all its pages."""
    found: list[dict[str, JSON]] = []
    for page in await all_pages(speaker, method):
        entries = page.result.get(member)
        found += [e for e in entries if isinstance(e, dict)] if isinstance(entries, list) else []
    return found

"""Header values with white space around them, which httpx refuses to send and every server has to understand.

The HTTP library builds the head of a request from checked pieces (h11). Its hook for tracing is told of each request
just before that, and here it hands over pieces that count as checked. Anything else goes through the checks.
"""

from collections.abc import Mapping
from typing import Any

import h11


def extensions(headers: Mapping[bytes, bytes]) -> dict[str, Any]:
    """What a request needs so that its headers go out as they are; nothing where the library takes them anyway."""
    spaced = any(value != value.strip(b" \t") and value.strip(b" \t") for value in headers.values())
    return {"trace": _unchecked} if spaced else {}


async def _unchecked(event: str, info: dict[str, Any]) -> None:
    if event == "http11.send_request_headers.started":
        request = info["request"]
        stripped = h11.Request(
            method="POST", target="/", headers=[(name, value.strip(b" \t")) for name, value in request.headers]
        )
        known = type(stripped.headers)
        request.headers = known([(name, name.lower(), value) for name, value in request.headers])

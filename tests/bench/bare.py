"""What mitmproxy alone costs that splits a stream into events and parses each: `mitmdump -s tests/bench/bare.py`."""

import json

from mitmproxy.http import HTTPFlow


def responseheaders(flow: HTTPFlow) -> None:
    """Look at every event of an answer, and keep nothing."""
    assert flow.response is not None
    rest = b""

    def see(data: bytes) -> bytes:
        nonlocal rest
        *events, rest = (rest + data).split(b"\n\n")
        for event in events:
            if event.startswith(b"data: "):
                json.loads(event.removeprefix(b"data: "))
        return data

    flow.response.stream = see

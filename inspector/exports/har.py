"""HTTP Archive 1.2 (http://www.softwareishard.com/blog/har-12-spec/), with the events of streams.

HAR has no place for them. Chrome writes `_eventSourceMessages` beside an entry, so that is where they are found.
"""

import base64
import json
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from urllib.parse import parse_qsl, urlsplit

from conformance.evidence.recording import About
from conformance.evidence.trace import JSON, Exchange, Headers, Trace
from conformance.report.export import suite_version

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)  # where nobody knows when the recording began


def har(about: About, trace: Trace) -> str:
    """A trace as a HAR document."""
    began = _began(about)
    creator: JSON = {"name": "mcp-http-conformance", "version": suite_version() or "0"}
    entries: list[JSON] = [_entry(exchange, began) for exchange in trace.exchanges]
    log: dict[str, JSON] = {"version": "1.2", "creator": creator, "entries": entries, "comment": about.by}
    return json.dumps({"log": log}, indent=1) + "\n"


def _began(about: About) -> datetime:
    try:
        began = datetime.fromisoformat(about.began)
    except ValueError:
        return _EPOCH
    return began if began.tzinfo is not None else began.replace(tzinfo=UTC)


def _entry(exchange: Exchange, began: datetime) -> JSON:
    started = began + timedelta(seconds=exchange.started)
    last = exchange.events[-1].at if exchange.events else exchange.head_at or exchange.started
    wait = ((exchange.head_at or exchange.started) - exchange.started) * 1000
    total = ((exchange.ended or last) - exchange.started) * 1000
    entry: dict[str, JSON] = {
        "startedDateTime": started.isoformat(timespec="milliseconds"),
        "time": round(total, 3),
        "request": _request(exchange),
        "response": _response(exchange),
        "cache": {},
        "timings": {"send": 0, "wait": round(wait, 3), "receive": round(max(0.0, total - wait), 3)},
        "comment": f"client {exchange.client}, {exchange.ending}{': ' if exchange.trouble else ''}{exchange.trouble}",
    }
    if exchange.is_stream:
        entry["_resourceType"] = "eventsource"
        entry["_eventSourceMessages"] = [
            {
                "time": round(began.timestamp() + event.at, 6),
                "eventName": event.name or "message",
                "eventId": event.id or "",
                "data": _text(event.data),
            }
            for event in exchange.events
            if event.data is not None
        ]
    return entry


def _request(exchange: Exchange) -> JSON:
    request: dict[str, JSON] = {
        "method": exchange.method,
        "url": exchange.url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _headers(exchange.request_headers),
        "queryString": _query(exchange.url),
        "headersSize": -1,
        "bodySize": len(exchange.request_body),
    }
    if exchange.request_body:
        text = exchange.request_body.decode("utf-8", "replace")
        request["postData"] = {"mimeType": exchange.request_header("content-type") or "", "text": text}
    return request


def _response(exchange: Exchange) -> JSON:
    raw = b"".join(event.raw for event in exchange.events) + exchange.tail if exchange.is_stream else exchange.body
    content: dict[str, JSON] = {"size": len(raw), "mimeType": exchange.response_header("content-type") or ""}
    try:
        content["text"] = raw.decode()
    except UnicodeDecodeError:
        content |= {"text": base64.b64encode(raw).decode(), "encoding": "base64"}
    return {
        "status": exchange.status or 0,
        "statusText": _phrase(exchange.status),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _headers(exchange.response_headers),
        "content": content,
        "redirectURL": exchange.response_header("location") or "",
        "headersSize": -1,
        "bodySize": len(raw),
    }


def _headers(headers: Headers) -> JSON:
    return [{"name": name, "value": value} for name, value in headers]


def _query(url: str) -> JSON:
    try:
        pairs = parse_qsl(urlsplit(url).query, keep_blank_values=True)
    except ValueError:
        return []
    return [{"name": name, "value": value} for name, value in pairs]


def _phrase(status: int | None) -> str:
    try:
        return HTTPStatus(status or 0).phrase
    except ValueError:
        return ""


def _text(data: str | None) -> str:
    """Text that every reader of JSON can read: half a surrogate pair is not."""
    return (data or "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")

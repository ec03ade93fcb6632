"""HTTP Archive 1.2 (http://www.softwareishard.com/blog/har-12-spec/), with the events of streams.

HAR has no place for them. Chrome writes `_eventSourceMessages` beside an entry, so that is where they are found.
"""

import base64
import json
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from urllib.parse import parse_qsl, quote, urlsplit

from conformance.evidence.recording import About
from conformance.evidence.trace import JSON, Exchange, Headers, Trace
from conformance.report.export import suite_version

_IN_ADDRESSES = "%:/?#[]@!$&'()*+,;=~"  # what stands there as it is (RFC 3986, 2.2), beside letters and digits
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)  # where nobody knows when the recording began


def har(about: About, trace: Trace) -> str:
    """A trace as a HAR document."""
    began = _began(about)
    creator: JSON = {"name": "mcp-http-conformance", "version": suite_version() or "0"}
    log: dict[str, JSON] = {"version": "1.2", "creator": creator, "comment": about.by}
    entries = ",\n".join(_json(_entry(exchange, began)) for exchange in trace.exchanges)
    return f'{{"log": {_json(log)[:-2]},\n "entries": [\n{entries}\n]}}}}\n'


def _began(about: About) -> datetime:
    try:
        began = datetime.fromisoformat(about.began)
    except ValueError:
        return _EPOCH
    return began if began.tzinfo is not None else began.replace(tzinfo=UTC)


def _moment(began: datetime, at: float) -> str:
    """A time of the recording as ISO 8601; its beginning, if a strange file says what no clock does."""
    with suppress(OverflowError):
        began += timedelta(seconds=at)
    return began.isoformat(timespec="milliseconds")


def _entry(exchange: Exchange, began: datetime) -> JSON:
    last = exchange.events[-1].at if exchange.events else exchange.head_at or exchange.started
    wait = ((exchange.head_at or exchange.started) - exchange.started) * 1000
    total = ((exchange.ended or last) - exchange.started) * 1000
    entry: dict[str, JSON] = {
        "startedDateTime": _moment(began, exchange.started),
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
                "data": event.data,
            }
            for event in exchange.events
            if event.data is not None
        ]
    return entry


def _request(exchange: Exchange) -> JSON:
    request: dict[str, JSON] = {
        "method": exchange.method,
        "url": quote(exchange.url, _IN_ADDRESSES, errors="replace"),
        "httpVersion": "HTTP/1.1",
        "cookies": _cookies(text for line in _named("cookie", exchange.request_headers) for text in line.split(";")),
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
        "cookies": _cookies(_named("set-cookie", exchange.response_headers)),
        "headers": _headers(exchange.response_headers),
        "content": content,
        "redirectURL": exchange.response_header("location") or "",
        "headersSize": -1,
        "bodySize": len(raw),
    }


def _headers(headers: Headers) -> JSON:
    return [{"name": name, "value": value} for name, value in headers]


def _named(name: str, headers: Headers) -> list[str]:
    return [value for each, value in headers if each.lower() == name]


def _cookies(texts: Iterable[str]) -> JSON:
    """Names and values; what else a server says of a cookie stands in its header."""
    pairs = (text.partition(";")[0].partition("=") for text in texts)
    return [{"name": name.strip(), "value": value.strip()} for name, equals, value in pairs if equals]


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


def _json(value: JSON) -> str:
    """Text that every reader of JSON can read: half a surrogate pair is not."""
    text = json.dumps(value, indent=1, ensure_ascii=False)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")

"""Why a target cannot be judged, in one sentence that also says what to try. Knows facts only."""

import json
import re
from urllib.parse import urljoin

from conformance.evidence.trace import JSON, Exchange, Malformed, Message

GIVEN_UP = ("open", "timed out", "hung up")  # endings of an answer that was not waited for any longer
_LONG = 200  # characters of a stranger's text that find room in a sentence
_CODINGS = ("identity", "gzip", "deflate")  # that are unpacked without being asked for
_USER = re.compile(r"//[^/?#]*@")  # user and password in an address


def diagnose(exchange: Exchange, timeout: float) -> str:
    """Why an exchange of pre-flight did not work: `initialize`, or `server/discover` in the modern era."""
    if exchange.status is None:
        return _unanswered(exchange, timeout)
    return _by_status(exchange) or _by_content(exchange, timeout)


def needs_authorization(exchange: Exchange) -> bool:
    """401 always says so; 403 may have other reasons, unless the answer comes with a challenge."""
    challenged = exchange.response_header("www-authenticate") is not None
    return exchange.status == 401 or (exchange.status == 403 and challenged)


def quoted(value: JSON) -> str:
    """A stranger's text, on one line and not too long."""
    text = json.dumps(value, ensure_ascii=True)
    return text if len(text) <= _LONG else f"{text[:_LONG]}..."


def _unanswered(exchange: Exchange, timeout: float) -> str:
    trouble = exchange.trouble
    if exchange.ending in GIVEN_UP and not trouble:
        if (asked := _asked(exchange)).startswith("notifications/"):
            return (
                f"the server answered initialize, and then gave {asked} no HTTP answer for {timeout:g} s: does it "
                "wait for a response to pass on? A notification has none, and is accepted with 202 at once"
            )
        return (
            f"the server took the connection and gave no HTTP answer for {timeout:g} s: is it hanging, or no HTTP "
            "server? Try --mcp-timeout"
        )
    hints = {
        "HTTP/2": "let it, or the proxy before it, offer HTTP/1.1 too, which is what this suite speaks",
        "in time": "is the host up, and is no firewall in between? Try --mcp-timeout",
        "refused": "is the server running? Wait for it with --mcp-wait SECONDS",
        "host name": "check the host in --target",
        "certificate": "name its authority with --mcp-ca FILE, or use --mcp-insecure on a test machine",
        "TLS": "check that the scheme in --target is right",
        "not HTTP": "check host, port and scheme in --target",
        "header": "check --mcp-header and MCP_TOKEN",
    }
    hint = next((hint for word, hint in hints.items() if word in trouble), "check host, port and scheme in --target")
    return f"no answer from the server, {trouble or 'the connection broke'}: {hint}"


def _by_status(exchange: Exchange) -> str | None:
    status = exchange.status or 0
    location = exchange.response_header("location")
    if needs_authorization(exchange) or status == 403:
        return _not_let_in(exchange)
    match status:
        case 404 if not _errors(exchange):
            return "nothing is served at this path (404): is it the MCP endpoint? Many servers use /mcp"
        case 405:
            return (
                "POST is not allowed here (405): is it the MCP endpoint? One of the older HTTP+SSE transport is "
                "judged with --mcp-revision 2024-11-05"
            )
        case 421:
            return "the server does not go by this host name (421): use the one that it expects in --target"
        case 413:
            return (
                f"a request was too large (413) for the server{_passed_on_by(exchange)}: raise the limit for bodies "
                "(in nginx client_max_body_size)"
            )
        case 502 | 504:
            how = "cannot be reached" if status == 502 else "did not answer in time"
            return (
                f"there is a gateway{_passed_on_by(exchange)}, and the server behind it {how} ({status}): is it "
                "running, and does the gateway know its address? Wait for it with --mcp-wait SECONDS"
            )
        case 429 | 503:
            return f"the server is not ready ({status}): try again, or wait for it with --mcp-wait SECONDS"
    return _redirected(exchange, location) if 300 <= status < 400 and location else None


def _passed_on_by(exchange: Exchange) -> str:
    """The program that gave the answer, if it says its name."""
    name = exchange.response_header("server")
    return f", {quoted(name)[1:-1]}" if name else ""


def _redirected(exchange: Exchange, location: str) -> str:
    """What pre-flight does not follow: to another origin, or with a status that need not keep method and body."""
    there = quoted(urljoin(_USER.sub("//", exchange.url, count=1), location))
    lost = ", with which a POST may become a GET" if exchange.status in (301, 302, 303) else ""
    return f"the server redirects ({exchange.status}{lost}): give --target {there} if you trust that address"


def _not_let_in(exchange: Exchange) -> str:
    begun = _asked(exchange) in ("initialize", "server/discover")
    when = "" if begun or exchange.method == "GET" else " after initialize"
    if exchange.request_header("authorization") is not None:
        hint = "check MCP_TOKEN, --mcp-token or --mcp-header"
        return f"the server does not let this token in{when} ({exchange.status}): {hint}"
    if not needs_authorization(exchange):
        return f"the server denies access{when} (403): does it want a token (MCP_TOKEN), or another host in --target?"
    return (
        f"the server asks for authorization{when} ({exchange.status}): give it a token in the environment variable "
        "MCP_TOKEN or with --mcp-token, or a header with --mcp-header"
    )


def _by_content(exchange: Exchange, timeout: float) -> str:
    status = exchange.status
    if exchange.media_type == "text/html":
        return f"a web page came back ({status}, text/html): this is not an MCP endpoint; check host and path"
    if errors := _errors(exchange):
        return f"{_asked(exchange)} was refused ({status}): {_refusal(errors[0])}"
    if exchange.ending == "cut off":
        what = f"the answer to {_asked(exchange)}"
        return f"{what} has no end: megabytes came without a response in them; this is not MCP"
    if results := [m for m in exchange.received if isinstance(m, Message) and m.kind == "result"]:
        return _useless(exchange, results[0])
    if exchange.ending in GIVEN_UP:
        return (
            f"the answer to {_asked(exchange)} began ({status}), but no response came within {timeout:g} s: is the "
            "server hanging? Try --mcp-timeout"
        )
    if exchange.ending == "lost":
        trouble = exchange.trouble or "the connection broke"
        return f"the answer to {_asked(exchange)} began ({status}), but {trouble}: look into the server's log"
    return _not_mcp(exchange)


def _asked(exchange: Exchange) -> str:
    """The method that pre-flight began with."""
    return next((m.method for m in exchange.sent if isinstance(m, Message)), "initialize")


def _errors(exchange: Exchange) -> list[Message]:
    return [m for m in exchange.received if isinstance(m, Message) and m.kind == "error"]


def _refusal(error: Message) -> str:
    """What the server said, and the versions that it named."""
    data = error.error.get("data")
    supported = data.get("supported") if isinstance(data, dict) else None
    more = f"; it supports {quoted(supported)}, choose with --mcp-revision" if supported else ""
    return quoted(error.error.get("message", error.body.get("error"))) + more


def _useless(exchange: Exchange, result: Message) -> str:
    """A result came, but not one that a session can begin with."""
    asked = [m.id for m in exchange.sent if isinstance(m, Message)]
    if result.id not in asked:
        return (
            f"{_asked(exchange)} had the id {quoted(asked[0])}, and the response has {quoted(result.id)}: "
            "no client can tell"
        )
    return (
        f"the result of initialize names no version, its protocolVersion is "
        f"{quoted(result.result.get('protocolVersion'))}: no client can go on from there"
    )


def _not_mcp(exchange: Exchange) -> str:
    coding = (exchange.response_header("content-encoding") or "identity").strip().lower()
    if coding not in _CODINGS:
        packed = f"the answer to {_asked(exchange)} is packed ({quoted(coding)[1:-1]}), and was asked to be plain"
        return f"{packed}: let the server, or the proxy before it, heed Accept-Encoding"
    if not exchange.events and exchange.tail.lstrip()[:1] in (b"{", b"["):
        return (
            f"the answer to {_asked(exchange)} is JSON and says that it is an event stream ({exchange.media_type}): "
            "no client can read it; give it the Content-Type application/json"
        )
    kind = exchange.media_type or "no media type"
    size = len(exchange.body) + sum(len(event.raw) for event in exchange.events) + len(exchange.tail)
    wrong = next((m.why for m in exchange.received if isinstance(m, Malformed)), "")
    what = f" ({wrong[:_LONG]})" if wrong else ""
    return (
        f"the answer to {_asked(exchange)} is not MCP: {exchange.status}, {quoted(kind)[1:-1]}, {size} bytes without "
        f"a JSON-RPC response{what}; check that --target is the MCP endpoint"
    )

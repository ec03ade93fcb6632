"""What people who write a server by hand overlook."""

from urllib.parse import urlsplit

from conformance.judging.causes import Evidence, cause


@cause("*")
def slash_redirect(seen: Evidence) -> str:
    """A router that knows the path with a slash at its end only, or without one."""
    first = seen.exchanges[0]
    location = (first.response_header("location") or "").partition("?")[0]
    path = first.url.partition("?")[0]
    if first.status not in (301, 302, 307, 308) or not location:
        return ""
    ends = urlsplit(location).path, urlsplit(path).path
    if ends[0] == ends[1] or ends[0].rstrip("/") != ends[1].rstrip("/"):
        return ""
    return (
        f"the router redirects {ends[1]} to {ends[0]}, and some clients do not follow with a POST: serve the "
        "endpoint at both, or switch such redirects off"
    )


@cause("utf8")
def latin_1(seen: Evidence) -> str:
    """The charset of a body without one, as HTTP/1.1 had it before RFC 7231."""
    if not any("Latin-1" in finding.seen for finding in seen.findings):
        return ""
    return (
        "a framework that reads bodies without a charset as ISO-8859-1, the default of HTTP before RFC 7231: decode "
        "the bytes as UTF-8 yourself, and write UTF-8"
    )


@cause("version.unsupported", "hdr.*", "caps.missing", "meta.missing", "method.404")
def every_response_is_200(seen: Evidence) -> str:
    """A transport that does not look at the JSON-RPC error that it sends."""
    codes = [error.error.get("code") for error in seen.errors]
    if seen.exchanges[0].status != 200 or not any(code in codes for code in (-32020, -32021, -32022, -32601, -32602)):
        return ""
    return (
        "the transport sends every JSON-RPC response with 200: the error is made in the right place, and its HTTP "
        "status has to be chosen by its code"
    )


@cause("post.202")
def null_body(seen: Evidence) -> str:
    """A framework that turns "no value" into JSON."""
    if seen.exchanges[0].body.strip() not in (b"null", b"{}", b'""', b"undefined"):
        return ""
    return "the framework turns a missing value into JSON: answer with an empty body, and not by its helper for JSON"


@cause("bind.loopback")
def all_interfaces(_: Evidence) -> str:
    """What a server listens on if nobody says what."""
    return (
        "listen() of Node and the commands in many container images take all interfaces (0.0.0.0) unless a host is "
        "named: name 127.0.0.1"
    )

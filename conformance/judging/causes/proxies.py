"""What stands between a client and the MCP code: proxies, load balancers, and the error pages of frameworks."""

from conformance.judging.causes import Evidence, cause

_NGINX = {
    413: "the body was larger than `client_max_body_size` in nginx, 1 MB by default",
    502: "nginx did not reach the server, or the server closed the connection: look into the error log of nginx, and "
    "keep `keepalive_timeout` of its upstream below that of the server",
    504: "the server was silent for longer than `proxy_read_timeout` in nginx, 60 s by default",
}


@cause("*")
def page_of_nginx(seen: Evidence) -> str:
    """A limit of nginx's, told with the page that nginx has for it."""
    first = seen.exchanges[0]
    if first.media_type != "text/html" or "nginx" not in seen.header("server"):
        return ""
    return _NGINX.get(first.status or 0, "")


@cause("xhdr.*")
def header_with_an_underscore(seen: Evidence) -> str:
    """nginx drops headers with an underscore in their name, and says so in its error log only."""
    dropped = [name for x in seen.exchanges for name, _ in x.request_headers if "_" in name]
    if not dropped or "nginx" not in seen.header("server"):
        return ""
    return (
        f"nginx drops headers with an underscore in their name, such as {dropped[0]}: set "
        "`underscores_in_headers on;` in its server block, or give the parameter another x-mcp-header"
    )


@cause("*")
def web_page(seen: Evidence) -> str:
    """An error page of a framework or a proxy, where a client of MCP reads JSON."""
    first = seen.exchanges[0]
    if first.media_type != "text/html" or not first.refused:
        return ""
    return (
        f"this {first.status} is a web page, so it comes from the framework or a proxy in front and not from the MCP "
        "code: look at the routes and the error handlers there"
    )


@cause("*")
def sessions_known_to_one_instance(seen: Evidence) -> str:
    """A load balancer without sticky sessions: a session is known, then it is not, then it is known again."""
    session = seen.session
    if session is None or session.id is None or session.deleted:
        return ""
    named = [x for x in session.exchanges if session.names(x) and x.status is not None and x.intent is None]
    unknown = [x for x in named if x.status == 404 or (x.status == 400 and b"session" in x.body.lower())]
    if not any(later.ok and later.number > lost.number for lost in unknown[:1] for later in named):
        return ""
    return (
        f"several instances behind one address, each of which knows only its own sessions: exchange "
        f"{unknown[0].number} named a session that was not found, and it was served later. Route requests by "
        "Mcp-Session-Id (sticky sessions), or keep sessions in a store that all instances share"
    )


@cause("*")
def session_id_lost(seen: Evidence) -> str:
    """A session id is asked for that the answer to initialize did not bring."""
    first, session = seen.exchanges[0], seen.session
    if session is None or session.id or session.modern or session.handshake is None:
        return ""
    if first.intent or first.status != 400 or "session" not in seen.text.lower():
        return ""
    return (
        "the server asks for a session id, and its answer to initialize had none: a proxy or middleware may take the "
        "header Mcp-Session-Id out of answers, or the server sets it when their heads are already out"
    )

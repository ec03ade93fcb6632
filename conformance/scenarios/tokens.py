"""Requests without a token, and with tokens that are wrong in some way."""

from urllib.parse import urlencode

import anyio

from conformance.driving.client import Client, ClientSession
from conformance.driving.scenario import Unmet, scenario
from conformance.evidence.era import BOTH_ERAS, MODERN_REVISIONS, is_modern
from conformance.scenarios.knocking import all_answered, answered, knock

_WHO_IS_LET_IN = (
    *("rs.401", "rs.statuses", "rs.validate", "rs.validate-first", "rs.invalid-401", "rs.error-5-3", "rs.audience"),
    *("rs.no-other-tokens", "rs.401-prm-url", "rs.scope", "rs.scope-consistent", "rs.no-offline", "rs.403-scope"),
    *("rs.403-scope-list", "rs.scope-hierarchy"),
)
_SCOPES = ("rs.403-scope", "rs.403-scope-list", "rs.scope-consistent", "rs.statuses", "rs.no-offline")
_WRONG = ("rs.validate", "rs.validate-first", "rs.invalid-401", "rs.error-5-3")


@scenario(*_WHO_IS_LET_IN, revisions=BOTH_ERAS, tokenless=True)
async def without_token(client: Client) -> None:
    """Show no token: begin, list the tools and call one, as far as that goes, and do it all once more."""
    nobody = client.bearing(None)
    await knock(nobody)
    await knock(nobody)


@scenario("rs.401", "rs.401-prm-url", *_WRONG, *_SCOPES)
async def session_without_token(client: Client) -> None:
    """Begin a session with a token; then ask, listen and leave without one, and ask with one that nobody issued."""
    if "Authorization" not in client.wire.headers:
        raise Unmet("no token was given, so there is no session that was begun with one")
    session = await client.initialize()
    connections = [session.get(headers={"Authorization": None}, intent="no token")]
    for other in (client.bearing(None).wire, client.bearing("garbage").wire):
        headers, intent = {"Authorization": other.headers.get("Authorization")}, other.intent
        if "tools" in session.capabilities:
            called = session.calling(client.fixture("simple"))
            connections.append(session.post(session.asking("tools/list"), headers=headers, intent=intent))
            connections.append(session.post(called, headers=headers, intent=intent))
    await all_answered(connections)
    ending = await answered(session.send("DELETE", headers={"Authorization": None}, intent="no token"))
    session.ended = ending.ok


@scenario(*_WRONG, revisions=BOTH_ERAS, tokenless=True)
async def wrong_tokens(client: Client) -> None:
    """Knock with a token that nobody issued, with one that was changed, and with one that has expired."""
    async with anyio.create_task_group() as tasks:
        for role in ("garbage", "tampered", "expired"):
            if role in client.wire.tokens:
                tasks.start_soon(knock, client.bearing(role))


@scenario("rs.audience", "rs.no-other-tokens", *_WRONG, revisions=BOTH_ERAS)
async def token_for_another_audience(client: Client) -> None:
    """Knock with a token of the same issuer that is meant for somebody else."""
    await knock(client.bearing("elsewhere"))


@scenario(*_SCOPES, revisions=BOTH_ERAS)
async def narrow_token(client: Client) -> None:
    """With a token that may not do everything, begin, list the tools and call one, twice over."""
    bearer = client.bearing("narrow")
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(knock, bearer)
        tasks.start_soon(knock, bearer)


@scenario("rs.validate", revisions=BOTH_ERAS)
async def token_in_query(client: Client) -> None:
    """Show the token in the address instead of the header."""
    if "full" not in client.wire.tokens:
        raise Unmet("no token was given that could be shown in the wrong place")
    nobody = client.bearing(None)
    stranger = nobody.modern() if is_modern(client.revision) else nobody.stranger()
    body = stranger.introducing() if isinstance(stranger, ClientSession) else stranger.asking(stranger.plainest)
    shown = urlencode({"access_token": client.wire.tokens["full"]})
    url = f"{client.wire.url}{'&' if '?' in client.wire.url else '?'}{shown}"
    await answered(stranger.post(body, url=url, intent="the token is in the query"))


@scenario("rs.scope-hierarchy", revisions=MODERN_REVISIONS)
async def broader_scope(client: Client) -> None:
    """Ask for all lists with a token that may not do everything, and once more with one that may."""
    narrow, speaker = client.bearing("narrow").modern(), client.modern()
    lists = [f"{name}/list" for name in ("tools", "resources", "prompts") if name in speaker.capabilities]
    await all_answered([narrow.post(narrow.asking(method)) for method in lists])
    await all_answered([speaker.post(speaker.asking(method)) for method in lists])

"""Where a server says that tokens are to be had: basic/authorization, "Authorization Server Discovery"."""

import pytest

from conformance.evidence.trace import JSON
from conformance.judging.check import Verdict
from conformance.judging.judge import judge
from conformance.suite import checked
from tests.checks.doors import BEARER, ORIGIN, Door

RESOURCE, ISSUER = "/.well-known/oauth-protected-resource", "/.well-known/oauth-authorization-server"
DOCUMENT: JSON = {"resource": f"{ORIGIN}/mcp", "authorization_servers": ["https://auth.example.com"]}
AS: JSON = {"issuer": ORIGIN, "authorization_endpoint": f"{ORIGIN}/authorize", "token_endpoint": f"{ORIGIN}/token"}
OWN: JSON = {"resource": f"{ORIGIN}/mcp", "authorization_servers": [ORIGIN]}
RULES = ["rs.prm", "rs.prm-servers", "rs.prm-discovery"]
OLDEST = "2025-03-26"
EARLIER = "2025-06-18"


def door(challenge: str | None = "Bearer", revision: str = "2025-11-25", spoken: bool = True) -> Door:
    """A server that wants a token, and was seen to speak the revision or not."""
    tape = Door(revision)
    tape.knock(challenge=challenge)
    if spoken:
        tape.knock("full", 200)
    return tape


def looked_up(tape: Door, **found: JSON) -> Door:
    """Everything that the story looks up, with what is found there."""
    places = {"root": RESOURCE, "path": f"{RESOURCE}/mcp", "as_root": ISSUER, "as_path": f"{ISSUER}/mcp"}
    for name, place in places.items():
        tape.look_up(place, found.get(name))
    return tape


@pytest.mark.parametrize("key", [*RULES, "rs.401-prm-url"])
def test_a_scheme_of_its_own_has_no_such_metadata(key: str) -> None:
    tape = looked_up(door('ApiKey realm="x"', EARLIER if "url" in key else "2025-11-25"))
    assert tape.verdict(key) is Verdict.NOT_APPLICABLE


def test_documents_are_no_exchanges_of_the_endpoint() -> None:
    """What is not found beside the endpoint is held against nobody: the same verdicts with and without."""
    alone = [(j.key, j.verdict) for j in judge(door().trace, "2025-11-25") if not j.key.startswith("rs.")]
    beside = [(j.key, j.verdict) for j in judge(looked_up(door()).trace, "2025-11-25") if not j.key.startswith("rs.")]
    assert alone == beside
    assert [j.key for j in judge(looked_up(door()).trace, "2025-11-25") if j.verdict is Verdict.ERROR] == []


@pytest.mark.parametrize("where", ["root", "path"])
def test_the_metadata_may_be_at_either_place(where: str) -> None:
    tape = looked_up(door(), **{where: DOCUMENT})
    for key in RULES:
        assert tape.outcomes(key) == ["ok"], key


def test_the_metadata_may_be_where_the_challenge_says() -> None:
    tape = looked_up(door(f'Bearer resource_metadata="{ORIGIN}/about"'))
    tape.look_up("/about", DOCUMENT)
    for key in RULES:
        assert tape.outcomes(key) == ["ok"], key


def test_what_a_challenge_names_elsewhere_is_not_visited() -> None:
    tape = looked_up(door('Bearer resource_metadata="https://other.example/about"'))
    assert tape.outcomes("rs.prm") == ["open"]
    assert tape.outcomes("rs.prm-discovery") == ["ok"]


def test_no_metadata_at_all_is_wrong() -> None:
    tape = looked_up(door())
    assert tape.outcomes("rs.prm") == ["bad"]
    assert tape.outcomes("rs.prm-discovery") == ["bad"]
    assert tape.outcomes("rs.prm-servers") == []


@pytest.mark.parametrize("said", [[], {}, "text", {"resource": 1}, {"issuer": "x"}])
def test_a_document_that_is_none_is_none(said: JSON) -> None:
    assert looked_up(door(), root=said).outcomes("rs.prm") == ["bad"]


@pytest.mark.parametrize("servers", [None, [], "https://auth.example.com", [1], {}])
def test_metadata_that_names_no_authorization_server_is_wrong(servers: JSON) -> None:
    tape = looked_up(door(), root={"resource": f"{ORIGIN}/mcp", "authorization_servers": servers})
    assert tape.outcomes("rs.prm-servers") == ["bad"]


def test_metadata_that_cannot_be_had_today_is_no_evidence() -> None:
    tape = door()
    tape.look_up(RESOURCE, {}, status=503)
    assert tape.outcomes("rs.prm") == ["open"]


def test_every_401_names_the_metadata_in_2025_06_18() -> None:
    tape = door(BEARER, EARLIER)
    assert tape.outcomes("rs.401-prm-url") == ["ok"]
    tape.knock("garbage", challenge='Bearer error="invalid_token"')
    assert tape.outcomes("rs.401-prm-url") == ["ok", "bad"]


def test_a_401_without_a_challenge_is_wrong_where_the_resource_publishes_metadata() -> None:
    assert looked_up(door(None, EARLIER), path=DOCUMENT).outcomes("rs.401-prm-url") == ["bad"]


def test_metadata_of_another_resource_on_the_same_host_says_nothing() -> None:
    tape = looked_up(door(None, EARLIER), root={"resource": f"{ORIGIN}/api", "authorization_servers": ["x"]})
    assert tape.verdict("rs.401-prm-url") is Verdict.NOT_APPLICABLE


# A revision that nobody saw spoken


@pytest.mark.parametrize("key", ["rs.prm", "rs.prm-discovery"])
def test_a_server_of_2025_03_26_is_not_blamed_for_later_rules(key: str) -> None:
    assert looked_up(door(spoken=False), as_root=AS).outcomes(key) == ["open"]
    assert looked_up(door(spoken=True), as_root=AS).outcomes(key) == ["bad"]


def test_a_later_server_is_not_blamed_for_the_rule_of_2025_06_18() -> None:
    assert looked_up(door(revision=EARLIER, spoken=False), root=DOCUMENT).outcomes("rs.401-prm-url") == ["open"]
    assert looked_up(door(revision=EARLIER, spoken=True), root=DOCUMENT).outcomes("rs.401-prm-url") == ["bad"]


def test_a_later_server_is_not_blamed_for_the_rules_of_2025_03_26() -> None:
    tape = looked_up(door(revision=OLDEST, spoken=False), root=OWN)
    for path in ("/authorize", "/token", "/register"):
        tape.look_up(path)
    assert tape.outcomes("as.metadata") == ["open"]
    assert tape.outcomes("as.default-uris") == ["open"]


# 2025-03-26


def test_metadata_of_the_authorization_server_is_at_the_root() -> None:
    tape = looked_up(door(revision=OLDEST), as_root=AS)
    assert tape.outcomes("as.metadata") == ["ok"]
    assert tape.outcomes("as.metadata-location") == ["ok"]


def test_metadata_below_the_root_is_found_and_wrong() -> None:
    tape = looked_up(door(revision=OLDEST), as_path=AS)
    assert tape.outcomes("as.metadata") == ["ok"]
    assert tape.outcomes("as.metadata-location") == ["bad"]


def test_no_metadata_is_a_warning() -> None:
    tape = looked_up(door(revision=OLDEST))
    assert tape.verdict("as.metadata") is Verdict.WARN
    assert tape.verdict("as.metadata-location") is Verdict.NOT_APPLICABLE
    assert tape.verdict("as.https") is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("status", "verdict"), [(400, "ok"), (405, "ok"), (404, "bad"), (401, "open"), (500, "open")]
)
def test_without_metadata_the_usual_addresses_are_there(status: int, verdict: str) -> None:
    tape = looked_up(door(revision=OLDEST))
    tape.look_up("/authorize", {}, status=status)
    tape.look_up("/token")
    assert tape.outcomes("as.default-uris") == [verdict]


def test_with_metadata_the_usual_addresses_may_be_free() -> None:
    tape = looked_up(door(revision=OLDEST), as_root=AS)
    tape.look_up("/authorize")
    assert tape.verdict("as.default-uris") is Verdict.NOT_APPLICABLE


def test_its_own_authorization_server_named_as_in_later_revisions_is_a_warning() -> None:
    tape = looked_up(door(revision=OLDEST), root=OWN)
    tape.look_up("/authorize")
    assert tape.verdict("as.default-uris") is Verdict.WARN


def test_one_with_an_authorization_server_elsewhere_is_none_itself() -> None:
    tape = looked_up(door(revision=OLDEST), root=DOCUMENT)
    tape.look_up("/authorize")
    assert tape.verdict("as.metadata") is Verdict.NOT_APPLICABLE
    assert tape.verdict("as.default-uris") is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("address", "outcome"),
    [
        ("https://auth.example.com/token", "ok"),
        ("HTTPS://auth.example.com/token", "ok"),
        ("http://auth.example.com/token", "bad"),
        ("http://localhost:1/token", "moot"),
        ("http://127.0.0.2/token", "moot"),
        ("http://[::1]/token", "moot"),
        ("http://[", "bad"),
    ],
)
def test_endpoints_are_https_except_on_this_machine(address: str, outcome: str) -> None:
    tape = looked_up(door(revision=OLDEST), as_root={"issuer": "x", "token_endpoint": address})
    assert tape.outcomes("as.https") == [outcome]


@pytest.mark.parametrize("value", [None, 1, True, "", "x", [], {}, [None], "\x00", "http://["])
def test_no_value_of_any_type_makes_a_check_crash(value: JSON) -> None:
    names = ("resource", "authorization_servers", "scopes_supported", "issuer", "token_endpoint")
    for revision in (OLDEST, EARLIER, "2025-11-25", "2026-07-28"):
        scopes: JSON = {"resource": "x", "issuer": "x", "scopes_supported": value}
        everywhere: JSON = {**dict.fromkeys(names, value)}
        for said in (value, everywhere, scopes):
            tape = looked_up(door(f'Bearer resource_metadata="{value}"', revision), root=said, as_root=said)
            keys = [row.key for row in checked(revision) if row.topic.startswith("auth")]
            assert [j.why for j in judge(tape.trace, revision, keys) if j.verdict is Verdict.ERROR] == []


def test_the_address_of_the_metadata_is_meant_where_it_is_said() -> None:
    tape = looked_up(door('Bearer resource_metadata="/about"'))
    tape.look_up("/about", DOCUMENT)
    assert tape.outcomes("rs.prm") == ["ok"]

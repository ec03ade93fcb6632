"""The user's tokens: where they come from, what is made of them, and that nobody sees them again."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from conformance.driving.target import BadTarget, Target
from conformance.driving.tokens import GARBAGE, ROLES, VARIABLES, headers_with, tampered, tokens_of, with_bad_ones
from conformance.evidence.masking import Masker
from conformance.evidence.secret import secrets_of
from conformance.run import masked
from reference_server.options import Options
from reference_server.server import ReferenceServer
from reference_server.serving import serve
from tests.running import run_against

pytest_plugins = ["pytester"]
JWT = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl"
REVISION = "2025-11-25"


def test_an_option_has_a_role_or_is_the_full_token() -> None:
    assert tokens_of(["abc=="], {}, {}) == {"full": "abc=="}
    assert tokens_of(["full=a==", "narrow=b=c", "second=d"], {}, {}) == {
        "full": "a==",
        "narrow": "b=c",
        "second": "d",
    }


def test_the_environment_has_one_variable_for_each_role() -> None:
    environment = {"MCP_TOKEN": " a ", "MCP_TOKEN_EXPIRED": "b", "MCP_TOKEN_ELSEWHERE": "", "MCP_TOKENS": "c"}
    assert tokens_of([], {}, environment) == {"full": "a", "expired": "b"}


def test_options_come_before_a_header_and_both_before_the_environment() -> None:
    environment = {"MCP_TOKEN": "old", "MCP_TOKEN_NARROW": "small"}
    assert tokens_of(["new"], {}, environment) == {"full": "new", "narrow": "small"}
    assert tokens_of([], {"authorization": "bearer new"}, environment) == {"full": "new", "narrow": "small"}


def test_a_header_with_another_scheme_is_sent_as_it_is() -> None:
    headers = {"AUTHORIZATION": "Basic dTpw", "X-Api-Key": "k"}
    assert tokens_of([], headers, {"MCP_TOKEN": "a"}) == {}
    assert headers_with({}, headers) == {"Authorization": "Basic dTpw", "X-Api-Key": "k"}


@pytest.mark.parametrize(
    ("options", "headers", "sentence"),
    [
        (["narrow="], {}, "the narrow token is empty"),
        ([""], {}, "the full token is empty"),
        (["Bearer secret"], {}, "without the word Bearer"),
        (["sécret"], {}, "ASCII"),
        (["expired=secret"], {}, "the expired token is of use beside a full one only"),
        (["secret", "narrow=secret"], {}, "two roles have the same token"),
        (["secret"], {"Authorization": "Bearer secret"}, "not with both"),
    ],
)
def test_tokens_that_cannot_be_used_get_a_sentence_that_does_not_repeat_them(
    options: list[str], headers: dict[str, str], sentence: str
) -> None:
    with pytest.raises(BadTarget, match=sentence) as refused:
        tokens_of(options, headers, {})
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("token", [JWT, "opaque", "a", "A.B", "A.B.", "a.b.c.d", "k_" + "A" * 40])
def test_a_tampered_token_differs_in_one_character(token: str) -> None:
    other = tampered(token)
    assert len(other) == len(token)
    assert sum(x != y for x, y in zip(token, other, strict=True)) == 1


def test_of_a_signed_token_the_signature_is_changed_and_not_its_last_character() -> None:
    other = tampered(JWT)
    assert other.rpartition(".")[0] == JWT.rpartition(".")[0]
    assert other[-1] == JWT[-1]


def test_what_is_made_to_be_refused_is_there_without_any_token() -> None:
    assert with_bad_ones({}) == {"garbage": GARBAGE}
    assert set(with_bad_ones({"full": JWT})) == {"full", "garbage", "tampered"}


def test_tokens_differ_after_masking_as_they_did_before() -> None:
    tokens = with_bad_ones({role: f"{JWT}{role}" for role in ROLES})
    target = Target("http://x", headers=headers_with(tokens, {}), tokens=tokens)
    shown = Masker(target.secrets).text(" ".join(tokens.values())).split(" ")
    assert len(set(shown)) == len(tokens)
    assert not set(shown) & set(tokens.values())


def test_a_run_with_tokens_of_all_roles_shows_none_of_them() -> None:
    server = ReferenceServer(Options(auth=True, tasks=False))
    with serve(server) as url:
        run = run_against(url, REVISION, keys={"rs.validate", "rs.audience"}, tokens=server.tokens)
    assert set(server.tokens) == set(ROLES)
    given = {x.request_header("authorization") or "" for x in run.revisions[0].trace.exchanges} - {""}
    safe = masked(run, given).revisions[0].trace
    kept = {x.token: x.request_header("authorization") for x in safe.exchanges if x.token}
    assert {"full", "garbage", "tampered", "expired", "elsewhere"} <= set(kept)
    assert len(set(kept.values())) == len(kept)
    assert not given & set(kept.values())
    assert not given & secrets_of(safe)


# As users see it


@pytest.fixture
def protected() -> Iterator[tuple[str, dict[str, str]]]:
    server = ReferenceServer(Options(auth=True, tasks=False))
    with serve(server) as url:
        yield url, dict(server.tokens)


@pytest.fixture(autouse=True)
def without_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs these tests may have some in the environment."""
    for variable in VARIABLES.values():
        monkeypatch.delenv(variable, raising=False)


def test_a_target_that_lets_nobody_in_is_judged_by_its_refusals_and_by_nothing_else(
    pytester: pytest.Pytester, protected: tuple[str, dict[str, str]]
) -> None:
    options = ["-v", "--mcp-revision", REVISION, "--mcp-report", "out", "-k", "auth or ping"]
    result = pytester.runpytest_subprocess("--target", protected[0], *options)
    result.stdout.fnmatch_lines(
        [
            f"mcp::{REVISION}::ping.reply NOT SEEN*",
            f"mcp::{REVISION}::rs.prm PASSED*",
            f"mcp::{REVISION}::rs.audience NOT SEEN*",
            "note: only what shows without a token was judged: the server asks for authorization (401)*--mcp-token*",
            "*ping.reply*: the server wants a token",
            "report: out/index.html",
        ]
    )
    assert result.ret == 4


class NoMetadata(ReferenceServer):
    """A server that wants tokens and does not say where they are to be had."""

    def documents(self):  # type: ignore[no-untyped-def]
        return {}


def test_a_refusal_that_breaks_a_rule_fails_the_run_also_without_a_token(pytester: pytest.Pytester) -> None:
    with serve(NoMetadata(Options(auth=True, tasks=False))) as url:
        result = pytester.runpytest_subprocess("--target", url, "--mcp-revision", REVISION, "-k", "rs.prm")
    result.stdout.fnmatch_lines(
        [f"{REVISION}: does NOT conform: 1 broken*", "note: only what shows without a token*"]
    )
    assert result.ret == 1


def test_a_token_that_is_not_let_in_is_exit_code_4(
    pytester: pytest.Pytester, protected: tuple[str, dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, tokens = protected
    monkeypatch.setenv("MCP_TOKEN", tokens["expired"])
    result = pytester.runpytest_subprocess("--target", url)
    result.stderr.fnmatch_lines(["*the server does not let this token in (401): check MCP_TOKEN, --mcp-token*"])
    assert result.ret == 4


def test_with_tokens_in_the_environment_all_is_judged_and_no_token_is_written(
    pytester: pytest.Pytester, protected: tuple[str, dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, tokens = protected
    for role, token in tokens.items():
        monkeypatch.setenv(VARIABLES[role], token)
    options = [
        "--mcp-revision",
        REVISION,
        "-v",
        "-k",
        "auth or ping",
        "--mcp-report",
        "out",
        "--junitxml",
        "junit.xml",
    ]
    result = pytester.runpytest_subprocess("--target", url, *options)
    result.stdout.fnmatch_lines([f"mcp::{REVISION}::ping.reply PASSED*", f"mcp::{REVISION}::rs.audience PASSED*"])
    assert result.ret == 0
    written = [path for path in pytester.path.rglob("*") if path.is_file()]
    everything = "".join(_text(path) for path in written) + result.stdout.str() + result.stderr.str()
    made = with_bad_ones(tokens)
    assert [role for role, token in made.items() if token in everything and role != "garbage"] == []


def test_a_bundled_server_that_wants_tokens_brings_them(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MCP_TOKEN", "of-somebody-else")
    options = ["--mcp-bundled=--auth", "--mcp-revision", REVISION, "-k", "rs.", "-v"]
    result = pytester.runpytest_subprocess("--target", "bundled", *options)
    result.stdout.fnmatch_lines([f"mcp::{REVISION}::rs.403-scope PASSED*"])
    assert result.ret == 0


def test_a_token_that_cannot_be_used_gets_one_sentence(pytester: pytest.Pytester) -> None:
    result = pytester.runpytest_subprocess("--target", "http://127.0.0.1:1/mcp", "--mcp-token", "narrow=secret")
    result.stderr.fnmatch_lines(["*the narrow token is of use beside a full one only: set MCP_TOKEN as well"])
    assert "secret" not in result.stderr.str() + result.stdout.str()
    assert result.ret == 4


def _text(path: Path) -> str:
    raw = path.read_bytes()
    return (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8", "replace")

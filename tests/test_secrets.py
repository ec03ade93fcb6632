"""No secret that a person gives, or a server makes up, is written or printed anywhere, however a server echoes it."""

import base64
import gzip
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote

import pytest

from conformance.driving.target import BadTarget, Target, shown
from conformance.evidence.masking import Masker
from conformance.evidence.secret import secrets_of
from reference_server.exchange import Receive, Scope, Send
from reference_server.faults import find
from reference_server.options import Options
from reference_server.serving import serve
from tests.oddities.odd import Answer, Odd
from tests.tape import Tape, request, result

TOKEN = "Zq7-planted/token+Xw9_0123456789.abcDEF~kk"
COOKIE = "cookieValue-77aa88bb99cc"
CUSTOM = "tenantKey-5f5f5f5f6e6e6e6e"
USER, PASSWORD = "someOwner42x", "pass-Wort-9981-zz"
QUERY = "queryToken-123abc456def"
MINTED = "mintedByServer-4b4b4b4b0f0f"
GIVEN = (TOKEN, COOKIE, CUSTOM, PASSWORD, QUERY)
BASIC = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()


def disguises(secret: str) -> dict[str, str]:
    """The ways in which a careless server may repeat a secret."""
    raw = secret.encode()
    return {
        "plain": secret,
        "percent": quote(secret, safe=""),
        "percent, small": re.sub("%..", lambda found: found[0].lower(), quote(secret, safe="")),
        "percent, all": "".join(f"%{byte:02X}" for byte in raw),
        "base64": base64.b64encode(raw).decode(),
        "base64 among others": base64.b64encode(b"x:" + raw + b":y").decode(),
        "base64 for addresses": base64.urlsafe_b64encode(b"?" + raw).decode(),
        "json": secret.replace("/", "\\/"),
        "json, coded": "".join(f"\\u{ord(character):04x}" for character in secret),
        "hex": raw.hex(),
        "hex, capital": raw.hex().upper(),
        "small": secret.lower(),
        "capital": secret.upper(),
        "first half": secret[: max(15, len(secret) // 2)],
        "last half": secret[-max(15, len(secret) // 2) :],
    }


def core(name: str, spelled: str) -> str:
    """What must not be found: in Base64 the characters at the edges belong to others too."""
    return spelled[4:-5].rstrip("=") if name.startswith("base64") else spelled


def leaks(text: str, *secrets: str) -> list[str]:
    return [
        f"{secret}: {name}"
        for secret in secrets
        for name, spelled in disguises(secret).items()
        if core(name, spelled) in text
    ]


@pytest.mark.parametrize("secret", GIVEN)
@pytest.mark.parametrize("name", list(disguises(TOKEN)))
def test_a_given_secret_is_found_in_every_disguise(secret: str, name: str) -> None:
    spelled = disguises(secret)[name]
    masker = Masker([], [f"Bearer {secret}"])
    said = f"<<{spelled}>> and {spelled}"
    assert core(name, spelled) not in masker.text(said)
    assert core(name, spelled).encode() not in masker.data(said.encode())
    assert name == "json, coded" or len(masker.text(said)) == len(said)


def test_a_secret_that_is_split_between_events_is_no_secret_any_more_and_goes_all_the_same() -> None:
    tape = Tape()
    events = [f"data: {half}\n\n" for half in (TOKEN[:20], TOKEN[20:])]
    tape.post(request(1, "ping"), headers={"Authorization": f"Bearer {TOKEN}"}, events=events)
    masked = Masker(secrets_of(tape.trace, [f"Bearer {TOKEN}"]), [f"Bearer {TOKEN}"]).trace(tape.trace)
    assert TOKEN[:20] not in str(masked)
    assert TOKEN[20:] not in str(masked)


@pytest.mark.parametrize("field", ["access_token", "refresh_token", "client_secret", "device_code", "api_key"])
def test_tokens_in_the_text_of_a_result_are_secrets(field: str) -> None:
    tape = Tape()
    inner = json.dumps({field: MINTED, "more": json.dumps({field: MINTED[::-1]})})
    tape.post(request(1, "tools/call"), answer=result(1, {"content": [{"type": "text", "text": inner}]}))
    assert secrets_of(tape.trace) == {MINTED, MINTED[::-1]}


@pytest.mark.parametrize("value", ["optional", "required", "a password of your choice", "string"])
def test_words_that_stand_where_a_key_might_stand_are_none(value: str) -> None:
    tape = Tape()
    tape.post(request(1, "tools/list"), answer=result(1, {"password": value, "api_key": value}))
    assert secrets_of(tape.trace) == frozenset()


@pytest.mark.parametrize(
    "url",
    [
        f"http://{USER}:{PASSWORD}@h/mcp?token={QUERY}",
        f"http://{USER}:{PASSWORD}/x@h/mcp",
        f"ftp:/{USER}:{PASSWORD}@h/mcp",
        f"{USER}:{PASSWORD}@h",
    ],
)
def test_an_address_is_shown_without_what_opens_doors(url: str) -> None:
    assert not leaks(shown(url), PASSWORD, QUERY)


def test_a_wrong_address_is_told_without_its_password() -> None:
    with pytest.raises(BadTarget) as caught:
        Target(f"ftp://{USER}:{PASSWORD}@h/mcp")
    assert not leaks(str(caught.value), PASSWORD)


def test_a_short_password_in_an_address_is_masked() -> None:
    masker = Masker(["pw", "me"])
    assert "me:pw@" not in masker.text("see http://me:pw@h/mcp")


def test_a_target_does_not_show_its_secrets_in_tracebacks() -> None:
    target = Target("http://h/mcp", headers={"Authorization": TOKEN}, tokens={"full": TOKEN})
    assert TOKEN not in repr(target)


# What a real run leaves behind

ECHOES = [disguise for secret in GIVEN for disguise in disguises(secret).values()]
WORDS = " ".join(disguises(TOKEN).values()) + f' {COOKIE} {QUERY} {CUSTOM} {{\\"access_token\\":\\"{MINTED}\\"}} '


class Echo(Odd):
    """Repeats what it was told, in every disguise, wherever a server may say something."""

    refuses: ClassVar[int] = 0  # the status of every answer, if there is one

    def head(self, answer: Answer) -> None:
        answer.status = self.refuses or answer.status
        said = [("WWW-Authenticate", f'Bearer realm="{TOKEN}", error_description="{COOKIE}"')] * (
            answer.status >= 400
        )
        where = [("Location", f"https://elsewhere.example/login?token={MINTED}&state={TOKEN}")] * bool(self.refuses)
        kept = [(name, value) for name, value in answer.headers if name.lower() != "content-length"]
        answer.headers = [*kept, *said, *where, ("Link", f"<http://{USER}:{PASSWORD}@h/?token={QUERY}>")]
        answer.headers += [(f"X-Echo-{number}", echo) for number, echo in enumerate(ECHOES)]

    def pieces(self, answer: Answer, chunk: bytes, more: bool) -> Iterable[bytes]:
        del more
        for name in (b'"text":"', b'"message":"', b'"description":"'):
            chunk = chunk.replace(name, name + WORDS.encode())
        if answer.is_stream and chunk:
            ours = b"id: " + TOKEN.encode()
            chunk = re.sub(rb"(?m)^id: ", lambda _: ours, chunk) + f": {WORDS}\n\n".encode()
        yield chunk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        after = TOKEN.encode()
        headers = [(name, value.removeprefix(after)) for name, value in scope.get("headers", ())]
        await super().__call__({**scope, "headers": headers}, receive, send)


class Wrong(Echo, find("EndedSessionsAreBadRequests")):  # type: ignore[misc]
    """Has something to complain about as well."""


def files(folder: Path) -> Iterator[tuple[str, str]]:
    for path in folder.rglob("*"):
        if path.is_file():
            raw = path.read_bytes()
            yield path.name, (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8", "replace")


def run(folder: Path, url: str, *args: str) -> tuple[subprocess.CompletedProcess[str], list[str]]:
    """A run as its owner starts it, and what of the secrets it left anywhere."""
    address = f"{url.replace('://', f'://{USER}:{PASSWORD}@')}?token={QUERY}"
    options = ["--mcp-header", f"Cookie: sid={COOKIE}", "--mcp-header", f"X-Tenant-Key: {CUSTOM}", *args]
    command = [sys.executable, "-m", "pytest", "--target", address, "--rootdir", str(folder), *options]
    environment = {"PATH": os.environ["PATH"], "MCP_TOKEN": TOKEN}
    ran = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)
    (folder / "terminal").write_text(ran.stdout + ran.stderr)
    return ran, [f"{name}: {leak}" for name, text in files(folder) for leak in leaks(text, *GIVEN, MINTED, BASIC)]


@pytest.mark.parametrize("style", [["-v", "--tb=long", "-rA"], ["-q", "--tb=short", "--mcp-strict"]])
def test_nothing_that_a_run_writes_or_prints_holds_a_secret(tmp_path: Path, style: list[str]) -> None:
    outputs = ["--junitxml=junit.xml", "--html=all.html", "--mcp-report=report", "--mcp-revision=2025-11-25"]
    with serve(Wrong(Options())) as url:
        ran, found = run(tmp_path, url, *outputs, *style, "-k", "session or resume or tools or origin or jsonrpc")
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert not found, found[:20]
    written = dict(files(tmp_path))
    assert "X-Echo-70" in written["2025-11-25.jsonl.gz"]
    assert "session.ended-404" in written["junit.xml"]


@pytest.mark.parametrize("status", [302, 400, 401, 403, 500])
def test_a_server_that_cannot_be_judged_gives_nothing_away(tmp_path: Path, status: int) -> None:
    class Refusing(Echo):
        refuses = status

        def pieces(self, answer: Answer, chunk: bytes, more: bool) -> Iterable[bytes]:
            del chunk
            refusal = b'{"jsonrpc":"2.0","id":1,"error":{"code":-32600,"message":"no"}}'
            return super().pieces(answer, b"" if more else refusal, more)

    with serve(Refusing(Options())) as url:
        ran, found = run(tmp_path, url, "--mcp-revision=2025-11-25", "-v")
    assert ran.returncode == 4, ran.stdout + ran.stderr
    assert not found, found


@pytest.mark.parametrize("options", [["--mcp-header", f"X {TOKEN}"], ["--mcp-header", f"X: {TOKEN}\n"]])
def test_a_wrong_option_is_not_repeated(tmp_path: Path, options: list[str]) -> None:
    ran, found = run(tmp_path, "http://127.0.0.1:9/mcp", *options)
    assert ran.returncode == 4
    assert not found, found

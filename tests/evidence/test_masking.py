"""Secrets leave a trace, and nothing else does: what was judged is judged the same."""

import base64
import json
import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.evidence import archive
from conformance.evidence.masking import Masker, mask_trace
from conformance.evidence.secret import secrets_of
from conformance.evidence.trace import Trace
from conformance.judging.judge import judge
from tests.running import run_bundled
from tests.tape import Tape, message_event, notification, request, result

SESSION = "aB3_kk-0f9E~secret"
TOKENS = st.text('abcXYZ019-._~+/=&<"\\ é', min_size=8, max_size=40).filter(
    lambda t: len(re.findall("[a-zA-Z0-9]", t)) >= 6 and t == t.strip()
)


def tape(secret: str = SESSION) -> Tape:
    """A session id that turns up where nobody expects it."""
    tape = Tape()
    tape.initialize(session_id=secret)
    log = notification("notifications/message", {"level": "info", "data": f"session {secret} is up"})
    event = f"id: {secret}-1\n: {secret}\n{message_event(log)}"
    tape.post(request(2, "tools/call"), events=[event, f"data: {secret}"], ending="lost")
    tape.get(after=f"{secret}-1", events=[message_event(result(2, {"text": f"<{secret}>"}))])
    return tape


def saved(trace: Trace, folder: Path) -> str:
    archive.write(trace, folder / "trace.jsonl")
    assert archive.read(folder / "trace.jsonl") == trace
    return (folder / "trace.jsonl").read_text(encoding="utf-8")


def headers(**given: str) -> Tape:
    tape = Tape()
    tape.exchange("POST", b"{}", headers={name.replace("_", "-"): value for name, value in given.items()})
    return tape


# What is a secret


@pytest.mark.parametrize(
    ("name", "value", "secrets"),
    [
        ("Authorization", "Bearer abc.def.ghi", {"abc.def.ghi"}),
        ("authorization", "abcdefghij", {"abcdefghij"}),
        ("Proxy-Authorization", "Basic dXNlcjpwYXNzd29yZA==", {"dXNlcjpwYXNzd29yZA==", "password"}),
        ("Cookie", 'a=one; b="two"; c', {"one", "two"}),
        ("MCP-Session-Id", " abc ", {"abc"}),
        ("X-API-Key", "k-1", {"k-1"}),
        ("Content-Type", "application/json", set()),
        ("X-Trace", "abcdefghijkl", set()),
    ],
)
def test_headers_that_open_doors(name: str, value: str, secrets: set[str]) -> None:
    assert secrets_of(headers(**{name: value}).trace) == secrets


def test_cookies_that_the_server_gives_are_secrets_and_their_attributes_are_not() -> None:
    tape = Tape()
    tape.post(b"{}", response_headers={"Set-Cookie": "sid=abcdefgh; Path=/anywhere; HttpOnly"})
    assert secrets_of(tape.trace) == {"abcdefgh"}


def test_oauth_fields_in_bodies_and_urls_are_secrets() -> None:
    tape = Tape()
    tape.post(
        b"grant_type=authorization_code&code=c%2Fode&client_secret=s3cret", url="http://u:pw@h/?token=t0ken&a=b"
    )
    tape.post(b"{}", answer={"access_token": 'to"ken', "expires_in": 3600, "refresh_token": "again"})
    assert secrets_of(tape.trace) == {"c/ode", "s3cret", "u", "pw", "t0ken", 'to"ken', "again"}


def test_the_code_of_a_json_rpc_error_or_of_a_tool_is_no_secret() -> None:
    tape = Tape()
    tape.post(request(1, "tools/call"), answer=result(1, {"structuredContent": {"code": "notifications/progress"}}))
    assert secrets_of(tape.trace) == set()


def test_what_the_user_gave_is_a_secret_with_and_without_its_scheme() -> None:
    assert secrets_of(Trace(), ["Bearer abc", "tenant seven"]) == {"Bearer abc", "abc", "tenant seven"}


def test_masking_a_media_type_would_destroy_the_evidence() -> None:
    tape = headers(Accept="application/json, text/event-stream", Authorization="application/json")
    assert secrets_of(tape.trace, ["text/event-stream"]) == set()


# What becomes of it


@settings(deadline=None)  # it writes files
@given(secret=TOKENS)
def test_no_secret_is_left_in_the_file(tmp_path_factory: pytest.TempPathFactory, secret: str) -> None:
    trace = mask_trace(tape(secret).trace)
    text = saved(trace, tmp_path_factory.getbasetemp())
    for spelled in (secret, json.dumps(secret)[1:-1], json.dumps(json.dumps(secret))[2:-2], quote(secret, safe="")):
        assert spelled not in text


@given(secret=TOKENS)
def test_a_mask_has_the_length_and_the_characters_of_its_secret(secret: str) -> None:
    mask = Masker([secret]).text(secret)
    kinds = ["[0-9]", "[a-f]", "[g-z]", "[A-F]", "[G-Z]"]
    for kind in kinds:
        assert [m.span() for m in re.finditer(kind, secret)] == [m.span() for m in re.finditer(kind, mask)]
    assert re.sub("[0-9a-zA-Z]", "", mask) == re.sub("[0-9a-zA-Z]", "", secret)


@given(secrets=st.sets(st.text("01ab", min_size=2, max_size=9), max_size=8))
def test_different_secrets_stay_different_and_equal_ones_equal(secrets: set[str]) -> None:
    tape = Tape()
    for secret in (*secrets, *secrets):
        tape.initialize(session_id=secret)
    masked = [x.response_header("mcp-session-id") for x in mask_trace(tape.trace).exchanges]
    assert len(set(masked)) == len(secrets)
    assert masked[: len(secrets)] == masked[len(secrets) :]


def test_masks_agree_between_traces() -> None:
    alone, among = Masker([SESSION]), Masker([SESSION, "another secret", "abc"])
    assert alone.text(SESSION) == among.text(SESSION) != SESSION


def test_ids_that_differ_in_a_number_still_do() -> None:
    masker = Masker(["session-server-17", "session-server-18"])
    one, other = masker.text("session-server-17"), masker.text("session-server-18")
    assert one[:-2] == other[:-2] != "session-server-"
    assert one[-2:] != other[-2:]


def test_event_ids_and_streams_hang_together_as_before() -> None:
    masked = mask_trace(tape().trace)
    first, resumed = masked.exchanges[1:]
    assert resumed.last_event_id == first.events[0].id
    assert SESSION not in str(first.events[0].comments)
    assert SESSION not in str(masked)


@pytest.mark.parametrize(
    ("address", "secrets"),
    [
        ("/messages?sessionId=1234-abcd", {"1234-abcd"}),
        ("/messages/?session_id=0123456789abcdef0123456789abcdef", {"0123456789abcdef0123456789abcdef"}),
        ("http://127.0.0.1:8000/messages?Session=17", {"17"}),
        ("/m?transport=sse&x=aaaabbbbccccdddd", {"aaaabbbbccccdddd"}),
        ("/m?session=a%2Fb%3D%3D12345", {"a%2Fb%3D%3D12345", "a/b==12345"}),
        ("/m/aaaabbbbccccdddd/send", {"aaaabbbbccccdddd"}),
        ("/messages", set()),
        ("?version=2024-11-05", set()),
    ],
)
@pytest.mark.parametrize("name", ["endpoint", "Endpoint", ""])
def test_the_address_of_http_sse_opens_a_door(name: str, address: str, secrets: set[str]) -> None:
    tape = Tape("2024-11-05")
    tape.get(events=[f"event: {name}\ndata: {address}\n\n"])
    assert secrets_of(tape.trace) == secrets


def test_the_address_in_which_the_user_names_the_target_is_no_secret() -> None:
    tape = Tape("2024-11-05")
    tape.get(
        events=["event: endpoint\ndata: /tenants/a-tenant-of-ours/messages\n\n"],
        url="http://h/tenants/a-tenant-of-ours/sse",
    )
    assert secrets_of(tape.trace) == set()


def test_what_is_no_address_is_no_secret() -> None:
    tape = Tape()
    tape.get(events=["data: there/is/nothing/secretive about this/0123456789abcdef\n\n"])
    assert secrets_of(tape.trace) == set()


def test_a_session_in_an_address_is_masked_even_if_it_is_short(tmp_path: Path) -> None:
    tape = Tape("2024-11-05")
    tape.get(events=["event: endpoint\ndata: /messages?sessionId=17&x=y\n\n"])
    tape.post(request(17, "ping"), url="http://127.0.0.1/messages?sessionId=17")
    masked = mask_trace(tape.trace)
    assert "sessionId=17" not in saved(masked, tmp_path)
    assert masked.exchanges[1].sent == tape.trace.exchanges[1].sent
    assert (masked.exchanges[0].events[0].data or "").endswith(masked.exchanges[1].url[-2:] + "&x=y")


@pytest.mark.parametrize("spelling", [r"ab\/cd\u003d\u003d0123", r"ab/cd==0\u0031\u00323", r"ab\u002Fcd==0123"])
def test_json_escapes_hide_nothing(spelling: str) -> None:
    raw = f'{{"text": "{spelling}"}}'.encode()
    masker = Masker(["ab/cd==0123"])
    assert json.loads(masker.data(raw))["text"] == masker.text("ab/cd==0123")


def test_letters_outside_ascii_stay_and_are_found_in_either_encoding() -> None:
    masker = Masker(["s\xe9ance-12345678"])
    mask = masker.text("s\xe9ance-12345678")
    assert mask[1] == "\xe9"
    assert masker.data("séance-12345678".encode()) == mask.encode()
    assert masker.data("séance-12345678".encode("latin-1")) == mask.encode("latin-1")


def test_short_secrets_are_masked_in_headers_only() -> None:
    tape = Tape()
    tape.initialize(session_id="17")
    tape.exchange("POST", b"17", headers={"Content-Length": "17", "X-Team": "17", "Cookie": "a17=17; b=17"})
    given = dict(mask_trace(tape.trace).exchanges[1].request_headers)
    mask = given["Mcp-Session-Id"]
    assert mask != "17"
    assert given == {
        "Mcp-Session-Id": mask,
        "Content-Length": "17",
        "X-Team": mask,
        "Cookie": f"a17={mask}; b={mask}",
    }
    assert mask_trace(tape.trace).exchanges[1].request_body == b"17"


def test_what_names_no_letters_is_left_alone() -> None:
    assert Masker(["--------", ""]).text("a -------- b") == "a -------- b"


def test_basic_authentication_gives_its_password_away_nowhere() -> None:
    token = base64.b64encode(b"me:open sesame").decode()
    tape = Tape()
    tape.post(b"{}", headers={"Authorization": f"Basic {token}"}, answer={"error": "open sesame is wrong"})
    masked = mask_trace(tape.trace).exchanges[0]
    assert (masked.request_header("authorization") or "").startswith("Basic ")
    assert token not in str(masked)
    assert b"open sesame" not in masked.body


def test_notes_targets_and_troubles_are_masked_too() -> None:
    trace = replace(
        headers(Authorization="Bearer 0123456789").trace, target="http://h/?key=abcdefgh", notes=("0123456789",)
    )
    trace = replace(trace, exchanges=(replace(trace.exchanges[0], trouble="no 0123456789"),))
    masked = mask_trace(trace)
    assert "0123456789" not in str(masked)
    assert "abcdefgh" not in str(masked)


def test_a_text_that_was_cut_short_does_not_give_the_beginning_away() -> None:
    secret = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0"
    masker = Masker([secret])
    assert masker.text(f"session id '{secret[:30]}...'") == f"session id '{masker.text(secret)[:30]}...'"


def test_a_real_run_is_judged_the_same_after_masking(tmp_path: Path) -> None:
    for run in (*run_bundled().revisions, *run_bundled("2024-11-05").revisions):
        masker = Masker(secrets_of(run.trace))
        text = saved(mask_trace(run.trace), tmp_path)
        assert not [secret for secret in secrets_of(run.trace) if secret in text]
        again = judge(archive.read(tmp_path / "trace.jsonl"), run.revision)
        before = judge(run.trace, run.revision)
        assert [(j.key, j.verdict) for j in again] == [(j.key, j.verdict) for j in before]
        seen = [[masker.text(finding.seen) for finding in j.findings] for j in before]
        assert [[finding.seen for finding in j.findings] for j in again] == seen

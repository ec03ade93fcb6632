"""What requests and results say of themselves: what is legal, and what is not."""

import pytest

from conformance.checks.traces import is_baggage, is_traceparent, is_tracestate
from conformance.evidence.era import CAPABILITIES, CLIENT_INFO, VERSION
from conformance.evidence.trace import JSON
from conformance.judging.check import Verdict
from tests.tape import SERVER, Tape, complete, discovered, error, message_event, notification, result

NAMED: dict[str, JSON] = {CLIENT_INFO: {"name": "t", "version": "1"}}
TRACE = "0af7651916cd43dd8448eb211c80319c"
PARENT = "b7ad6b7169203331"


def modern(**discovery: JSON) -> Tape:
    tape = Tape("2026-07-28")
    tape.discover(**discovery)
    return tape


def asked(meta: dict[str, JSON], answer: JSON | bytes, status: int = 400) -> Tape:
    tape = Tape("2026-07-28")
    tape.ask("server/discover", meta=NAMED | meta, answer=answer, status=status)
    return tape


@pytest.mark.parametrize("field", [VERSION, CAPABILITIES])
def test_missing_metadata_gets_400_and_32602(field: str) -> None:
    assert asked({field: None}, error(1, -32602)).verdict("meta.missing") is Verdict.PASS


@pytest.mark.parametrize(("status", "code"), [(200, -32602), (404, -32602), (400, -32600), (400, -32022)])
def test_any_other_error_is_a_breach(status: int, code: int) -> None:
    assert asked({CAPABILITIES: None}, error(1, code), status).verdict("meta.missing") is Verdict.FAIL


def test_a_missing_version_may_be_taken_for_a_wrong_header() -> None:
    assert asked({VERSION: None}, error(1, -32020)).verdict("meta.missing") is Verdict.WARN
    assert asked({CAPABILITIES: None}, error(1, -32020)).verdict("meta.missing") is Verdict.FAIL


def test_what_names_a_version_that_nobody_knows_may_be_refused_for_that() -> None:
    tape = Tape("2026-07-28")
    newer: dict[str, JSON] = {VERSION: "2099-01-01", CAPABILITIES: None}
    header: dict[str, str | None] = {"MCP-Protocol-Version": "2099-01-01"}
    tape.ask("tools/list", meta=NAMED | newer, headers=header, answer=error(1, -32022), status=400)
    assert tape.outcomes("meta.missing") == ["open"]


def test_what_lacks_metadata_is_not_served() -> None:
    assert asked({VERSION: None}, complete(1, discovered()), 200).verdict("meta.missing") is Verdict.FAIL
    assert asked({CAPABILITIES: None}, complete(1, discovered()), 200).verdict("meta.missing") is Verdict.FAIL


def test_the_client_need_not_say_its_name() -> None:
    assert asked({CLIENT_INFO: None}, complete(1, discovered()), 200).verdict("meta.missing") is Verdict.PASS
    assert asked({CLIENT_INFO: None}, error(1, -32602)).verdict("meta.missing") is Verdict.FAIL
    assert asked({CLIENT_INFO: None}, error(1, -32601), 404).verdict("meta.missing") is Verdict.NOT_SEEN


@pytest.mark.parametrize("status", [401, 403, 429, 503])
def test_who_keeps_everybody_out_tells_nothing(status: int) -> None:
    assert asked({VERSION: None}, b"", status).verdict("meta.missing") is Verdict.NOT_SEEN


def test_wrong_headers_are_an_error_of_their_own() -> None:
    tape = Tape("2026-07-28")
    tape.ask(
        "server/discover", meta={VERSION: None}, headers={"Mcp-Method": None}, answer=error(1, -32020), status=400
    )
    assert tape.verdict("meta.missing") is Verdict.NOT_SEEN


@pytest.mark.parametrize(("kind", "verdict"), [("complete", Verdict.PASS), (None, Verdict.FAIL), (1, Verdict.FAIL)])
def test_every_result_has_a_type(kind: JSON, verdict: Verdict) -> None:
    tape = Tape("2026-07-28")
    tape.ask("tools/list", answer=result(1, {"tools": []} | ({} if kind is None else {"resultType": kind})))
    assert tape.verdict("result.type") is verdict


def test_errors_and_answers_to_older_clients_have_no_type() -> None:
    tape = Tape("2026-07-28")
    tape.ask("tools/list", answer=error(1))
    tape.ask("tools/list", id=2, meta={VERSION: None}, answer=result(2, {"tools": []}))
    tape.initialize(version="2025-11-25", asked="2025-11-25")
    assert tape.verdict("result.type") is Verdict.NOT_SEEN


def test_a_server_that_does_not_name_itself_is_told_so_once() -> None:
    tape = modern()
    for number in range(5):
        tape.ask("tools/list", id=number, answer=result(number, {"resultType": "complete"}))
    assert tape.outcomes("meta.server-info") == ["bad"]
    assert tape.verdict("meta.server-info") is Verdict.WARN


@pytest.mark.parametrize("info", [None, "x", {"name": "x"}, {"name": 1, "version": "1"}])
def test_a_name_without_a_version_is_half_a_name(info: JSON) -> None:
    tape = modern()
    tape.ask("tools/list", answer=complete(1, {"_meta": {"io.modelcontextprotocol/serverInfo": info}}))
    assert tape.verdict("meta.server-info") is Verdict.WARN


def test_every_result_that_names_the_server_is_evidence() -> None:
    tape = modern()
    tape.ask("tools/list", answer=complete(1))
    assert tape.outcomes("meta.server-info") == ["ok"]
    assert SERVER["name"]


@pytest.mark.parametrize(
    "value", [f"00-{TRACE}-{PARENT}-01", f"00-{TRACE}-{PARENT}-ff", f"cc-{TRACE}-{PARENT}-01-what-comes-later"]
)
def test_good_parents(value: str) -> None:
    assert is_traceparent(value)


@pytest.mark.parametrize(
    "value",
    [
        "",
        TRACE,
        f"00-{TRACE}-{PARENT}",
        f"ff-{TRACE}-{PARENT}-01",
        f"00-{TRACE.upper()}-{PARENT}-01",
        f"00-{'0' * 32}-{PARENT}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE}-{PARENT}-01-more",
        f"00-{TRACE}-{PARENT}-01\n",
    ],
)
def test_bad_parents(value: str) -> None:
    assert not is_traceparent(value)


@pytest.mark.parametrize("value", ["", "a=1", "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE", "a=1 ,\t,b=2", "1@v=x y"])
def test_good_states(value: str) -> None:
    assert is_tracestate(value)


@pytest.mark.parametrize("value", ["a", "A=1", "a=1,a=2", "a=b=c", "a=é", ",".join(f"k{n}=1" for n in range(33))])
def test_bad_states(value: str) -> None:
    assert not is_tracestate(value)


@pytest.mark.parametrize("value", ["a=1", "a = 1 ; p ; q = 2 , b=%20", "a=", "userId=alice,isProduction=false"])
def test_good_baggage(value: str) -> None:
    assert is_baggage(value)


@pytest.mark.parametrize("value", ["", "a", "a=b c", "a=é", 'a="x"', "=1", "a=1,,b=2", "a b=1"])
def test_bad_baggage(value: str) -> None:
    assert not is_baggage(value)


def test_trace_fields_are_looked_at_in_results_and_notifications() -> None:
    good = f"00-{TRACE}-{PARENT}-01"
    bad: dict[str, JSON] = {"level": "info", "data": 1, "_meta": {"traceparent": "none"}}
    tape = modern()
    tape.ask("tools/list", answer=complete(1, {"_meta": {"traceparent": good}}))
    assert tape.verdict("meta.trace") is Verdict.PASS
    told = notification("notifications/message", bad)
    tape.ask("tools/call", {"name": "x"}, id=2, events=[message_event(told), message_event(complete(2))])
    assert tape.verdict("meta.trace") is Verdict.FAIL


def test_nobody_has_to_send_the_context_of_a_trace() -> None:
    tape = modern()
    tape.ask("tools/list", meta={"traceparent": f"00-{TRACE}-{PARENT}-01"}, answer=complete(1))
    assert tape.verdict("meta.trace") is Verdict.NOT_APPLICABLE


def lacking(data: JSON, status: int = 400, code: int = -32021, declared: JSON = None) -> Tape:
    tape = modern()
    told: JSON = {"jsonrpc": "2.0", "id": 1, "error": {"code": code, "message": "no", "data": data}}
    tape.ask("tools/call", {"name": "x"}, meta={CAPABILITIES: declared or {}}, answer=told, status=status)
    return tape


def test_what_is_missing_is_named_as_it_would_be_declared() -> None:
    assert lacking({"requiredCapabilities": {"sampling": {}}}).verdict("caps.missing") is Verdict.PASS


@pytest.mark.parametrize(
    "data",
    [
        None,
        {},
        {"requiredCapabilities": ["sampling"]},
        {"requiredCapabilities": {}},
        {"requiredCapabilities": {"sampling": True}},
    ],
)
def test_what_is_missing_is_told(data: JSON) -> None:
    assert lacking(data).verdict("caps.missing") is Verdict.FAIL


def test_the_status_is_400_and_what_was_declared_is_not_missing() -> None:
    needed: JSON = {"requiredCapabilities": {"sampling": {}}}
    assert lacking(needed, 200).verdict("caps.missing") is Verdict.FAIL
    assert lacking(needed, declared={"sampling": {}}).verdict("caps.missing") is Verdict.FAIL
    assert lacking(needed, declared={"sampling": {}}).verdict("codes.meaning") is Verdict.FAIL
    forms: JSON = {"requiredCapabilities": {"elicitation": {"form": {}}}}
    assert lacking(forms, declared={"elicitation": {}}).verdict("caps.missing") is Verdict.FAIL
    pages: JSON = {"requiredCapabilities": {"elicitation": {"url": {}}}}
    assert lacking(pages, declared={"elicitation": {}}).verdict("caps.missing") is Verdict.PASS


def calling(first: JSON, second: JSON, status: int = 200) -> Tape:
    """One call by a client that can be asked for forms, and the same by one that cannot."""
    tape = modern()
    tape.ask("tools/call", {"name": "x"}, meta={CAPABILITIES: {"elicitation": {}}}, answer=first)
    tape.ask("tools/call", {"name": "x"}, id=2, answer=second, status=status)
    return tape


ASKS = complete(1, {"resultType": "input_required", "inputRequests": {"a": {"method": "elicitation/create"}}})


def test_a_tool_may_do_without_what_it_would_like_to_ask() -> None:
    assert calling(ASKS, complete(2, {"content": []})).verdict("caps.missing") is Verdict.NOT_SEEN


def test_a_tool_that_fails_for_want_of_a_capability_is_a_warning() -> None:
    assert calling(ASKS, complete(2, {"content": [], "isError": True})).verdict("caps.missing") is Verdict.WARN


def test_another_error_for_want_of_a_capability_is_a_breach() -> None:
    assert calling(ASKS, error(2, -32603)).verdict("caps.missing") is Verdict.FAIL
    assert calling(complete(1), error(2, -32603)).verdict("caps.missing") is Verdict.NOT_SEEN


def test_the_fixture_that_needs_a_model_needs_it() -> None:
    tape = modern()
    call: dict[str, JSON] = {"name": "test_missing_capability"}
    tape.ask("tools/call", call, answer=complete(1, {"content": [], "isError": True}))
    assert tape.verdict("caps.missing") is Verdict.NOT_SEEN  # it is not listed, so there may be no such tool
    tape.ask("tools/list", id=2, answer=complete(2, {"tools": [{"name": "test_missing_capability"}]}))
    assert tape.verdict("caps.missing") is Verdict.FAIL

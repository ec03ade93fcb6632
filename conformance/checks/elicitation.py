"""What the server asks the client's user: client/elicitation.

Whatever a form or an address is about is nobody's business here, only how it is asked for.
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from conformance.checks.reading import shown
from conformance.checks.wellformed import is_url
from conformance.checks.wishes import Wish, wishes
from conformance.evidence.trace import JSON, Message
from conformance.evidence.views import Call, Session
from conformance.judging.check import Findings, bent, check, expect, undecided

URL_REQUIRED = -32042
LISTS_SINCE = "2025-11-25"
PLAIN = ("string", "number", "integer", "boolean")
ADVANCED = ("$ref", "allOf", "anyOf", "not", "if", "properties", "patternProperties", "items")
LINK = re.compile(r"\]\(\s*[a-z][a-z0-9+.-]*:|<a\s[^>]*href", re.IGNORECASE)  # as Markdown and HTML have it
ADDRESS = re.compile(r"https?://", re.IGNORECASE)
AT_HOME = re.compile(r"localhost|.*\.(localhost|local|internal|test|invalid|lan|home\.arpa)|[^.]+|\[.*|[\d.]+")


def elicitations(session: Session) -> Iterator[Wish]:
    """What the client's user is asked."""
    return wishes(session, "elicitation/create")


def visits(session: Session) -> Iterator[tuple[Message, dict[str, JSON]]]:
    """All requests to open an address, be they asked or listed in an error, each with the message that holds it."""
    for wish in elicitations(session):
        if wish.params.get("mode") == "url":
            yield wish.said_in, wish.params
    for response, listed in (found for call in session.calls for found in required(call)):
        yield from ((response, wanted) for wanted in _list(listed) if isinstance(wanted, dict))


def _list(value: JSON) -> list[JSON]:
    return value if isinstance(value, list) else []


def required(call: Call) -> Iterator[tuple[Message, JSON]]:
    """The error that says that addresses have to be opened first, with the list of those."""
    if call.response is not None and call.response.error.get("code") == URL_REQUIRED:
        data = call.response.error.get("data")
        yield call.response, data.get("elicitations") if isinstance(data, dict) else None


@check("elicit.mode-declared")
def users_are_asked_only_in_declared_modes(session: Session) -> Findings:
    """A client's user is asked only in a mode, form or URL, that the client declared. None declared means form."""
    declared = session.client_capabilities.get("elicitation")
    if not isinstance(declared, dict):
        return
    modes = list(declared) or ["form"]
    for wish in elicitations(session):
        mode = wish.params.get("mode", "form")
        seen = f"the mode of the request is {shown(mode)}, and the client declared {shown(', '.join(modes))}"
        yield expect(mode in modes, wish.said_in, seen)


@check("elicit.form-flat")
def forms_are_flat(session: Session) -> Findings:
    """A form is a flat object of texts, numbers, truth values and choices."""
    lists = session.revision >= LISTS_SINCE
    for wish in elicitations(session):
        if wish.params.get("mode", "form") != "form":
            continue
        schema = wish.params.get("requestedSchema")
        fields = schema.get("properties") if isinstance(schema, dict) else None
        if not isinstance(schema, dict) or schema.get("type") != "object" or not isinstance(fields, dict):
            yield expect(False, wish.said_in, "the form has no requestedSchema that is an object with properties")
            continue
        wrong = [f"{shown(name)} {why}" for name, field in fields.items() if (why := _nested(field, lists))]
        odd = [f"{shown(name)} {why}" for name, field in fields.items() if (why := _advanced(field, lists))]
        if odd and not wrong:
            yield bent(wish.said_in, f"of the fields of the form {' and '.join(odd)}")
        else:
            yield expect(
                not wrong, wish.said_in, f"of the fields of the form {' and '.join(wrong) or 'all are plain'}"
            )


def _nested(field: JSON, lists: bool) -> str | None:
    """Why a field is none of those that a form may have; None if it may be."""
    kind = field.get("type") if isinstance(field, dict) else None
    if not isinstance(field, dict) or kind not in (*PLAIN, "array"):
        return f"is of the type {shown(kind)}"
    items = field.get("items")
    if kind == "array" and not lists:
        return "is a list, which forms do not have before 2025-11-25"
    if kind == "array" and not (isinstance(items, dict) and ("enum" in items or "anyOf" in items)):
        return "is a list of something else than choices"
    return None


def _advanced(field: JSON, lists: bool) -> str | None:
    """What a plain field has beside its type that forms do not know; the schema leaves room for it."""
    if not isinstance(field, dict):
        return None
    odd = [word for word in ADVANCED if word in field and not (word == "items" and field.get("type") == "array")]
    items = field.get("items")
    if "oneOf" in field and not lists:
        odd.append("oneOf")
    for options in (field.get("oneOf"), items.get("anyOf") if isinstance(items, dict) else None):
        if options is not None and not _are_choices(options):
            odd.append("choices without a const and a title")
    return f"has {', '.join(odd)}" if odd else None


def _are_choices(options: JSON) -> bool:
    return isinstance(options, list) and all(
        isinstance(o, dict) and isinstance(o.get("const"), str) and isinstance(o.get("title"), str) for o in options
    )


@check("elicit.form-no-links")
def forms_have_nothing_to_click_on(session: Session) -> Findings:
    """A form holds no links. A bare address may be an example, so only what is marked up as a link is one."""
    for wish in elicitations(session):
        if wish.params.get("mode", "form") != "form":
            continue
        texts = list(_texts(wish.params, depth=6))
        linked = next((text for text in texts if LINK.search(text)), None)
        if linked is None and any(ADDRESS.search(text) for text in texts):
            yield undecided(wish.said_in, "there is an address in the form, which may be an example")
        else:
            seen = f"a text of the form is {shown(linked)}" if linked else "no links"
            yield expect(linked is None, wish.said_in, seen)


def _texts(value: JSON, depth: int) -> Iterator[str]:
    """All that the user may read in a form."""
    if isinstance(value, str):
        yield value
    elif depth and isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner, depth - 1)


@check("elicit.url-mode")
def addresses_come_with_mode_and_message(session: Session) -> Findings:
    """A request to open an address has the mode url, a message and the address, and in sessions an id."""
    wanted = ["mode", "message", "url"] if session.modern else ["mode", "message", "url", "elicitationId"]
    for wish in elicitations(session):
        params = wish.params
        if params.get("mode") == "url" or ("url" in params and "requestedSchema" not in params):
            missing = [name for name in wanted if not _is_text(params.get(name))]
            seen = f"lacks {', '.join(missing)}" if missing else f"has {', '.join(wanted)}"
            yield expect(not missing, wish.said_in, f"the user is to open an address, and the request {seen}")


def _is_text(value: JSON) -> bool:
    return isinstance(value, str)


@check("elicit.url-valid")
def addresses_are_valid(session: Session) -> Findings:
    """The address that a user is to open is a valid URL."""
    for message, wanted in visits(session):
        if "url" in wanted:
            yield expect(is_url(wanted["url"]), message, f"the user is to open {shown(wanted['url'])}")


@check("elicit.url-https")
def addresses_are_opened_over_https(session: Session) -> Findings:
    """The address that a user is to open is one of HTTPS. At home, where servers are developed, it need not be."""
    for message, wanted in visits(session):
        url = wanted.get("url")
        if not isinstance(url, str) or not is_url(url):
            continue
        parts = urlsplit(url)
        if parts.scheme.lower() == "http" and AT_HOME.fullmatch(parts.hostname or ""):
            yield undecided(message, f"{shown(url)} looks like an address of development, which may do without HTTPS")
        else:
            yield expect(parts.scheme.lower() == "https", message, f"the user is to open {shown(url)}")


@check("elicit.url-credentials")
def addresses_hold_no_password(session: Session) -> Findings:
    """The address that a user is to open holds no credentials. A password before the host is the case that shows."""
    for message, wanted in visits(session):
        url = wanted.get("url")
        if isinstance(url, str) and is_url(url):
            has = urlsplit(url).password is not None
            host = shown(urlsplit(url).hostname)
            yield expect(not has, message, f"the address at {host} {'has a' if has else 'has no'} password in it")


@check("elicit.required-list")
def the_error_lists_what_has_to_be_visited(call: Call) -> Findings:
    """The error -32042 lists what has to be visited before the request can be repeated."""
    for response, listed in required(call):
        seen = f"the error {URL_REQUIRED} has {shown(listed)} in data.elicitations"
        yield expect(bool(_list(listed)), response, seen)


@check("elicit.required-url")
def what_the_error_lists_are_addresses_with_an_id(call: Call) -> Findings:
    """What the error -32042 lists are requests to open an address, each with an id."""
    for response, listed in required(call):
        for wanted in _list(listed):
            known: dict[str, JSON] = wanted if isinstance(wanted, dict) else {}
            right = known.get("mode") == "url" and _is_text(known.get("elicitationId"))
            seen = f"the mode {shown(known.get('mode'))} and the id {shown(known.get('elicitationId'))}"
            yield expect(right, response, f"an elicitation in the error {URL_REQUIRED} has {seen}")

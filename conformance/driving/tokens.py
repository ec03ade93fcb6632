"""The user's tokens, each in its role, and those that are made of them to be refused.

`full` may do everything; `narrow` is valid and lacks a scope that some requests need; `expired` was valid once;
`elsewhere` is of the same issuer and for another audience; `second` is like `full` and another user's. Nobody has to
give any. `garbage` and `tampered` are made here.
"""

from collections.abc import Iterable, Mapping

from conformance.driving.target import BadTarget

FULL = "full"
ROLES = (FULL, "narrow", "expired", "elsewhere", "second")
VARIABLES = {role: "MCP_TOKEN" if role == FULL else f"MCP_TOKEN_{role.upper()}" for role in ROLES}
GARBAGE = "this-is-nobodys-token"  # letters that any header may carry, and no issuer ever signed


def tokens_of(options: Iterable[str], headers: Mapping[str, str], environment: Mapping[str, str]) -> dict[str, str]:
    """The tokens by role: from options, from an Authorization header of the user's, else from the environment.

    Raises BadTarget, with a sentence that does not repeat the token.
    """
    found = {role: token for role, name in VARIABLES.items() if (token := environment.get(name, "").strip())}
    said = [_role_and_token(option) for option in options]
    shown = [value for name, value in headers.items() if name.lower() == "authorization"]
    if shown:
        found.pop(FULL, None)
        if FULL in dict(said):
            raise BadTarget("give the token with --mcp-token or with --mcp-header, not with both")
        said += [(FULL, token) for value in shown if (token := _bearer(value))]
    found |= dict(said)
    for role, token in found.items():
        _check(role, token)
    if found and FULL not in found:
        raise BadTarget(f"the {next(iter(found))} token is of use beside a full one only: set MCP_TOKEN as well")
    if len(set(found.values())) < len(found):
        raise BadTarget("two roles have the same token: each role needs one of its own")
    return found


def headers_with(tokens: Mapping[str, str], headers: Mapping[str, str]) -> dict[str, str]:
    """What goes with every request: the user's headers, and the full token unless they say who asks already."""
    named = {"Authorization" if name.lower() == "authorization" else name: value for name, value in headers.items()}
    return ({"Authorization": f"Bearer {tokens[FULL]}"} if FULL in tokens else {}) | named


def with_bad_ones(tokens: Mapping[str, str]) -> dict[str, str]:
    """All tokens that stories may show: the user's, one that nobody issued, and one that was changed afterwards."""
    made = {"garbage": GARBAGE}
    if FULL in tokens:
        made["tampered"] = tampered(tokens[FULL])
    return {**tokens, **made}


def tampered(token: str) -> str:
    """The token with one character changed: in the middle of the signature, or of the whole if it has none.

    In the middle, because the last character of a signature in base64 may carry bits that mean nothing.
    """
    head, dot, signature = token.rpartition(".")
    if head.count(".") != 1 or not signature:
        head, dot, signature = "", "", token
    middle = len(signature) // 2
    other = "B" if signature[middle] == "A" else "A"
    return f"{head}{dot}{signature[:middle]}{other}{signature[middle + 1 :]}"


def _role_and_token(option: str) -> tuple[str, str]:
    role, equals, token = option.partition("=")
    if equals and role in ROLES:
        return role, token.strip()
    if token.strip("= "):  # a token has this sign at its end only
        raise BadTarget(f"--mcp-token is given as ROLE=TOKEN, where the roles are {', '.join(ROLES)}")
    return FULL, option.strip()


def _bearer(value: str) -> str:
    scheme, _, token = value.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _check(role: str, token: str) -> None:
    if not token:
        raise BadTarget(f"the {role} token is empty: --mcp-token is given as ROLE=TOKEN")
    if not (token.isascii() and token.isprintable()) or " " in token:
        raise BadTarget(f"the {role} token cannot be sent: it is ASCII without spaces, and without the word Bearer")

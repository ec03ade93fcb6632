"""JSON laid out for reading, token by token: nothing is parsed, so nothing is repaired.

Doubled names, the spelling of numbers and whatever is wrong with it stay as they were on the wire.
"""

import re

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"?|[{}\[\],:]|[^\s{}\[\],:"]+')
_WIDE = 84  # a group that fits into a line stays on it
_DEEP = 24  # levels that are indented; a text may be nested as deep as it is long


def pretty(text: str) -> str:
    """The text with line breaks and indentation, if it looks like JSON; else as it is."""
    if text.lstrip()[:1] not in ("{", "["):
        return text
    tokens: list[str] = _TOKEN.findall(text)
    return _laid_out(tokens, _group_ends(tokens))


def _group_ends(tokens: list[str]) -> dict[int, int]:
    """For each opening bracket whose group fits into a line, where the group ends."""
    ends: dict[int, int] = {}
    opened: list[tuple[int, int]] = []
    length = 0
    for position, token in enumerate(tokens):
        if token in "{[":
            opened.append((position, length))
        length += len(token) + (token in ",:")
        if token in "}]" and opened:
            start, before = opened.pop()
            if length - before <= _WIDE:
                ends[start] = position
    return ends


def _laid_out(tokens: list[str], ends: dict[int, int]) -> str:
    out: list[str] = []
    depth, flat_until = 0, -1
    for position, token in enumerate(tokens):
        if position <= flat_until:
            out.append(f"{token} " if token in ",:" else token)
        elif token in "{[" and position in ends:
            flat_until = ends[position]
            out.append(token)
        elif token in "{[":
            depth += 1
            out += [token, _line(depth)]
        elif token in "}]":
            depth = max(0, depth - 1)
            out += [_line(depth), token]
        elif token == ",":
            out += [token, _line(depth)]
        else:
            out.append(": " if token == ":" else token)
    return "".join(out)


def _line(depth: int) -> str:
    return "\n" + "  " * min(depth, _DEEP)

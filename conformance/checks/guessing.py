"""Which ids can be guessed: numbers, and what is so short or so much alike that all can be tried. No checks here."""

import re
from itertools import takewhile

NUMBERED = re.compile(r"(?P<label>[A-Za-z][A-Za-z_.:-]*)?(?P<number>[0-9][0-9_.:-]*)")
NUMBER = 19  # digits at most of a counter or a clock: a 64-bit number
GUESSABLE = 32  # bits: fewer ids than that can be tried out


def weakness(ids: list[str], what: str) -> str | None:
    """Why several different ids can be guessed, None if that cannot be said; `what` is what they are called."""
    numbered = [NUMBERED.fullmatch(id) for id in ids]
    labels = {match["label"] for match in numbered if match}
    digits = max(sum(map(str.isdigit, match["number"])) for match in numbered if match) if all(numbered) else 0
    if len(labels) == 1 and 0 < digits <= NUMBER:
        label = f"{labels.pop()[:40]!r} and " if None not in labels else ""
        return f"{len(ids)} {what} are all {label}a number of at most {digits} digits, such as {ids[0][:80]!r}"
    letters = "".join(ids)
    bits = 3.4 if letters.isdecimal() else 4 if re.fullmatch(r"[0-9a-f]*|[0-9A-F]*", letters) else 6
    longest = max(map(len, ids))
    if longest * bits < GUESSABLE:
        return f"{len(ids)} {what} have at most {longest} characters, such as {ids[0][:80]!r}"
    if (differing := _differing(ids)) * bits < GUESSABLE:
        both = f"{ids[0][:80]!r} and {ids[-1][:80]!r}"
        return f"{len(ids)} {what} differ in {differing} characters at most, such as {both}"
    return None


def _differing(ids: list[str]) -> int:
    """How many characters tell the ids apart: the places that are not always the same, or what is between them."""
    if len({len(id) for id in ids}) == 1:
        return sum(len(set(place)) > 1 for place in zip(*ids, strict=True))
    before = _alike(ids)
    behind = _alike([id[before:][::-1] for id in ids])
    return max(map(len, ids)) - before - behind


def _alike(ids: list[str]) -> int:
    """How many characters all ids begin with."""
    return sum(1 for _ in takewhile(lambda place: len(set(place)) == 1, zip(*ids, strict=False)))

"""One mark per verdict: a colour, a shape and a sign, so that it reads without colour and on paper."""

from markupsafe import Markup

from conformance.judging.check import Verdict

WORDS = {
    Verdict.FAIL: "FAIL",
    Verdict.WARN: "WARN",
    Verdict.PASS: "pass",
    Verdict.NOT_APPLICABLE: "not applicable",
    Verdict.NOT_SEEN: "NOT SEEN",
    Verdict.ERROR: "ERROR",
    Verdict.UNCHECKED: "unchecked",
}
MEANINGS = {
    Verdict.PASS: "seen, and as the rule asks",
    Verdict.FAIL: "seen, and against a MUST",
    Verdict.WARN: "seen, and against a SHOULD",
    Verdict.NOT_APPLICABLE: "the server said that it does not offer this",
    Verdict.NOT_SEEN: "no occasion to see it, so nothing is known",
    Verdict.ERROR: "our mistake, says nothing about the server",
    Verdict.UNCHECKED: "nobody checks it",
}
_SHAPES = {
    Verdict.PASS: '<circle class="f" cx="8" cy="8" r="7"/><path class="o" d="M4.6 8.3l2.4 2.4 4.4-5"/>',
    Verdict.FAIL: '<path class="f" d="M1 1h14v14h-14z"/><path class="o" d="M4.7 4.7l6.6 6.6m0-6.6l-6.6 6.6"/>',
    Verdict.WARN: '<path class="f" d="M8 .5l7.8 14.5h-15.6z"/><path class="o" d="M8 5.6v4.6m0 2v.6"/>',
    Verdict.NOT_APPLICABLE: '<circle class="l" cx="8" cy="8" r="6.4"/><path class="l" d="M5 8h6"/>',
    Verdict.NOT_SEEN: (
        '<path class="l" d="M1.7 1.7h12.6v12.6h-12.6z" stroke-dasharray="2.6 1.6"/>'
        '<path class="l" d="M5.8 6.3a2.2 2.1 0 1 1 3.3 1.8q-1.1.6-1.1 1.8m0 1.7v.5"/>'
    ),
    Verdict.ERROR: '<path class="f" d="M8 .3l7.7 7.7-7.7 7.7-7.7-7.7z"/><path class="o" d="M10 5h-4v6h4m-4-3h3.4"/>',
    Verdict.UNCHECKED: (
        '<path class="h" d="M2 6l4-4m-4 8l8-8m-8 12l12-12m-8 12l8-8m-4 8l4-4"/><path class="b" d="M2 2h12v12h-12z"/>'
    ),
}


def name(verdict: Verdict) -> str:
    """The verdict's name in class attributes and addresses."""
    return verdict.value.replace(" ", "-")


def mark(verdict: Verdict) -> Markup:
    """The mark, drawn. The word for it must stand beside it or in a label."""
    shape = Markup(_SHAPES[verdict])
    return Markup('<svg class="m {}" viewBox="0 0 16 16" aria-hidden="true">{}</svg>').format(name(verdict), shape)


def sprite() -> Markup:
    """All marks, drawn once, for a page that shows hundreds of them by `reference`."""
    symbols = (
        Markup('<symbol id="v-{}" viewBox="0 0 16 16">{}</symbol>').format(name(verdict), Markup(shape))
        for verdict, shape in _SHAPES.items()
    )
    return Markup('<svg class="sprite" aria-hidden="true">{}</svg>').format(Markup("").join(symbols))


def reference(verdict: Verdict) -> Markup:
    """The sign of a verdict, taken from the sprite at the top of the page."""
    key = name(verdict)
    return Markup('<svg class="m {}" aria-hidden="true"><use href="#v-{}"/></svg>').format(key, key)

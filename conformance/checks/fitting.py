"""Whether a value fits a schema, when both are a stranger's. No checks here.

Nothing is fetched, and the work is bounded: keywords are counted while they are applied, and patterns are matched by
an engine that takes linear time. jsonschema finds what does not fit, and jsonschema-rs has to agree: where the two
differ, or one cannot go on, nothing is decided and the reason is said.
"""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, DecimalException
from functools import cache, lru_cache
from itertools import islice
from typing import Any, TypeAlias

import jsonschema
import jsonschema.validators
import jsonschema_rs
import referencing
import referencing.exceptions
from jsonschema.exceptions import ValidationError, best_match
from jsonschema.protocols import Validator

from conformance.evidence.trace import JSON
from conformance.judging import shapes

Schema: TypeAlias = dict[str, JSON]
Keyword: TypeAlias = Callable[[Any, Any, Any, Any], Any]

DEFAULT = "json-schema.org/draft/2020-12/schema"
DRAFT_7 = "json-schema.org/draft-07/schema"
DIALECTS: dict[str, type[Validator]] = {
    DEFAULT: jsonschema.Draft202012Validator,
    "json-schema.org/draft/2019-09/schema": jsonschema.Draft201909Validator,
    DRAFT_7: jsonschema.Draft7Validator,
    "json-schema.org/draft-06/schema": jsonschema.Draft6Validator,
    "json-schema.org/draft-04/schema": jsonschema.Draft4Validator,
}
_SECOND_OPINION: dict[str, Callable[..., jsonschema_rs.Validator]] = {
    DEFAULT: jsonschema_rs.Draft202012Validator,
    "json-schema.org/draft/2019-09/schema": jsonschema_rs.Draft201909Validator,
    DRAFT_7: jsonschema_rs.Draft7Validator,
    "json-schema.org/draft-06/schema": jsonschema_rs.Draft6Validator,
    "json-schema.org/draft-04/schema": jsonschema_rs.Draft4Validator,
}
MOST_ERRORS = 20  # looked at to find the one that explains best
MOST_STEPS = 10_000  # keywords applied before the schema is said to be too much work
MOST_COMPARED = 200  # entries of an array that must be unique: each is compared with each
LONGEST_PATTERN = 1_000  # characters
_NOTHING_ELSE: Any = referencing.Registry()  # no other schema is known, and none is looked for
_extend: Any = jsonschema.validators.extend
_LINEAR = jsonschema_rs.RegexOptions(size_limit=1_000_000)


class Undecidable(Exception):
    """Whether the value fits cannot be said. The message says why."""


def dialect_of(schema: Schema) -> str:
    """The dialect's name without scheme and empty fragment; one that is no string is left to the metaschema."""
    named = schema.get("$schema", DEFAULT)
    if not isinstance(named, str):
        return DEFAULT
    return named.removesuffix("#").removeprefix("https://").removeprefix("http://")


def flaw_of(schema: Schema, dialect: str) -> str | None:
    """What is wrong with a schema, None if it is valid. The dialect is one of DIALECTS.

    Formats decide nothing: whether a pattern is a good one is for ECMA-262 to say, which Python's `re` is not.
    """
    if shapes.surely_fits(_metaschema(dialect), schema):
        return None
    kind = DIALECTS[dialect]
    error = best_match(islice(kind(kind.META_SCHEMA).iter_errors(schema), MOST_ERRORS))
    return None if error is None else shapes.describe(error, "the schema")


def misfit(value: JSON, schema: Schema, whole: str, *, default: tuple[str, ...] = (DEFAULT,)) -> str | None:
    """What of a value does not fit a schema, None if all does; `whole` is what the value is called.

    `default` are the dialects that a schema may be meant in if it names none: by each of them the value has to be
    wrong. Raises Undecidable.
    """
    dialects = (dialect_of(schema),) if "$schema" in schema else default
    wrong = None
    for dialect in dialects:
        if dialect not in DIALECTS:
            raise Undecidable(f"its dialect {dialect[:60]!r} is not known to the suite")
        if (flaw := flaw_of(schema, dialect)) is not None:
            raise Undecidable(f"the schema is not valid itself: {flaw}")
        error = _first_error(value, schema, dialect)
        if error is None:
            return None
        wrong = shapes.describe(error, whole)
    return wrong


def _first_error(value: JSON, schema: Schema, dialect: str) -> ValidationError | None:
    try:
        validator = _bounded(DIALECTS[dialect])(schema, registry=_NOTHING_ELSE)
        errors = [error for n, error in enumerate(validator.iter_errors(value)) if n < MOST_ERRORS]
        agreed = not errors or not _SECOND_OPINION[dialect](
            schema, pattern_options=_LINEAR, validate_formats=False, retriever=_refuse
        ).is_valid(value)  # safe only after the first went through all of it within its bounds
    except Undecidable:
        raise
    except RecursionError:
        raise Undecidable("the schema refers to itself without end, or is too deep") from None
    except (referencing.exceptions.Unresolvable, jsonschema_rs.ReferencingError):
        raise Undecidable("the schema refers to something outside, which the suite does not fetch") from None
    except Exception as error:  # a reference may lead to what is no schema at all, and then anything may happen
        raise Undecidable(f"a validator cannot follow the schema: {str(error)[:100]}") from None
    if not agreed:
        raise Undecidable("two validators differ about it")
    found: ValidationError | None = best_match(errors)
    return found


def _refuse(uri: str) -> JSON:
    raise ValueError(f"{uri} is not fetched")


def _bounded(kind: type[Validator]) -> Any:
    """A validator whose work is counted, and in which nothing of a stranger's can take for ever."""
    left = [MOST_STEPS]
    keywords: Mapping[str, Keyword] = {**kind.VALIDATORS, **_OURS}
    return _extend(kind, {name: _counted(keywords[name], left) for name in kind.VALIDATORS})


def _counted(keyword: Keyword, left: list[int]) -> Keyword:
    def apply(validator: Any, rule: Any, instance: Any, schema: Any) -> Any:
        left[0] -= 1
        if left[0] < 0:
            raise Undecidable("the schema takes too much work")
        return keyword(validator, rule, instance, schema)

    return apply


def _matches(pattern: str, text: str) -> bool:
    return _matcher(pattern).is_valid(text)


@lru_cache(500)
def _matcher(pattern: str) -> jsonschema_rs.Validator:
    if len(pattern) > LONGEST_PATTERN:
        raise Undecidable("a pattern is too long")
    try:
        return jsonschema_rs.Draft202012Validator({"pattern": pattern}, pattern_options=_LINEAR)
    except jsonschema_rs.ValidationError:
        raise Undecidable("a pattern needs another engine than the suite's, which takes linear time") from None


def _pattern(_validator: Any, pattern: str, instance: Any, _schema: Any) -> Iterator[ValidationError]:
    if isinstance(instance, str) and not _matches(pattern, instance):
        yield ValidationError("does not match the pattern")


def _pattern_properties(validator: Any, rules: Any, instance: Any, _schema: Any) -> Iterator[ValidationError]:
    for pattern, rule in rules.items() if isinstance(instance, dict) else ():
        for name, value in instance.items():
            if _matches(pattern, name):
                yield from validator.descend(value, rule, path=name, schema_path=pattern)


def _additional_properties(validator: Any, rule: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    if not isinstance(instance, dict):
        return
    named, patterns = schema.get("properties", {}), schema.get("patternProperties", {})
    for name, value in instance.items():
        if name in named or any(_matches(pattern, name) for pattern in patterns):
            continue
        if rule is False:
            yield ValidationError("has a member that is not foreseen")
        elif isinstance(rule, dict):
            yield from validator.descend(value, rule, path=name)


def _multiple_of(validator: Any, factor: Any, instance: Any, _schema: Any) -> Iterator[ValidationError]:
    if not validator.is_type(instance, "number"):
        return
    try:
        rest = Decimal(repr(instance)) % Decimal(repr(factor))
    except DecimalException:
        raise Undecidable("a number is too large to be divided") from None
    if rest:
        yield ValidationError("is no multiple")


def _unique_items(validator: Any, unique: Any, instance: Any, schema: Any) -> Any:
    if isinstance(instance, list) and len(instance) > MOST_COMPARED:
        raise Undecidable("an array is too long to be searched for entries that are equal")
    return jsonschema.Draft202012Validator.VALIDATORS["uniqueItems"](validator, unique, instance, schema)


def _too_hard(_validator: Any, _rule: Any, _instance: Any, _schema: Any) -> Any:
    raise Undecidable("the schema speaks of what other keywords left unevaluated, which the suite does not follow")


_OURS: Mapping[str, Keyword] = {
    "pattern": _pattern,
    "patternProperties": _pattern_properties,
    "additionalProperties": _additional_properties,
    "multipleOf": _multiple_of,
    "uniqueItems": _unique_items,
    "unevaluatedProperties": _too_hard,
    "unevaluatedItems": _too_hard,
}


@cache
def _metaschema(dialect: str) -> jsonschema_rs.Validator:
    """A validator of schemas: jsonschema-rs takes the metaschema like any other schema."""
    return jsonschema_rs.validator_for(dict(DIALECTS[dialect].META_SCHEMA), validate_formats=False)

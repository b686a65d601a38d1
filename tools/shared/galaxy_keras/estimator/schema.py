"""The JSON schema of ``estimator.json``, the description inside an estimator file, and the bounds of its lists."""

from collections.abc import Callable
from typing import Any

import jsonschema

from galaxy_keras.messages import list_some, quote, show

FORMAT = "galaxy-keras-estimator"
FORMAT_VERSION = 1
# Letters of a label, a column's name or a metric's, and of a word of the vocabulary.
LONGEST_NAME = 10_000
LONGEST_WORD = 100
# Classes, features or targets; words of a vocabulary, which is as large as that of all books.
MOST_NAMES = 1_000_000
MOST_WORDS = 500_000
# Words of a row, which is at most as long as a book.
MOST_WORDS_OF_ROW = 1_000_000
# Heads, metrics or callbacks; weights of classes.
MOST_PARTS = 1_000
MOST_WEIGHTS = 100_000
LARGEST_COUNT = 2**31 - 1

_POSITIVE = {"type": "integer", "minimum": 1, "maximum": LARGEST_COUNT}
_POSITIVE_OR_NULL = {**_POSITIVE, "type": ["integer", "null"]}
_NAME = {"type": "string", "maxLength": LONGEST_NAME}
# The entries are checked by galaxy_keras.estimator.consistency: one after the other would take jsonschema minutes.
_LIST = {"type": "array", "maxItems": MOST_NAMES}
_SERIALIZED = {
    "type": "object",
    "required": ["class_name", "config"],
    "properties": {"class_name": _NAME, "config": {"type": "object"}},
}


def _record(properties: dict, optional: dict | None = None, *types: str) -> dict:
    """Make the schema of an object that has all of the properties, may have the optional ones, and no other."""
    return {
        "type": ["object", *types],
        "properties": {**properties, **(optional or {})},
        "required": list(properties),
        "additionalProperties": False,
    }


_MEASURE = _record({"name": _NAME, "options": {"type": "object", "properties": {"name": _NAME}}})
_FIT = _record(
    {
        "epochs": _POSITIVE,
        "batch_size": _POSITIVE,
        "steps_per_epoch": _POSITIVE_OR_NULL,
        "validation_steps": _POSITIVE_OR_NULL,
        "validation_split": {"type": ["number", "null"], "minimum": 0, "exclusiveMaximum": 1},
        "shuffle": {"type": "boolean"},
        # Not anyOf, which would list every error of a long object.
        "class_weight": {
            "if": {"type": "object"},
            "then": {
                "minProperties": 1,
                "maxProperties": MOST_WEIGHTS,
                "propertyNames": {"maxLength": LONGEST_NAME},
                "additionalProperties": {"type": "number", "minimum": 0},
            },
            "else": {"enum": [None, "balanced"]},
        },
        "callbacks": {"type": "array", "maxItems": MOST_PARTS, "items": _SERIALIZED},
    }
)
_TEXT = _record(
    {
        "words": {"type": "array", "minItems": 1, "maxItems": MOST_WORDS},
        "length": {"type": "integer", "minimum": 1, "maximum": MOST_WORDS_OF_ROW},
        "pads_front": {"type": "boolean"},
        "trims_front": {"type": "boolean"},
    },
    # Files of earlier versions have words only, and do not say so.
    {"unit": {"enum": ["words", "characters"]}},
)
_TARGET = {
    "classes": _LIST,
    "target_names": _LIST,
    "threshold": {"type": ["number", "null"]},
    "has_probabilities": {"type": "boolean"},
}
_HEAD = _record({"title": _NAME, "target_kind": {"enum": ["labels", "one_hot"]}, "output_count": _POSITIVE, **_TARGET})
# Only a network that reads text has the one, only one with several targets the other.
_FITTED = _record(
    {
        "target_kind": {"enum": ["labels", "one_hot", "multilabel", "values", "multi_output", "outputs"]},
        **_TARGET,
        "feature_count": _POSITIVE,
        "feature_names": {**_LIST, "type": ["array", "null"]},
        "versions": {"type": "object", "maxProperties": MOST_PARTS, "additionalProperties": _NAME},
    },
    {"text": _TEXT, "heads": {"type": "array", "minItems": 2, "maxItems": MOST_PARTS, "items": _HEAD}},
    "null",
)
_FITTED |= {
    "if": {"properties": {"target_kind": {"const": "multi_output"}}, "type": "object"},
    "then": {"required": ["heads"]},
    "else": {"properties": {"heads": False}},
}
SCHEMA = _record(
    {
        "format": {"const": FORMAT},
        "format_version": {"const": FORMAT_VERSION},
        "task": {"enum": ["classification", "regression"]},
        "loss": _MEASURE,
        "optimizer": _SERIALIZED,
        "metrics": {"type": "array", "maxItems": MOST_PARTS, "items": _MEASURE},
        "fit": _FIT,
        "seed": {"type": ["integer", "null"], "minimum": 0, "maximum": 2**32 - 1},
        "fitted": _FITTED,
    }
)


def _is_whole(_: Any, value: Any) -> bool:
    # JSON Schema takes 6.0 for a whole number, numpy and Keras do not.
    return isinstance(value, int) and not isinstance(value, bool)


_Validator = jsonschema.validators.extend(
    jsonschema.Draft202012Validator,
    type_checker=jsonschema.Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_whole),
)


def find_violation(document: Any) -> str | None:
    """Return the first place where a description does not fit the schema, and what is expected there; None if it fits.

    Stops at the first, however many there are.
    """
    error = next(_Validator(SCHEMA).iter_errors(document), None)
    if error is None:
        return None
    describe = _DESCRIPTIONS.get(error.validator, lambda error: show(error.message, 200))
    return f"{show(error.json_path)}: {describe(error)}"


def _describe_count(error: jsonschema.ValidationError, what: str, bound: str) -> str:
    return f"found {len(error.instance):,} {what}; expected at {bound} {error.validator_value:,}"


def _describe_bound(error: jsonschema.ValidationError, bound: str) -> str:
    return f"found {quote(error.instance)}; expected {bound} {error.validator_value}"


def _describe_types(error: jsonschema.ValidationError) -> str:
    types = error.validator_value
    words = [_TYPES[name] for name in ([types] if isinstance(types, str) else types)]
    return f"found {quote(error.instance)}; expected {' or '.join(words)}"


def _describe_unknown(error: jsonschema.ValidationError) -> str:
    known = error.schema["properties"]
    unknown = list_some(name for name in error.instance if name not in known)
    return f"found the unknown entry {unknown}; expected only {', '.join(known)}"


_TYPES = {
    "integer": "a whole number",
    "number": "a number",
    "string": "text",
    "array": "a list",
    "object": "an object",
    "boolean": "true or false",
    "null": "null",
}
_DESCRIPTIONS: dict[str | None, Callable[[jsonschema.ValidationError], str]] = {
    "type": _describe_types,
    "enum": lambda error: (
        f"found {quote(error.instance)}; expected one of {', '.join(map(str, error.validator_value))}"
    ),
    "minimum": lambda error: _describe_bound(error, "at least"),
    "maximum": lambda error: _describe_bound(error, "at most"),
    "exclusiveMaximum": lambda error: _describe_bound(error, "less than"),
    "minItems": lambda error: _describe_count(error, "entries", "least"),
    "maxItems": lambda error: _describe_count(error, "entries", "most"),
    "minProperties": lambda error: _describe_count(error, "entries", "least"),
    "maxProperties": lambda error: _describe_count(error, "entries", "most"),
    "maxLength": lambda error: _describe_count(error, "characters", "most"),
    "required": lambda error: f"found no {show(error.message).removesuffix(' is a required property')}; expected it",
    "additionalProperties": _describe_unknown,
    # Where the schema allows nothing.
    None: lambda error: "found an entry that does not belong to this kind of target; expected none",
}

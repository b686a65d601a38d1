"""The JSON schema of ``estimator.json``, the description inside an estimator file, and the bounds of its lists."""

from typing import Any

import jsonschema

from galaxy_keras.messages import quote, show

FORMAT = "galaxy-keras-estimator"
FORMAT_VERSION = 1
# Letters of a label, a column's name or a metric's, and of a word of the vocabulary.
LONGEST_NAME = 1_000
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
# The entries are checked by galaxy_keras.consistency: one after the other would take jsonschema minutes.
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


_MEASURE = _record({"name": _NAME, "options": {"type": "object"}})
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
    expected = {
        "type": lambda: f"found {quote(error.instance)}; expected {_list_types(error.validator_value)}",
        "const": lambda: f"found {quote(error.instance)}; expected {error.validator_value!r}",
        "enum": lambda: f"found {quote(error.instance)}; expected one of {', '.join(map(str, error.validator_value))}",
        "minimum": lambda: f"found {quote(error.instance)}; expected at least {error.validator_value}",
        "maximum": lambda: f"found {quote(error.instance)}; expected at most {error.validator_value}",
        "exclusiveMaximum": lambda: f"found {quote(error.instance)}; expected less than {error.validator_value}",
        "minItems": lambda: f"found {len(error.instance):,} entries; expected at least {error.validator_value}",
        "maxItems": lambda: f"found {len(error.instance):,} entries; expected at most {error.validator_value:,}",
        "maxProperties": lambda: f"found {len(error.instance):,} entries; expected at most {error.validator_value:,}",
        "maxLength": lambda: f"found {len(error.instance):,} characters; expected at most {error.validator_value:,}",
        # Where the schema allows nothing.
        None: lambda: "found an entry that does not belong to this kind of target; expected none",
    }.get(error.validator, lambda: show(error.message, 200))()
    return f"{show(error.json_path)}: {expected}"


def _list_types(types: str | list[str]) -> str:
    return " or ".join([types] if isinstance(types, str) else types)

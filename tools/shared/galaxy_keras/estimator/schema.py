"""Versions of the estimator file and the JSON schema of its member ``estimator.json``.

An estimator file is a zip archive with the members ``estimator.json`` (settings and fitted attributes),
``architecture.json`` (the network) and, after training, ``history.json`` (metrics per epoch) and ``model.weights.h5``
(Keras 3 weights).

The key ``format_version`` of ``estimator.json`` is the version of the whole file:

=======  =============================================================================================================
Version  Content
=======  =============================================================================================================
1        The document that ``SCHEMA`` describes. ``fitted.text`` exists only if the network reads text, and its key
         ``unit`` is missing in files of earlier releases (``words``). ``fitted.heads`` exists only if there is one
         target per output of the network; in Python it is ``Fitted.outputs``. ``fitted.sequences`` exists only if the
         network reads sequences.
=======  =============================================================================================================

Every released format stays readable. A new optional key keeps the version; any other change increases
``FORMAT_VERSION``, and the reader converts documents of earlier versions. The steps are in the version policy in
``docs/file_formats.md``; ``tests/estimator/test_stored_samples.py`` reads a stored sample of each version.
"""

from collections.abc import Callable
from typing import Any

import jsonschema

from galaxy_keras.messages import list_some, quote, show
from galaxy_keras.sequences.alphabets import MAX_LETTERS
from galaxy_keras.sequences.encoding import EQUAL, K_MERS, MAX_LENGTH, ONE_HOT, REFUSE, ZEROS
from galaxy_keras.sequences.letters import CENTER, END, START

FORMAT = "galaxy-keras-estimator"
FORMAT_VERSION = 1
# Maximum number of characters of a label, column name or metric name, and of a word of the vocabulary.
MAX_NAME_LENGTH = 10_000
MAX_WORD_LENGTH = 100
# Maximum number of classes, features or targets, and of words of a vocabulary.
MAX_NAMES = 1_000_000
MAX_WORDS = 500_000
# Maximum number of words per row.
MAX_WORDS_PER_ROW = 1_000_000
# Maximum number of outputs, metrics or callbacks, and of class weights.
MAX_PARTS = 1_000
MAX_WEIGHTS = 100_000
MAX_COUNT = 2**31 - 1

_POSITIVE = {"type": "integer", "minimum": 1, "maximum": MAX_COUNT}
_POSITIVE_OR_NULL = {**_POSITIVE, "type": ["integer", "null"]}
_NAME = {"type": "string", "maxLength": MAX_NAME_LENGTH}
# galaxy_keras.estimator.fitted_checks checks the entries, because jsonschema needs minutes for long lists.
_LIST = {"type": "array", "maxItems": MAX_NAMES}
_SERIALIZED = {
    "type": "object",
    "required": ["class_name", "config"],
    "properties": {"class_name": _NAME, "config": {"type": "object"}},
}


def _record(properties: dict, optional: dict | None = None, *types: str) -> dict:
    """Return the schema of an object with required properties, optional properties and no others."""
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
        # With anyOf, jsonschema would collect each error of a long object.
        "class_weight": {
            "if": {"type": "object"},
            "then": {
                "minProperties": 1,
                "maxProperties": MAX_WEIGHTS,
                "propertyNames": {"maxLength": MAX_NAME_LENGTH},
                "additionalProperties": {"type": "number", "minimum": 0},
            },
            "else": {"enum": [None, "balanced"]},
        },
        "callbacks": {"type": "array", "maxItems": MAX_PARTS, "items": _SERIALIZED},
    }
)
_TEXT = _record(
    {
        "words": {"type": "array", "minItems": 1, "maxItems": MAX_WORDS},
        "length": {"type": "integer", "minimum": 1, "maximum": MAX_WORDS_PER_ROW},
        "pads_front": {"type": "boolean"},
        "trims_front": {"type": "boolean"},
    },
    # If missing, the unit is words: files of earlier releases do not have this key.
    {"unit": {"enum": ["words", "characters"]}},
)
_SEQUENCES = _record(
    {
        "alphabet": {"enum": ["dna", "rna", "protein", "letters"]},
        "letters": {"type": "string", "minLength": 2, "maxLength": MAX_LETTERS},
        "coding": {"enum": [ONE_HOT, K_MERS]},
        "k": {"type": "integer", "minimum": 1, "maximum": MAX_LENGTH},
        "stride": {"type": "integer", "minimum": 1, "maximum": MAX_LENGTH},
        "length": {"type": "integer", "minimum": 1, "maximum": MAX_LENGTH},
        "padding": {"enum": [START, CENTER, END]},
        "truncating": {"enum": [START, CENTER, END]},
        "unknown": {"enum": [EQUAL, ZEROS, REFUSE]},
    }
)
_TARGET = {
    "classes": _LIST,
    "target_names": _LIST,
    "threshold": {"type": ["number", "null"]},
    "has_probabilities": {"type": "boolean"},
}
_HEAD = _record({"title": _NAME, "target_kind": {"enum": ["labels", "one_hot"]}, "output_count": _POSITIVE, **_TARGET})
# Networks that read text have the key text, those that read sequences the key sequences; networks with one target per
# output have the key heads.
_FITTED = _record(
    {
        "target_kind": {"enum": ["labels", "one_hot", "multilabel", "values", "multi_output", "outputs"]},
        **_TARGET,
        "feature_count": _POSITIVE,
        "feature_names": {**_LIST, "type": ["array", "null"]},
        "versions": {"type": "object", "maxProperties": MAX_PARTS, "additionalProperties": _NAME},
    },
    {
        "text": _TEXT,
        "heads": {"type": "array", "minItems": 2, "maxItems": MAX_PARTS, "items": _HEAD},
        "sequences": _SEQUENCES,
    },
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
        "metrics": {"type": "array", "maxItems": MAX_PARTS, "items": _MEASURE},
        "fit": _FIT,
        "seed": {"type": ["integer", "null"], "minimum": 0, "maximum": 2**32 - 1},
        "fitted": _FITTED,
    }
)


def _is_whole(_: Any, value: Any) -> bool:
    # JSON Schema accepts 6.0 as an integer, numpy and Keras do not.
    return isinstance(value, int) and not isinstance(value, bool)


_Validator = jsonschema.validators.extend(
    jsonschema.Draft202012Validator,
    type_checker=jsonschema.Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_whole),
)


def find_violation(document: Any) -> str | None:
    """Return a message about the first violation of the schema, or None if the document is valid."""
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
    "required": lambda error: f"the entry {show(error.message).removesuffix(' is a required property')} is missing",
    "additionalProperties": _describe_unknown,
    # The schema False, which allows no value.
    None: lambda error: "found an entry that this kind of target does not have; expected none",
}

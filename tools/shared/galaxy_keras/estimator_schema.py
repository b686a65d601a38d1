"""The JSON schema of ``estimator.json``, the description inside an estimator file."""

FORMAT = "galaxy-keras-estimator"
FORMAT_VERSION = 1

_POSITIVE = {"type": "integer", "minimum": 1}
_POSITIVE_OR_NULL = {"type": ["integer", "null"], "minimum": 1}
# What stands in a cell of a table.
_CELL = "^[^\\t\\r\\n]*$"
_TEXTS = {"type": "array", "items": {"type": "string", "pattern": _CELL}}
_SERIALISED = {
    "type": "object",
    "required": ["class_name", "config"],
    "properties": {"class_name": {"type": "string"}, "config": {"type": "object"}},
}


def _record(properties: dict) -> dict:
    """Make the schema of an object that has all of the properties and no other."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


_MEASURE = _record({"name": {"type": "string"}, "options": {"type": "object"}})
_FIT = _record(
    {
        "epochs": _POSITIVE,
        "batch_size": _POSITIVE,
        "steps_per_epoch": _POSITIVE_OR_NULL,
        "validation_steps": _POSITIVE_OR_NULL,
        "validation_split": {"type": ["number", "null"], "minimum": 0, "exclusiveMaximum": 1},
        "shuffle": {"type": "boolean"},
        "class_weight": {
            "anyOf": [
                {"type": "null"},
                {"const": "balanced"},
                {"type": "object", "minProperties": 1, "additionalProperties": {"type": "number", "minimum": 0}},
            ]
        },
        "callbacks": {"type": "array", "items": _SERIALISED},
    }
)
# A row of text is at most as long as a book, and its vocabulary as large as that of all books.
_TEXT = _record(
    {
        "words": {"type": "array", "items": {"type": "string", "maxLength": 100}, "minItems": 1, "maxItems": 500_000},
        "length": {"type": "integer", "minimum": 1, "maximum": 1_000_000},
        "pads_front": {"type": "boolean"},
        "trims_front": {"type": "boolean"},
    }
)
# Files of earlier versions have words only, and do not say so.
_TEXT["properties"]["unit"] = {"enum": ["words", "characters"]}
_TARGET = {
    "classes": {"type": "array", "items": {"type": ["string", "number"], "pattern": _CELL}},
    "target_names": _TEXTS,
    "threshold": {"type": ["number", "null"]},
    "has_probabilities": {"type": "boolean"},
}
_HEAD = _record(
    {"title": {"type": "string"}, "target_kind": {"enum": ["labels", "one_hot"]}, "output_count": _POSITIVE, **_TARGET}
)
_FITTED = _record(
    {
        "target_kind": {"enum": ["labels", "one_hot", "multilabel", "values", "multi_output", "outputs"]},
        **_TARGET,
        "feature_count": _POSITIVE,
        "feature_names": {"anyOf": [_TEXTS, {"type": "null"}]},
        "versions": {"type": "object", "additionalProperties": {"type": "string"}},
    }
)
# Only a network that reads text has the one, only one with several targets the other.
_FITTED["properties"] |= {"text": _TEXT, "heads": {"type": "array", "items": _HEAD, "minItems": 2}}
_FITTED |= {
    "if": {"properties": {"target_kind": {"const": "multi_output"}}},
    "then": {"required": ["heads"]},
    "else": {"properties": {"heads": False}},
}
SCHEMA = _record(
    {
        "format": {"const": FORMAT},
        "format_version": {"const": FORMAT_VERSION},
        "task": {"enum": ["classification", "regression"]},
        "loss": _MEASURE,
        "optimizer": _SERIALISED,
        "metrics": {"type": "array", "items": _MEASURE},
        "fit": _FIT,
        "seed": {"type": ["integer", "null"], "minimum": 0, "maximum": 2**32 - 1},
        "fitted": {"anyOf": [_FITTED, {"type": "null"}]},
    }
)

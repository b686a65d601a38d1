"""List the settings of a training in the words of the forms."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from galaxy_keras.estimator.contents import Estimator
from training.splits.schemes import Scheme

# Members of the estimator and of a split that are not settings, or that another section of the report describes.
OTHER_MEMBERS = ("architecture", "history", "fitted", "split_name")
# Keys that only help Keras to find its classes.
KERAS_KEYS = ("module", "registered_name")
# Levels of the documents that the forms do not have.
PLAIN_LEVELS = ("fit", "config", "options")
# Names of settings that differ from those in the forms.
FORM_NAMES = {
    "test_split": "test holdout",
    "folds": "cross-validation",
    "method": "splitting method",
    "fold_count": "number of folds",
    "repeat_count": "number of repeats",
    "seed": "random seed",
    "group_names": "groups to hold out",
    "validation_size": "size of the validation rows",
    "is_refitted": "final network on all rows",
    "metrics": "metric",
    "callbacks": "callback",
}
# A setting that is a fraction of the rows in ``fit`` and a holdout in the scheme.
VALIDATION = "validation_split"


def list_settings(estimator: Estimator, scheme: Scheme) -> list[tuple[str, str]]:
    """Return the name and the value of each setting that is set, first those of the split."""
    return [(" ".join(path), value) for document in (scheme, estimator) for path, value in _flatten(asdict(document))]


def _flatten(document: dict[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the path and the text of each value in nested settings."""
    for key, value in document.items():
        if key in (*OTHER_MEMBERS, *KERAS_KEYS) or value is None or value in ("", (), [], {}):
            continue
        name = "validation holdout" if key == VALIDATION and isinstance(value, dict) else FORM_NAMES.get(key, key)
        inner = path if key in PLAIN_LEVELS else (*path, name)
        if isinstance(value, dict):
            yield from _flatten_object(value, inner)
        elif isinstance(value, list) and isinstance(value[0], dict):
            for number, item in enumerate(value, start=1):
                yield from _flatten_object(item, (*inner, str(number)))
        else:
            yield inner, _show(value)


def _flatten_object(document: dict[str, Any], path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the class of an object under the object's path, then its arguments; other dictionaries as they are."""
    arguments = dict(document)
    if "class_name" in document:
        yield path, arguments.pop("class_name")
        arguments["config"] = {key: value for key, value in document.get("config", {}).items() if key != "name"}
    elif "options" in document:
        yield path, arguments.pop("name")
    elif "split_name" in document:
        del arguments["name"]
    yield from _flatten(arguments, path)


def _show(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)

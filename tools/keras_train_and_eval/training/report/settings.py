"""List the settings of a training in the words of the forms."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from galaxy_keras.estimator.contents import Estimator
from training.splits.schemes import Scheme

# Members of the estimator that are not settings, or that another section of the report describes.
OTHER_MEMBERS = ("architecture", "history", "fitted")
# Keys that only help Keras to find its classes.
KERAS_KEYS = ("module", "registered_name")
# Levels of the documents that the forms do not have.
PLAIN_LEVELS = ("fit", "config", "options")
# Names of settings that differ from those in the forms.
FORM_NAMES = {"seed": "random seed", "metrics": "metric", "callbacks": "callback"}
CLASS_WEIGHT = "class_weight"
# Names of splitting methods in the form, for holdouts and for folds.
HOLDOUT_METHODS = {
    "None": "No shuffle",
    "simple": "ShuffleSplit",
    "stratified": "StratifiedShuffleSplit",
    "group": "GroupShuffleSplit",
    "column": "Predefined split",
}
FOLD_METHODS = {"None": "TimeSeriesSplit", "simple": "KFold", "stratified": "StratifiedKFold", "group": "GroupKFold"}


def list_settings(estimator: Estimator, scheme: Scheme) -> list[tuple[str, str]]:
    """Return the name and the value of each setting that is set, first those of the scheme."""
    document = asdict(estimator)
    # The training uses the holdouts of its form instead.
    document["fit"]["validation_split"] = None
    return [
        ("scheme", _name_scheme(scheme)),
        *_list_split_settings(scheme),
        *((" ".join(path), value) for path, value in _flatten(document)),
    ]


def _name_scheme(scheme: Scheme) -> str:
    if scheme.folds is not None:
        return "Cross-validate"
    if scheme.test_split is None:
        return "Train on all rows"
    return "Train and Validate" if scheme.validation_split is None else "Train, Validate and Test"


def _list_split_settings(scheme: Scheme) -> Iterator[tuple[str, str]]:
    for split in (scheme.test_split, scheme.validation_split):
        if split is not None:
            values = (HOLDOUT_METHODS[split.method], split.size, split.seed, split.group_names)
            yield from _name_values(split.name, ("splitting method", "size", "random seed", "groups"), values)
    folds = scheme.folds
    if folds is not None:
        names = ("splitting method", "number of folds", "number of repeats", "random seed")
        of_folds = (FOLD_METHODS[folds.method], folds.fold_count, folds.repeat_count, folds.seed)
        yield from _name_values("Folds", names, of_folds)
        others = ("size of the validation rows", "final network")
        yield from _name_values("Folds", others, (folds.validation_size, folds.is_refitted))


def _name_values(section: str, names: Sequence[str], values: Sequence[Any]) -> Iterator[tuple[str, str]]:
    return ((f"{section}, {name}", _show(value)) for name, value in zip(names, values, strict=True) if _is_set(value))


def _is_set(value: Any) -> bool:
    return value is not None and not (isinstance(value, (str, list, tuple, dict)) and not value)


def _flatten(document: dict[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the path and the text of each value in nested settings."""
    for key, value in document.items():
        if key in (*OTHER_MEMBERS, *KERAS_KEYS) or not _is_set(value):
            continue
        inner = path if key in PLAIN_LEVELS else (*path, FORM_NAMES.get(key, key))
        if key == CLASS_WEIGHT and isinstance(value, dict):
            # The keys are labels of the user.
            yield from (((*inner, label), _show(weight)) for label, weight in value.items())
        elif isinstance(value, dict):
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
    yield from _flatten(arguments, path)


def _show(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)

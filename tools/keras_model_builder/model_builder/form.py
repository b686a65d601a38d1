"""Read the form of the builder."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from galaxy_keras.errors import InputError
from galaxy_keras.forms.document import parse_literal

PREFITTED = "prefitted"
TASKS = {"KerasGClassifier": "classification", "KerasGRegressor": "regression"}
AUTOMATIC = "automatic"
NO_SCHEDULE = "constant"
# Default values of the form; other values were set by the user.
DEFAULT_VERBOSE, DEFAULT_VALIDATION_SPLIT = 1, 0.1
# Options whose values are numbers separated by commas.
NUMBER_LISTS = ("boundaries", "values", "target_class_ids")
Named = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class BuilderForm:
    """Values of the builder's form in the mode ``train_model``. Unset options are omitted.

    Attributes
    ----------
    task
        ``classification`` or ``regression``.
    loss
        Name and options. The name is a value of the form (some are names of Keras 2) or ``automatic``.
    metrics
        Names and options, as for ``loss``.
    optimizer
        Class name and options.
    schedule
        Class name and options of the learning-rate schedule; None for a constant learning rate.
    fit
        Fit parameters by name, including ``verbose``, without callbacks.
    callbacks
        Class names and parameters.
    seed
        Random seed; None for a different result each time.
    """

    task: str
    loss: Named
    metrics: list[Named]
    optimizer: Named
    schedule: Named | None
    fit: dict[str, Any]
    callbacks: list[Named]
    seed: int | None

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "BuilderForm":
        """Read the form's JSON document in the mode ``train_model``.

        Raises
        ------
        InputError
            A class weight has no label or the label of another one, or a list of numbers is invalid.
        """
        mode = document["mode_selection"]
        compiled, fit = mode["compile_params"], dict(mode["fit_params"])
        optimizer = compiled["optimizer_selection"]
        options = {**(optimizer.get("optimizer_options") or {}), **(compiled.get("common_options") or {})}
        callbacks = [_read_choice(block["callback_selection"], "callback_type") for block in fit.pop("callbacks", [])]
        fit["class_weight"] = _read_class_weight(fit.pop("class_weight_selection", None) or {})
        return cls(
            task=TASKS[mode["learning_type"]],
            loss=(compiled["loss"], _read_loss_options(compiled.get("loss_options") or {})),
            metrics=_read_metrics(compiled),
            optimizer=(optimizer["optimizer_type"], _drop_blank(options)),
            schedule=_read_schedule(compiled.get("schedule_selection") or {"schedule_type": NO_SCHEDULE}),
            callbacks=[callback for callback in callbacks if callback[0] != "None"],
            fit=_drop_blank(fit),
            seed=mode.get("random_seed"),
        )


def _read_loss_options(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Read the options that are set; the form has the options of all losses, so False means unset."""
    return {name: value for name, value in _drop_blank(fields).items() if value is not False}


def _read_metrics(compiled: Mapping[str, Any]) -> list[Named]:
    """Read the metrics of the list, then the metrics with options."""
    ticked = compiled.get("metrics") or []
    found: list[Named] = [(name, {}) for name in ([ticked] if isinstance(ticked, str) else ticked)]
    for block in compiled.get("metrics_with_options") or []:
        name, options = _read_choice(block["metric_selection"], "metric_type")
        column = (block.get("name") or "").strip()
        found.append((name, {**options, "name": column} if column else options))
    return found


def _read_schedule(fields: Mapping[str, Any]) -> Named | None:
    schedule = _read_choice(fields, "schedule_type")
    return None if schedule[0] == NO_SCHEDULE else schedule


def _read_class_weight(fields: Mapping[str, Any]) -> dict[str, float] | str | None:
    """Read the weight of each label, or the name of the method that computes the weights from the training rows."""
    kind = fields.get("class_weight_type", "none")
    if kind != "given":
        return None if kind == "none" else kind
    weights: dict[str, float] = {}
    for number, block in enumerate(fields["class_weights"], start=1):
        label = (block["label"] or "").strip()
        if not label or label in weights:
            found = f"found the label {label} twice" if label else "the label is missing"
            raise InputError(f"class weight {number}: {found}; expected each label of the target once")
        weights[label] = block["weight"]
    return weights


def _read_choice(fields: Mapping[str, Any], chooser: str) -> Named:
    """Read the selected value of a conditional and the fields of its case."""
    options = _drop_blank(fields)
    name = options.pop(chooser)
    for option in options:
        if option in NUMBER_LISTS:
            # The additional comma makes a tuple of a single number.
            options[option] = list(parse_literal(f"({options[option].strip().rstrip(',')},)", f"{name}, {option}"))
    return name, options


def _drop_blank(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Remove unset fields; zero and False are values."""
    return {name: value for name, value in fields.items() if value not in (None, "") and not name.startswith("__")}

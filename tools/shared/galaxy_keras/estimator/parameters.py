"""List the parameters of an estimator by name and apply hyperparameter overrides."""

import dataclasses
import difflib
import json
from typing import Any

import jsonschema

from galaxy_keras.catalog.callbacks import check_callbacks, settle_callbacks
from galaxy_keras.catalog.classes import SCHEDULES
from galaxy_keras.catalog.losses_and_metrics import join_metrics, NO_METRIC, read_loss, read_metric
from galaxy_keras.catalog.optimizers import make_optimizer, read_options, read_schedule, Schedule
from galaxy_keras.errors import InputError
from galaxy_keras.estimator.contents import Estimator
from galaxy_keras.estimator.schema import SCHEMA
from galaxy_keras.messages import quote
from galaxy_keras.network.layer_parameters import is_removal, LAYER, layer_number, set_layer, walk_layers

OLD_NAMES = {"lr": "learning_rate", "validation_fraction": "validation_split"}
# Prefixes of parameter names: options of the loss, of a metric and of the learning-rate schedule.
LOSS_OPTION, METRIC_OPTION, SCHEDULE, SCHEDULE_OPTION = "loss__", "metrics__", "schedule", "schedule__"
# Endings of the names of parameters that cannot be overridden.
FIXED_ENDINGS = ("n_jobs", "pre_dispatch", "memory", "name", "nthread", "_path", "callbacks")
VALUE_LENGTH = 100
NOTE = "@ marks parameters that 'Deep learning training and evaluation' can set; * marks fixed ones."


def list_parameters(estimator: Estimator) -> list[tuple[str, str, str]]:
    """List all parameters of an estimator.

    Returns
    -------
    list of (mark, name, value)
        The mark is ``@`` for a parameter that can be overridden and ``*`` for a fixed one. The value has the form
        ``name: value`` with a Python literal; dictionaries are truncated to 100 characters. Rows are sorted by the
        number of ``__`` in the name (0, 1, more), then alphabetically. The last row is a note.
    """
    values = _read_parameters(estimator)
    rows = []
    for name in sorted(values, key=lambda name: (min(name.count("__"), 2), name)):
        text = repr(values[name])
        if isinstance(values[name], dict) and len(text) > VALUE_LENGTH:
            text = text[:VALUE_LENGTH] + "..."
        rows.append(("*" if name.endswith(FIXED_ENDINGS) else "@", name, f"{name}: {text}"))
    return [*rows, ("", "Note:", NOTE)]


def set_parameters(estimator: Estimator, settings: list[tuple[str, Any]]) -> Estimator:
    """Apply hyperparameter overrides.

    All names refer to the estimator before the first override. Removing a layer renumbers the following layers;
    therefore layers are removed last, starting from the end.
    """
    removals = sorted((setting for setting in settings if is_removal(*setting)), key=layer_number, reverse=True)
    for name, value in [*(setting for setting in settings if not is_removal(*setting)), *removals]:
        estimator = set_parameter(estimator, name, value)
    return estimator


def set_parameter(estimator: Estimator, name: str, value: Any) -> Estimator:
    """Apply one hyperparameter override.

    Parameters
    ----------
    estimator
        Not modified.
    name
        A name from :func:`list_parameters`, or an old name such as ``lr``.
    value
        A Python literal; None for ``layers_<i>_<Class>`` removes the layer.

    Returns
    -------
    Estimator
        A changed, unfitted copy.

    Raises
    ------
    InputError
        The parameter does not exist or is fixed, or it does not accept the value.
    """
    name = OLD_NAMES.get(name, name)
    present = _read_parameters(estimator)
    if name not in present:
        near = difflib.get_close_matches(name, present, n=5, cutoff=0.5)
        expected = f"a name such as {', '.join(near)}" if near else "a name from the builder's list of parameters"
        raise InputError(f"parameter {quote(name)}: the estimator does not have this parameter; expected {expected}")
    if name.endswith(FIXED_ENDINGS):
        raise InputError(f"parameter {quote(name)}: found a fixed parameter; expected one marked with @")
    unfitted = dataclasses.replace(estimator, fitted=None, history={})
    value = _read_value(name, value)
    if name.startswith(LAYER):
        return dataclasses.replace(unfitted, architecture=set_layer(estimator.architecture, name, value))
    if name in _FIT_FIELDS:
        return dataclasses.replace(
            unfitted, fit=dataclasses.replace(estimator.fit, **{name: check_setting(name, value)})
        )
    changed = SETTERS[name](unfitted, value) if name in SETTERS else _set_option(unfitted, name, value)
    check_callbacks(changed.fit.callbacks, changed.optimizer)
    # Callbacks may monitor only metrics that are still computed.
    callbacks = settle_callbacks(changed.fit.callbacks, changed.loss, changed.metrics)
    return dataclasses.replace(changed, fit=dataclasses.replace(changed.fit, callbacks=callbacks))


def check_setting(name: str, value: Any) -> Any:
    """Check a fit parameter or the seed against the estimator file's schema, and return it.

    Raises
    ------
    InputError
        The type is wrong or the value is out of range.
    """
    schema = SCHEMA["properties"]["seed"] if name == "seed" else _FIT_FIELDS[name]
    if not jsonschema.Draft202012Validator(schema).is_valid(value):
        raise InputError(f"{name}: found {quote(value)}; expected {_describe_setting(name, schema)}")
    return int(value) if isinstance(value, float) and "integer" in schema.get("type", ()) else value


def _describe_setting(name: str, schema: dict[str, Any]) -> str:
    if name == "class_weight":
        return "None, 'balanced', or a non-negative weight for each label, such as {'0': 1, '1': 5}"
    if schema["type"] == "boolean":
        return "True or False"
    least, most = schema["minimum"], schema.get("maximum")
    expected = "a fraction from 0 to below 1" if "number" in schema["type"] else f"a whole number from {least}"
    expected += f" to {most}" if most is not None else ""
    return f"{expected}{' or None' if 'null' in schema['type'] else ''}"


_FIT_FIELDS = {
    name: schema for name, schema in SCHEMA["properties"]["fit"]["properties"].items() if name != "callbacks"
}


def _read_parameters(estimator: Estimator) -> dict[str, Any]:
    """Return the value of each parameter by name."""
    values: dict[str, Any] = {
        "loss": estimator.loss.name,
        "metrics": [metric.column for metric in estimator.metrics],
        "optimizer": estimator.optimizer["class_name"],
        "seed": estimator.seed,
        "callbacks": [callback["class_name"] for callback in estimator.fit.callbacks],
    }
    values.update({name: getattr(estimator.fit, name) for name in _FIT_FIELDS})
    values.update({f"{LOSS_OPTION}{name}": value for name, value in estimator.loss.options.items()})
    for metric in estimator.metrics:
        values.update({f"{METRIC_OPTION}{metric.column}__{name}": value for name, value in metric.options.items()})
    values.update(read_options(estimator.optimizer))
    schedule = read_schedule(estimator.optimizer)
    values[SCHEDULE] = schedule and schedule[0]
    if schedule:
        values.update({f"{SCHEDULE_OPTION}{name}": value for name, value in schedule[1].items()})
    values.update({name: value for name, _, value in walk_layers(estimator.architecture)})
    return values


def _check_name(name: str, value: Any) -> None:
    if not isinstance(value, str):
        raise InputError(f"parameter {quote(name)}: found {quote(value)}; expected text")


def _set_loss(estimator: Estimator, value: Any) -> Estimator:
    """Replace the loss; options that both losses have are kept."""
    _check_name("loss", value)
    options = read_loss(value).options
    kept = {name: kept for name, kept in estimator.loss.options.items() if name in options}
    return dataclasses.replace(estimator, loss=read_loss(value, kept))


def _set_metrics(estimator: Estimator, value: Any) -> Estimator:
    """Replace the metrics; metrics that the estimator has already, matched by column name, keep their options."""
    names = [value] if isinstance(value, str) else value or []
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise InputError(f"metrics: found {quote(value)}; expected a list of names such as ['accuracy']")
    present = {metric.column: metric for metric in estimator.metrics}
    metrics = [present.get(name) or read_metric(name) for name in names if name != NO_METRIC]
    return dataclasses.replace(estimator, metrics=join_metrics(metrics))


def _set_seed(estimator: Estimator, value: Any) -> Estimator:
    return dataclasses.replace(estimator, seed=check_setting("seed", value))


def _set_optimizer(estimator: Estimator, value: Any) -> Estimator:
    """Replace the optimizer; options that both optimizers have are kept."""
    _check_name("optimizer", value)
    options = read_options(make_optimizer(value, {}))
    options.update({name: kept for name, kept in read_options(estimator.optimizer).items() if name in options})
    return _renew_optimizer(estimator, value, options, read_schedule(estimator.optimizer))


def _set_schedule(estimator: Estimator, value: Any) -> Estimator:
    """Replace the learning-rate schedule; options that both schedules have are kept. None removes the schedule."""
    if value is not None:
        _check_name(SCHEDULE, value)
        offered = SCHEDULES.list_defaults(SCHEDULES.find(value))
        present = read_schedule(estimator.optimizer)
        value = value, {name: kept for name, kept in (present[1] if present else {}).items() if name in offered}
    class_name, options = estimator.optimizer["class_name"], read_options(estimator.optimizer)
    return _renew_optimizer(estimator, class_name, options, value)


def _set_option(estimator: Estimator, name: str, value: Any) -> Estimator:
    """Set an option of the loss, a metric, the schedule or the optimizer."""
    if name.startswith(METRIC_OPTION):
        return _set_metric_option(estimator, name, value)
    if name.startswith(LOSS_OPTION):
        options = {**estimator.loss.options, name.removeprefix(LOSS_OPTION): value}
        return dataclasses.replace(estimator, loss=read_loss(estimator.loss.name, options))
    class_name, options = estimator.optimizer["class_name"], read_options(estimator.optimizer)
    schedule = read_schedule(estimator.optimizer)
    if schedule and name.startswith(SCHEDULE_OPTION):
        changed = schedule[0], {**schedule[1], name.removeprefix(SCHEDULE_OPTION): value}
        return _renew_optimizer(estimator, class_name, options, changed)
    return _renew_optimizer(estimator, class_name, {**options, name: value}, schedule)


def _set_metric_option(estimator: Estimator, name: str, value: Any) -> Estimator:
    column, _, option = name.removeprefix(METRIC_OPTION).rpartition("__")
    metrics = [
        read_metric(metric.name, {**metric.options, option: value}) if metric.column == column else metric
        for metric in estimator.metrics
    ]
    return dataclasses.replace(estimator, metrics=metrics)


def _renew_optimizer(
    estimator: Estimator, class_name: str, options: dict[str, Any], schedule: Schedule | None
) -> Estimator:
    return dataclasses.replace(estimator, optimizer=make_optimizer(class_name, options, schedule))


SETTERS = {
    "loss": _set_loss,
    "metrics": _set_metrics,
    "seed": _set_seed,
    "optimizer": _set_optimizer,
    SCHEDULE: _set_schedule,
}


def _read_value(name: str, value: Any) -> Any:
    """Return a literal as it is read back from JSON."""
    try:
        return json.loads(json.dumps(value, allow_nan=False))
    except (TypeError, ValueError):
        raise InputError(
            f"parameter {quote(name)}: found {quote(value)}; expected text, a number, a list or None"
        ) from None

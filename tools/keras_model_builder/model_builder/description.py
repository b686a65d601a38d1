"""Describe an estimator as text: its settings and parameters."""

import dataclasses
from collections.abc import Iterator
from typing import Any

from galaxy_keras import __version__
from galaxy_keras.catalog.classes import CALLBACKS, Catalog, LOSSES, METRICS, OPTIMIZERS
from galaxy_keras.catalog.losses_and_metrics import ACCURACY, Measure, narrow_loss
from galaxy_keras.catalog.optimizers import read_options, read_schedule
from galaxy_keras.estimator.contents import Estimator
from galaxy_keras.estimator.parameters import list_parameters
from galaxy_keras.messages import pluralize
from galaxy_keras.network.outputs import Output

# Fit parameters that limit the number of batches per epoch; None uses all rows.
WHOLE_PASS = ("steps_per_epoch", "validation_steps")


def summarize(estimator: Estimator) -> str:
    """Return the training settings in one line."""
    rate = f"learning rate {read_options(estimator.optimizer)['learning_rate']:g}"
    metrics = ", ".join(metric.column for metric in estimator.metrics) or "none"
    fit = f"{estimator.fit.epochs} epochs, batch size {estimator.fit.batch_size}"
    optimizer = f"{estimator.optimizer['class_name']} ({rate})"
    return f"Estimator: {estimator.task}, loss {estimator.loss.name}, optimizer {optimizer}, metrics {metrics}, {fit}"


def describe_outputs(loss: Measure, output_layers: list[Output]) -> list[str]:
    """Return units, activation and loss of each output if there is one target per output; otherwise an empty list."""
    if len(output_layers) == 1:
        return []
    return [
        f"{output.name}: {pluralize(output.units or 0, 'unit')}, {output.activation or 'no activation'}, "
        f"{narrow_loss(loss, output.units).name}"
        for output in output_layers
    ]


def describe(estimator: Estimator, output_layers: list[Output]) -> str:
    """Return a text with the settings of an estimator and the table of its parameters.

    Parameters
    ----------
    output_layers
        Outputs that are trained on one target each, or one output if all share a target.
    """
    rows = [f"{title:20}{text}" for title, text in _list_settings(estimator, output_layers)]
    parameters = ["\t".join(row).rstrip() for row in list_parameters(estimator)]
    return "\n".join(
        [*rows, "", "Parameters by name, for hyperparameter overrides in the training tool", "", *parameters, ""]
    )


def _list_settings(estimator: Estimator, output_layers: list[Output]) -> Iterator[tuple[str, str]]:
    """Return title and text of each line; the title is empty if the line continues the setting above it."""
    import keras

    yield "Task", estimator.task
    yield "Loss", _describe_measure(estimator.loss, LOSSES)
    outputs = describe_outputs(estimator.loss, output_layers)
    if outputs:
        yield from _number("Outputs", outputs)
    yield from _number("Metrics", [_describe_measure(metric, METRICS) for metric in estimator.metrics])
    optimizer, options = estimator.optimizer["class_name"], read_options(estimator.optimizer)
    schedule = read_schedule(estimator.optimizer)
    rate = options.pop("learning_rate")
    yield "Optimizer", _join(optimizer, _list_changed(options, {**OPTIMIZERS.list_defaults(optimizer), "decay": 0}))
    yield "Learning rate", f"{rate:g}"
    yield "Schedule", _join(*schedule) if schedule else "none"
    callbacks = estimator.fit.callbacks
    yield from _number("Callbacks", [_describe_callback(**callback) for callback in callbacks])
    for name, value in dataclasses.asdict(estimator.fit).items():
        if name != "callbacks":
            blank = "all" if name in WHOLE_PASS else "none"
            yield name.replace("_", " ").capitalize(), blank if value is None else str(value)
    yield "Seed", "none (each training has a different result)" if estimator.seed is None else str(estimator.seed)
    yield "Versions", f"Keras {keras.__version__}, galaxy_keras {__version__}"


def _number(title: str, texts: list[str]) -> Iterator[tuple[str, str]]:
    """Return one line per text, the first one with the title."""
    for number, text in enumerate(texts or ["none"]):
        yield "" if number else title, text


def _describe_measure(measure: Measure, catalog: Catalog) -> str:
    defaults = {} if measure.name == ACCURACY else catalog.list_defaults(catalog.find(measure.name))
    return _join(measure.name, _list_changed(measure.options, defaults))


def _describe_callback(class_name: str, config: dict[str, Any]) -> str:
    return _join(class_name, _list_changed(config, CALLBACKS.list_defaults(class_name)))


def _list_changed(options: dict[str, Any], defaults: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if name not in defaults or value != defaults[name]}


def _join(name: str, options: dict[str, Any]) -> str:
    """Return a name followed by its options in parentheses, if there are any."""
    listed = ", ".join(f"{option}={value!r}" for option, value in options.items())
    return f"{name} ({listed})" if listed else name

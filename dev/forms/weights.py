"""Macros with initializers, regularizers and constraints of a layer's weights for the form of keras_model_config."""

from typing import Any
from xml.etree.ElementTree import Element

import keras

from dev.forms import layer_table
from dev.forms.fields import choose, define, Field, make_element, write_macros
from dev.forms.signatures import list_arguments, list_classes, make_field

BASES = {
    "initializer": (keras.initializers, keras.initializers.Initializer),
    "regularizer": (keras.regularizers, keras.regularizers.Regularizer),
    "constraint": (keras.constraints, keras.constraints.Constraint),
}
# Classes and arguments that the form does not offer, and the reasons.
LEFT_OUT: dict[str, str] = {
    "STFT": "initializes the fixed kernels of a spectrogram layer",
    "input_axes": "is for an order of axes that no layer of Keras has",
    "output_axes": "is for an order of axes that no layer of Keras has",
}
TITLES = {"initializer": "Initializer", "regularizer": "Regularizer", "constraint": "Constraint"}
FIRST = {"initializer": "GlorotUniform", "regularizer": "L2", "constraint": "MaxNorm"}
HELP = {
    "initializer": "Initial values of the weights.",
    "regularizer": "Penalty on weights or outputs that is added to the loss.",
    "constraint": "Constraint on the weights after each training step.",
}
FACTOR: dict[str, Any] = {"least": 0, "help": "Regularization factor."}
ARGUMENTS: dict[str, dict[str, Any]] = {
    "value": {"help": "Value of all weights."},
    "mean": {"help": "Mean of the random values."},
    "stddev": {"least": 0, "help": "Standard deviation of the random values."},
    "minval": {"help": "Lower bound of the random values."},
    "maxval": {"help": "Upper bound of the random values."},
    "gain": {"help": "Factor by which to multiply the matrix."},
    "scale": {"least": 0, "help": "Scaling factor of the variance."},
    "mode": {"options": ("fan_in", "fan_out", "fan_avg"), "help": "Number of units by which to divide the variance."},
    "distribution": {
        "options": ("truncated_normal", "untruncated_normal", "uniform"),
        "help": "Distribution of the random values.",
    },
    "seed": {"kind": "integer", "least": 0, "help": "Random seed of these weights."},
    "l1": FACTOR,
    "l2": FACTOR,
    "factor": FACTOR,
    "max_value": {"kind": "float", "least": 0, "help": "Maximum norm."},
    "min_value": {"least": 0, "help": "Minimum norm."},
    "rate": {"least": 0, "most": 1, "help": "Rate (0-1) at which norms are moved into the range per step."},
    "axis": {**layer_table.SHAPE, "help": "Axis or axes along which to compute the norm."},
}
SPECIAL = {
    ("OrthogonalRegularizer", "mode"): {
        "options": ("rows", "columns"),
        "help": "Whether rows or columns are pushed to be orthogonal.",
    }
}


def write_weights() -> str:
    """Return the content of the macro file."""
    return write_macros([define(f"repeat/{setting}s", _repeat(setting)) for setting in BASES])


def list_choices(setting: str) -> dict[str, list[Field]]:
    """Return the fields of each initializer, regularizer or constraint."""
    classes = list_classes(*BASES[setting])
    return {name: _list_fields(name, item) for name, item in sorted(classes.items()) if name not in LEFT_OUT}


def list_weights(setting: str) -> list[str]:
    """Return the weights for which any layer of the form has a setting."""
    layers = list_classes(keras.layers, keras.layers.Layer)
    offered = (name for names in layer_table.GROUPS.values() for name in names)
    ending = f"_{setting}"
    found = [a.name for name in offered for a in list_arguments(layers[name]) if a.name.endswith(ending)]
    return [name.removesuffix(ending) for name in dict.fromkeys(found) if name != f"alpha{ending}"]


def _list_fields(name: str, class_: type) -> list[Field]:
    return [
        make_field(argument, **(ARGUMENTS.get(argument.name, {}) | SPECIAL.get((name, argument.name), {})))
        for argument in list_arguments(class_)
        if argument.name not in LEFT_OUT
    ]


def _repeat(setting: str) -> Element:
    """Make the repeat block that sets an initializer, regularizer or constraint of one weight."""
    choices = list_choices(setting)
    weights = list_weights(setting)
    labels = {"activity": "activity (the layer's output)"}
    which = Field(
        "weights",
        "select",
        weights[0],
        options=tuple((name, labels.get(name, name)) for name in weights),
        label="Weights",
        help="Dense has kernel and bias; recurrent layers have a recurrent kernel too.",
    )
    chooser = Field(
        *(f"{setting}_type", "select", FIRST[setting]),
        options=tuple(choices),
        label=TITLES[setting],
        help=HELP[setting],
    )
    cases = [(name, [field.to_element() for field in fields]) for name, fields in choices.items()]
    chosen = choose(setting, chooser, cases)
    return make_element("repeat", children=[which.to_element(), chosen], name=f"{setting}s", title=TITLES[setting])

"""The fields for a layer's weights: start values, penalties and limits, each once for every layer."""

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
# Classes and arguments that the form does not offer, and why.
LEFT_OUT: dict[str, str] = {
    "STFT": "makes the fixed windows of a spectrogram layer",
    "input_axes": "for weights whose axes stand in an order that no layer of Keras has",
    "output_axes": "for weights whose axes stand in an order that no layer of Keras has",
}
TITLES = {"initializer": "Start values", "regularizer": "Penalty", "constraint": "Limit"}
FIRST = {"initializer": "GlorotUniform", "regularizer": "L2", "constraint": "MaxNorm"}
HELP = {
    "initializer": "How the weights are drawn before the training.",
    "regularizer": "What is added to the loss, so that weights or outputs stay small.",
    "constraint": "What the weights are forced to after each step.",
}
FACTOR: dict[str, Any] = {"least": 0, "help": "Factor in the loss."}
ARGUMENTS: dict[str, dict[str, Any]] = {
    "value": {"help": "The value of all weights."},
    "mean": {"help": "Mean of the random numbers."},
    "stddev": {"least": 0, "help": "Standard deviation of the random numbers."},
    "minval": {"help": "Smallest random number."},
    "maxval": {"help": "Largest random number."},
    "gain": {"help": "Factor of the matrix."},
    "scale": {"least": 0, "help": "Factor of the variance."},
    "mode": {"options": ("fan_in", "fan_out", "fan_avg"), "help": "The number that the variance is divided by."},
    "distribution": {
        "options": ("truncated_normal", "untruncated_normal", "uniform"),
        "help": "Distribution of the random numbers.",
    },
    "seed": {"kind": "integer", "least": 0, "help": "Makes the random numbers of these weights repeatable."},
    "l1": FACTOR,
    "l2": FACTOR,
    "factor": FACTOR,
    "max_value": {"kind": "float", "least": 0, "help": "Largest norm."},
    "min_value": {"least": 0, "help": "Smallest norm."},
    "rate": {"least": 0, "most": 1, "help": "How far (0 to 1) weights are pulled towards the range at each step."},
    "axis": {**layer_table.SHAPE, "help": "Axis, or axes, along which the norm is computed."},
}
SPECIAL = {
    ("OrthogonalRegularizer", "mode"): {
        "options": ("rows", "columns"),
        "help": "What is made orthogonal to each other.",
    }
}


def write_weights() -> str:
    """Give the text of the macro file."""
    return write_macros([define(f"repeat/{setting}s", _repeat(setting)) for setting in BASES])


def list_choices(setting: str) -> dict[str, list[Field]]:
    """Give the fields of each initializer, regularizer or constraint."""
    classes = list_classes(*BASES[setting])
    return {name: _list_fields(name, item) for name, item in sorted(classes.items()) if name not in LEFT_OUT}


def list_weights(setting: str) -> list[str]:
    """Name the weights that a setting can be made for, over all layers of the form."""
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
    """Make the blocks in which one of a layer's weights gets a setting."""
    choices = list_choices(setting)
    weights = list_weights(setting)
    labels = {"activity": "activity (the layer's output)"}
    which = Field(
        "weights",
        "select",
        weights[0],
        options=tuple((name, labels.get(name, name)) for name in weights),
        label="Weights",
        help="Dense has kernel and bias, recurrent layers have recurrent ones too; others are refused with a list.",
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

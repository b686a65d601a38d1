"""Read the layer blocks of the architecture form."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from galaxy_keras.catalog.keras_objects import NO_STATES
from galaxy_keras.catalog.signatures import list_arguments
from galaxy_keras.errors import InputError
from galaxy_keras.forms.document import parse_keyword_arguments, parse_literal
from galaxy_keras.messages import quote
from galaxy_keras.network.inner_names import is_fit, NAME_RULE
from galaxy_keras.network.keras_2 import modernize_layer
from model_config.references import read_references, Reference

INPUT, SHARED = "Input", "SharedLayer"
# Fields of a block that are not arguments of its layer.
OTHER_FIELDS = ("layer_type", "kwargs", "advanced", "bidirectional", "inbound_nodes", "merging_layers", "layer")
# Text that is not a literal and may contain characters other than letters.
PLAIN_TEXT = ("equation", "name", "bias_axes")
NOT_BIDIRECTIONAL = "no"
# Initializers, regularizers and constraints of weights, with their namespaces in Keras.
WEIGHT_SETTINGS = {"initializer": "initializers", "regularizer": "regularizers", "constraint": "constraints"}
# Arguments of Keras 2 for the input shape of the first layer, and the part of their value that is the shape.
SHAPE_ARGUMENTS = {
    "input_shape": lambda shape: shape,
    "batch_input_shape": lambda shape: shape[1:] if isinstance(shape, (tuple, list)) else shape,
    "batch_shape": lambda shape: shape[1:] if isinstance(shape, (tuple, list)) else shape,
    "input_dim": lambda size: (size,),
}


@dataclass(frozen=True)
class LayerBlock:
    """A block of the form.

    Attributes
    ----------
    number
        1-based, in the order of the form.
    class_name
        Layer class in Keras, :data:`INPUT` or :data:`SHARED`.
    arguments
        Arguments of the layer by name. Those in ``kwargs`` replace those of other fields.
    inputs
        Layers whose outputs it reads; empty in a sequential network.
    merge_mode
        How a bidirectional layer combines both directions; None for one direction.
    time_distributed
        Whether the layer is applied to each time step.
    power_iterations
        Power iterations of the spectral normalization; None does not normalize.
    shared
        The layer that a :data:`SHARED` block reuses.
    """

    number: int
    class_name: str
    arguments: dict[str, Any]
    inputs: tuple[Reference, ...] = ()
    merge_mode: str | None = None
    time_distributed: bool = False
    power_iterations: int | None = None
    shared: Reference | None = None

    @property
    def place(self) -> str:
        """Name of the layer in messages."""
        name = f" {quote(self.arguments['name'])}" if self.arguments.get("name") else ""
        return f"layer {self.number} ({self.class_name}{name})"

    @classmethod
    def from_form(cls, number: int, block: Mapping[str, Any]) -> "LayerBlock":
        """Read a block of the JSON document of the form."""
        selection, options = block["layer_selection"], block.get("layer_options") or {}
        class_name = selection["layer_type"]
        place = f"layer {number} ({class_name})"
        fields = {**(selection.get("advanced") or {}), **selection}
        arguments = _read_arguments(fields, place)
        arguments |= _read_arguments({name: options.get(name) or None for name in ("name", "dtype")}, place)
        if options.get("trainable") is False:
            arguments["trainable"] = False
        arguments |= _read_weight_settings(block.get("weights") or {}, place)
        arguments |= parse_keyword_arguments(selection.get("kwargs"), f"{place}, kwargs")
        if arguments.get("name") is not None:
            _check_name(arguments["name"], place)
        if arguments.get("stateful"):
            raise InputError(f"{place}, stateful: found it on; {NO_STATES}")
        current, arguments = modernize_layer(class_name, arguments, place)
        direction = selection.get("bidirectional", NOT_BIDIRECTIONAL)
        inputs = {name: selection.get(name) for name in ("merging_layers", "inbound_nodes") if name in selection}
        return cls(
            number,
            current,
            arguments,
            tuple(found for name, text in inputs.items() for found in read_references(text, f"{place}, {name}")),
            None if direction == NOT_BIDIRECTIONAL else direction,
            bool(options.get("time_distributed")),
            options.get("spectral_normalization"),
            _read_shared(selection, place) if class_name == SHARED else None,
        )


def _read_arguments(fields: Mapping[str, Any], place: str) -> dict[str, Any]:
    """Return the fields that are not empty as arguments for Keras."""
    arguments = {}
    for name, value in fields.items():
        if name in OTHER_FIELDS or name.startswith("__"):
            continue
        if name in ("alpha_constraint", "alpha_regularizer"):
            value = _read_alpha(name, value, f"{place}, {name}")
        elif isinstance(value, str):
            value = _read_text(name, value, f"{place}, {name}")
        if value is not None:
            arguments[name] = value
    return arguments


def _read_text(name: str, text: str, field: str) -> Any:
    """Return the value of a text field: a word, a literal such as ``(3, 3)``, or None if it is empty."""
    text = text.strip()
    if text in ("", "None"):
        return None
    if name in PLAIN_TEXT or (re.fullmatch(r"[A-Za-z_]\w*", text) and text not in ("True", "False")):
        return text
    value = parse_literal(text, field)
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return (value,) if is_number and name.endswith("shape") else value


def _read_alpha(name: str, value: Any, field: str) -> dict[str, Any] | None:
    """Read the regularizer of PReLU, which is a pair of factors, or its constraint, which is a conditional."""
    if name == "alpha_regularizer":
        pair = _read_text(name, value or "", field)
        if pair is None:
            return None
        if not isinstance(pair, (tuple, list)) or len(pair) != 2 or not all(isinstance(x, (int, float)) for x in pair):
            raise InputError(f"{field}: found {quote(value)}; expected two numbers such as (0.01, 0)")
        return _describe_setting("regularizer", "L1L2", {"l1": pair[0], "l2": pair[1]}) if any(pair) else None
    chosen = value["constraint_type"]
    options = _read_arguments(value.get("constraint_options") or {}, field)
    return None if chosen == "None" else _describe_setting("constraint", chosen, options)


def _read_weight_settings(section: Mapping[str, Any], place: str) -> dict[str, Any]:
    """Return initializers, regularizers and constraints by argument."""
    found: dict[str, Any] = {}
    for setting, module in WEIGHT_SETTINGS.items():
        for block in section.get(module) or []:
            options = dict(block[setting])
            class_name = options.pop(f"{setting}_type")
            argument = f"{block['weights']}_{setting}"
            if argument in found:
                raise InputError(f"{place}: found two blocks for {argument}; expected one")
            found[argument] = _describe_setting(setting, class_name, _read_arguments(options, f"{place}, {argument}"))
    return found


def _describe_setting(setting: str, class_name: str, options: dict[str, Any]) -> dict[str, Any]:
    """Return an initializer, regularizer or constraint as Keras serializes it."""
    class_name, options = modernize_layer(class_name, options, class_name)
    return {"module": f"keras.{WEIGHT_SETTINGS[setting]}", "class_name": class_name, "config": options}


def _check_name(name: Any, place: str) -> None:
    """Refuse invalid names of layers. The stricter rule of TensorFlow applies to the inner names."""
    if not isinstance(name, str) or not name or not is_fit(name) or "/" in name:
        raise InputError(f"{place}, name: found {quote(name)}; expected text of {NAME_RULE}, and without /")


def list_names(blocks: list[LayerBlock]) -> dict[str, int]:
    """Return the block numbers of layers by the names that the user assigned.

    Raises
    ------
    InputError
        Two layers have the same name, or a name is a number, which would refer to another layer.
    """
    numbers: dict[str, int] = {}
    for block in blocks:
        name = block.arguments.get("name")
        if name in numbers:
            raise InputError(f"{block.place}, name: found the name of layer {numbers[name]}; expected another")
        if name is not None and re.fullmatch(r"-?\d+", name) and name != str(block.number):
            raise InputError(f"{block.place}, name: found a number, which refers to another layer; expected a name")
        if name is not None:
            numbers[name] = block.number
    return numbers


def _read_shared(selection: Mapping[str, Any], place: str) -> Reference:
    references = read_references(selection["layer"], f"{place}, Layer")
    if len(references) != 1:
        raise InputError(f"{place}, Layer: found {quote(selection['layer'])}; expected the number or name of one layer")
    return references[0]


def take_input_shape(block: LayerBlock) -> tuple[Any, LayerBlock]:
    """Remove the input shape from the arguments of a block.

    Returns
    -------
    tuple of (shape, block)
        The shape of one sample or None, and the block without it.
    """
    import keras

    own = list_arguments(getattr(keras.layers, block.class_name), inherited=False)
    named = [name for name in SHAPE_ARGUMENTS if name in block.arguments and name not in own]
    if not named:
        return None, block
    shape = SHAPE_ARGUMENTS[named[0]](block.arguments[named[0]])
    return shape, replace(block, arguments={n: value for n, value in block.arguments.items() if n not in named})

"""Make the architecture of a sequential Keras network from a list of layers."""

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TYPE_CHECKING

from galaxy_keras.architecture import check_architecture, describe_error
from galaxy_keras.errors import ArchitectureError, InputError, run_script
from galaxy_keras.form import parse_literal, read_form
from galaxy_keras.keras_runtime import configure_keras
from galaxy_keras.outputs import write_json
from layer_arguments import LayerBlock, make_layer, take_input_shape

if TYPE_CHECKING:
    import keras

SHAPE_EXAMPLE = "a tuple of sizes such as (32,) or (28, 28, 1)"


@dataclass(frozen=True)
class ConfigForm:
    """What a person asked for.

    Attributes
    ----------
    input_shape
        Without the number of rows; None where the field is blank. A size that is None is not fixed.
    layers
        In the order of the form.
    """

    input_shape: tuple[int | None, ...] | None
    layers: list[LayerBlock]

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> "ConfigForm":
        """Read the form's JSON document."""
        model = document["model_selection"]
        layers = [
            LayerBlock.from_form(number, block["layer_selection"])
            for number, block in enumerate(model["layers"], start=1)
        ]
        return cls(read_input_shape(model.get("input_shape"), "input_shape"), layers)


def parse_arguments(argv: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=Path, required=True, help="the form's values, JSON")
    parser.add_argument("--outfile", type=Path, required=True, help="architecture, JSON")
    return parser.parse_args(argv)


def read_input_shape(text: str | None, field: str) -> tuple[int | None, ...] | None:
    """Read an input shape as it was typed; blank text and the word None give None.

    Raises
    ------
    InputError
        The text is no tuple of sizes.
    """
    shape = parse_literal(text, field) if (text or "").strip() else None
    return None if shape is None else check_input_shape(shape, field)


def check_input_shape(shape: Any, field: str) -> tuple[int | None, ...]:
    """Refuse what is no tuple or list of sizes."""
    if isinstance(shape, int) and not isinstance(shape, bool):
        raise InputError(f"{field}: found the number {shape}; expected the tuple ({shape},)")
    if not isinstance(shape, (tuple, list)) or not shape or not all(_is_size(size) for size in shape):
        raise InputError(f"{field}: found {shape!r}; expected {SHAPE_EXAMPLE}")
    return tuple(shape)


def _is_size(size: Any) -> bool:
    return size is None or (isinstance(size, int) and not isinstance(size, bool) and size > 0)


def build_sequential(form: ConfigForm) -> "keras.Sequential":
    """Build the network layer by layer, so that a misfit is found at its layer.

    Raises
    ------
    ArchitectureError
        Keras refuses a layer's arguments or its input.
    """
    import keras

    shape, blocks = _choose_input_shape(form)
    model = keras.Sequential()
    if shape is not None:
        model.add(keras.Input(shape))
    else:
        print("No input_shape: the layers were checked one by one, not whether they fit each other and the data")
    for block in blocks:
        layer = make_layer(block)
        before = tuple(model.output_shape) if model.built else shape and (None, *shape)
        try:
            model.add(layer)
        except Exception as error:  # Keras raises whatever a layer's build or call raises.
            takes = f" (its input has the shape {before})" if before else ""
            raise ArchitectureError(f"{block.place}: {describe_error(error)}{takes}") from None
        print(describe_layer(block, layer, model))
    if model.built:
        print(f"Total: {model.count_params():,} parameters")
    return model


def _choose_input_shape(form: ConfigForm) -> tuple[tuple[int | None, ...] | None, list[LayerBlock]]:
    """Take the input shape from the form, or from the first layer's kwargs as Keras 2 took it."""
    shape, blocks = form.input_shape, []
    for block in form.layers:
        found, rest = take_input_shape(block)
        if found is not None and block.number == 1:
            shape = check_input_shape(found, f"{block.place}, input shape in kwargs")
            print(f"{block.place}: its input shape {shape} is used as input_shape")
        elif found is not None:
            print(f"{block.place}: its input shape was ignored; only the first layer has one")
        blocks.append(rest)
    return shape, blocks


def describe_layer(block: LayerBlock, layer: "keras.Layer", model: "keras.Sequential") -> str:
    """Say in one line what a layer gives and what it learns."""
    if not model.built:
        return block.place
    return f"{block.place}: output shape {tuple(model.output_shape)}, {layer.count_params():,} parameters"


def main(argv: list[str] | None = None) -> None:
    """Read the form, build the network, write its architecture."""
    arguments = parse_arguments(argv)
    form = ConfigForm.from_document(read_form(arguments.inputs))
    configure_keras()
    model = build_sequential(form)
    write_json(arguments.outfile, check_architecture(json.loads(model.to_json()), "network"))


if __name__ == "__main__":
    sys.exit(run_script(main))

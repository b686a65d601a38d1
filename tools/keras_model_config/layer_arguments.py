"""A layer's block of the form, and its way to the arguments of Keras' layer class."""

import dataclasses
import inspect
import re
from dataclasses import dataclass
from typing import Any, TYPE_CHECKING

from galaxy_keras.architecture import check_classes, describe_error
from galaxy_keras.errors import ArchitectureError, InputError
from galaxy_keras.form import parse_keyword_arguments, parse_literal

if TYPE_CHECKING:
    import keras

# What a block of the form holds beside the layer's arguments.
NO_ARGUMENTS = ("layer_type", "kwargs", "__current_case__")
# Arguments of Keras 2 that Keras 3 has no more because it needs none.
IGNORED_ARGUMENTS = {
    "Embedding": ("input_length",),
    "LSTM": ("implementation",),
}
# Arguments by which Keras 2 gave the input shape to the first layer, and what of the value is the shape.
SHAPE_ARGUMENTS = {
    "input_shape": lambda shape: shape,
    "batch_input_shape": lambda shape: shape[1:] if isinstance(shape, (tuple, list)) else shape,
    "batch_shape": lambda shape: shape[1:] if isinstance(shape, (tuple, list)) else shape,
    "input_dim": lambda size: (size,),
}


@dataclass(frozen=True)
class LayerBlock:
    """One block of the form.

    Attributes
    ----------
    number
        1-based, in the order of the form.
    class_name
        Keras' layer class.
    arguments
        By name; those of ``kwargs`` take the place of the form's fields.
    """

    number: int
    class_name: str
    arguments: dict[str, Any]

    @property
    def place(self) -> str:
        """What messages call the layer."""
        return f"layer {self.number} ({self.class_name})"

    @classmethod
    def from_form(cls, number: int, selection: dict[str, Any]) -> "LayerBlock":
        """Read a block's conditional."""
        block = cls(number, selection["layer_type"], {})
        fields = {
            name: _read_field(value, f"{block.place}, {name}")
            for name, value in selection.items()
            if name not in NO_ARGUMENTS
        }
        given = {name: value for name, value in fields.items() if value is not None}
        given.update(parse_keyword_arguments(selection.get("kwargs"), f"{block.place}, kwargs"))
        return dataclasses.replace(block, arguments=given)


def _read_field(value: Any, field: str) -> Any:
    """Give a field's value: text that is no word is a literal such as ``(3, 3)``; blank and None leave the default."""
    if not isinstance(value, str):
        return value
    if value.strip() in ("", "None"):
        return None
    return value if re.fullmatch(r"[A-Za-z_]\w*", value.strip()) else parse_literal(value, field)


def take_input_shape(block: LayerBlock) -> tuple[Any, LayerBlock]:
    """Take an input shape out of a block's arguments.

    Returns
    -------
    tuple of (shape, block)
        The shape without the number of rows, or None; the block without it.
    """
    own = list_arguments(block.class_name, inherited=False)
    named = [name for name in SHAPE_ARGUMENTS if name in block.arguments and name not in own]
    if not named:
        return None, block
    shape = SHAPE_ARGUMENTS[named[0]](block.arguments[named[0]])
    rest = {name: value for name, value in block.arguments.items() if name not in named}
    return shape, dataclasses.replace(block, arguments=rest)


def list_arguments(class_name: str, inherited: bool = True) -> list[str]:
    """List the names of a layer class' arguments, with those that every layer takes unless only its own are asked."""
    import keras

    classes = [getattr(keras.layers, class_name), *([keras.layers.Layer] if inherited else [])]
    names: dict[str, None] = {}
    for layer_class in classes:
        parameters = inspect.signature(layer_class.__init__).parameters.values()
        names.update({p.name: None for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)})
    return [name for name in names if name != "self"]


def make_layer(block: LayerBlock) -> "keras.Layer":
    """Make the layer of a block.

    Raises
    ------
    ArchitectureError
        An argument that the layer does not have, or a value that it refuses.
    InputError
        A required argument is missing.
    """
    import keras

    layer_class = getattr(keras.layers, block.class_name)
    arguments = _drop_ignored(block)
    allowed = list_arguments(block.class_name)
    unknown = [name for name in arguments if name not in allowed]
    if unknown:
        raise ArchitectureError(f"{block.place}: found the argument {unknown[0]}; expected {', '.join(allowed)}")
    # Keras would import whatever module a dictionary names.
    check_classes(arguments, block.place)
    try:
        inspect.signature(layer_class).bind(**arguments)
    except TypeError as error:
        raise InputError(f"{block.place}: {error}") from None
    try:
        layer = layer_class(**arguments)
        kept = layer.get_config()
    except Exception as error:  # Keras raises whatever a layer's constructor raises.
        raise ArchitectureError(f"{block.place}: {describe_error(error)}") from None
    for name in arguments:
        if name not in kept:
            print(f"{block.place}: {name} was ignored; an architecture does not hold it")
    return layer


def _drop_ignored(block: LayerBlock) -> dict[str, Any]:
    ignored = IGNORED_ARGUMENTS.get(block.class_name, ())
    for name in ignored:
        if name in block.arguments:
            print(f"{block.place}: {name} was ignored; Keras 3 does not need it")
    return {name: value for name, value in block.arguments.items() if name not in ignored}

"""Create Keras layers from blocks of the form."""

import inspect
from collections.abc import Container
from typing import Any, TYPE_CHECKING

from galaxy_keras.catalog.keras_objects import construct, describe_error
from galaxy_keras.catalog.signatures import list_arguments
from galaxy_keras.errors import ArchitectureError, InputError
from galaxy_keras.log import say
from model_config.layer_blocks import LayerBlock

if TYPE_CHECKING:
    import keras

# Layers that must be adapted to data unless these arguments are given.
ADAPTED = {
    "Normalization": ("mean", "variance"),
    "Discretization": ("bin_boundaries",),
    "IntegerLookup": ("vocabulary",),
}


def make_layer(block: LayerBlock, taken: Container[str]) -> "keras.Layer":
    """Create the layer of a block with its wrappers.

    Parameters
    ----------
    taken
        Names of other layers, which automatic names must avoid.

    Raises
    ------
    ArchitectureError
        The layer does not have an argument, or refuses a value.
    InputError
        A required argument is missing.
    """
    layer = _make_with_wrappers(block)
    while block.arguments.get("name") is None and layer.name in taken:
        # Keras numbers automatic names by class.
        layer = _make_with_wrappers(block)
    return layer


def _make_with_wrappers(block: LayerBlock) -> "keras.Layer":
    import keras

    layer_class = getattr(keras.layers, block.class_name)
    arguments = dict(block.arguments)
    _check_arguments(block, layer_class, arguments)
    wrappers = _list_wrappers(block)
    # The name belongs to the outermost layer, which is part of the network.
    name = {"name": arguments.pop("name")} if wrappers and "name" in arguments else {}
    layer = _construct(block, layer_class, arguments)
    for number, (wrapper, options) in enumerate(wrappers, start=1):
        outermost = name if number == len(wrappers) else {}
        layer = _construct(block, getattr(keras.layers, wrapper), {"layer": layer, **options, **outermost})
    return layer


def _list_wrappers(block: LayerBlock) -> list[tuple[str, dict[str, Any]]]:
    """Return the wrappers of a layer with their arguments, from the innermost to the outermost."""
    wrappers: list[tuple[str, dict[str, Any]]] = []
    if block.merge_mode:
        wrappers.append(("Bidirectional", {"merge_mode": block.merge_mode}))
    if block.power_iterations:
        wrappers.append(("SpectralNormalization", {"power_iterations": block.power_iterations}))
    if block.time_distributed:
        wrappers.append(("TimeDistributed", {}))
    return wrappers


def _check_arguments(block: LayerBlock, layer_class: type, arguments: dict[str, Any]) -> None:
    allowed = list_arguments(layer_class)
    unknown = [name for name in arguments if name not in allowed]
    if unknown:
        raise ArchitectureError(f"{block.place}: found the argument {unknown[0]}; expected {', '.join(allowed)}")
    try:
        inspect.signature(layer_class).bind(**arguments)
    except TypeError as error:
        raise InputError(f"{block.place}: {error}") from None
    missing = [name for name in ADAPTED.get(block.class_name, ()) if name not in arguments]
    if missing:
        raise InputError(f"{block.place}, {missing[0]}: found nothing; expected values, because no data are read here")


def _construct(block: LayerBlock, layer_class: type, arguments: dict[str, Any]) -> "keras.Layer":
    try:
        layer = construct(layer_class, arguments, block.place)
        kept = layer.get_config()
    except InputError:
        raise
    except Exception as error:  # Constructors of layers raise various exceptions.
        raise ArchitectureError(f"{block.place}: {describe_error(error)}") from None
    for name in arguments:
        if name not in kept:
            say(f"{block.place}: {name} is ignored because architecture files do not contain it")
    return layer

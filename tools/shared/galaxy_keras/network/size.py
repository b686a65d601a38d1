"""Limit the number of layers, parameters and outputs of a network before memory is allocated."""

import math
import os
from collections.abc import Iterable, Iterator
from typing import Any, TYPE_CHECKING

from galaxy_keras.catalog.private_api import list_calls
from galaxy_keras.errors import ArchitectureError, InputError
from galaxy_keras.messages import quote, show

if TYPE_CHECKING:
    import keras

# Variable with the limit of the administrator on parameters, and the default: 4 GB of float32.
LIMIT_VARIABLE, DEFAULT_LIMIT = "GALAXY_KERAS_PARAMETER_LIMIT", 1_000_000_000
# The largest networks in keras.applications have about a thousand layers.
LAYER_LIMIT = 2_000
# Largest number of calls of layers when a network is built; Keras makes about two thousand calls per second.
CALL_LIMIT = 20_000
# Largest number of time steps that Keras may unroll.
STEP_LIMIT = 10_000
CHANGE = f"(an administrator can change it by the environment variable {LIMIT_VARIABLE})"


def check_layers(document: dict[str, Any], place: str) -> None:
    """Refuse an architecture with too many layers or calls of layers.

    Calls of nested networks multiply, so that a small file could require any number of layers.

    Raises
    ------
    ArchitectureError
        With the number and the limit.
    """
    count = _count_layers(document)
    check_layer_count(count, place)
    calls = _count_calls(document, is_whole=True)
    if calls > CALL_LIMIT:
        raise ArchitectureError(
            f"{place}: found layers that are applied {calls:,} times within each other; expected at most {CALL_LIMIT:,}"
        )


def check_layer_count(count: int, place: str) -> None:
    """Refuse more layers than :data:`LAYER_LIMIT`."""
    if count > LAYER_LIMIT:
        raise ArchitectureError(f"{place}: found {count:,} layers; expected at most {LAYER_LIMIT:,}")


def check_parameter_count(count: int, place: str) -> None:
    """Refuse more parameters than the administrator's limit.

    Raises
    ------
    ArchitectureError
        With the number and the limit.
    """
    limit = _read_limit()
    if count > limit:
        raise ArchitectureError(f"{place}: found {count:,} parameters; expected at most {limit:,} {CHANGE}")


def check_output_sizes(outputs: Iterable[Any], place: str) -> None:
    """Refuse outputs of a layer with more values per row than a network may have parameters.

    Raises
    ------
    ArchitectureError
        With the number and the limit.
    """
    limit = _read_limit()
    for output in outputs:
        count = math.prod(size or 1 for size in output.shape[1:])
        if count > limit:
            raise ArchitectureError(
                f"{place}: found {count:,} outputs for one row; expected at most {limit:,} {CHANGE}"
            )


def check_network(model: "keras.Model", place: str) -> None:
    """Check the numbers of parameters, outputs and unrolled time steps of a built network.

    Raises
    ------
    ArchitectureError
        With the number and the limit.
    """
    if not model.built:
        return
    check_parameter_count(model.count_params(), place)
    for weight in model.trainable_weights:
        if "float" not in weight.dtype:
            raise ArchitectureError(
                f"{place}: found weights of the dtype {weight.dtype}; expected a dtype of real numbers such as float32"
            )
    for layer in _list_layers(model):
        check_output_sizes((output for node in list_calls(layer) for output in node.output_tensors), place)
        _check_steps(layer, place)
        check_pooling(layer, f"{place}, {type(layer).__name__} {show(layer.name)}")


def _list_layers(model: "keras.Model") -> Iterator["keras.Layer"]:
    for layer in model.layers:
        yield layer
        if hasattr(layer, "layers"):
            yield from _list_layers(layer)


def _check_steps(layer: "keras.Layer", place: str) -> None:
    """Refuse long sequences for layers that Keras unrolls."""
    if not getattr(layer, "unroll", False) and type(layer).__name__ != "TimeDistributed":
        return
    for node in list_calls(layer):
        steps = node.input_tensors[0].shape[1]
        if steps is not None and steps > STEP_LIMIT:
            raise ArchitectureError(
                f"{place}, {type(layer).__name__} {show(layer.name)}: found {steps:,} steps, each of which Keras "
                f"writes out; expected at most {STEP_LIMIT:,}"
            )


def check_pooling(layer: "keras.Layer", place: str) -> None:
    """Refuse adaptive pooling to or from a size of 1, for which Keras 3.15 requests too large a window.

    Raises
    ------
    ArchitectureError
        TensorFlow 2.19 would fail or terminate the process when the network runs.
    """
    if not type(layer).__name__.startswith("Adaptive"):
        return
    sizes = [size for call in list_calls(layer) for size in _list_places(call.input_tensors[0], layer.data_format)]
    if min(layer.output_size) < 2 or 1 in sizes:
        raise ArchitectureError(
            f"{place}: found the output_size {tuple(layer.output_size)} for an input of {sizes} places; "
            "expected at least 2 of both in each dimension (a Global pooling gives 1)"
        )


def _list_places(tensor: Any, data_format: str) -> list[int | None]:
    return list(tensor.shape[2:] if data_format == "channels_first" else tensor.shape[1:-1])


def _read_limit() -> int:
    text = os.environ.get(LIMIT_VARIABLE) or str(DEFAULT_LIMIT)
    if not text.isdecimal():
        raise InputError(f"{LIMIT_VARIABLE}: found {quote(text)}; expected a whole number")
    return int(text)


def _is_layer(item: Any) -> bool:
    return isinstance(item, dict) and "class_name" in item and item.get("module") in ("keras.layers", None)


def _count_layers(item: Any) -> int:
    if isinstance(item, dict):
        return _is_layer(item) + sum(_count_layers(part) for part in item.values())
    return sum(_count_layers(part) for part in item) if isinstance(item, (list, tuple)) else 0


def _count_calls(item: Any, is_whole: bool = False) -> int:
    """Count the calls of layers when Keras builds an item; ``is_whole`` for the network itself."""
    if isinstance(item, (list, tuple)):
        return sum(_count_calls(part) for part in item)
    if not isinstance(item, dict):
        return 0
    nodes = item.get("inbound_nodes")
    times = max(1, len(nodes)) if isinstance(nodes, list) else 1
    within = sum(_count_calls(part) for name, part in item.items() if name != "inbound_nodes")
    if item.get("class_name") == "Sequential" and not is_whole:
        # Keras rebuilds it for each layer that it adds.
        config = item.get("config")
        layers = config.get("layers") if isinstance(config, dict) else None
        within *= max(1, len(layers) // 2) if isinstance(layers, list) else 1
    return times * (_is_layer(item) + within)

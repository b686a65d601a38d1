"""Read architecture files, which are Keras model configurations as JSON, without trusting their content."""

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TYPE_CHECKING

from galaxy_keras.catalog.keras_objects import (
    check_classes,
    describe_error,
    list_objects,
    require_classes,
    UNUSED,
)
from galaxy_keras.catalog.private_api import enter_safe_mode, forget_open_weights
from galaxy_keras.errors import ArchitectureError, InputError
from galaxy_keras.files.json_documents import check_values, DocumentError, JsonFormat, read_json
from galaxy_keras.memory import explain_memory_shortage
from galaxy_keras.messages import quote
from galaxy_keras.network.inner_names import use_inner_names
from galaxy_keras.network.keras_2 import convert_architecture, is_keras_2
from galaxy_keras.network.size import check_layers, check_network

if TYPE_CHECKING:
    import keras

# Largest size of an architecture file in bytes. The largest networks in keras.applications take one megabyte.
ARCHITECTURE_SIZE_LIMIT = 8 * 2**20
ORIGIN = "the output of 'Create a deep learning model architecture' or of Keras' model.to_json()"
# Reference to an output in a functional network: layer, call of the layer, and output.
END = '["dense", 0, 0]'
ARCHITECTURE = JsonFormat(ARCHITECTURE_SIZE_LIMIT, ORIGIN, ArchitectureError)
MODEL_CLASSES = ("Sequential", "Functional")
CUDNN_LAYERS = ("LSTM", "GRU")


def read_architecture(path: Path, name: str = "architecture") -> dict[str, Any]:
    """Read an architecture file, and check it without building the network.

    Parameters
    ----------
    path
        JSON of ``model.to_json()`` in Keras 3. Files of Keras 2 are converted, with a line in the log.
    name
        Name of the file in messages.

    Raises
    ------
    ArchitectureError
        The file is not JSON, is not a Keras model, is too large, or contains objects that are not allowed.
    """
    document = read_json(path, name, ARCHITECTURE)
    return check_architecture(convert_architecture(document, name) if is_keras_2(document) else document, name)


def check_architecture(document: Any, name: str) -> dict[str, Any]:
    """Check that a document is an allowed Keras 3 model of limited size, and return it.

    Raises
    ------
    ArchitectureError
        The document is not allowed; the message names the layer if possible.
    """
    if not isinstance(document, dict) or not isinstance(document.get("config"), dict):
        raise ArchitectureError(f"{name}: not a Keras model; expected a JSON object with class_name and config")
    if document.get("class_name") not in MODEL_CLASSES:
        raise ArchitectureError(
            f"{name}: found class {quote(document.get('class_name'))}; expected {' or '.join(MODEL_CLASSES)}"
        )
    layers = document["config"].get("layers")
    if (
        not isinstance(layers, list)
        or not layers
        or not all(isinstance(layer, dict) and isinstance(layer.get("config"), dict) for layer in layers)
        or not all("class_name" in layer for layer in layers)
    ):
        raise ArchitectureError(f"{name}: the list of layers is missing or damaged; expected class_name and config")
    if document["class_name"] == "Functional":
        _check_ends(document["config"], name)
    try:
        check_values(document)
    except DocumentError as error:
        raise ArchitectureError(f"{name}{error}") from None
    check_layers(document, name)
    _check_each_layer(check_classes, document, name)
    return document


def _check_ends(config: dict[str, Any], name: str) -> None:
    """Refuse inputs and outputs of a functional network that are not references to layers."""
    for side in ("input_layers", "output_layers"):
        ends = config.get(side)
        ends = list(ends.values()) if isinstance(ends, dict) else ends
        # A single reference is not in a list.
        ends = [ends] if isinstance(ends, list) and ends and isinstance(ends[0], str) else ends
        if not isinstance(ends, list) or not ends or not all(_is_end(end) for end in ends):
            raise ArchitectureError(f"{name}, {side}: found {quote(config.get(side))}; expected layers such as {END}")


def _is_end(end: Any) -> bool:
    return isinstance(end, list) and len(end) == 3 and isinstance(end[0], str)


def _check_each_layer(check: Callable[[Any, str], None], document: dict[str, Any], name: str) -> None:
    """Check each layer by number, then the rest of the document."""
    for number, layer in enumerate(document["config"]["layers"], start=1):
        check(layer, f"{name}, layer {number}")
    check({**document, "config": {key: item for key, item in document["config"].items() if key != "layers"}}, name)


def build_skeleton(document: dict[str, Any], name: str = "architecture") -> "keras.Model":
    """Build the network of a checked architecture without allocating its weights.

    Raises
    ------
    ArchitectureError
        As :func:`build_model`.
    """
    import keras

    try:
        with keras.StatelessScope(initialize_variables=False):
            return _build(document, name)
    finally:
        forget_open_weights()


def build_model(document: dict[str, Any], name: str = "architecture") -> "keras.Model":
    """Build the network of a checked architecture.

    Returns
    -------
    keras.Model
        With new weights, or without weights if the architecture does not have an input shape. Names are inner names;
        see :mod:`galaxy_keras.network.inner_names`.

    Raises
    ------
    ArchitectureError
        A class is not a Keras class, a name is invalid, the network is too large, or Keras refuses the configuration;
        with the reason.
    InputError
        There is not enough memory for the weights.
    """
    with make_weights_late():
        return _build(document, name)


@contextmanager
def make_weights_late() -> Iterator[None]:
    """Return a context that allocates weights only at its end, after the size of the network has been checked.

    Raises
    ------
    ArchitectureError
        An initializer fails.
    InputError
        There is not enough memory for the weights.
    """
    import keras

    try:
        with keras.StatelessScope(initialize_variables=False):
            yield
        _give_values()
    finally:
        forget_open_weights()


def _give_values() -> None:
    import keras

    try:
        # The end of this scope initializes all deferred weights.
        with explain_memory_shortage("fewer units or columns"), keras.StatelessScope():
            pass
    except InputError:
        raise
    except Exception as error:  # Initializers raise various exceptions.
        raise ArchitectureError(
            f"architecture: Keras cannot give the weights their first values: {describe_error(error)}"
        ) from None


def _build(document: dict[str, Any], name: str) -> "keras.Model":
    _check_each_layer(require_classes, document, name)
    try:
        with explain_memory_shortage("fewer units or columns"), enter_safe_mode():
            model = _deserialize(use_inner_names(_prepare(document), name))
    except InputError:
        raise
    except RecursionError:
        raise ArchitectureError(
            f"{name}: found a chain of layers that is too long for Keras; expected fewer layers one after the other"
        ) from None
    except Exception as error:  # Constructors of layers raise various exceptions.
        raise ArchitectureError(f"{name}: Keras cannot build the network: {describe_error(error)}") from None
    check_network(model, name)
    return model


def _deserialize(document: dict[str, Any]) -> "keras.Model":
    """Build a network as Keras does, but build a sequential network once instead of once per layer."""
    import keras

    config = document["config"]
    if document["class_name"] != "Sequential":
        return keras.saving.deserialize_keras_object(document)
    layers = [keras.saving.deserialize_keras_object(layer) for layer in config["layers"]]
    model = keras.Sequential(layers, name=config.get("name"))
    if not model.built and config.get("build_input_shape"):
        model.build(config["build_input_shape"])
    return model


def _prepare(document: dict[str, Any]) -> dict[str, Any]:
    """Return a copy without compile settings, in which recurrent layers of networks with masks do not use cuDNN.

    The tools compile networks with their own settings. On GPUs, Keras 3.15 uses cuDNN by default, which fails if a mask
    is not a contiguous run from the first time step, as for rows that are padded at the front or contain only padding.
    Serialized layers do not contain ``use_cudnn``.
    """
    document = copy.deepcopy(document)
    for found in list_objects(document):
        found.pop(UNUSED, None)
    layers = [found for found in list_objects(document) if isinstance(found.get("config"), dict)]
    if any(layer["class_name"] == "Masking" or layer["config"].get("mask_zero") for layer in layers):
        for layer in layers:
            if layer["class_name"] in CUDNN_LAYERS:
                layer["config"]["use_cudnn"] = False
    return document

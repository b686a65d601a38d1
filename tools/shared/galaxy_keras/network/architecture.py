"""The architecture file: Keras' own model configuration as JSON, read with care because it may come from a stranger."""

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

# Bytes of an architecture file; the largest networks that Keras offers take one megabyte.
ARCHITECTURE_SIZE_LIMIT = 8 * 2**20
ORIGIN = "the output of 'Create a deep learning model architecture' or of Keras' model.to_json()"
# How a functional network names an output of a layer: the layer, the layer's call and the output.
END = '["dense", 0, 0]'
ARCHITECTURE = JsonFormat(ARCHITECTURE_SIZE_LIMIT, ORIGIN, ArchitectureError)
MODEL_CLASSES = ("Sequential", "Functional")
CUDNN_LAYERS = ("LSTM", "GRU")


def read_architecture(path: Path, name: str = "architecture") -> dict[str, Any]:
    """Read an architecture file and check it without building anything.

    Parameters
    ----------
    path
        JSON as ``model.to_json()`` of Keras 3 writes it; that of Keras 2 is converted, with a line in the log.
    name
        What messages call the file.

    Raises
    ------
    ArchitectureError
        No JSON, no Keras model, too large, or with something that Keras must not build.
    """
    document = read_json(path, name, ARCHITECTURE)
    return check_architecture(convert_architecture(document, name) if is_keras_2(document) else document, name)


def check_architecture(document: Any, name: str) -> dict[str, Any]:
    """Check that a document is a Keras 3 model of bounded size that Keras may build, and return it.

    Raises
    ------
    ArchitectureError
        With the layer, where one is the reason.
    """
    if not isinstance(document, dict) or not isinstance(document.get("config"), dict):
        raise ArchitectureError(f"{name}: found no Keras model; expected a JSON object with class_name and config")
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
        raise ArchitectureError(f"{name}: found no list of layers; expected layers with class_name and config")
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
    """Refuse inputs and outputs of a functional network that do not name layers."""
    for side in ("input_layers", "output_layers"):
        ends = config.get(side)
        ends = list(ends.values()) if isinstance(ends, dict) else ends
        # One alone stands without a list around it.
        ends = [ends] if isinstance(ends, list) and ends and isinstance(ends[0], str) else ends
        if not isinstance(ends, list) or not ends or not all(_is_end(end) for end in ends):
            raise ArchitectureError(f"{name}, {side}: found {quote(config.get(side))}; expected layers such as {END}")


def _is_end(end: Any) -> bool:
    return isinstance(end, list) and len(end) == 3 and isinstance(end[0], str)


def _check_each_layer(check: Callable[[Any, str], None], document: dict[str, Any], name: str) -> None:
    """Check each layer by its number, then what is around them."""
    for number, layer in enumerate(document["config"]["layers"], start=1):
        check(layer, f"{name}, layer {number}")
    check({**document, "config": {key: item for key, item in document["config"].items() if key != "layers"}}, name)


def build_skeleton(document: dict[str, Any], name: str = "architecture") -> "keras.Model":
    """Build the network of a checked architecture without memory for its weights: layers, shapes and counts only.

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
        With fresh weights, or without weights where the architecture has no input shape; with the names of
        :mod:`galaxy_keras.network.inner_names`.

    Raises
    ------
    ArchitectureError
        A name is not a class of Keras', a text cannot be a name, the network is too large, or Keras refuses the
        configuration; the message holds Keras' reason.
    InputError
        The weights need more memory than there is.
    """
    with make_weights_late():
        return _build(document, name)


@contextmanager
def make_weights_late() -> Iterator[None]:
    """Allocate the weights of what is built inside only at the end, when its size has been checked.

    Raises
    ------
    ArchitectureError
        An initializer fails.
    InputError
        The weights need more memory than there is.
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
        # The end of such a scope gives all open weights their values.
        with explain_memory_shortage("fewer units or columns"), keras.StatelessScope():
            pass
    except InputError:
        raise
    except Exception as error:  # Keras raises whatever an initializer raises.
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
    except Exception as error:  # Keras raises whatever a layer's constructor raises.
        raise ArchitectureError(f"{name}: Keras cannot build the network: {describe_error(error)}") from None
    check_network(model, name)
    return model


def _deserialize(document: dict[str, Any]) -> "keras.Model":
    """Build a network as Keras does, but put a sequential one together once, and not anew with each of its layers."""
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
    """Return a copy without what Keras must not take from a file, and with what a file of Keras' cannot say.

    How the network was compiled is left out: the tools do that by their own settings. Recurrent layers do without
    cuDNN, NVIDIA's fast implementation, if the network has masks.

    Keras takes it on every graphics processor by itself, and there it stops the training at a mask that is no unbroken
    run from the first step on: rows that are padded at the front or that hold nothing but padding. A file of Keras'
    cannot say so itself: it keeps no ``use_cudnn``.
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

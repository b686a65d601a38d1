"""The architecture file: Keras' own model configuration as JSON, read with care because it may come from a stranger."""

import copy
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from galaxy_keras.errors import ArchitectureError, InputError
from galaxy_keras.inner_names import to_shown, use_inner_names
from galaxy_keras.keras_2 import convert_architecture, is_keras_2
from galaxy_keras.memory import explain_lack_of_memory

# Keras' public namespaces that a configuration may name; "keras" itself holds models and dtype policies.
PUBLIC_MODULES = (
    "keras",
    "keras.layers",
    "keras.initializers",
    "keras.regularizers",
    "keras.constraints",
    "keras.activations",
    "keras.models",
    "keras.optimizers",
    "keras.optimizers.schedules",
    "keras.losses",
    "keras.metrics",
)
# Keras writes functional models under their private module.
FUNCTIONAL = ("keras.src.models.functional", "Functional")
# Layers that run code from the file or load other frameworks' models from a path.
UNSAFE_LAYERS = ("Lambda", "TFSMLayer", "JaxLayer", "FlaxLayer", "TorchModuleWrapper")
# What Keras writes in a functional network's connections for values that are no objects.
VALUE_MARKERS = ("__keras_tensor__", "__tensor__", "__numpy__", "__ellipsis__", "__slice__")
MODEL_CLASSES = ("Sequential", "Functional")
CUDNN_LAYERS = ("LSTM", "GRU")
NO_STATES = "expected False, because no batch of rows goes on where the one before ended"


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
        No JSON, no Keras model, or with a class that is not Keras' own or could run code.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise ArchitectureError(
            f"{name}: found no JSON ({describe_error(error)}); expected the output of 'Create a deep learning model "
            "architecture' or of Keras' model.to_json()"
        ) from None
    return check_architecture(convert_architecture(document, name) if is_keras_2(document) else document, name)


def check_architecture(document: Any, name: str) -> dict[str, Any]:
    """Check that a document is a Keras 3 model that names Keras' public namespaces only, and return it."""
    if not isinstance(document, dict) or not isinstance(document.get("config"), dict):
        raise ArchitectureError(f"{name}: found no Keras model; expected a JSON object with class_name and config")
    if document.get("class_name") not in MODEL_CLASSES:
        raise ArchitectureError(
            f"{name}: found class {document.get('class_name')!r}; expected {' or '.join(MODEL_CLASSES)}"
        )
    layers = document["config"].get("layers")
    if (
        not isinstance(layers, list)
        or not layers
        or not all(isinstance(layer, dict) and "class_name" in layer for layer in layers)
    ):
        raise ArchitectureError(f"{name}: found no list of layers; expected layers with class_name and config")
    _check_layers(check_classes, document, name)
    return document


def _check_layers(check: Callable[[Any, str], None], document: dict[str, Any], name: str) -> None:
    """Check each layer by its number, then what is around them."""
    for number, layer in enumerate(document["config"]["layers"], start=1):
        check(layer, f"{name}, layer {number}")
    check(document, name)


def check_classes(document: Any, place: str) -> None:
    """Refuse a serialised object of other than Keras' public namespaces, or a layer that runs code or keeps its state.

    Keras is not imported for it: whether a namespace holds the class shows in :func:`require_classes`, without which
    nothing may be built.

    Raises
    ------
    ArchitectureError
        With the place and the class.
    """
    for found in _serialised_objects(document):
        module, class_name = found.get("module"), found["class_name"]
        if class_name in VALUE_MARKERS:
            continue
        if class_name in UNSAFE_LAYERS or "lambda" in str(class_name).lower():
            raise ArchitectureError(
                f"{place}: found a {class_name} layer, which can run code from the file; expected layers without code"
            )
        if (module, class_name) != FUNCTIONAL and module not in PUBLIC_MODULES:
            raise _describe_foreign(place, module, class_name)
        if isinstance(found.get("config"), dict) and found["config"].get("stateful"):
            raise ArchitectureError(f"{place} ({class_name}), stateful: found it on; {NO_STATES}")


def require_classes(document: Any, place: str) -> None:
    """Refuse what :func:`check_classes` does, and names that are no classes of their namespaces; call before building.

    Raises
    ------
    ArchitectureError
        With the place and the class.
    """
    import keras

    check_classes(document, place)
    for found in _serialised_objects(document):
        module, class_name = found.get("module"), found["class_name"]
        if class_name in VALUE_MARKERS or (module, class_name) == FUNCTIONAL:
            continue
        namespace = keras
        for part in module.split(".")[1:]:
            namespace = getattr(namespace, part)
        if not isinstance(getattr(namespace, str(class_name), None), type):
            raise _describe_foreign(place, module, class_name)


def _describe_foreign(place: str, module: Any, class_name: Any) -> ArchitectureError:
    return ArchitectureError(
        f"{place}: found class {module}.{class_name}; expected classes of Keras' public namespaces"
    )


def _serialised_objects(document: Any) -> Iterator[dict[str, Any]]:
    """Give every dictionary in a configuration that Keras would turn into an object."""
    waiting = [document]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            if "class_name" in item:
                yield item
            waiting.extend(item.values())
        elif isinstance(item, (list, tuple)):
            waiting.extend(item)


def build_skeleton(document: dict[str, Any], name: str = "architecture"):
    """Build the network of a checked architecture without memory for its weights: layers, shapes and counts only.

    Raises
    ------
    ArchitectureError
        As :func:`build_model`.
    """
    import keras

    with keras.StatelessScope(initialize_variables=False):
        return build_model(document, name)


def build_model(document: dict[str, Any], name: str = "architecture"):
    """Build the network of a checked architecture.

    Returns
    -------
    keras.Model
        With fresh weights, or without weights where the architecture has no input shape; with the names of
        :mod:`galaxy_keras.inner_names`.

    Raises
    ------
    ArchitectureError
        A name is no class of Keras', a text cannot be a name, or Keras refuses the configuration; the message holds
        Keras' reason.
    InputError
        The weights need more memory than there is.
    """
    import keras

    _check_layers(require_classes, document, name)
    try:
        with explain_lack_of_memory("fewer units or columns"):
            inner = use_inner_names(_forgo_cudnn_under_masks(document), name)
            return keras.models.model_from_json(json.dumps(inner))
    except InputError:
        raise
    except Exception as error:  # Keras raises whatever a layer's constructor raises.
        raise ArchitectureError(f"{name}: Keras cannot build the network: {describe_error(error)}") from None


def _forgo_cudnn_under_masks(document: dict[str, Any]) -> dict[str, Any]:
    """Give a copy in which recurrent layers do without cuDNN, NVIDIA's fast implementation, if the network has masks.

    Keras takes it on every graphics processor by itself, and there it stops the training at a mask that is no unbroken
    run from the first step on: rows that are padded at the front or that hold nothing but padding. A file of Keras'
    cannot say so itself: it keeps no ``use_cudnn``.
    """
    document = copy.deepcopy(document)
    layers = [found for found in _serialised_objects(document) if isinstance(found.get("config"), dict)]
    if any(layer["class_name"] == "Masking" or layer["config"].get("mask_zero") for layer in layers):
        for layer in layers:
            if layer["class_name"] in CUDNN_LAYERS:
                layer["config"]["use_cudnn"] = False
    return document


def describe_error(error: Exception) -> str:
    """Give the reason of an error that Keras raised, in one line without Keras' preamble and dumps of arguments."""
    text = re.sub(r"\x1b\[[\d;]*m|\{\{.*?\}\}", "", to_shown(str(error)))
    # Where an object within others fails, Keras wraps the reason in the configuration of each.
    text = text.rsplit("Exception encountered: ", 1)[-1]
    lines = [" ".join(line.split()) for line in text.splitlines()]
    reasons = [line for line in lines if line and not line.startswith("Exception encountered when calling")]
    return reasons[0][:300].rstrip(".") if reasons else type(error).__name__

"""Convert layers and arguments of published forms, and architecture files, from Keras 2 to Keras 3."""

from typing import Any

from galaxy_keras.catalog.keras_objects import list_objects
from galaxy_keras.catalog.signatures import list_arguments
from galaxy_keras.errors import ArchitectureError
from galaxy_keras.log import say
from galaxy_keras.messages import list_some, quote, show

# Renamed layers, with the arguments that make them equivalent.
RENAMED_LAYERS: dict[str, tuple[str, dict[str, Any]]] = {
    "CuDNNLSTM": ("LSTM", {}),
    "CuDNNGRU": ("GRU", {"reset_after": True}),
    "ThresholdedReLU": ("ReLU", {}),
}
# Removed layers, and the closest replacement.
GONE_LAYERS = {
    "LocallyConnected1D": ("Keras 3 has no layers without shared filters", "Conv1D"),
    "LocallyConnected2D": ("Keras 3 has no layers without shared filters", "Conv2D"),
    "LSTMCell": ("a cell is a part of a layer, not a layer", "LSTM"),
    "GRUCell": ("a cell is a part of a layer, not a layer", "GRU"),
    "SimpleRNNCell": ("a cell is a part of a layer, not a layer", "SimpleRNN"),
    "ConvLSTM2DCell": ("a cell is a part of a layer, not a layer", "ConvLSTM2D"),
}
RENAMED_ARGUMENTS = {
    "LeakyReLU": {"alpha": "negative_slope"},
    "ThresholdedReLU": {"theta": "threshold"},
    "MinMaxNorm": {"rate_max_value": "rate"},
    "ReLU": {"threshold_max_value": "threshold"},
    "Dot": {"axis": "axes"},
}
# Arguments that Keras 3 does not have.
NEEDLESS_ARGUMENTS = ("input_length", "implementation", "time_major", "ragged", "virtual_batch_size", "adjustment")
# Key of the input shape of the first layer in Keras 2, which includes the batch dimension.
INPUT_SHAPE = "batch_input_shape"
# Modules of other objects in an architecture, by the suffix of their key.
MODULES = {"initializer": "initializers", "regularizer": "regularizers", "constraint": "constraints"}
# The "normal" initializer of Keras 2.3 is truncated at two standard deviations.
DISTRIBUTIONS = {"normal": "truncated_normal"}
MODEL_CLASSES = {"Model": "Functional", "Functional": "Functional", "Sequential": "Sequential"}
ORIGIN = "JSON as to_json() of Keras 2 wrote it"
FUNCTIONAL_MODULE = "keras.src.models.functional"


def modernize_layer(class_name: str, arguments: dict[str, Any], place: str) -> tuple[str, dict[str, Any]]:
    """Return the class and arguments of a layer in Keras 3, and log changes.

    Raises
    ------
    ArchitectureError
        Keras 3 does not have an equivalent layer.
    """
    if class_name in GONE_LAYERS:
        reason, nearest = GONE_LAYERS[class_name]
        raise ArchitectureError(f"{place}: found {class_name}; expected {nearest} or another layer, because {reason}")
    current, added = RENAMED_LAYERS.get(class_name, (class_name, {}))
    if current != class_name:
        same = "".join(f", {name}={value}" for name, value in added.items())
        say(f"{place}: {class_name} is {current} in Keras 3{same}")
    names = RENAMED_ARGUMENTS.get(class_name, {})
    renamed: dict[str, Any] = dict(added)
    for name, value in arguments.items():
        if name in NEEDLESS_ARGUMENTS:
            say(f"{place}: {name} was ignored; Keras 3 does not need it")
            continue
        renamed[names.get(name, name)] = value
    if class_name == "ReLU" and renamed.get("max_value") == 0:
        # The older published form always set it, so that its layers returned 0 for all inputs.
        say(f"{place}: max_value 0 was ignored, because the layer would give 0 for every input")
        del renamed["max_value"]
    return current, renamed


def is_keras_2(document: Any) -> bool:
    """Return whether a document is an architecture of Keras 2, which does not contain the modules of classes."""
    if not isinstance(document, dict) or not isinstance(document.get("class_name"), str):
        return False
    return document["class_name"] in MODEL_CLASSES and "module" not in document


def convert_architecture(document: dict[str, Any], name: str) -> dict[str, Any]:
    """Convert a sequential or functional architecture of Keras 2 to Keras 3.

    Parameters
    ----------
    document
        Parsed JSON of ``to_json()`` in Keras 2.
    name
        Name of the file in messages.

    Raises
    ------
    ArchitectureError
        The list of layers is missing, or Keras 3 does not have an equivalent layer.
    """
    _check_structure(document, name)
    say(f"{name}: written by Keras {show(str(document.get('keras_version', '2')))}, converted to Keras 3")
    try:
        converted = _convert_model(document, name)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        # Invalid settings of a layer in a damaged file are only detected where they are used.
        reason = f"{type(error).__name__}: {show(str(error))}"
        raise ArchitectureError(
            f"{name}: this architecture of Keras 2 is damaged ({reason}); expected {ORIGIN}"
        ) from None
    return {**converted, "registered_name": converted["class_name"], "compile_config": None}


def _check_structure(document: Any, place: str) -> None:
    """Refuse classes without a name and settings of the wrong type.

    Raises
    ------
    ArchitectureError
        The document is damaged.
    """
    for found in list_objects(document):
        class_name, config = found["class_name"], found.get("config")
        if not isinstance(class_name, str):
            raise ArchitectureError(f"{place}: found class_name {quote(class_name)}; expected the name of a class")
        # Before Keras 2.2.3, the configuration of a sequential network was the list of its layers.
        kinds = (dict, list, type(None)) if class_name in MODEL_CLASSES else (dict, type(None))
        if not isinstance(config, kinds):
            raise ArchitectureError(
                f"{place}, {show(class_name)}: found config {quote(config)}; expected an object of settings"
            )


def _convert_model(document: dict[str, Any], name: str) -> dict[str, Any]:
    class_name, config = MODEL_CLASSES[document["class_name"]], document.get("config")
    config = {"name": "network", **({"layers": config} if isinstance(config, list) else config or {})}
    layers = config.get("layers")
    if not isinstance(layers, list) or not all(_is_layer(layer) for layer in layers):
        raise ArchitectureError(f"{name}: the list of layers is missing or damaged; expected class_name and config")
    config["layers"] = [
        _convert_layer(layer, f"{name}, layer {number} ({show(layer['class_name'])})")
        for number, layer in enumerate(layers, start=1)
    ]
    if class_name == "Sequential":
        config["layers"] = [*_make_input(layers), *config["layers"]]
        config.pop("build_input_shape", None)
    module = "keras" if class_name == "Sequential" else FUNCTIONAL_MODULE
    return {"module": module, "class_name": class_name, "config": config}


def _is_layer(layer: Any) -> bool:
    if not isinstance(layer, dict) or not isinstance(layer.get("class_name"), str):
        return False
    return isinstance(layer.get("config"), dict) or layer["class_name"] in MODEL_CLASSES


def _make_input(layers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Create the input layer that Keras 3 requires before a first layer with an input shape."""
    if not layers or layers[0]["class_name"] == "InputLayer" or layers[0]["class_name"] in MODEL_CLASSES:
        return []
    first = layers[0]["config"]
    # The input shape may belong to the wrapped layer instead of the wrapper.
    shape = first.get(INPUT_SHAPE) or (first.get("layer") or {}).get("config", {}).get(INPUT_SHAPE)
    if shape is None:
        return []
    config = {"batch_shape": shape, "dtype": _name_dtype(first.get("dtype")), "name": "input_layer"}
    return [{"module": "keras.layers", "class_name": "InputLayer", "config": config}]


def _convert_layer(layer: dict[str, Any], place: str) -> dict[str, Any]:
    """Convert a layer and its content; name and connections are unchanged."""
    import keras

    if layer["class_name"] in MODEL_CLASSES:
        return {**layer, **_convert_model(layer, place)}
    class_name, config = modernize_layer(layer["class_name"], dict(layer["config"]), place)
    layer_class = getattr(keras.layers, class_name, None)
    if not isinstance(layer_class, type):
        raise ArchitectureError(f"{place}: found a layer that Keras 3 does not have; expected one of keras.layers")
    if class_name == "InputLayer":
        config["batch_shape"] = config.pop(INPUT_SHAPE, None) or config.get("batch_shape")
    allowed = list_arguments(layer_class)
    gone = [name for name in config if name not in allowed]
    named = [name for name in gone if name not in (INPUT_SHAPE, "batch_shape")]
    if named:
        say(f"{place}: left out {list_some(named)}; Keras 3 has no such argument")
    config = {name: value for name, value in config.items() if name in allowed}
    converted = {name: _convert_value(name, value, place) for name, value in config.items()}
    axis = converted.get("axis")
    if class_name == "BatchNormalization" and isinstance(axis, list):
        converted["axis"] = axis[0]
    return {**layer, "module": "keras.layers", "class_name": class_name, "config": converted}


def _convert_value(name: str, value: Any, place: str) -> Any:
    if name == "dtype":
        return _name_dtype(value)
    if not isinstance(value, dict) or "class_name" not in value:
        return value
    if name in ("layer", "backward_layer"):
        return _convert_layer(value, f"{place}, {show(value['class_name'])}")
    module = next((module for ending, module in MODULES.items() if name.endswith(ending)), None)
    if module is None:
        return value
    return _convert_weight_setting(value, module)


def _convert_weight_setting(value: dict[str, Any], module: str) -> dict[str, Any]:
    """Convert an initializer, regularizer or constraint, and remove arguments that Keras 3 does not have."""
    import keras

    class_name = value["class_name"]
    setting_class = getattr(getattr(keras, module), class_name, None)
    if not isinstance(setting_class, type):
        # The check of the architecture refuses it.
        return value
    class_name = setting_class.__name__
    names = RENAMED_ARGUMENTS.get(class_name, {})
    config = {names.get(key, key): item for key, item in (value.get("config") or {}).items()}
    allowed = list_arguments(setting_class, inherited=False)
    config = {key: item for key, item in config.items() if key in allowed}
    if config.get("distribution") in DISTRIBUTIONS:
        config["distribution"] = DISTRIBUTIONS[config["distribution"]]
    return {"module": f"keras.{module}", "class_name": class_name, "config": config}


def _name_dtype(dtype: Any) -> str | None:
    """Return the name of a dtype, which Keras 2 may have written as a policy."""
    return dtype["config"]["name"] if isinstance(dtype, dict) else dtype

"""What Keras 2 had and Keras 3 has not: layers and arguments of old forms, and old architecture files."""

from typing import Any

from galaxy_keras.catalog.keras_objects import list_objects
from galaxy_keras.catalog.signatures import list_arguments
from galaxy_keras.errors import ArchitectureError
from galaxy_keras.log import say
from galaxy_keras.messages import list_some, quote, show

# What has another name now, with the arguments that make it the same.
RENAMED_LAYERS: dict[str, tuple[str, dict[str, Any]]] = {
    "CuDNNLSTM": ("LSTM", {}),
    "CuDNNGRU": ("GRU", {"reset_after": True}),
    "ThresholdedReLU": ("ReLU", {}),
}
# What is gone, and what comes nearest.
GONE_LAYERS = {
    "LocallyConnected1D": ("Keras 3 has no layers without shared filters", "Conv1D"),
    "LocallyConnected2D": ("Keras 3 has no layers without shared filters", "Conv2D"),
    "LSTMCell": ("a cell is a part of a layer and no layer", "LSTM"),
    "GRUCell": ("a cell is a part of a layer and no layer", "GRU"),
    "SimpleRNNCell": ("a cell is a part of a layer and no layer", "SimpleRNN"),
    "ConvLSTM2DCell": ("a cell is a part of a layer and no layer", "ConvLSTM2D"),
}
RENAMED_ARGUMENTS = {
    "LeakyReLU": {"alpha": "negative_slope"},
    "ThresholdedReLU": {"theta": "threshold"},
    "MinMaxNorm": {"rate_max_value": "rate"},
    "ReLU": {"threshold_max_value": "threshold"},
    "Dot": {"axis": "axes"},
}
# What Keras 3 does without, whatever the value.
NEEDLESS_ARGUMENTS = ("input_length", "implementation", "time_major", "ragged", "virtual_batch_size", "adjustment")
# The key under which Keras 2 gave the first layer its input shape, with the number of rows.
INPUT_SHAPE = "batch_input_shape"
# Modules of what an architecture holds beside layers, by the endings of the keys under which it stands.
MODULES = {"initializer": "initializers", "regularizer": "regularizers", "constraint": "constraints"}
# Keras 2.3's "normal" was cut off at two deviations.
DISTRIBUTIONS = {"normal": "truncated_normal"}
MODEL_CLASSES = {"Model": "Functional", "Functional": "Functional", "Sequential": "Sequential"}
ORIGIN = "JSON as to_json() of Keras 2 wrote it"
FUNCTIONAL_MODULE = "keras.src.models.functional"


def modernise_layer(class_name: str, arguments: dict[str, Any], place: str) -> tuple[str, dict[str, Any]]:
    """Give a layer's class and arguments under the names of Keras 3, with a line in the log for what has changed.

    Raises
    ------
    ArchitectureError
        Keras 3 has no such layer and none that is the same.
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
        # The older published form set it unasked, and its layers gave 0 for everything.
        say(f"{place}: max_value 0 was ignored, because the layer would give 0 for every input")
        del renamed["max_value"]
    return current, renamed


def is_keras_2(document: Any) -> bool:
    """Tell whether a document is an architecture as Keras 2 wrote it: without the classes' modules."""
    if not isinstance(document, dict) or not isinstance(document.get("class_name"), str):
        return False
    return document["class_name"] in MODEL_CLASSES and "module" not in document


def convert_architecture(document: dict[str, Any], name: str) -> dict[str, Any]:
    """Turn an architecture of Keras 2 into one of Keras 3, sequential or functional.

    Parameters
    ----------
    document
        As ``to_json()`` of Keras 2 gave it, read from JSON.
    name
        What messages call it.

    Raises
    ------
    ArchitectureError
        No list of layers, or a layer that Keras 3 does not have.
    """
    _check_structure(document, name)
    say(f"{name}: written by Keras {show(str(document.get('keras_version', '2')))}, converted to Keras 3")
    try:
        converted = _convert_model(document, name)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        # What a damaged file holds in place of a layer's settings is only seen where it is used.
        reason = f"{type(error).__name__}: {show(str(error))}"
        raise ArchitectureError(
            f"{name}: this architecture of Keras 2 is damaged ({reason}); expected {ORIGIN}"
        ) from None
    return {**converted, "registered_name": converted["class_name"], "compile_config": None}


def _check_structure(document: Any, place: str) -> None:
    """Refuse classes without a name and settings of the wrong type, wherever they are.

    Raises
    ------
    ArchitectureError
        With what was found.
    """
    for found in list_objects(document):
        class_name, config = found["class_name"], found.get("config")
        if not isinstance(class_name, str):
            raise ArchitectureError(f"{place}: found class_name {quote(class_name)}; expected the name of a class")
        # Before 2.2.3 the configuration of a sequential network was the list of its layers.
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
        raise ArchitectureError(f"{name}: found no list of layers; expected layers with class_name and config")
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
    """Make the input layer that Keras 3 wants in front of a first layer that has an input shape."""
    if not layers or layers[0]["class_name"] == "InputLayer" or layers[0]["class_name"] in MODEL_CLASSES:
        return []
    first = layers[0]["config"]
    # A wrapped layer may have it in the place of its wrapper.
    shape = first.get(INPUT_SHAPE) or (first.get("layer") or {}).get("config", {}).get(INPUT_SHAPE)
    if shape is None:
        return []
    config = {"batch_shape": shape, "dtype": _name_dtype(first.get("dtype")), "name": "input_layer"}
    return [{"module": "keras.layers", "class_name": "InputLayer", "config": config}]


def _convert_layer(layer: dict[str, Any], place: str) -> dict[str, Any]:
    """Convert a layer with all that it holds; its name and connections stay."""
    import keras

    if layer["class_name"] in MODEL_CLASSES:
        return {**layer, **_convert_model(layer, place)}
    class_name, config = modernise_layer(layer["class_name"], dict(layer["config"]), place)
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
    """Convert an initializer, regularizer or constraint, without the arguments that Keras 3 has no more."""
    import keras

    class_name = value["class_name"]
    setting_class = getattr(getattr(keras, module), class_name, None)
    if not isinstance(setting_class, type):
        # Refused with its place when the architecture is checked.
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
    """Give the name of a dtype, which Keras 2 may have written as a policy."""
    return dtype["config"]["name"] if isinstance(dtype, dict) else dtype

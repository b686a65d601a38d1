"""Read and set parameters of layers by name, such as ``layers_1_Dense__config__units``."""

from collections.abc import Iterator
from typing import Any

from galaxy_keras.errors import InputError
from galaxy_keras.messages import quote
from galaxy_keras.network.architecture import check_architecture

LAYER = "layers_"
# Keys of a serialized layer in addition to its class and configuration.
BOOKKEEPING = ("module", "registered_name", "build_config")


def walk_layers(architecture: dict[str, Any]) -> Iterator[tuple[str, list[Any], Any]]:
    """Yield name, path below ``config["layers"]`` and value of all layers and their parameters."""

    def walk(name: str, path: list[Any], value: Any) -> Iterator[tuple[str, list[Any], Any]]:
        yield name, path, value
        if isinstance(value, dict):
            for key in value:
                if key not in BOOKKEEPING:
                    yield from walk(f"{name}__{key}", [*path, key], value[key])

    for number, layer in enumerate(architecture["config"]["layers"]):
        yield from walk(f"{LAYER}{number}_{layer['class_name']}", [number], layer)


def set_layer(architecture: dict[str, Any], name: str, value: Any) -> dict[str, Any]:
    """Set a parameter of a layer, or remove the layer.

    Raises
    ------
    InputError
        The value is invalid, or no layer would remain.
    """
    path, present = next((path, present) for known, path, present in walk_layers(architecture) if known == name)
    changed = _without_build_config(architecture)
    layers = changed["config"]["layers"]
    if is_removal(name, value):
        if changed["class_name"] != "Sequential":
            raise InputError(f"parameter {quote(name)}: found None for a functional network; expected a sequential one")
        del layers[path[0]]
        if all(layer["class_name"] == "InputLayer" for layer in layers):
            raise InputError(
                f"parameter {quote(name)}: found None for the only layer; expected at least one other layer"
            )
        return changed
    check_kind(name, present, value)
    place = layers
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return check_architecture(changed, f"parameter {quote(name)}")


def _without_build_config(document: Any) -> Any:
    """Return a copy of an architecture without the build shapes of its layers, which a change may invalidate."""
    if isinstance(document, dict):
        kept = {key: value for key, value in document.items() if key != "build_config"}
        return {key: _without_build_config(value) for key, value in kept.items()}
    return [_without_build_config(item) for item in document] if isinstance(document, list) else document


def check_kind(name: str, present: Any, value: Any) -> None:
    """Refuse values whose type cannot replace that of the current value."""
    kinds = {bool: "True or False", int: "a number", float: "a number", str: "text", list: "a list", dict: "an object"}
    expected, found = kinds.get(type(present)), kinds.get(type(value))
    # Text can name a class, and a number can be a shape of equal sizes.
    replaces = {("an object", "text"), ("text", "an object"), ("a list", "a number")}
    if present is None or expected == found or (expected, found) in replaces:
        return
    if value is None and not isinstance(present, str):
        return
    raise InputError(f"parameter {quote(name)}: found {quote(value)}; expected {expected}")


def is_removal(name: str, value: Any) -> bool:
    """Return whether an override removes a layer."""
    return value is None and name.startswith(LAYER) and "__" not in name


def layer_number(setting: tuple[str, Any]) -> int:
    """Return the number of the layer that an override changes."""
    number = setting[0].split("_")[1]
    return int(number) if number.isdigit() else 0

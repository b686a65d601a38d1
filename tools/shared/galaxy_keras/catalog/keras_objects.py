"""Check everything that Keras builds from forms and files, and build it in safe mode.

Keras imports the module that a serialized object names, runs code that some layers contain, and opens text as a file or
URL where it also accepts values, for example for the vocabulary of IntegerLookup.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

from galaxy_keras.catalog.number_limits import check_number
from galaxy_keras.catalog.private_api import enter_safe_mode
from galaxy_keras.catalog.text_arguments import may_be_text, takes_choice
from galaxy_keras.errors import ArchitectureError
from galaxy_keras.messages import quote, show
from galaxy_keras.network.inner_names import to_shown

# Public namespaces that a configuration may name; "keras" contains models and dtype policies.
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
# Namespace of operations, such as ``a + b`` of two outputs.
OPERATIONS = "keras.src.ops."
# Keras serializes functional models with their private module.
FUNCTIONAL = ("keras.src.models.functional", "Functional")
# Layers that run code from the file or load models of other frameworks from a path.
UNSAFE_LAYERS = ("Lambda", "TFSMLayer", "JaxLayer", "FlaxLayer", "TorchModuleWrapper")
# Serialized values in the connections of functional networks, and their keys.
VALUE_MARKERS = {
    "__keras_tensor__": ("shape", "dtype", "keras_history"),
    "__tensor__": ("value", "dtype"),
    "__numpy__": ("value", "dtype"),
    "__ellipsis__": (),
    "__slice__": ("start", "stop", "step"),
}
# Other types could be text of any length or Python objects.
VALUE_TYPES = re.compile(r"bool|bfloat16|float(16|32|64)|u?int(8|16|32|64)|string")
# Compile settings, which are never used; see :mod:`galaxy_keras.network.architecture`.
UNUSED = "compile_config"
# Keys of a serialized object that contain text outside its configuration.
ENVELOPE = ("module", "class_name", "registered_name", "name", "keras_version", "backend", "date_saved")
NO_STATES = "expected False, because no batch of rows goes on where the one before ended"


def check_classes(document: Any, place: str) -> None:
    """Refuse serialized objects that could run code, open a file or URL, or exhaust the machine.

    These are objects outside the public namespaces of Keras, layers with code, text for arguments that do not accept
    text, and numbers above :mod:`galaxy_keras.catalog.number_limits`. This function does not import Keras. Call
    :func:`require_classes`, which checks that the classes exist, before building anything.

    Raises
    ------
    ArchitectureError
        The object is not allowed.
    """
    for found in list_objects(document):
        module, class_name = found.get("module"), found["class_name"]
        if not isinstance(class_name, str):
            raise ArchitectureError(f"{place}: found class_name {quote(class_name)}; expected the name of a class")
        if class_name in VALUE_MARKERS:
            _check_marker(found, place)
            continue
        if class_name in UNSAFE_LAYERS or "lambda" in class_name.lower():
            raise ArchitectureError(
                f"{place}: found a {show(class_name)} layer, which can run code from the file; expected layers without "
                "code"
            )
        if (module, class_name) != FUNCTIONAL and module not in PUBLIC_MODULES:
            raise _describe_foreign(place, module, class_name)
        if found.get("registered_name") not in (None, class_name):
            raise _describe_foreign(place, module, found["registered_name"])
        if not isinstance(found.get("config", {}), (dict, type(None))):
            raise ArchitectureError(f"{place}: found config {quote(found['config'])}; expected an object")
        if (found.get("config") or {}).get("stateful"):
            raise ArchitectureError(f"{place} ({show(class_name)}), stateful: found it on; {NO_STATES}")
    _check_arguments(document, place)


def require_classes(document: Any, place: str) -> None:
    """Refuse the same objects as :func:`check_classes`, and classes that do not exist; call this before building.

    Raises
    ------
    ArchitectureError
        The object is not allowed.
    """
    import keras

    check_classes(document, place)
    for found in list_objects(document):
        module, class_name = found.get("module"), found["class_name"]
        if class_name in VALUE_MARKERS or (module, class_name) == FUNCTIONAL:
            continue
        namespace = keras
        for part in str(module).split(".")[1:]:
            namespace = getattr(namespace, part)
        if not isinstance(getattr(namespace, class_name, None), type):
            raise _describe_foreign(place, module, class_name)


def construct(maker: Callable[..., Any], arguments: dict[str, Any], place: str) -> Any:
    """Build a Keras object from arguments of a form or a file.

    Parameters
    ----------
    maker
        A class or function of Keras.
    arguments
        Arguments by name.

    Raises
    ------
    ArchitectureError
        An argument is not allowed; see :func:`require_classes`. Exceptions of the constructor are not caught.
    """
    require_classes({"module": "keras", "class_name": "Layer", "config": arguments}, place)
    with enter_safe_mode():
        return maker(**arguments)


def describe_error(error: Exception) -> str:
    """Return the reason of an exception from Keras in one line, without its preamble and dumps of arguments."""
    text = re.sub(r"\x1b\[[\d;]*m|\{\{.*?\}\}", "", to_shown(str(error)))
    # For nested objects, Keras wraps the reason in the configuration of each.
    text = text.rsplit("Exception encountered: ", 1)[-1]
    lines = [" ".join(line.split()) for line in text.splitlines()]
    reasons = [line for line in lines if line and not line.startswith("Exception encountered when calling")]
    return reasons[0][:300].rstrip(".") if reasons else type(error).__name__


def list_objects(document: Any) -> Iterator[dict[str, Any]]:
    """Yield all dictionaries in a configuration from which Keras would build objects."""
    waiting = [document]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            if "class_name" in item:
                yield item
            waiting.extend(part for name, part in item.items() if name != UNUSED)
        elif isinstance(item, (list, tuple)):
            waiting.extend(item)


def _describe_foreign(place: str, module: Any, class_name: Any) -> ArchitectureError:
    if str(module).startswith(OPERATIONS):
        return ArchitectureError(
            f"{place}: found the operation {show(str(class_name))} on the outputs of layers; expected a layer in its "
            "place, such as Add, Multiply or Reshape"
        )
    return ArchitectureError(
        f"{place}: found class {show(str(module))}.{show(str(class_name))}; expected classes of Keras' public "
        "namespaces"
    )


def _check_marker(marker: dict[str, Any], place: str) -> None:
    config = marker.get("config") or {}
    names = VALUE_MARKERS[marker["class_name"]]
    if not isinstance(config, dict) or not set(names) <= set(config):
        raise ArchitectureError(f"{place}: found a damaged {marker['class_name']}; expected {', '.join(names)} in it")
    if "dtype" in names and not (isinstance(config["dtype"], str) and VALUE_TYPES.fullmatch(config["dtype"])):
        raise ArchitectureError(
            f"{place}: found the dtype {quote(config['dtype'])} in {marker['class_name']}; expected a type of numbers"
        )


def _check_arguments(document: Any, place: str) -> None:
    """Refuse text and numbers that an argument does not accept."""
    for argument, value, is_listed in _list_values(document, "", False):
        if isinstance(value, bytes) or (isinstance(value, str) and not may_be_text(argument, value, is_listed)):
            expected = "the name of one of Keras' choices" if takes_choice(argument) else "a value that is not text"
            raise ArchitectureError(f"{place}, {show(argument)}: found the text {quote(value)}; expected {expected}")
        if isinstance(value, (int, float)):
            check_number(argument, value, place, ArchitectureError)


def _list_values(value: Any, argument: str, is_listed: bool) -> Iterator[tuple[str, Any, bool]]:
    """Yield all arguments in a document with their value and whether it is in a list."""
    if isinstance(value, dict) and "class_name" in value:
        for key, item in value.items():
            if key == "config" and isinstance(item, dict):
                for name, part in item.items():
                    yield from _list_values(part, str(name), False)
            elif key != UNUSED and (key not in ENVELOPE or not isinstance(item, str)):
                yield from _list_values(item, str(key), False)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _list_values(item, argument, is_listed)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _list_values(item, argument, True)
    else:
        yield argument, value, is_listed

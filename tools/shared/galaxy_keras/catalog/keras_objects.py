"""The gate to Keras: whatever it shall make out of a form or a file is checked here first and made in its safe mode.

Keras imports the module that a serialized object names, runs the code that some layers hold, and opens text that it
finds where it could also take values, such as the vocabulary of IntegerLookup, as a file or an address.
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
# Where Keras keeps what somebody wrote as an operation, such as ``a + b`` of two outputs.
OPERATIONS = "keras.src.ops."
# Keras writes functional models under their private module.
FUNCTIONAL = ("keras.src.models.functional", "Functional")
# Layers that run code from the file or load other frameworks' models from a path.
UNSAFE_LAYERS = ("Lambda", "TFSMLayer", "JaxLayer", "FlaxLayer", "TorchModuleWrapper")
# What Keras writes in a functional network's connections for values that are not objects, and the names in it.
VALUE_MARKERS = {
    "__keras_tensor__": ("shape", "dtype", "keras_history"),
    "__tensor__": ("value", "dtype"),
    "__numpy__": ("value", "dtype"),
    "__ellipsis__": (),
    "__slice__": ("start", "stop", "step"),
}
# Others could be text of any length, or objects of Python.
VALUE_TYPES = re.compile(r"bool|bfloat16|float(16|32|64)|u?int(8|16|32|64)|string")
# How a network was compiled; never used, see :mod:`galaxy_keras.network.architecture`.
UNUSED = "compile_config"
# Names in a serialized object that hold text beside its configuration.
ENVELOPE = ("module", "class_name", "registered_name", "name", "keras_version", "backend", "date_saved")
NO_STATES = "expected False, because no batch of rows goes on where the one before ended"


def check_classes(document: Any, place: str) -> None:
    """Refuse a serialized object of Keras that could run code, open a file or an address, or exhaust the machine.

    That is: names other than Keras' public namespaces, layers with code, text where an argument takes none, numbers
    above :mod:`galaxy_keras.catalog.number_limits`. Keras is not imported for it: whether a namespace holds the class
    shows in :func:`require_classes`, without which nothing may be built.

    Raises
    ------
    ArchitectureError
        With the place and what was found.
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
    """Refuse what :func:`check_classes` does, and names that are no classes of their namespaces; call before building.

    Raises
    ------
    ArchitectureError
        With the place and the class.
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
    """Make an object of Keras from arguments of a form or a file.

    Parameters
    ----------
    maker
        A class of Keras or a function that makes one of its objects.
    arguments
        By Keras' names.

    Raises
    ------
    ArchitectureError
        The arguments hold what :func:`require_classes` refuses. What the constructor raises passes through.
    """
    require_classes({"module": "keras", "class_name": "Layer", "config": arguments}, place)
    with enter_safe_mode():
        return maker(**arguments)


def describe_error(error: Exception) -> str:
    """Return the reason of an error that Keras raised, in one line without Keras' preamble and dumps of arguments."""
    text = re.sub(r"\x1b\[[\d;]*m|\{\{.*?\}\}", "", to_shown(str(error)))
    # Where an object within others fails, Keras wraps the reason in the configuration of each.
    text = text.rsplit("Exception encountered: ", 1)[-1]
    lines = [" ".join(line.split()) for line in text.splitlines()]
    reasons = [line for line in lines if line and not line.startswith("Exception encountered when calling")]
    return reasons[0][:300].rstrip(".") if reasons else type(error).__name__


def list_objects(document: Any) -> Iterator[dict[str, Any]]:
    """Yield every dictionary in a configuration that Keras would turn into an object."""
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
    """Refuse text and numbers that an argument must not hold."""
    for argument, value, is_listed in _list_values(document, "", False):
        if isinstance(value, bytes) or (isinstance(value, str) and not may_be_text(argument, value, is_listed)):
            expected = "the name of one of Keras' choices" if takes_choice(argument) else "a value that is not text"
            raise ArchitectureError(f"{place}, {show(argument)}: found the text {quote(value)}; expected {expected}")
        if isinstance(value, (int, float)):
            check_number(argument, value, place, ArchitectureError)


def _list_values(value: Any, argument: str, is_listed: bool) -> Iterator[tuple[str, Any, bool]]:
    """Yield the argument, the value, and whether it stands in a list, of all that a document's objects hold."""
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

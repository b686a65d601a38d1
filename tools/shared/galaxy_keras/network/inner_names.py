"""Convert between the names that users give to layers, networks and metrics, and names that TensorFlow accepts.

Keras accepts names with spaces, umlauts and other characters, but TensorFlow 2.19 then fails during the training. A
network that runs therefore has inner names, in which each such character is replaced by its code point between ``.u``
and ``.`` (``my layer`` becomes ``my.u20.layer``). Files and messages contain the names of the user.
"""

import re
from collections.abc import Callable
from typing import Any

from galaxy_keras.errors import ArchitectureError
from galaxy_keras.messages import quote

NAME_LENGTH = 200  # Characters.
NAME_RULE = f"at most {NAME_LENGTH} characters without tabs, line ends and control characters"
# TensorFlow refuses names that start with "_" or "-"; "." before "u" would be ambiguous.
_UNSAFE = re.compile(r"[^A-Za-z0-9_.-]|\.(?=u)|^[_-]")
_INNER = re.compile(r"\.u([0-9a-f]{1,6})\.")
# Control characters, line ends, surrogates and noncharacters.
_UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
# Keys of a serialized network that refer to layers as [name, node, tensor].
_CONNECTIONS = ("inbound_nodes", "input_layers", "output_layers")


def is_fit(name: str) -> bool:
    """Return whether a text is a valid name; see :data:`NAME_RULE`."""
    return len(name) <= NAME_LENGTH and not _UNFIT.search(name)


def to_inner(name: str) -> str:
    """Return the inner name of a name. Most names are unchanged, and different names have different inner names."""
    return _UNSAFE.sub(lambda found: f".u{ord(found[0]):x}.", name)


def to_shown(text: str, write: Callable[[str], str] = str) -> str:
    """Return a text, such as a message of Keras, with inner names replaced by the names of the user.

    Parameters
    ----------
    write
        Function that returns the text for a character, such as an HTML character reference.
    """
    return _INNER.sub(lambda found: write(chr(int(found[1], 16))) if int(found[1], 16) < 0x110000 else found[0], text)


def use_inner_names(document: Any, place: str) -> Any:
    """Return a copy of a serialized network or optimizer with inner names.

    Raises
    ------
    ArchitectureError
        A name is invalid; ``place`` is the name of the file in the message.
    """
    if isinstance(document, list):
        return [use_inner_names(item, place) for item in document]
    if not isinstance(document, dict):
        return document
    return {key: _rename_member(key, value, place) for key, value in document.items()}


def _rename_member(key: str, value: Any, place: str) -> Any:
    if key == "name" and isinstance(value, str):
        if not is_fit(value):
            raise ArchitectureError(f"{place}: found the name {quote(value)}; expected {NAME_RULE}")
        return to_inner(value)
    return _rename_references(value) if key in _CONNECTIONS else use_inner_names(value, place)


def _rename_references(value: Any) -> Any:
    if isinstance(value, dict):
        # Inputs and outputs of a network may also have names.
        return {to_inner(key): _rename_references(member) for key, member in value.items()}
    if not isinstance(value, list):
        return value
    if len(value) >= 3 and isinstance(value[0], str) and isinstance(value[1], int):
        return [to_inner(value[0]), *value[1:]]
    return [_rename_references(item) for item in value]

"""Names of layers, networks and metrics: what a user may call them, and what TensorFlow is told instead.

TensorFlow stops a training at a name with a blank, an umlaut or most other signs, long after Keras took it. So a
network that is going to calculate has inner names, in which each such character is its number between ``.u`` and ``.``
(``my layer`` becomes ``my.u20.layer``). The files keep the user's names, and what is shown is turned back.
"""

import re
from collections.abc import Callable
from typing import Any

from galaxy_keras.errors import ArchitectureError
from galaxy_keras.messages import quote

NAME_LENGTH = 200  # characters
NAME_RULE = f"at most {NAME_LENGTH} characters without tabs, line ends and control characters"
# A first "_" or "-" would make a name that TensorFlow refuses; "." before "u" could be taken for the mark itself.
_UNSAFE = re.compile(r"[^A-Za-z0-9_.-]|\.(?=u)|^[_-]")
_INNER = re.compile(r"\.u([0-9a-f]{1,6})\.")
# Control characters, ends of lines, halves of characters, and what is no character.
_UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
# Parts of a serialized network that refer to layers as [name, node, tensor].
_CONNECTIONS = ("inbound_nodes", "input_layers", "output_layers")


def is_fit(name: str) -> bool:
    """Return whether a text can be a name; see :data:`NAME_RULE`."""
    return len(name) <= NAME_LENGTH and not _UNFIT.search(name)


def to_inner(name: str) -> str:
    """Return the name that TensorFlow is told; most names are their own, and no two have the same."""
    return _UNSAFE.sub(lambda found: f".u{ord(found[0]):x}.", name)


def to_shown(text: str, write: Callable[[str], str] = str) -> str:
    """Return a text, such as a message of Keras', with the user's names in the place of the inner ones.

    Parameters
    ----------
    write
        Gives what stands for a character, such as a reference in HTML.
    """
    return _INNER.sub(lambda found: write(chr(int(found[1], 16))) if int(found[1], 16) < 0x110000 else found[0], text)


def use_inner_names(document: Any, place: str) -> Any:
    """Return a copy of a serialized network or optimizer in which all names are inner ones.

    Raises
    ------
    ArchitectureError
        A text cannot be a name; ``place`` is what the message calls the file.
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
        # The inputs or outputs of a network may have names as well.
        return {to_inner(key): _rename_references(member) for key, member in value.items()}
    if not isinstance(value, list):
        return value
    if len(value) >= 3 and isinstance(value[0], str) and isinstance(value[1], int):
        return [to_inner(value[0]), *value[1:]]
    return [_rename_references(item) for item in value]

"""What the suite needs of Keras' private API, and nothing else does: look here first when Keras changes.

``tests/test_keras_private.py`` has a test for each function that fails where Keras no longer behaves like this. Written
for Keras 3.15.
"""

from contextlib import AbstractContextManager
from typing import Any, TYPE_CHECKING

if TYPE_CHECKING:
    import keras


def enter_safe_mode() -> AbstractContextManager:
    """Return Keras' safe mode, in which it opens no files that a configuration names.

    Public functions of Keras take it as an argument. For constructors that are called directly there is nothing public.
    """
    from keras.src.saving.serialization_lib import SafeModeScope

    return SafeModeScope(True)


def forget_open_weights() -> None:
    """Keep Keras from giving values to weights that ``StatelessScope(initialize_variables=False)`` left without.

    Keras remembers them for the end of the next scope, although the network that they belong to may be gone.
    """
    from keras.src.backend.common import global_state

    global_state.set_global_attribute("uninitialized_variables", [])


def list_calls(layer: "keras.Layer") -> list[Any]:
    """Return the calls of a layer in a network, each with ``input_tensors`` and ``output_tensors``."""
    return layer._inbound_nodes


def find_call(tensor: "keras.KerasTensor") -> tuple["keras.Layer", int]:
    """Return the layer that gave a symbolic tensor, and the number of the call among :func:`list_calls`."""
    layer, number, _ = tensor._keras_history
    return layer, number

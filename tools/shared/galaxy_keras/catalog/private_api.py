"""Use the private API of Keras. No other module does, so look here first when Keras changes.

Written for Keras 3.15. ``tests/catalog/test_private_api.py`` has one test per function that fails if Keras behaves
differently.
"""

from contextlib import AbstractContextManager
from typing import Any, TYPE_CHECKING

from galaxy_keras.errors import InputError

if TYPE_CHECKING:
    import keras

WRITTEN_FOR = "3.15"


def enter_safe_mode() -> AbstractContextManager:
    """Return Keras' safe mode, in which it does not open files that a configuration names.

    Public functions of Keras accept it as an argument, but constructors do not.
    """
    from keras.src.saving.serialization_lib import SafeModeScope

    return SafeModeScope(True)


def forget_open_weights() -> None:
    """Discard weights that ``StatelessScope(initialize_variables=False)`` did not initialize.

    Otherwise Keras initializes them at the end of the next scope, although their network may no longer exist.
    """
    from keras.src.backend.common import global_state

    global_state.set_global_attribute("uninitialized_variables", [])


def list_calls(layer: "keras.Layer") -> list[Any]:
    """Return the calls of a layer in a network, each with ``input_tensors`` and ``output_tensors``."""
    return _read(layer, "_inbound_nodes")


def find_call(tensor: "keras.KerasTensor") -> tuple["keras.Layer", int]:
    """Return the layer that returned a symbolic tensor, and the index of the call in :func:`list_calls`."""
    layer, number, _ = _read(tensor, "_keras_history")
    return layer, number


def find_metric_direction(metric: "keras.metrics.Metric") -> str | None:
    """Return ``up`` or ``down`` for the direction in which a metric improves; None if it has no direction."""
    # Only metrics with a direction have the attribute.
    return getattr(metric, "_direction", None)


def use_dense_gradients(optimizer: "keras.optimizers.Optimizer") -> None:
    """Make an optimizer on TensorFlow convert sparse gradients to dense ones before it uses them.

    TensorFlow returns the gradient of an embedding as one slice per occurrence of a word. Keras 3.15 squares the slices
    before it sums those of the same word, so that Adam, RMSprop and similar optimizers take far too large steps for
    frequent words: the recurrent network of the tutorial ends between 0.60 and 0.85 instead of at 0.86. Other backends
    return dense gradients. ``apply`` is public, but replacing it relies on ``fit`` calling it.
    """
    import tensorflow

    apply = optimizer.apply

    def apply_dense(gradients: list, trainable_variables: list | None = None) -> None:
        apply([None if g is None else tensorflow.convert_to_tensor(g) for g in gradients], trainable_variables)

    optimizer.apply = apply_dense


def _read(item: Any, attribute: str) -> Any:
    try:
        return getattr(item, attribute)
    except AttributeError:
        import keras

        raise InputError(
            f"Keras {keras.__version__}: {type(item).__name__} does not have the private attribute {attribute}; "
            f"expected Keras {WRITTEN_FOR}"
        ) from None

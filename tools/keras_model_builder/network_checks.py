"""What is certainly wrong between a network's last layer, the loss and the task."""

from typing import TYPE_CHECKING

from galaxy_keras.architecture import output_activation
from galaxy_keras.errors import ArchitectureError, InputError

if TYPE_CHECKING:
    import keras

CROSS_ENTROPIES = ("binary_crossentropy", "categorical_crossentropy", "sparse_categorical_crossentropy")
# Losses that need an output for each class.
OUTPUT_PER_CLASS = ("categorical_crossentropy", "sparse_categorical_crossentropy", "categorical_hinge")


def check_network(model: "keras.Model", task: str, loss: str) -> None:
    """Refuse a network that cannot learn the task with the loss, whatever the data.

    Parameters
    ----------
    model
        Built or not; without an input shape only the loss can be checked.
    task
        ``classification`` or ``regression``.
    loss
        Keras 3's name.

    Raises
    ------
    InputError
        With what was found and what would be right.
    """
    if task == "regression" and loss in CROSS_ENTROPIES:
        raise InputError(
            f"loss: found {loss} for KerasGRegressor; expected a loss for real numbers such as mean_squared_error"
        )
    if not model.built:
        return
    if len(model.outputs) != 1 or len(model.outputs[0].shape) != 2:
        shapes = ", ".join(str(tuple(output.shape[1:])) for output in model.outputs)
        raise ArchitectureError(
            f"architecture, last layer: found output shape {shapes}; expected one row of outputs "
            "(a Flatten layer, or return_sequences=False in the last recurrent layer, may be missing)"
        )
    if model.outputs[0].shape[1] != 1:
        return
    if output_activation(model) == "softmax":
        raise ArchitectureError(
            "architecture, last layer: found softmax over 1 unit, which is always 1; expected sigmoid for two classes, "
            "or a unit for each class"
        )
    if task == "classification" and loss in OUTPUT_PER_CLASS:
        raise InputError(
            f"loss: found {loss} for a network with 1 output; expected binary_crossentropy, or a unit for each class "
            "in the last layer"
        )

"""A network's outputs side by side: the columns of the target go to them from left to right."""

import keras

from galaxy_keras.architecture import output_activation
from galaxy_keras.errors import InputError

PROBABILITY_ACTIVATIONS = ("sigmoid", "softmax", "hard_sigmoid")


def join_outputs(network: keras.Model) -> keras.Model:
    """Give a network whose outputs stand side by side, with the same layers and weights; one output stays as it is.

    The loss and the metrics are then means over all columns of the target, each of the same weight.

    Raises
    ------
    InputError
        An output with more dimensions than one row of numbers.
    """
    shapes = [tuple(output.shape[1:]) for output in network.outputs]
    if any(len(shape) != 1 for shape in shapes):
        raise InputError(
            f"architecture, last layer: found output shape {', '.join(map(str, shapes))}; expected one row of outputs "
            "(a Flatten layer, or return_sequences=False in the last recurrent layer, may be missing)"
        )
    if len(shapes) == 1:
        return network
    joined = keras.Model(network.inputs, keras.layers.Concatenate(dtype="float32")(network.outputs))
    joined.dtype_policy = network.dtype_policy
    return joined


def gives_probabilities(network: keras.Model) -> bool:
    """Say whether the outputs have passed an activation that makes probabilities of them."""
    return output_activation(network) in PROBABILITY_ACTIVATIONS

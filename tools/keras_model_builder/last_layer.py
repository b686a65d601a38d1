"""What a network ends in, and the loss and the metric that follow from it where the form leaves them to the tool."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from galaxy_keras.architecture import output_activation
from galaxy_keras.errors import ArchitectureError, InputError
from galaxy_keras.measures import F_SCORES, HALF, Measure

if TYPE_CHECKING:
    import keras

SIGMOIDS = ("sigmoid", "hard_sigmoid")


@dataclass(frozen=True)
class LastLayer:
    """What a network ends in.

    Attributes
    ----------
    units
        Number of outputs for a row, those of several last layers together; None where it is not known before the
        network meets data.
    activation
        Keras' name; None where the last layer has none.
    """

    units: int | None
    activation: str | None


def read_last_layer(model: "keras.Model") -> LastLayer:
    """Find out what a network ends in.

    Raises
    ------
    ArchitectureError
        An output is other than one row of numbers, or several do not go together.
    """
    if not model.built:
        return LastLayer(getattr(model.layers[-1], "units", None), output_activation(model))
    shapes = [tuple(output.shape[1:]) for output in model.outputs]
    if any(len(shape) != 1 for shape in shapes):
        raise ArchitectureError(
            f"architecture, last layer: found output shape {', '.join(map(str, shapes))}; expected one row of outputs "
            "(a Flatten layer, or return_sequences=False in the last recurrent layer, may be missing)"
        )
    last = LastLayer(sum(shape[0] for shape in shapes), output_activation(model))
    if len(shapes) > 1 and last.activation in (None, "softmax"):
        raise ArchitectureError(
            f"architecture, last layers: found {len(shapes)} outputs with {last.activation or 'different'} activation; "
            "expected the same in all and no softmax, because the columns of one target (real numbers, or 0 and 1 for "
            "labels of their own) go to the outputs from left to right"
        )
    return last


def choose_loss(task: str, last: LastLayer) -> Measure:
    """Choose the loss that fits task and last layer.

    Raises
    ------
    InputError
        No loss certainly fits.
    """
    if task == "regression":
        return Measure("mean_squared_error")
    is_single = last.units == 1
    if last.activation in SIGMOIDS:
        return Measure("binary_crossentropy")
    if last.activation == "softmax":
        return Measure("categorical_crossentropy")
    if last.activation == "linear" and last.units is not None:
        return Measure("binary_crossentropy" if is_single else "categorical_crossentropy", {"from_logits": True})
    if last.activation == "tanh" and last.units is not None:
        return Measure("hinge" if is_single else "categorical_hinge")
    raise InputError(
        f"loss: found automatic for a classifier that ends in {last.activation or 'a layer without activation'}; "
        "expected a loss by name, or a last layer with sigmoid (two classes) or softmax (several)"
    )


def choose_metric(task: str) -> Measure:
    """Choose the metric that fits the task."""
    return Measure("accuracy" if task == "classification" else "mean_absolute_error")


def settle_metric(metric: Measure, last: LastLayer) -> Measure:
    """Give an F score of a single output the threshold that it needs; without one it takes each output for positive."""
    is_single_label = last.units == 1 or last.activation in SIGMOIDS
    if metric.name not in F_SCORES or metric.options.get("threshold") is not None or not is_single_label:
        return metric
    return Measure(metric.name, {**metric.options, "threshold": HALF})

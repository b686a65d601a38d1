"""Check that output layers, loss, metrics and task of an estimator match, independently of the data."""

from dataclasses import replace

from galaxy_keras.catalog.losses_and_metrics import check_metrics, INTEGER_LOSSES, Measure, narrow_loss
from galaxy_keras.errors import ArchitectureError, InputError
from galaxy_keras.estimator.contents import Estimator
from galaxy_keras.messages import pluralize
from galaxy_keras.network.outputs import Output, PROBABILITY_ACTIVATIONS

BINARY_CROSS_ENTROPIES = ("binary_crossentropy", "binary_focal_crossentropy")
CATEGORICAL_CROSS_ENTROPIES = (*INTEGER_LOSSES, "categorical_crossentropy", "categorical_focal_crossentropy")
CROSS_ENTROPIES = (*BINARY_CROSS_ENTROPIES, *CATEGORICAL_CROSS_ENTROPIES)


def check_network(estimator: Estimator, output_layers: list[Output]) -> None:
    """Refuse combinations of output layers, loss, metrics and task that cannot be trained on any data.

    Parameters
    ----------
    output_layers
        Outputs with separate targets; see :func:`galaxy_keras.network.outputs.group_outputs`.

    Raises
    ------
    InputError
        The settings do not match.
    """
    if len(output_layers) > 1 and estimator.fit.class_weight is not None:
        raise InputError(
            f"class weights: found them for a network with {len(output_layers)} outputs with different "
            "classes; expected none"
        )
    for output in output_layers:
        _check_output(see_as(output, estimator, output_layers), output)


def see_as(output: Output, estimator: Estimator, output_layers: list[Output]) -> Estimator:
    """Return the estimator with the loss of one of its outputs."""
    return estimator if len(output_layers) == 1 else replace(estimator, loss=narrow_loss(estimator.loss, output.units))


def _check_output(estimator: Estimator, last: Output) -> None:
    loss = estimator.loss
    if estimator.task == "regression" and loss.name in CROSS_ENTROPIES:
        raise InputError(
            f"loss: found {loss.name} for KerasGRegressor; expected a loss for real numbers such as mean_squared_error"
        )
    if last.units == 1 and last.activation == "softmax":
        raise ArchitectureError(
            "architecture, last layer: found softmax over 1 unit, which is always 1; expected sigmoid for two classes, "
            "or a unit for each class"
        )
    if last.units == 1 and loss.name in (*CATEGORICAL_CROSS_ENTROPIES, "categorical_hinge"):
        raise InputError(
            f"loss: found {loss.name} for a network with 1 output; expected binary_crossentropy, or a unit for each "
            "class in the last layer"
        )
    _check_logits(loss, last)
    if last.units is not None:
        check_metrics(estimator.metrics, loss, last.units)
    _check_class_weight(estimator, last)


def _check_logits(loss: Measure, last: Output) -> None:
    """Refuse a cross-entropy that would use logits as probabilities or the reverse."""
    if loss.name not in CROSS_ENTROPIES:
        return
    if last.activation == "linear" and not loss.options.get("from_logits"):
        fitting = "sigmoid" if loss.name in BINARY_CROSS_ENTROPIES else "softmax"
        can_take_logits = "from_logits" in loss.options
        raise InputError(
            f"loss: found {loss.name} for a last layer without activation, whose outputs are logits; expected the "
            f"activation {fitting} in the last layer{', or from_logits in the loss' if can_take_logits else ''}"
        )
    if last.activation in PROBABILITY_ACTIVATIONS and loss.options.get("from_logits"):
        raise InputError(
            f"loss {loss.name}, from_logits: found it on for a last layer with {last.activation}, whose outputs are "
            "probabilities; expected it off, or a last layer without activation"
        )


def _check_class_weight(estimator: Estimator, last: Output) -> None:
    weights = estimator.fit.class_weight
    if weights is None:
        return
    if estimator.task == "regression":
        raise InputError("class weights: found them for a regression; expected none, because it has no classes")
    most = max(last.units or 0, 2)
    if isinstance(weights, dict) and last.units is not None and len(weights) > most:
        raise InputError(
            f"class weights: found {pluralize(len(weights), 'label')} for a network with "
            f"{pluralize(last.units, 'output')}; expected at most {most}"
        )

"""How a network's last layer, loss, metrics and task go together: what is wrong, and what is likely wrong."""

from collections.abc import Iterator
from dataclasses import replace

from galaxy_keras.errors import ArchitectureError, InputError
from galaxy_keras.estimator_file import Estimator
from galaxy_keras.heads import Head, PROBABILITY_ACTIVATIONS, SIGMOIDS
from galaxy_keras.measures import (
    check_metrics,
    INTEGER_LOSSES,
    MARGIN_LOSSES,
    Measure,
    narrow_loss,
    ONE_HOT_LOSSES,
)

BINARY_CROSS_ENTROPIES = ("binary_crossentropy", "binary_focal_crossentropy")
CATEGORICAL_CROSS_ENTROPIES = (*INTEGER_LOSSES, "categorical_crossentropy", "categorical_focal_crossentropy")
CROSS_ENTROPIES = (*BINARY_CROSS_ENTROPIES, *CATEGORICAL_CROSS_ENTROPIES)
# Losses for classes that real numbers can hardly be the target of.
FOR_CLASSES = (*MARGIN_LOSSES, "categorical_hinge", "dice", "tversky")
# Metrics that compare outputs with thresholds from 0 to 1.
THRESHOLD_METRICS = (
    *("binary_accuracy", "auc", "precision", "recall", "precision_at_recall", "recall_at_precision"),
    *("sensitivity_at_specificity", "specificity_at_sensitivity", "true_positives", "true_negatives"),
    *("false_positives", "false_negatives", "binary_iou"),
)
# Metrics of classes; all others compare real numbers as well.
CLASS_METRICS = (
    *THRESHOLD_METRICS,
    *("accuracy", "categorical_accuracy", "top_k_categorical_accuracy", "f1_score", "f_beta_score", "one_hot_iou"),
    *("one_hot_mean_iou", "binary_crossentropy", "categorical_crossentropy", "hinge", "squared_hinge"),
    "categorical_hinge",
)


def check_network(estimator: Estimator, heads: list[Head]) -> None:
    """Refuse a network that cannot learn the task with the loss, whatever the data.

    Parameters
    ----------
    heads
        What has a target of its own; see :func:`last_layer.group_outputs`.

    Raises
    ------
    InputError
        With what was found and what would be right.
    """
    if len(heads) > 1 and estimator.fit.class_weight is not None:
        raise InputError(
            f"class weights: found them for a network of {len(heads)} outputs with classes of their own; expected none"
        )
    for head in heads:
        _check_head(_see_as(head, estimator, heads), head)


def list_doubts(estimator: Estimator, heads: list[Head]) -> Iterator[str]:
    """Give a sentence for each setting that is likely wrong, though a training may be meant like that."""
    doubts = [doubt for head in heads for doubt in _list_doubts_of_head(_see_as(head, estimator, heads), head)]
    yield from dict.fromkeys(doubts)


def _see_as(head: Head, estimator: Estimator, heads: list[Head]) -> Estimator:
    """Give the estimator as one of several outputs sees it: with the loss of its own."""
    return estimator if len(heads) == 1 else replace(estimator, loss=narrow_loss(estimator.loss, head.units))


def _check_head(estimator: Estimator, last: Head) -> None:
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


def _check_logits(loss: Measure, last: Head) -> None:
    """Refuse a cross-entropy that takes logits for probabilities, or the other way round."""
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


def _check_class_weight(estimator: Estimator, last: Head) -> None:
    weights = estimator.fit.class_weight
    if weights is None:
        return
    if estimator.task == "regression":
        raise InputError("class weights: found them for KerasGRegressor; expected none, because it has no classes")
    most = max(last.units or 0, 2)
    if isinstance(weights, dict) and last.units is not None and len(weights) > most:
        raise InputError(
            f"class weights: found {len(weights)} labels for a network with {last.units} "
            f"output{'s' if last.units != 1 else ''}; expected at most {most}"
        )


def _list_doubts_of_head(estimator: Estimator, last: Head) -> Iterator[str]:
    loss, activation = estimator.loss.name, last.activation
    if loss == "poisson" and activation in ("linear", "tanh"):
        yield f"poisson wants outputs above 0, and {activation} gives others too; exponential or softplus does not"
    if estimator.task == "regression":
        if activation in (*PROBABILITY_ACTIVATIONS, "tanh"):
            yield f"the last layer's {activation} keeps the outputs between {-1 if activation == 'tanh' else 0} and 1"
        if loss in FOR_CLASSES:
            yield f"the loss {loss} is made for classes, and the estimator is a KerasGRegressor"
        for metric in estimator.metrics:
            if metric.name in CLASS_METRICS:
                yield f"the metric {metric.name} is made for classes, and the estimator is a KerasGRegressor"
        return
    yield from _list_doubts_of_classes(estimator, last)


def _list_doubts_of_classes(estimator: Estimator, last: Head) -> Iterator[str]:
    loss, activation = estimator.loss.name, last.activation
    several = last.units is not None and last.units > 1
    if loss in MARGIN_LOSSES and activation in PROBABILITY_ACTIVATIONS:
        yield f"{loss} wants outputs below 0 for one class, which {activation} never gives; tanh or linear does"
    if loss in CATEGORICAL_CROSS_ENTROPIES and several and activation in SIGMOIDS:
        yield f"{loss} is for classes that exclude each other, whose outputs softmax makes sum to 1"
    if loss in BINARY_CROSS_ENTROPIES and several and activation == "softmax":
        yield f"{loss} is for labels of their own (sigmoid); categorical_crossentropy is made for softmax"
    if loss in CROSS_ENTROPIES and activation not in (*PROBABILITY_ACTIVATIONS, "linear"):
        yield f"{loss} wants probabilities, and the last layer's activation is {activation or 'not known'}"
    if loss not in (*CROSS_ENTROPIES, *FOR_CLASSES, *ONE_HOT_LOSSES) and activation not in PROBABILITY_ACTIVATIONS:
        yield f"{loss} compares the outputs with 0 and 1, and nothing keeps them there; sigmoid or softmax does"
    if loss == "cosine_similarity" and last.units == 1:
        yield "cosine_similarity sees nothing but the sign of a single output"
    for metric in estimator.metrics:
        if (
            metric.name in THRESHOLD_METRICS
            and activation not in PROBABILITY_ACTIVATIONS
            and not metric.options.get("from_logits")
        ):
            yield f"{metric.column} compares the outputs with thresholds from 0 to 1, and they are no probabilities"

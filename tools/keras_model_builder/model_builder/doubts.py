"""Settings that are likely wrong for a network, though a training may be meant like that."""

from collections.abc import Iterator

from galaxy_keras.catalog.losses_and_metrics import MARGIN_LOSSES, ONE_HOT_LOSSES
from galaxy_keras.estimator.contents import Estimator
from galaxy_keras.network.loss_checks import (
    BINARY_CROSS_ENTROPIES,
    CATEGORICAL_CROSS_ENTROPIES,
    CROSS_ENTROPIES,
    see_as,
)
from galaxy_keras.network.outputs import Output, PROBABILITY_ACTIVATIONS, SIGMOIDS

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


def list_doubts(estimator: Estimator, output_layers: list[Output]) -> Iterator[str]:
    """Return a sentence for each setting that is likely wrong; ``output_layers`` as for ``check_network``."""
    doubts = [
        doubt
        for output in output_layers
        for doubt in _list_doubts_of_output(see_as(output, estimator, output_layers), output)
    ]
    yield from dict.fromkeys(doubts)


def _list_doubts_of_output(estimator: Estimator, last: Output) -> Iterator[str]:
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


def _list_doubts_of_classes(estimator: Estimator, last: Output) -> Iterator[str]:
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

"""Find settings that are likely wrong for a network but do not prevent training."""

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

# Losses for classes that are unsuitable for real numbers.
FOR_CLASSES = (*MARGIN_LOSSES, "categorical_hinge", "dice", "tversky")
# Metrics that compare outputs with thresholds between 0 and 1.
THRESHOLD_METRICS = (
    *("binary_accuracy", "auc", "precision", "recall", "precision_at_recall", "recall_at_precision"),
    *("sensitivity_at_specificity", "specificity_at_sensitivity", "true_positives", "true_negatives"),
    *("false_positives", "false_negatives", "binary_iou"),
)
# Metrics for classes; all other metrics are suitable for real numbers as well.
CLASS_METRICS = (
    *THRESHOLD_METRICS,
    *("accuracy", "categorical_accuracy", "top_k_categorical_accuracy", "f1_score", "f_beta_score", "one_hot_iou"),
    *("one_hot_mean_iou", "binary_crossentropy", "categorical_crossentropy", "hinge", "squared_hinge"),
    "categorical_hinge",
)


def list_doubts(estimator: Estimator, output_layers: list[Output]) -> Iterator[str]:
    """Return one sentence per setting that is likely wrong; for ``output_layers`` see ``check_network``."""
    doubts = [
        doubt
        for output in output_layers
        for doubt in _list_doubts_of_output(see_as(output, estimator, output_layers), output)
    ]
    yield from dict.fromkeys(doubts)


def _list_doubts_of_output(estimator: Estimator, last: Output) -> Iterator[str]:
    loss, activation = estimator.loss.name, last.activation
    if loss == "poisson" and activation in ("linear", "tanh"):
        yield (
            f"poisson expects positive outputs, but {activation} can produce negative values; "
            "use exponential or softplus"
        )
    if estimator.task == "regression":
        if activation in (*PROBABILITY_ACTIVATIONS, "tanh"):
            yield f"{activation} in the last layer limits the outputs to {-1 if activation == 'tanh' else 0} to 1"
        if loss in FOR_CLASSES:
            yield f"the loss {loss} is for classes, but the estimator is a KerasGRegressor"
        for metric in estimator.metrics:
            if metric.name in CLASS_METRICS:
                yield f"the metric {metric.name} is for classes, but the estimator is a KerasGRegressor"
        return
    yield from _list_doubts_of_classes(estimator, last)


def _list_doubts_of_classes(estimator: Estimator, last: Output) -> Iterator[str]:
    loss, activation = estimator.loss.name, last.activation
    several = last.units is not None and last.units > 1
    if loss in MARGIN_LOSSES and activation in PROBABILITY_ACTIVATIONS:
        yield f"{loss} expects negative outputs for one class, but {activation} produces none; use tanh or linear"
    if loss in CATEGORICAL_CROSS_ENTROPIES and several and activation in SIGMOIDS:
        yield f"{loss} is for mutually exclusive classes, whose probabilities sum to 1; use softmax"
    if loss in BINARY_CROSS_ENTROPIES and several and activation == "softmax":
        yield f"{loss} is for independent labels (sigmoid); for softmax use categorical_crossentropy"
    if loss in CROSS_ENTROPIES and activation not in (*PROBABILITY_ACTIVATIONS, "linear"):
        yield f"{loss} expects probabilities, but the last layer's activation is {activation or 'unknown'}"
    if loss not in (*CROSS_ENTROPIES, *FOR_CLASSES, *ONE_HOT_LOSSES) and activation not in PROBABILITY_ACTIVATIONS:
        yield f"{loss} compares the outputs with 0 and 1, but their range is not limited; use sigmoid or softmax"
    if loss == "cosine_similarity" and last.units == 1:
        yield "cosine_similarity depends only on the sign of a single output"
    for metric in estimator.metrics:
        if (
            metric.name in THRESHOLD_METRICS
            and activation not in PROBABILITY_ACTIVATIONS
            and not metric.options.get("from_logits")
        ):
            yield f"{metric.column} compares the outputs with thresholds from 0 to 1, but they are not probabilities"

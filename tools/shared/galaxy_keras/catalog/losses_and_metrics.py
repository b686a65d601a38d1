"""Read losses and metrics from names and options, and create the Keras objects."""

from dataclasses import dataclass, field
from typing import Any, TYPE_CHECKING

from galaxy_keras.catalog.classes import Catalog, LOSSES, METRICS, name_class
from galaxy_keras.catalog.keras_objects import construct
from galaxy_keras.errors import InputError
from galaxy_keras.log import say
from galaxy_keras.messages import pluralize, quote, show
from galaxy_keras.network.inner_names import is_fit, NAME_RULE, to_inner

if TYPE_CHECKING:
    import keras

# Names in Keras 2 and short names, with their names in Keras 3.
OLD_LOSSES = {
    "logcosh": "log_cosh",
    "kullback_leibler_divergence": "kl_divergence",
    "cosine_proximity": "cosine_similarity",
    "cosine": "cosine_similarity",
    "mse": "mean_squared_error",
    "mae": "mean_absolute_error",
    "mape": "mean_absolute_percentage_error",
    "msle": "mean_squared_logarithmic_error",
}
OLD_METRICS = {**OLD_LOSSES, "acc": "accuracy", "logcosh": "log_cosh_error", "log_cosh": "log_cosh_error"}
# Name of the accuracy that Keras chooses for the loss and the target.
ACCURACY = "accuracy"
NO_METRIC = "none"
# Other columns of a history.
OTHER_COLUMNS = ("epoch", "fold", "learning_rate")
# Losses and metrics by the encoding of classes that they require. All others accept numbers.
INTEGER_LOSSES = ("sparse_categorical_crossentropy", "categorical_generalized_cross_entropy")
ONE_HOT_LOSSES = (
    *("categorical_crossentropy", "categorical_focal_crossentropy", "categorical_hinge"),
    "kl_divergence",
)
INTEGER_METRICS = (
    *("sparse_categorical_accuracy", "sparse_categorical_crossentropy", "sparse_top_k_categorical_accuracy"),
)
ONE_HOT_METRICS = (
    *("categorical_accuracy", "categorical_crossentropy", "categorical_hinge", "top_k_categorical_accuracy"),
    *("one_hot_iou", "one_hot_mean_iou"),
)
# Without a threshold, the largest output of a row is positive.
F_SCORES = ("f1_score", "f_beta_score")
# Losses for mutually exclusive classes, and the equivalent for two classes with a single unit.
LOSSES_OF_TWO_CLASSES = {
    "categorical_crossentropy": "binary_crossentropy",
    "sparse_categorical_crossentropy": "binary_crossentropy",
    "categorical_focal_crossentropy": "binary_focal_crossentropy",
    "categorical_hinge": "hinge",
}
# Losses whose outputs are margins around 0, not probabilities.
MARGIN_LOSSES = ("hinge", "squared_hinge")
# Decision threshold of outputs that the loss compares with 0 and 1.
HALF = 0.5


@dataclass(frozen=True)
class Measure:
    """A loss or a metric.

    Attributes
    ----------
    name
        Name of the class in snake case, or ``accuracy`` for the automatic choice.
    options
        Arguments of the class; missing ones have their defaults. The ``name`` of a metric is its column in the history.
    """

    name: str
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def column(self) -> str:
        """Column of a metric in the history."""
        return self.options.get("name", self.name)


def read_loss(name: str, options: dict[str, Any] | None = None) -> Measure:
    """Read a loss, and log its new name if Keras 3 renamed it.

    Raises
    ------
    InputError
        Keras does not have the loss, or an option is unknown or out of range.
    """
    return _complete(LOSSES, OLD_LOSSES.get(name, name), name, options or {})


def read_metric(name: str, options: dict[str, Any] | None = None) -> Measure:
    """Read a metric, and log its new name if Keras 3 renamed it.

    Parameters
    ----------
    options
        The option ``name`` is the column of the metric in the history.

    Raises
    ------
    InputError
        Keras does not have the metric, or an option is unknown or out of range.
    """
    options = dict(options or {})
    column = options.pop("name", None)
    current = OLD_METRICS.get(name, name)
    if current == ACCURACY:
        _report("metric", name, current)
        measure = Measure(current)
    else:
        measure = _complete(METRICS, current, name, options)
    if column in (None, measure.name):
        return measure
    if not isinstance(column, str) or not _is_column(column):
        raise InputError(
            f"metric {measure.name}, name: found {quote(column)}; expected {NAME_RULE}, without val_ at its "
            f"start, and none of {', '.join(OTHER_COLUMNS)}"
        )
    return Measure(measure.name, {**measure.options, "name": column})


def _is_column(name: str) -> bool:
    """Return whether a name is valid for a column of the history."""
    return is_fit(name) and name == name.strip() != "" and not name.startswith("val_") and name not in OTHER_COLUMNS


def join_metrics(metrics: list[Measure]) -> list[Measure]:
    """Remove repeated metrics, and number those that would share a column of the history.

    Raises
    ------
    InputError
        Two metrics have the same column, or a column has a reserved name.
    """
    kept: list[Measure] = []
    for metric in metrics:
        if metric in kept:
            continue
        columns = ["loss", *(other.column for other in kept)]
        if metric.column in columns and "name" in metric.options:
            raise InputError(
                f"metric {metric.name}, name: found {quote(metric.column)} twice; expected different names"
            )
        number = 2
        column = metric.column
        while column in columns:
            column, number = f"{metric.name}_{number}", number + 1
        options = metric.options if column == metric.column else {**metric.options, "name": column}
        kept.append(Measure(metric.name, options))
    return kept


def find_threshold(loss: Measure) -> float:
    """Return the decision threshold of a single output or of labels: 0 for margins and logits, otherwise 0.5."""
    return 0.0 if loss.name in MARGIN_LOSSES or loss.options.get("from_logits") else HALF


def narrow_loss(loss: Measure, output_count: int | None) -> Measure:
    """Return the loss of one of several outputs; for a single unit, the equivalent loss for two classes."""
    if output_count != 1 or loss.name not in LOSSES_OF_TWO_CLASSES:
        return loss
    name = LOSSES_OF_TWO_CLASSES[loss.name]
    offered = LOSSES.list_defaults(LOSSES.find(name))
    return Measure(name, {option: value for option, value in loss.options.items() if option in offered})


def make_loss(loss: Measure) -> "keras.losses.Loss":
    """Create the Keras loss."""
    return construct(LOSSES.list_classes()[LOSSES.find(loss.name)], loss.options, f"loss {show(loss.name)}")


def make_metric(metric: Measure, loss: Measure, output_count: int, is_multilabel: bool = False) -> "keras.Metric":
    """Create the Keras metric; ``accuracy`` becomes the accuracy that matches the loss and the target.

    Parameters
    ----------
    output_count
        Number of outputs per row.
    is_multilabel
        Whether outputs represent independent labels.
    """
    import keras

    name = to_inner(metric.column)
    if metric.name != ACCURACY:
        metric_class = METRICS.list_classes()[METRICS.find(metric.name)]
        return construct(metric_class, {**metric.options, "name": name}, f"metric {show(metric.name)}")
    if output_count == 1 or is_multilabel:
        return keras.metrics.BinaryAccuracy(name=name, threshold=find_threshold(loss))
    if loss.name in INTEGER_LOSSES:
        return keras.metrics.SparseCategoricalAccuracy(name=name)
    return keras.metrics.CategoricalAccuracy(name=name)


def check_metrics(metrics: list[Measure], loss: Measure, output_count: int) -> None:
    """Refuse metrics that require another encoding of the target, for which Keras fails late or returns wrong values.

    Raises
    ------
    InputError
        A metric does not match the loss.
    """
    is_sparse = loss.name in INTEGER_LOSSES
    outputs = pluralize(output_count, "output")
    for metric in metrics:
        fits = (metric.name in INTEGER_METRICS) == is_sparse and (
            output_count > 1 or metric.name not in ONE_HOT_METRICS
        )
        if metric.name != ACCURACY and not fits:
            mend = "accuracy, which fits every loss for classes"
            if is_sparse and metric.name not in INTEGER_METRICS:
                mend += ", or the loss categorical_crossentropy, which takes the same tables"
            raise InputError(f"metrics: found {metric.name} with {loss.name} and {outputs}; expected {mend}")
        if metric.name in F_SCORES and output_count == 1 and metric.options.get("threshold") is None:
            raise InputError(
                f"metric {metric.name}, threshold: the field is empty for a network with 1 output, which would "
                f"always be positive; expected a number such as {HALF}"
            )
        _check_counts(metric, output_count, outputs)


def _check_counts(metric: Measure, output_count: int, outputs: str) -> None:
    """Refuse options that refer to more outputs than the network has."""
    place = f"metric {metric.name}"
    for name, most in (("k", output_count - 1), ("top_k", output_count), ("class_id", output_count - 1)):
        value = metric.options.get(name)
        if value is not None and value > most:
            raise InputError(f"{place}, {name}: found {value} for a network with {outputs}; expected at most {most}")
    count = metric.options.get("num_classes")
    if count is not None and count != output_count:
        raise InputError(f"{place}, num_classes: found {count} for a network with {outputs}; expected {output_count}")
    wrong = [number for number in metric.options.get("target_class_ids", ()) if number >= output_count]
    if wrong:
        raise InputError(
            f"{place}, target_class_ids: found {wrong[0]:g} for a network with {outputs}; "
            f"expected at most {output_count - 1}"
        )


def _complete(catalog: Catalog, name: str, typed: str, options: dict[str, Any]) -> Measure:
    class_name = catalog.find(name)
    current = name_class(class_name)
    _report(catalog.word, typed, current)
    return Measure(current, catalog.complete(class_name, options))


def _report(word: str, name: str, current: str) -> None:
    if name != current:
        say(f"The {word} {name} is called {current} in Keras 3")

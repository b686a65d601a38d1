"""Macros with the fields of Keras' losses and metrics for the form of keras_model_builder."""

import inspect
from xml.etree.ElementTree import Element

from dev.forms.fields import choose, define, Field, make_element, write_macros
from dev.forms.option_fields import list_option_fields, make_option_field
from galaxy_keras.catalog.classes import Catalog, LOSSES, METRICS, name_class
from galaxy_keras.catalog.losses_and_metrics import OLD_METRICS

LOSS_GROUPS: dict[str, tuple[str, ...]] = {
    "two classes or several labels per sample": (
        "binary_crossentropy",
        "binary_focal_crossentropy",
        "hinge",
        "squared_hinge",
    ),
    "several classes": (
        *("categorical_crossentropy", "categorical_focal_crossentropy", "categorical_hinge"),
        *("sparse_categorical_crossentropy", "categorical_generalized_cross_entropy"),
    ),
    "overlap of classes": ("dice", "tversky"),
    "regression": (
        *("mean_squared_error", "mean_absolute_error", "mean_absolute_percentage_error"),
        *("mean_squared_logarithmic_error", "huber", "log_cosh", "cosine_similarity"),
    ),
    "counts": ("poisson",),
    "distributions": ("kl_divergence",),
    "kept for older workflows": ("logcosh", "kullback_leibler_divergence", "cosine_proximity"),
}
METRIC_GROUPS: dict[str, tuple[str, ...]] = {
    "classification": (
        *("acc", "auc", "precision", "recall", "f1_score", "f_beta_score", "binary_accuracy", "categorical_accuracy"),
        *("sparse_categorical_accuracy", "top_k_categorical_accuracy", "sparse_top_k_categorical_accuracy"),
        *("precision_at_recall", "recall_at_precision", "sensitivity_at_specificity", "specificity_at_sensitivity"),
    ),
    "counts of predictions": ("true_positives", "true_negatives", "false_positives", "false_negatives"),
    "overlap of classes": ("binary_iou", "one_hot_iou", "one_hot_mean_iou"),
    "classification losses": (
        *("binary_crossentropy", "categorical_crossentropy", "sparse_categorical_crossentropy", "kl_divergence"),
        *("hinge", "squared_hinge", "categorical_hinge"),
    ),
    "regression": (
        *("mse", "mae", "mape", "root_mean_squared_error", "mean_squared_logarithmic_error", "log_cosh_error"),
        *("poisson", "r2_score", "pearson_correlation", "concordance_correlation", "cosine_similarity"),
    ),
    "kept for older workflows": ("cosine_proximity", "cosine"),
}
AUTOMATIC, NO_METRIC = "automatic", "none"
LABELS = {"acc": "acc/accuracy", "mse": "mse/mean_squared_error", "mae": "mae/mean_absolute_error"}
LABELS["mape"] = "mape/mean_absolute_percentage_error"


def write_measures() -> str:
    """Return the content of the macro file."""
    return write_macros(
        [
            define("param/loss", _choose_loss().to_element()),
            define("section/loss_options", _make_loss_section()),
            define("param/metrics", _choose_metrics().to_element()),
            define("repeat/metrics", _repeat_metrics()),
        ]
    )


def _choose_loss() -> Field:
    options = [(AUTOMATIC, "automatic: chosen for the task and the last layer")]
    options += [(name, f"{name} ({group})") for group, names in LOSS_GROUPS.items() for name in names]
    return Field(
        "loss",
        "select",
        AUTOMATIC,
        options=tuple(options),
        label="Select a loss function",
        help="Loss that training minimizes. The log names the automatic choice.",
    )


def _make_loss_section() -> Element:
    """Make one field per option of the losses; its help text names the losses."""
    users: dict[str, list[str]] = {}
    for class_name in LOSSES.list_classes():
        for name in LOSSES.list_defaults(class_name):
            users.setdefault(name, []).append(name_class(class_name))
    everywhere = LOSSES.list_defaults("MeanSquaredError")
    children = []
    for name, losses in sorted(users.items(), key=lambda item: -len(item[1])):
        # A default that all losses share is the value of the field; others depend on the loss.
        field = make_option_field(name, everywhere.get(name))
        help_text = field.help if name in everywhere else f"{field.help} For {', '.join(losses)}."
        children.append(make_option_field(name, everywhere.get(name), help=help_text).to_element())
    return make_element("section", children=children, name="loss_options", title="Loss Advanced Options")


def _choose_metrics() -> Field:
    names = [(AUTOMATIC, "automatic: accuracy for classification, mean absolute error for regression")]
    for group, members in METRIC_GROUPS.items():
        names += [(name, f"{LABELS.get(name, name)} ({group})") for name in members if not _needs_value(name)]
    return Field(
        "metrics",
        "select",
        AUTOMATIC,
        multiple=True,
        options=(*names, (NO_METRIC, "none")),
        label="Select metrics",
        help="Computed after each epoch, with Keras' default options.",
    )


def _needs_value(name: str) -> bool:
    """Return whether a metric has a required option; only the repeat block offers such a metric."""
    if name == "acc":
        return False
    defaults = METRICS.list_defaults(_find(METRICS, name))
    return inspect.Parameter.empty in defaults.values()


def _repeat_metrics() -> Element:
    options, cases = [], []
    for group, members in METRIC_GROUPS.items():
        for name in members:
            fields = [] if name == "acc" else list_option_fields(METRICS, _find(METRICS, name))
            if fields and group != "kept for older workflows":
                options.append((name, f"{name} ({group})"))
                cases.append((name, [field.to_element() for field in fields]))
    chooser = Field(
        "metric_type", "select", "auc", options=tuple(options), label="Metric", help="Computed after each epoch."
    )
    column = Field(
        "name",
        "text",
        label="Name in the history",
        help="If a metric occurs twice, each needs a name, for example auc_roc and auc_pr. If empty: the metric.",
        pattern=r"^(?!\s*val_)[^\t\r\n]{0,200}$",
        message="Enter at most 200 characters that do not start with val_",
    )
    children = [choose("metric_selection", chooser, cases), column.to_element()]
    return make_element("repeat", children=children, name="metrics_with_options", title="metric with options")


def _find(catalog: Catalog, name: str) -> str:
    return catalog.find(OLD_METRICS.get(name, name))

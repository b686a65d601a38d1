"""Plot predicted against true class labels: confusion matrix and classification report."""

import warnings
from collections import Counter
from collections.abc import Sequence

import numpy as np
import pandas as pd

from galaxy_keras.errors import InputError
from galaxy_keras.messages import quote, show
from galaxy_keras.plots.charts import HeatMap, Plot
from galaxy_keras.plots.class_labels import LabelPairs, list_labels, normalize

# The log lists the number of rows of at most this number of classes.
LISTED_CLASSES = 20


def order_classes(typed: str, classes: Sequence[str]) -> list[str]:
    """Return the classes in the order that the form specifies, followed by the other classes.

    Raises
    ------
    InputError
        A label does not occur in the data, or is listed twice.
    """
    wanted = [normalize(part.strip()) for part in typed.split(",") if part.strip()]
    unknown = [label for label in wanted if label not in classes]
    if unknown:
        raise InputError(
            f"order of the labels: found {quote(unknown[0])}; expected labels that occur: {list_labels(list(classes))}"
        )
    if len(set(wanted)) < len(wanted):
        twice = next(label for label, count in Counter(wanted).items() if count > 1)
        raise InputError(f"order of the labels: found {quote(twice)} twice; expected each label once")
    return [*wanted, *(label for label in classes if label not in wanted)]


def plot_confusion_matrix(pairs: LabelPairs, title: str, normalize: str | None, color_map: str) -> Plot:
    """Plot the number of rows for each pair of true and predicted class.

    Parameters
    ----------
    normalize
        Show fractions of each true class (``true``), of each predicted class (``pred``) or of all rows (``all``); None
        shows numbers of rows.
    """
    from sklearn.metrics import confusion_matrix

    with warnings.catch_warnings():
        # scikit-learn warns if there is a single class.
        warnings.simplefilter("ignore", UserWarning)
        matrix = confusion_matrix(pairs.true, pairs.predicted, labels=pairs.classes, normalize=normalize)
    table = pd.DataFrame(matrix, columns=pairs.classes)
    table.insert(0, "true \\ predicted", pairs.classes)
    labels = (pairs.classes, pairs.classes, "Predicted class labels", "True class labels")
    return Plot(table, HeatMap(title, matrix, *labels, color_map), describe_pairs(pairs))


def plot_classification_report(pairs: LabelPairs, title: str, color_map: str) -> Plot:
    """Plot precision, recall and F1 per class, with their averages."""
    from sklearn.metrics import precision_recall_fscore_support

    def measure(average: str | None) -> np.ndarray:
        # A ratio is 0 if a class is never predicted or never true.
        measures = precision_recall_fscore_support(
            pairs.true, pairs.predicted, labels=pairs.classes, average=average, zero_division=0
        )
        return np.array(measures[:3]).T

    values = np.vstack([measure(None), measure("macro"), measure("weighted")])
    true = Counter(pairs.true.tolist())
    support = [*(true[label] for label in pairs.classes), len(pairs.true), len(pairs.true)]
    names = [*pairs.classes, "macro average", "weighted average"]
    table = pd.DataFrame(values, columns=["precision", "recall", "f1"])
    table.insert(0, "class", names)
    rows = [f"{name} ({count})" for name, count in zip(names, support, strict=True)]
    heat_map = HeatMap(
        title, values, rows, ["precision", "recall", "F1"], "Measure", "Class (number of rows)", color_map, largest=1.0
    )
    return Plot(table.assign(rows=support), heat_map, describe_pairs(pairs))


def describe_pairs(pairs: LabelPairs) -> list[str]:
    """Return lines for the log: accuracy, and the number of rows per class."""
    right, rows = int((pairs.true == pairs.predicted).sum()), len(pairs.true)
    true, predicted = Counter(pairs.true.tolist()), Counter(pairs.predicted.tolist())
    listed = [f"{show(label)} {true[label]}/{predicted[label]}" for label in pairs.classes[:LISTED_CLASSES]]
    more = ", ..." if len(pairs.classes) > LISTED_CLASSES else ""
    return [
        f"Rows: {rows}, classes: {len(pairs.classes)}, accuracy: {right / rows:.4f} ({right} rows right)",
        f"Rows of each class, true/predicted: {', '.join(listed)}{more}",
        *pairs.doubts,
    ]

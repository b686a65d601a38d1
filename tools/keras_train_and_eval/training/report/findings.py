"""State the result of a training in one sentence per target, and measure each class."""

from collections.abc import Iterator

import numpy as np
from sklearn.metrics import mean_absolute_error, precision_recall_fscore_support, r2_score

from galaxy_keras.estimator.contents import Fitted, FittedOutput
from galaxy_keras.estimator.predictions import predict_class_indices, split_outputs
from training.targets.targets import Target

ClassMeasures = tuple[str, float, float, float, int]


def list_targets(
    target: Target, outputs: np.ndarray, fitted: Fitted
) -> Iterator[tuple[Target, np.ndarray, Fitted | FittedOutput]]:
    """Yield each single target with its part of the network's outputs, shape (n_rows, n_outputs)."""
    if target.outputs and fitted.outputs:
        yield from zip(target.outputs, split_outputs(outputs, fitted.outputs), fitted.outputs, strict=True)
    else:
        yield target, outputs, fitted


def describe_result(target: Target, y_true: np.ndarray, y_pred: np.ndarray, rows: str) -> str:
    """State in one sentence how well a target is predicted.

    Parameters
    ----------
    y_true, y_pred
        Class indices, 0 or 1 per label, or real numbers.
    rows
        What the rows are called, such as ``test rows``.
    """
    subject = f"{target.title}: the" if target.title else "The"
    if target.kind == "values":
        error = mean_absolute_error(y_true, y_pred)
        is_defined = len(y_true) > 1 and np.ptp(y_true, axis=0).min() > 0
        r2 = f"R² {r2_score(y_true, y_pred):.3f} and " if is_defined else ""
        return f"{subject} network predicts {len(y_true):,} {rows} with {r2}a mean absolute error of {error:.4g}."
    is_right = (y_true == y_pred).reshape(len(y_true), -1).all(axis=1)
    what = "all labels of " if target.kind == "multilabel" else ""
    return (
        f"{subject} network predicts {what}{is_right.sum():,} of {len(y_true):,} {rows} correctly "
        f"(accuracy {is_right.mean():.3f})."
    )


def predict(target: Target, outputs: np.ndarray, fitted: Fitted | FittedOutput, y_true: np.ndarray) -> np.ndarray:
    """Return predictions in the form of ``y_true``."""
    return outputs.reshape(y_true.shape) if target.kind == "values" else predict_class_indices(outputs, fitted)


def measure_classes(target: Target, y_true: np.ndarray, y_pred: np.ndarray, most: int) -> list[ClassMeasures]:
    """Return label, precision, recall, F1 and number of rows of the most frequent classes, in the order of the labels.

    A ratio without any row to divide by is 0, as in scikit-learn with ``zero_division=0``.
    """
    labels = np.arange(len(target.classes))
    measures = precision_recall_fscore_support(y_true, y_pred, labels=labels, average=None, zero_division=0)
    precision, recall, f1, support = map(np.asarray, measures)
    frequent = sorted(np.argsort(-support, kind="stable")[:most])
    return [
        (str(target.classes[i]), float(precision[i]), float(recall[i]), float(f1[i]), int(support[i])) for i in frequent
    ]

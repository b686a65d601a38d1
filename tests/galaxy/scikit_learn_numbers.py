"""Print scikit-learn's metrics of true and predicted values as JSON, for classes 0 and 1 or real numbers.

A test runs this script in the environment of the tools, because its own environment lacks scikit-learn.
"""

import json
import sys
from collections.abc import Mapping

import numpy as np
import pandas as pd
from sklearn import metrics


def measure_classes(y_true: np.ndarray, y_pred: np.ndarray, probability: np.ndarray) -> Mapping[str, float]:
    """Compute metrics of binary labels and probabilities."""
    return {
        "rows": len(y_true),
        "roc_auc": metrics.roc_auc_score(y_true, probability),
        "average_precision": metrics.average_precision_score(y_true, probability),
        "brier": metrics.brier_score_loss(y_true, probability),
        "accuracy": metrics.accuracy_score(y_true, y_pred),
        "f1": metrics.f1_score(y_true, y_pred),
        "largest_f1": max(metrics.f1_score(y_true, probability >= threshold) for threshold in np.unique(probability)),
    }


def measure_values(y_true: np.ndarray, y_pred: np.ndarray) -> Mapping[str, float]:
    """Compute metrics of real numbers."""
    return {
        "r2": metrics.r2_score(y_true, y_pred),
        "mean_absolute_error": metrics.mean_absolute_error(y_true, y_pred),
    }


def main(true_path: str, predicted_path: str) -> None:
    """Read both tables and print the metrics."""
    truth, output = (pd.read_csv(path, sep="\t") for path in (true_path, predicted_path))
    y_true, y_pred = truth.iloc[:, -1].to_numpy(), output.iloc[:, -1].to_numpy()
    if "1" in output.columns:
        print(json.dumps(measure_classes(y_true, y_pred, output["1"])))
    else:
        print(json.dumps(measure_values(y_true, y_pred)))


if __name__ == "__main__":
    main(*sys.argv[1:])

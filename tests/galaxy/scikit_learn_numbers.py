"""Print what scikit-learn says of a training's true and predicted values, as JSON: classes 0 and 1, or real numbers.

Run by a test with the tools' environment, because that of the tests has no scikit-learn.
"""

import json
import sys
from collections.abc import Mapping

import numpy as np
import pandas as pd
from sklearn import metrics


def measure_classes(true: np.ndarray, predicted: np.ndarray, probability: np.ndarray) -> Mapping[str, float]:
    """Rate labels and probabilities of 0 and 1."""
    return {
        "rows": len(true),
        "roc_auc": metrics.roc_auc_score(true, probability),
        "average_precision": metrics.average_precision_score(true, probability),
        "brier": metrics.brier_score_loss(true, probability),
        "accuracy": metrics.accuracy_score(true, predicted),
        "f1": metrics.f1_score(true, predicted),
        "largest_f1": max(metrics.f1_score(true, probability >= threshold) for threshold in np.unique(probability)),
    }


def measure_values(true: np.ndarray, predicted: np.ndarray) -> Mapping[str, float]:
    """Rate real numbers."""
    return {
        "r2": metrics.r2_score(true, predicted),
        "mean_absolute_error": metrics.mean_absolute_error(true, predicted),
    }


def main(true_path: str, predicted_path: str) -> None:
    """Read both tables and print the numbers."""
    true, predicted = (pd.read_csv(path, sep="\t") for path in (true_path, predicted_path))
    true, last = true.iloc[:, -1].to_numpy(), predicted.iloc[:, -1].to_numpy()
    is_probability = "1" in predicted.columns
    print(json.dumps(measure_classes(true, last, predicted["1"]) if is_probability else measure_values(true, last)))


if __name__ == "__main__":
    main(*sys.argv[1:])

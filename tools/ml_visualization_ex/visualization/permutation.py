"""Compute the permutation importance of the features of a fitted network (Breiman, Machine Learning 45, 2001).

scikit-learn computes it. Only this module of the tool needs Keras.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from galaxy_keras.data.sparse import is_sparse, read_sparse_features
from galaxy_keras.data.tables import read_features, TableSource
from galaxy_keras.errors import InputError
from galaxy_keras.estimator.fitted_network import FittedNetwork, load_network, read_fitted_estimator
from galaxy_keras.estimator.predictions import estimate_probabilities, predict_class_indices
from galaxy_keras.estimator.scores import compute_score, Predictions
from galaxy_keras.log import say
from galaxy_keras.progress import Progress
from galaxy_keras.runtime import configure_keras, describe_runtime
from visualization.true_values import read_truth

REGRESSION = ("values", "outputs")
CLASS_SCORES = ("accuracy", "balanced_accuracy", "f1_macro", "roc_auc")
REGRESSION_SCORES = ("r2", "neg_mean_absolute_error", "neg_root_mean_squared_error")


@dataclass(frozen=True)
class Shuffling:
    """Options for shuffling features.

    Attributes
    ----------
    repeats
        Number of times that each feature is shuffled.
    most_rows
        If there are more rows, use a random sample of this size.
    """

    repeats: int = 5
    most_rows: int = 2000
    seed: int = 0


class _Predictor:
    """A network with the interface of a scikit-learn model."""

    def __init__(self, network: FittedNetwork, evaluations: int):
        self.network = network
        self._progress = Progress(evaluations, "predictions")

    def fit(self) -> None:
        """Do nothing; scikit-learn requires this method but does not call it."""

    def predict(self, rows: "np.ndarray | pd.DataFrame") -> np.ndarray:
        outputs = self.network.predict(rows if isinstance(rows, np.ndarray) else rows.sparse.to_coo().tocsr())
        self._progress.advance()
        return outputs


def measure_scores(
    estimator: Path, features: TableSource, truth: TableSource, score: str, shuffling: Shuffling
) -> tuple[pd.DataFrame, list[str]]:
    """Measure the decrease of a score when a feature is shuffled.

    Parameters
    ----------
    score
        One of ``CLASS_SCORES`` or ``REGRESSION_SCORES``; if empty, accuracy, or R2 for real numbers.

    Returns
    -------
    DataFrame, list of str
        Columns ``feature``, ``importance`` and ``std`` over the repeats; and lines for the log.

    Raises
    ------
    InputError
        The tables do not match the estimator, or the score does not apply to its predictions.
    """
    network = _load(estimator, features)
    if network.fitted.target_kind == "multi_output":
        raise InputError(
            "estimator: found one with several targets; expected one with one target, or the plot of feature "
            "importances, which takes both"
        )
    is_regression = network.fitted.target_kind in REGRESSION
    score = score or ("r2" if is_regression else "accuracy")
    if (score in REGRESSION_SCORES) != is_regression:
        fitting = REGRESSION_SCORES if is_regression else CLASS_SCORES
        raise InputError(
            f"score: found {score} for an estimator of {'real numbers' if is_regression else 'classes'}; expected one "
            f"of {', '.join(fitting)}"
        )
    if score == "balanced_accuracy" and network.fitted.target_kind == "multilabel":
        raise InputError(
            "score: found balanced_accuracy for several labels per row; expected accuracy, f1_macro or roc_auc"
        )
    true = read_truth(network, truth)
    row_count = network.inputs.values.shape[0]
    if len(true) != row_count:
        raise InputError(f"{truth.name}: found {len(true)} rows; expected {row_count} as in the features")

    def rate(predictor: _Predictor, rows: np.ndarray, true: np.ndarray) -> float:
        return score_outputs(score, true, predictor.predict(rows), network)

    table, rows = _shuffle(network, rate, true, shuffling)
    baseline = score_outputs(score, true, network.predict(), network)
    return table, [f"{score} of all {len(true)} rows: {baseline:.4g}", f"Rows shuffled: {rows}"]


def measure_changes(estimator: Path, features: TableSource, shuffling: Shuffling) -> tuple[pd.DataFrame, list[str]]:
    """Measure the mean change of the outputs when a feature is shuffled; this does not need true labels."""
    network = _load(estimator, features)
    outputs = network.predict()

    def rate(predictor: _Predictor, rows: np.ndarray, unchanged: np.ndarray) -> float:
        return -float(np.abs(predictor.predict(rows) - unchanged).mean())

    table, rows = _shuffle(network, rate, outputs, shuffling)
    return table, [f"Rows shuffled: {rows}"]


def _load(path: Path, features: TableSource) -> FittedNetwork:
    configure_keras()
    estimator = read_fitted_estimator(path)
    fitted = estimator.require_fitted()
    if fitted.text is not None or fitted.sequences is not None:
        found = "text" if fitted.text is not None else "sequences"
        raise InputError(f"estimator: found one that reads {found}; expected one that reads columns of numbers")
    sparse = is_sparse(features.path)
    rows = read_sparse_features(features.path, features.name) if sparse else read_features(features)
    network = load_network(estimator, path, rows)
    say(describe_runtime())
    return network


def _shuffle(
    network: FittedNetwork, rate: Callable[..., float], target: np.ndarray, shuffling: Shuffling
) -> tuple[pd.DataFrame, int]:
    """Shuffle each feature and measure the decrease of a rating, which takes a predictor, rows and their target."""
    from sklearn.inspection import permutation_importance

    rows = network.inputs.values
    row_count = rows.shape[0]
    if row_count > shuffling.most_rows:
        chosen = np.sort(np.random.default_rng(shuffling.seed).permutation(row_count)[: shuffling.most_rows])
        rows, target = rows[chosen], target[chosen]
    if not isinstance(rows, np.ndarray):
        # scikit-learn does not support sparse matrices here, but it does support data frames of sparse columns.
        rows = pd.DataFrame.sparse.from_spmatrix(rows)
    predictor = _Predictor(network, 1 + shuffling.repeats * rows.shape[1])
    found = permutation_importance(
        predictor, rows, target, scoring=rate, n_repeats=shuffling.repeats, random_state=shuffling.seed
    )
    names = network.feature_names or [f"column {number}" for number in range(1, rows.shape[1] + 1)]
    table = pd.DataFrame({"feature": names, "importance": found.importances_mean, "std": found.importances_std})
    return table, len(rows)


def score_outputs(name: str, y_true: np.ndarray, outputs: np.ndarray, network: FittedNetwork) -> float:
    """Compute a score of a network's outputs, where larger is always better.

    Parameters
    ----------
    name
        One of ``CLASS_SCORES`` or ``REGRESSION_SCORES``.
    y_true
        As :func:`true_values.read_truth` returns it.
    outputs
        Shape (n_samples, n_outputs).
    """
    if name in REGRESSION_SCORES:
        return compute_score(name, y_true, Predictions(outputs))
    fitted, probabilities = network.fitted, None
    class_count = len(fitted.classes)
    if name == "roc_auc":
        probabilities = _rank_rows(y_true, outputs, network)
        # Mean over the classes, each against the others.
        name = "roc_auc_ovr" if fitted.target_kind != "multilabel" and class_count > 2 else name
    return compute_score(name, y_true, Predictions(predict_class_indices(outputs, fitted), probabilities, class_count))


def _rank_rows(y_true: np.ndarray, outputs: np.ndarray, network: FittedNetwork) -> np.ndarray:
    """Return numbers by which ROC curves rank the rows, one column per class or label."""
    fitted = network.fitted
    is_multilabel = fitted.target_kind == "multilabel"
    columns = y_true.T if is_multilabel else [y_true]
    if any(len(np.unique(column)) < (2 if is_multilabel else len(fitted.classes)) for column in columns):
        raise InputError("score: found roc_auc for rows without some of the classes; expected rows of every class")
    if is_multilabel or outputs.shape[1] == 2:
        return outputs
    # A single output ranks the rows whether or not it is a probability.
    return np.hstack([1 - outputs, outputs]) if outputs.shape[1] == 1 else estimate_probabilities(outputs, fitted)

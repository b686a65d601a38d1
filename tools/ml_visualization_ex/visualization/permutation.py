"""How much each feature matters to a fitted network: what happens when its values are shuffled over the rows.

The only part of the tool that needs Keras. The method is Breiman's (Random Forests, Machine Learning 45, 2001), by
scikit-learn.
"""

import time
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
from galaxy_keras.log import say, say_progress
from galaxy_keras.runtime import configure_keras, describe_runtime
from visualization.true_values import read_truth

# Time between two lines of progress in the job's log, in seconds.
REPORT_EVERY = 30.0
REGRESSION = ("values", "outputs")
CLASS_SCORES = ("accuracy", "balanced_accuracy", "f1_macro", "roc_auc")
REGRESSION_SCORES = ("r2", "neg_mean_absolute_error", "neg_root_mean_squared_error")


@dataclass(frozen=True)
class Shuffling:
    """How features are shuffled.

    Attributes
    ----------
    repeats
        How often each feature is shuffled.
    most_rows
        A random choice of so many rows is used where there are more.
    """

    repeats: int = 5
    most_rows: int = 2000
    seed: int = 0


class _Predictor:
    """A network as scikit-learn expects a model."""

    def __init__(self, network: FittedNetwork, evaluations: int):
        self.network, self.evaluations, self.done = network, evaluations, 0
        self.started = self.reported = time.monotonic()

    def fit(self) -> None:
        """Nothing to do: scikit-learn asks for this method and does not call it."""

    def predict(self, rows: "np.ndarray | pd.DataFrame") -> np.ndarray:
        outputs = self.network.predict(rows if isinstance(rows, np.ndarray) else rows.sparse.to_coo().tocsr())
        self.done += 1
        now = time.monotonic()
        if now - self.reported > REPORT_EVERY:
            self.reported = now
            left = (now - self.started) / self.done * (self.evaluations - self.done)
            say_progress(f"{self.done} of {self.evaluations} predictions, about {left:.0f} s left")
        return outputs


def measure_scores(
    estimator: Path, features: TableSource, truth: TableSource, score: str, shuffling: Shuffling
) -> tuple[pd.DataFrame, list[str]]:
    """Measure by how much a score falls when a feature is shuffled.

    Parameters
    ----------
    score
        One of ``CLASS_SCORES`` or ``REGRESSION_SCORES``; if blank, accuracy, or R2 for real numbers.

    Returns
    -------
    DataFrame, list of str
        ``feature``, ``importance`` and ``std`` over the repeats; and what the job's log says.

    Raises
    ------
    InputError
        The tables do not fit the estimator, or the score does not fit what it predicts.
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
            "score: found balanced_accuracy for several labels a row; expected accuracy, f1_macro or roc_auc"
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
    """Measure by how much the network's outputs change on average when a feature is shuffled; needs no true labels."""
    network = _load(estimator, features)
    outputs = network.predict()

    def rate(predictor: _Predictor, rows: np.ndarray, unchanged: np.ndarray) -> float:
        return -float(np.abs(predictor.predict(rows) - unchanged).mean())

    table, rows = _shuffle(network, rate, outputs, shuffling)
    return table, [f"Rows shuffled: {rows}"]


def _load(path: Path, features: TableSource) -> FittedNetwork:
    configure_keras()
    estimator = read_fitted_estimator(path)
    if estimator.fitted.text is not None:
        raise InputError("estimator: found one that reads text; expected one that reads columns of numbers")
    sparse = is_sparse(features.path)
    rows = read_sparse_features(features.path, features.name) if sparse else read_features(features)
    network = load_network(estimator, path, rows)
    say(describe_runtime())
    return network


def _shuffle(
    network: FittedNetwork, rate: Callable[..., float], target: np.ndarray, shuffling: Shuffling
) -> tuple[pd.DataFrame, int]:
    """Shuffle each feature and see how the rating falls; the rating gets a predictor, rows and their target."""
    from sklearn.inspection import permutation_importance

    rows = network.inputs.values
    row_count = rows.shape[0]
    if row_count > shuffling.most_rows:
        chosen = np.sort(np.random.default_rng(shuffling.seed).permutation(row_count)[: shuffling.most_rows])
        rows, target = rows[chosen], target[chosen]
    if not isinstance(rows, np.ndarray):
        # scikit-learn refuses a sparse matrix here, but shuffles a table whose columns stay sparse each.
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
        # The mean over the classes, each against the others.
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

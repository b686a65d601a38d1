"""Score predictions with scikit-learn's scorers, found by name."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from galaxy_keras.errors import InputError
from galaxy_keras.messages import quote

if TYPE_CHECKING:
    from sklearn.base import BaseEstimator

# Names in the forms, and scikit-learn's current names of the same scores; the sign is the same.
RENAMED_SCORES = {"max_error": "neg_max_error"}
Scorer = Callable[["BaseEstimator", np.ndarray, np.ndarray], float]


@dataclass(frozen=True)
class Predictions:
    """Predictions of some rows in the form that scikit-learn's scorers read.

    Attributes
    ----------
    y_pred
        Class indices, shape (n_samples,); 0 or 1 per label, shape (n_samples, n_labels); or real numbers, shape
        (n_samples,) or (n_samples, n_targets).
    probabilities
        Shape (n_samples, n_classes) or (n_samples, n_labels); None if the network does not estimate them.
    class_count
        Number of classes or labels; 0 for real numbers.
    """

    y_pred: np.ndarray
    probabilities: np.ndarray | None = None
    class_count: int = 0


def compute_score(name: str, y_true: np.ndarray, predictions: Predictions) -> float:
    """Compute a score, where larger is always better.

    Parameters
    ----------
    name
        One of scikit-learn's scorer names, ``max_error`` or ``spearman_correlation``.
    y_true
        True values in the form of ``predictions.y_pred``.

    Raises
    ------
    InputError
        scikit-learn does not know the score.
    ValueError
        The score is not defined for these values; with scikit-learn's reason.
    """
    of_classes, of_values = _make_estimator_classes()
    estimator = of_classes(predictions) if predictions.class_count else of_values(predictions)
    has_classes = predictions.class_count > 2 and y_true.ndim == 1
    scorer = _find_scorer_of_classes(name, predictions.class_count) if has_classes else None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return float((scorer or _find_scorer(name))(estimator, y_true, y_true))


@cache
def _make_estimator_classes() -> tuple[type["BaseEstimator"], type["BaseEstimator"]]:
    """Define an estimator of classes and one of real numbers, with stored predictions.

    scikit-learn's scorers may request the predictions several times. The classes are defined in a function because only
    some of the tools have scikit-learn in their environment.
    """
    from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin

    class Predicted(BaseEstimator):
        def __init__(self, predictions: Predictions):
            self.predictions = predictions

        def __sklearn_is_fitted__(self) -> bool:
            return True

        def predict(self, X: np.ndarray) -> np.ndarray:
            return self.predictions.y_pred

    class PredictedClasses(ClassifierMixin, Predicted):
        def __init__(self, predictions: Predictions):
            super().__init__(predictions)
            count = predictions.class_count
            # scikit-learn expects the classes, or for several labels the two classes of each label.
            self.classes_ = [np.arange(2)] * count if predictions.y_pred.ndim == 2 else np.arange(count)

        def predict_proba(self, X: np.ndarray) -> np.ndarray:
            if self.predictions.probabilities is None:
                raise ValueError("the network's outputs are not probabilities")
            return self.predictions.probabilities

    class PredictedValues(RegressorMixin, Predicted):
        pass

    return PredictedClasses, PredictedValues


def _find_scorer_of_classes(name: str, class_count: int) -> Scorer | None:
    """Return a scorer that knows all classes, or None if the score does not need to know them.

    scikit-learn's scorers of these names take the classes from the true values, where a class may be absent.
    """
    from sklearn import metrics

    functions = {
        "d2_brier_score": (metrics.d2_brier_score, True),
        "d2_log_loss_score": (metrics.d2_log_loss_score, True),
        "neg_brier_score": (metrics.brier_score_loss, False),
        "neg_log_loss": (metrics.log_loss, False),
        "top_k_accuracy": (metrics.top_k_accuracy_score, True),
    }
    if name not in functions:
        return None
    function, is_greater_better = functions[name]
    labels = np.arange(class_count)
    return metrics.make_scorer(
        function, greater_is_better=is_greater_better, response_method="predict_proba", labels=labels
    )


def _find_scorer(name: str) -> Scorer:
    from sklearn.metrics import get_scorer

    if name == "spearman_correlation":
        return _score_spearman
    try:
        return get_scorer(RENAMED_SCORES.get(name, name))
    except ValueError:
        raise InputError(f"scoring: found {quote(name)}; expected a score that scikit-learn knows") from None


def _score_spearman(estimator: "BaseEstimator", X: np.ndarray, y: np.ndarray) -> float:
    """Compute Spearman's rank correlation, which scikit-learn does not offer as a scorer."""
    from scipy.stats import spearmanr

    return spearmanr(y, estimator.predict(X)).statistic

"""scikit-learn's scores, all of them from one prediction."""

import warnings
from collections.abc import Callable

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.metrics import get_scorer

from galaxy_keras.errors import InputError
from targets import Target

# Names of published workflows that scikit-learn does not know, or no longer.
RENAMED_SCORES = {
    "precision_wighted": "precision_weighted",
    "recall_wighted": "recall_weighted",
    "max_error": "neg_max_error",
}
DEFAULT_SCORES = {"classification": "accuracy", "regression": "r2"}
REGRESSION_SCORES = (
    "d2_absolute_error_score",
    "explained_variance",
    "neg_mean_absolute_error",
    "neg_mean_absolute_percentage_error",
    "neg_mean_gamma_deviance",
    "neg_mean_poisson_deviance",
    "neg_mean_squared_error",
    "neg_mean_squared_log_error",
    "neg_median_absolute_error",
    "neg_root_mean_squared_error",
    "neg_root_mean_squared_log_error",
    "r2",
    "neg_max_error",
    "spearman_correlation",
)
# Undefined for a perfect prediction, which divides by its errors.
LIKELIHOOD_RATIOS = ("positive_likelihood_ratio", "neg_negative_likelihood_ratio")
BINARIZED = ("binarize_auc_scorer", "binarize_average_precision_scorer")
Scorer = Callable[[BaseEstimator, np.ndarray, np.ndarray], float]


class _Predicted(BaseEstimator):
    """An estimator that has predicted already: scikit-learn's scorers ask it as often as they like."""

    def __init__(self, positions: np.ndarray, probabilities: np.ndarray | None):
        self.positions = positions
        self.probabilities = probabilities

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def predict(self, X: np.ndarray) -> np.ndarray:
        return self.positions


class _PredictedClasses(ClassifierMixin, _Predicted):
    def __init__(self, positions: np.ndarray, probabilities: np.ndarray | None, target: Target):
        super().__init__(positions, probabilities)
        count = len(target.classes)
        # scikit-learn's way to say it: classes, or for each of several labels whether it is there.
        self.classes_ = [np.arange(2)] * count if target.kind == "multilabel" else np.arange(count)

    def predict_proba(self, X: np.ndarray) -> np.ndarray:
        if self.probabilities is None:
            raise ValueError("the network's outputs are no probabilities")
        return self.probabilities


class _PredictedValues(RegressorMixin, _Predicted):
    pass


def list_scores(primary: str, secondary: list[str], task: str) -> list[str]:
    """Name the scores that a form asks for, as scikit-learn calls them and each once."""
    chosen = [DEFAULT_SCORES[task] if primary == "default" else primary, *secondary]
    for name in chosen:
        if name in BINARIZED:
            raise InputError(
                f"scoring: found {name}, which needs a threshold on real-numbered targets that Keras estimators do "
                f"not have; expected {'roc_auc' if 'auc' in name else 'average_precision'} or another score"
            )
    names = list(dict.fromkeys(RENAMED_SCORES.get(name, name) for name in chosen))
    for name in names:
        # scikit-learn would compute a regression's score on the positions of classes: a number without meaning.
        if (name in REGRESSION_SCORES) != (task == "regression"):
            raise InputError(f"scoring: found {name} for a {task}; expected a score for {task}, or default")
    return names


def check_scores(names: list[str], target: Target, rows: np.ndarray, has_probabilities: bool) -> None:
    """Compute every score for a perfect prediction of the evaluation rows, so that none fails after the training.

    Of several targets each one is scored.

    Raises
    ------
    InputError
        A score that does not fit the kind of target or these rows, with scikit-learn's reason.
    """
    for one in target.each:
        truth = one.positions[rows]
        probabilities = None
        if has_probabilities:
            probabilities = (truth if one.strata is None else np.eye(len(one.classes))[truth]).astype(float)
        for name in names:
            value, reason = _score(name, truth, truth, probabilities, one)
            if reason or (np.isnan(value) and name not in LIKELIHOOD_RATIOS):
                of_target = f" of {one.title}" if one.title else ""
                raise InputError(
                    f"scoring: found {name}{of_target}, which cannot be computed for the evaluation rows: "
                    f"{reason or 'undefined'}"
                )


def compute_scores(
    names: list[str], target: Target, rows: np.ndarray, positions: np.ndarray, probabilities: np.ndarray | None
) -> dict[str, float]:
    """Score a prediction.

    Parameters
    ----------
    names
        As :func:`list_scores` gives them.
    rows
        Row numbers of the evaluation rows.
    positions, probabilities
        The prediction for these rows, in the form of ``target.positions``; probabilities of shape
        (n_rows, n_classes), or None where the network gives none.

    Returns
    -------
    dict
        Score by name; nan, with a line in the log, where a prediction leaves a score undefined.
    """
    scores = {}
    for name in names:
        scores[name], reason = _score(name, target.positions[rows], positions, probabilities, target)
        if reason:
            print(f"{name} is undefined for these predictions: {reason}")
    return scores


def _score(
    name: str, truth: np.ndarray, positions: np.ndarray, probabilities: np.ndarray | None, target: Target
) -> tuple[float, str]:
    if target.kind == "values":
        estimator = _PredictedValues(positions, None)
    else:
        estimator = _PredictedClasses(positions, probabilities, target)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return float(_find_scorer(name)(estimator, truth, truth)), ""
    except ValueError as error:
        return float("nan"), str(error).splitlines()[0]


def _find_scorer(name: str) -> Scorer:
    if name == "spearman_correlation":
        return _score_spearman
    try:
        return get_scorer(name)
    except ValueError:
        raise InputError(f"scoring: found {name!r}; expected a score that scikit-learn knows") from None


def _score_spearman(estimator: BaseEstimator, X: np.ndarray, y: np.ndarray) -> float:
    """Spearman's rank correlation, which scikit-learn lacks as a score."""
    from scipy.stats import spearmanr

    return spearmanr(y, estimator.predict(X)).statistic

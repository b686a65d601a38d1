"""scikit-learn's scores, all of them from one prediction."""

import warnings
from collections.abc import Callable

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.metrics import get_scorer

from galaxy_keras.errors import InputError
from galaxy_keras.log import say
from galaxy_keras.messages import quote, show
from training.targets.targets import Target

# Misspelled values of published forms; users read the right names there.
MISSPELLED_SCORES = {"precision_wighted": "precision_weighted", "recall_wighted": "recall_weighted"}
# Names that users know, and what scikit-learn calls the scores today; the sign was the same.
RENAMED_SCORES = {"max_error": "neg_max_error"}
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
    "max_error",
    "spearman_correlation",
)
BINARIZED = ("binarize_auc_scorer", "binarize_average_precision_scorer")
Scorer = Callable[[BaseEstimator, np.ndarray, np.ndarray], float]


class _Predicted(BaseEstimator):
    """An estimator that has predicted already: scikit-learn's scorers ask it as often as they like."""

    def __init__(self, y_pred: np.ndarray, probabilities: np.ndarray | None):
        self.y_pred = y_pred
        self.probabilities = probabilities

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def predict(self, X: np.ndarray) -> np.ndarray:
        return self.y_pred


class _PredictedClasses(ClassifierMixin, _Predicted):
    def __init__(self, y_pred: np.ndarray, probabilities: np.ndarray | None, target: Target):
        super().__init__(y_pred, probabilities)
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
    """Return the names of the scores that a form asks for, each once; messages and results use them."""
    chosen = [DEFAULT_SCORES[task] if primary == "default" else primary, *secondary]
    for name in chosen:
        if name in BINARIZED:
            raise InputError(
                f"scoring: found {name}, which needs a threshold on real-numbered targets that Keras estimators do "
                f"not have; expected {'roc_auc' if 'auc' in name else 'average_precision'} or another score"
            )
    names = list(dict.fromkeys(MISSPELLED_SCORES.get(name, name) for name in chosen))
    for name in names:
        # scikit-learn would compute a regression's score on the positions of classes: a number without meaning.
        if (name in REGRESSION_SCORES) != (task == "regression"):
            raise InputError(f"scoring: found {name} for a {task}; expected a score for {task}, or default")
    return names


def check_scores(names: list[str], target: Target, rows: np.ndarray, has_probabilities: bool) -> None:
    """Refuse a score that no prediction of the evaluation rows could have, so that none fails after the training.

    Of several targets each one is scored.

    Raises
    ------
    InputError
        A score that does not fit the kind of target or these rows, with scikit-learn's reason.
    """
    for one in target.each:
        truth = one.y[rows]
        probabilities = None
        if has_probabilities:
            probabilities = (truth if one.strata is None else np.eye(len(one.classes))[truth]).astype(float)
        # A perfect prediction; where zeros or less may not be predicted, one that is too large.
        guesses = [truth, np.abs(truth) + 1] if one.kind == "values" else [truth]
        for name in names:
            reasons = [_score(name, truth, guess, probabilities, one)[1] for guess in guesses]
            if all(reasons):
                of_target = f" of {show(one.title)}" if one.title else ""
                raise InputError(
                    f"scoring: found {name}{of_target}, which cannot be computed for the evaluation rows: {reasons[0]}"
                )


def compute_scores(
    names: list[str], target: Target, rows: np.ndarray, y_pred: np.ndarray, probabilities: np.ndarray | None
) -> dict[str, float]:
    """Score a prediction.

    Parameters
    ----------
    names
        As :func:`list_scores` gives them.
    rows
        Row numbers of the evaluation rows.
    y_pred, probabilities
        The prediction for these rows, in the form of ``target.y``; probabilities of shape
        (n_rows, n_classes), or None where the network gives none.

    Returns
    -------
    dict
        Score by name; nan, with a line in the log, where a prediction leaves a score undefined.
    """
    scores = {}
    for name in names:
        scores[name], reason = _score(name, target.y[rows], y_pred, probabilities, target)
        if reason:
            say(f"{name} is undefined for these predictions: {reason}")
    return scores


def _score(
    name: str, truth: np.ndarray, y_pred: np.ndarray, probabilities: np.ndarray | None, target: Target
) -> tuple[float, str]:
    """Return a score, or nan and the reason why it is undefined."""
    if target.kind == "values":
        estimator = _PredictedValues(y_pred, None)
    else:
        estimator = _PredictedClasses(y_pred, probabilities, target)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            value = float(_find_scorer(name)(estimator, truth, truth))
    except ValueError as error:
        return float("nan"), str(error).splitlines()[0]
    return value, "the result is not a number" if np.isnan(value) else ""


def _find_scorer(name: str) -> Scorer:
    if name == "spearman_correlation":
        return _score_spearman
    try:
        return get_scorer(RENAMED_SCORES.get(name, name))
    except ValueError:
        raise InputError(f"scoring: found {quote(name)}; expected a score that scikit-learn knows") from None


def _score_spearman(estimator: BaseEstimator, X: np.ndarray, y: np.ndarray) -> float:
    """Spearman's rank correlation, which scikit-learn lacks as a score."""
    from scipy.stats import spearmanr

    return spearmanr(y, estimator.predict(X)).statistic

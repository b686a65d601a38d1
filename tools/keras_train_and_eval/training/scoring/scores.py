"""Check and compute the scikit-learn scores of a training."""

import numpy as np

from galaxy_keras.errors import InputError
from galaxy_keras.estimator.scores import compute_score, Predictions
from galaxy_keras.log import say
from galaxy_keras.messages import show
from training.targets.targets import Target

# Misspelled values of published forms; results have the correct names.
MISSPELLED_SCORES = {"precision_wighted": "precision_weighted", "recall_wighted": "recall_weighted"}
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


def list_scores(primary: str, secondary: list[str], task: str) -> list[str]:
    """Return the names of the scores that a form asks for, without duplicates, as results and messages use them.

    Raises
    ------
    InputError
        A score does not fit the task.
    """
    chosen = [DEFAULT_SCORES[task] if primary == "default" else primary, *secondary]
    for name in chosen:
        if name in BINARIZED:
            raise InputError(
                f"scoring: found {name}, which needs a threshold that turns real numbers into classes; "
                f"expected {'roc_auc' if 'auc' in name else 'average_precision'} or another score"
            )
    names = list(dict.fromkeys(MISSPELLED_SCORES.get(name, name) for name in chosen))
    for name in names:
        # scikit-learn would compute a regression score from class indices, which has no meaning.
        if (name in REGRESSION_SCORES) != (task == "regression"):
            raise InputError(f"scoring: found {name} for a {task}; expected a score for {task}, or default")
    return names


def check_scores(names: list[str], target: Target, rows: np.ndarray, has_probabilities: bool) -> None:
    """Refuse a score that is not defined for any prediction of the evaluation rows, before the training starts.

    If there are several targets, each is checked.

    Parameters
    ----------
    rows
        Row numbers of the evaluation rows.
    has_probabilities
        Whether the network estimates class probabilities.

    Raises
    ------
    InputError
        A score does not fit the kind of target or these rows; with scikit-learn's reason.
    """
    for one in target.each:
        y_true = one.y[rows]
        probabilities = None
        if has_probabilities:
            probabilities = (y_true if one.strata is None else np.eye(len(one.classes))[y_true]).astype(float)
        # A perfect prediction. Some scores of real numbers require positive predictions: also try larger ones.
        candidates = [y_true, np.abs(y_true) + 1] if one.kind == "values" else [y_true]
        predictions = [Predictions(y_pred, probabilities, len(one.classes)) for y_pred in candidates]
        for name in names:
            reasons = [_score(name, y_true, each)[1] for each in predictions]
            if all(reasons):
                if one.strata is not None:
                    reasons[0] = _explain_classes(name, one, y_true) or reasons[0]
                of_target = f" of {show(one.title)}" if one.title else ""
                raise InputError(
                    f"scoring: found {name}{of_target}, which cannot be computed for the evaluation rows: {reasons[0]}"
                )


def _explain_classes(name: str, target: Target, y_true: np.ndarray) -> str:
    """Return why a score of classes cannot be computed if the classes are the reason."""
    if name == "roc_auc" and len(target.classes) > 2:
        return f"it needs two classes, and there are {len(target.classes)}; expected roc_auc_ovr or roc_auc_ovo"
    missing = sorted(set(range(len(target.classes))) - set(y_true.tolist()))
    if not missing:
        return ""
    return f"they do not contain the class {show(str(target.classes[missing[0]]))}; expected another split or score"


def compute_scores(
    names: list[str], target: Target, rows: np.ndarray, y_pred: np.ndarray, probabilities: np.ndarray | None
) -> dict[str, float]:
    """Compute the scores of predictions.

    Parameters
    ----------
    names
        As :func:`list_scores` returns them.
    rows
        Row numbers of the evaluation rows.
    y_pred
        Predictions for these rows, in the form of ``target.y``.
    probabilities
        Shape (n_rows, n_classes), or None if the network does not estimate them.

    Returns
    -------
    dict
        Score by name; NaN, with a line in the log, if a score is not defined for the predictions.
    """
    scores = {}
    for name in names:
        scores[name], reason = _score(name, target.y[rows], Predictions(y_pred, probabilities, len(target.classes)))
        if reason:
            say(f"{name} is undefined for these predictions: {reason}")
    return scores


def _score(name: str, y_true: np.ndarray, predictions: Predictions) -> tuple[float, str]:
    """Return a score and an empty string, or NaN and the reason why the score is undefined."""
    try:
        value = compute_score(name, y_true, predictions)
    except ValueError as error:
        return float("nan"), str(error).splitlines()[0]
    return value, "the result is not a number" if np.isnan(value) else ""

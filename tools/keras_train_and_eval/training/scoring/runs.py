"""Train and score, round after round of a plan."""

from typing import TYPE_CHECKING

import numpy as np

from galaxy_keras.catalog.losses_and_metrics import ACCURACY
from galaxy_keras.estimator.contents import Estimator, Fitted, FittedOutput
from galaxy_keras.estimator.file import write_estimator
from galaxy_keras.estimator.predictions import estimate_probabilities, predict_class_indices, split_outputs
from galaxy_keras.estimator.weights_file import save_weights
from galaxy_keras.log import put_first, say_progress
from training.results import History, OutputFiles, REFIT, RunResult, summarize_scores
from training.scoring.output_metrics import join_measures
from training.scoring.scores import compute_scores
from training.splits.schemes import name_splits, Plan
from training.targets.targets import Target

if TYPE_CHECKING:
    from training.fitting.training import Evaluation, Training


def train_and_score(
    training: "Training", plan: Plan, names: list[str], outputs: OutputFiles
) -> tuple[list[RunResult], dict[str, History]]:
    """Train and score one network, or one for each fold and a last one on all rows, and write what is kept of them.

    Parameters
    ----------
    names
        scikit-learn's scores, as :func:`scores.list_scores` gives them.

    Returns
    -------
    (rounds, histories)
        Histories by the number of the round, and of the last network after cross-validation.
    """
    runs, histories = [], {}
    for number, row_split in enumerate(plan.runs, start=1):
        fold = f"Fold {number}/{len(plan.runs)}, " if plan.is_crossed else ""
        say_progress(f"{fold}rows: {row_split}" if fold else f"Rows: {row_split}")
        fitted = training.fit(row_split)
        histories[str(number)] = fitted.history
        if not plan.is_crossed:
            # First of all, so that nothing that fails later can cost the training.
            _write_fitted(outputs, training, fitted)
        evaluation = training.evaluate(row_split.scored)
        scores = _score(training, evaluation, names, row_split.scored)
        line = "  ".join(f"{name} {value:.4g}" for name, value in scores.items())
        if plan.is_crossed:
            say_progress(f"{fold}scores: {line}")
        else:
            put_first(f"Scores of the {len(row_split.scored)} {row_split.scored_name} rows: {line}")
        runs.append(RunResult(row_split, fitted.history, evaluation.outputs, scores))
    if plan.refit is not None:
        say_progress(f"Refit on {len(plan.refit.train)} rows")
        fitted = training.fit(plan.refit)
        histories[REFIT] = fitted.history
        _write_fitted(outputs, training, fitted)
    if plan.is_crossed:
        for name, (mean, deviation) in summarize_scores(runs).items():
            put_first(f"{name}: mean {mean:.4g}, standard deviation {deviation:.4g} over {len(runs)} folds")
    return runs, histories


def score_splits(training: "Training", one: RunResult, names: list[str]) -> dict[str, dict[str, float]]:
    """Score each part of the rows with the network that was trained last; those of the scored rows are known."""
    splits = name_splits(one.row_split)
    return {
        name: one.scores if rows is one.row_split.scored else _score(training, training.evaluate(rows), names, rows)
        for name, rows in splits.items()
    }


def _score(training: "Training", evaluation: "Evaluation", names: list[str], rows: np.ndarray) -> dict[str, float]:
    """Give Keras' measures and scikit-learn's scores of the evaluation rows, each number under one name."""
    fitted, target = training.describe_fit(), training.target
    if target.outputs:
        own = split_outputs(evaluation.outputs, fitted.outputs)
        found = zip(target.outputs, own, fitted.outputs, strict=True)
        scores = join_measures(
            {one.title: _score_outputs(names, one, rows, part, output) for one, part, output in found}
        )
    else:
        scores = _score_outputs(names, target, rows, evaluation.outputs, fitted)
    measures = {"loss": evaluation.measures["loss"], **evaluation.measures}
    if target.kind == "multilabel" and ACCURACY in measures and ACCURACY in scores:
        # Keras' is of each label, scikit-learn's of rows whose labels are all right.
        measures.setdefault("binary_accuracy", measures[ACCURACY])
    return {**measures, **scores}


def _score_outputs(
    names: list[str], target: Target, rows: np.ndarray, outputs: np.ndarray, fitted: Fitted | FittedOutput
) -> dict[str, float]:
    if target.kind == "values":
        return compute_scores(names, target, rows, outputs.reshape(target.y[rows].shape), None)
    probabilities = estimate_probabilities(outputs, fitted) if fitted.has_probabilities else None
    return compute_scores(names, target, rows, predict_class_indices(outputs, fitted), probabilities)


def _write_fitted(outputs: OutputFiles, training: "Training", fitted: Estimator) -> None:
    """Write the fitted estimator and its weights, if they were asked for."""
    if outputs.estimator and outputs.weights:
        save_weights(training.network, outputs.weights)
        write_estimator(outputs.estimator, fitted, outputs.weights)

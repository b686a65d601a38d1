"""Train and score, round after round of a plan."""

from typing import TYPE_CHECKING

import numpy as np

from galaxy_keras.catalog.losses_and_metrics import ACCURACY
from galaxy_keras.estimator.contents import Estimator, Fitted, FittedHead
from galaxy_keras.estimator.file import write_estimator
from galaxy_keras.estimator.predictions import estimate_probabilities, predict_positions, split_outputs
from galaxy_keras.estimator.weights_file import save_weights
from galaxy_keras.log import put_first, say_progress
from training.results import History, OutputFiles, REFIT, Round, summarise_scores
from training.scoring.output_metrics import join_measures
from training.scoring.scores import compute_scores
from training.splits.schemes import name_parts, Plan
from training.targets.targets import Target

if TYPE_CHECKING:
    from training.fitting.training import Evaluation, Training


def run_rounds(
    training: "Training", plan: Plan, names: list[str], outputs: OutputFiles
) -> tuple[list[Round], dict[str, History]]:
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
    rounds, histories = [], {}
    for number, parts in enumerate(plan.rounds, start=1):
        fold = f"Fold {number}/{len(plan.rounds)}, " if plan.is_crossed else ""
        say_progress(f"{fold}rows: {parts}" if fold else f"Rows: {parts}")
        fitted = training.fit(parts)
        histories[str(number)] = fitted.history
        if not plan.is_crossed:
            # First of all, so that nothing that fails later can cost the training.
            _write_fitted(outputs, training, fitted)
        evaluation = training.evaluate(parts.scored)
        scores = _score(training, evaluation, names, parts.scored)
        line = "  ".join(f"{name} {value:.4g}" for name, value in scores.items())
        if plan.is_crossed:
            say_progress(f"{fold}scores: {line}")
        else:
            put_first(f"Scores of the {len(parts.scored)} {parts.scored_name} rows: {line}")
        rounds.append(Round(parts, fitted.history, evaluation.outputs, scores))
    if plan.refit is not None:
        say_progress(f"Refit on {len(plan.refit.train)} rows")
        fitted = training.fit(plan.refit)
        histories[REFIT] = fitted.history
        _write_fitted(outputs, training, fitted)
    if plan.is_crossed:
        for name, (mean, deviation) in summarise_scores(rounds).items():
            put_first(f"{name}: mean {mean:.4g}, standard deviation {deviation:.4g} over {len(rounds)} folds")
    return rounds, histories


def score_parts(training: "Training", one: Round, names: list[str]) -> dict[str, dict[str, float]]:
    """Score each part of the rows with the network that was trained last; those of the scored rows are known."""
    parts = name_parts(one.parts)
    return {
        name: one.scores if rows is one.parts.scored else _score(training, training.evaluate(rows), names, rows)
        for name, rows in parts.items()
    }


def _score(training: "Training", evaluation: "Evaluation", names: list[str], rows: np.ndarray) -> dict[str, float]:
    """Give Keras' measures and scikit-learn's scores of the evaluation rows, each number under one name."""
    fitted, target = training.describe_fit(), training.target
    if target.heads:
        parts = split_outputs(evaluation.outputs, fitted.heads)
        found = zip(target.heads, parts, fitted.heads, strict=True)
        scores = join_measures({one.title: _score_outputs(names, one, rows, part, head) for one, part, head in found})
    else:
        scores = _score_outputs(names, target, rows, evaluation.outputs, fitted)
    measures = {"loss": evaluation.measures["loss"], **evaluation.measures}
    if target.kind == "multilabel" and ACCURACY in measures and ACCURACY in scores:
        # Keras' is of each label, scikit-learn's of rows whose labels are all right.
        measures.setdefault("binary_accuracy", measures[ACCURACY])
    return {**measures, **scores}


def _score_outputs(
    names: list[str], target: Target, rows: np.ndarray, outputs: np.ndarray, fitted: Fitted | FittedHead
) -> dict[str, float]:
    if target.kind == "values":
        return compute_scores(names, target, rows, outputs.reshape(target.positions[rows].shape), None)
    probabilities = estimate_probabilities(outputs, fitted) if fitted.has_probabilities else None
    return compute_scores(names, target, rows, predict_positions(outputs, fitted), probabilities)


def _write_fitted(outputs: OutputFiles, training: "Training", fitted: Estimator) -> None:
    """Write the fitted estimator and its weights, if they were asked for."""
    if outputs.estimator and outputs.weights:
        save_weights(training.network, outputs.weights)
        write_estimator(outputs.estimator, fitted, outputs.weights)

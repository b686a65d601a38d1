"""Train a Keras estimator on a table, evaluate it, and write the fitted estimator and its figures."""

import argparse
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from galaxy_keras.errors import InputError, run_script
from galaxy_keras.estimator_file import Estimator, read_estimator, write_estimator
from galaxy_keras.form import parse_literal, read_form
from galaxy_keras.hyperparameters import set_parameters
from galaxy_keras.keras_runtime import configure_keras, describe_runtime, seed_everything
from galaxy_keras.predictions import estimate_probabilities, name_predictions, name_probabilities, predict_positions
from galaxy_keras.tables import Features, read_columns, read_features, write_table
from galaxy_keras.weights_file import save_weights
from scores import check_scores, compute_scores, list_scores
from splits import split_rows, SplitChoice
from targets import read_target, Target
from training_form import DataFiles, TrainingForm

if TYPE_CHECKING:
    from training import Evaluation, Parts, Training


@dataclass(frozen=True)
class OutputFiles:
    """Where the outputs shall stand; None for one that was not asked for."""

    result: Path
    estimator: Path | None
    weights: Path | None
    history: Path | None
    truth: Path | None
    predictions: Path | None


def parse_arguments(argv: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=Path, required=True, help="the form's values, JSON")
    parser.add_argument("--estimator", type=Path, required=True, help="estimator, zip")
    parser.add_argument("--features", type=Path, required=True, help="training samples, tabular")
    parser.add_argument("--target", type=Path, required=True, help="class labels or target values, tabular")
    parser.add_argument("--groups", type=Path, help="group of each sample, tabular")
    parser.add_argument("--outfile-result", type=Path, required=True, help="metrics, tabular")
    parser.add_argument("--outfile-object", type=Path, help="fitted estimator, zip")
    parser.add_argument("--outfile-weights", type=Path, help="weights, h5")
    parser.add_argument("--outfile-history", type=Path, help="metrics per epoch, tabular")
    parser.add_argument("--outfile-y-true", type=Path, help="true values of the evaluation rows, tabular")
    parser.add_argument("--outfile-y-preds", type=Path, help="predictions for the evaluation rows, tabular")
    return parser.parse_args(argv)


def read_data(form: TrainingForm, task: str) -> tuple[Features, Target, np.ndarray | None]:
    """Read features, target and groups, and check that they are of the same rows."""
    features = read_features(form.features)
    target = read_target(read_columns(form.target), task)
    groups = None if form.groups is None else read_columns(form.groups).iloc[:, 0].to_numpy()
    row_count = len(features.values)
    for source, rows in ((form.target, target.positions), (form.groups, groups)):
        if rows is not None and len(rows) != row_count:
            likely = " (likely cause: a header option that does not fit)" if abs(len(rows) - row_count) == 1 else ""
            raise InputError(
                f"{source.name}: found {len(rows)} rows; expected {row_count} as in {form.features.name}{likely}"
            )
    return features, target, groups


def swap_parameters(estimator: Estimator, swaps: list[tuple[str, str]]) -> Estimator:
    """Set hyperparameters that the form names."""
    settings = []
    for number, (name, value) in enumerate(swaps, start=1):
        place = f"New hyperparameter setting {number}"
        if not name:
            raise InputError(f"{place}: found the value {value!r} without a name; expected a parameter's name")
        settings.append((name, parse_literal(value, f"{place}, {name}")))
        print(f"Set {name} to {value}")
    return set_parameters(estimator, settings)


def split_parts(form: TrainingForm, target: Target, groups: np.ndarray | None, seed: int | None) -> "Parts":
    """Split the rows as the form says; a split without a seed of its own takes the estimator's."""
    from training import Parts

    def split(rows: np.ndarray, choice: SplitChoice) -> tuple[np.ndarray, np.ndarray]:
        seeded = choice if choice.seed is not None else replace(choice, seed=seed)
        return split_rows(rows, seeded, target.strata, groups)

    train, test = split(np.arange(len(target.positions)), form.test_split)
    if form.validation_split is None:
        return Parts(train, validation=test, test=test)
    train, validation = split(train, form.validation_split)
    return Parts(train, validation, test)


def score(training: "Training", evaluation: "Evaluation", names: list[str], rows: np.ndarray) -> dict[str, float]:
    """Give Keras' measures and scikit-learn's scores of the evaluation rows, each number under one name."""
    fitted, target = training.describe_fit(), training.target
    if target.kind == "values":
        positions, probabilities = evaluation.outputs.reshape(target.positions[rows].shape), None
    else:
        positions = predict_positions(evaluation.outputs, fitted)
        has = fitted.has_probabilities
        probabilities = estimate_probabilities(evaluation.outputs, fitted) if has else None
    scores = compute_scores(names, target, rows, positions, probabilities)
    return {"loss": evaluation.measures["loss"], **evaluation.measures, **scores}


def write_figures(
    outputs: OutputFiles, training: "Training", evaluation: "Evaluation", rows: np.ndarray, scores: dict[str, float]
) -> None:
    """Write the tables that describe the evaluation rows."""
    fitted = training.describe_fit()
    write_table(outputs.result, [(name, [value]) for name, value in scores.items()])
    if outputs.truth:
        write_table(outputs.truth, training.target.name_truth(rows))
    if outputs.predictions:
        probabilities = name_probabilities(evaluation.outputs, fitted) if fitted.has_probabilities else []
        # The labels stand last, where the confusion matrix looks for them.
        labels = name_predictions(evaluation.outputs, fitted) if fitted.target_kind != "multilabel" else []
        write_table(outputs.predictions, [*probabilities, *labels] or name_predictions(evaluation.outputs, fitted))


def write_fitted(outputs: OutputFiles, training: "Training", fitted: Estimator) -> None:
    """Write the fitted estimator, its weights and the history, as far as they were asked for."""
    if outputs.estimator and outputs.weights:
        save_weights(training.model, outputs.weights)
        write_estimator(outputs.estimator, fitted, outputs.weights)
    if outputs.history:
        epochs = len(next(iter(fitted.history.values()), []))
        write_table(outputs.history, [("epoch", range(1, epochs + 1)), *fitted.history.items()])


def main(argv: list[str] | None = None) -> None:
    """Read, check, train, write the model, evaluate, write the figures."""
    arguments = parse_arguments(argv)
    form = TrainingForm.from_document(
        read_form(arguments.inputs), DataFiles(arguments.features, arguments.target, arguments.groups)
    )
    outputs = OutputFiles(
        arguments.outfile_result,
        arguments.outfile_object,
        arguments.outfile_weights,
        arguments.outfile_history,
        arguments.outfile_y_true,
        arguments.outfile_y_preds,
    )
    configure_keras()
    estimator = swap_parameters(read_estimator(arguments.estimator), form.swaps)
    features, target, groups = read_data(form, estimator.task)
    names = list_scores(form.primary_score, form.secondary_scores, estimator.task)
    seed_everything(estimator.seed)

    from training import Training

    training = Training(estimator, features, target)
    parts = split_parts(form, target, groups, estimator.seed)
    check_scores(names, target, parts.test, training.has_probabilities)
    print(describe_runtime())
    print(f"Rows: {len(parts.train)} train, {len(parts.validation)} validate, {len(parts.test)} evaluate", flush=True)
    fitted = training.fit(parts)
    # First of all, so that nothing that fails later can cost the training.
    write_fitted(outputs, training, fitted)
    evaluation = training.evaluate(parts.test)
    scores = score(training, evaluation, names, parts.test)
    write_figures(outputs, training, evaluation, parts.test, scores)
    print("  ".join(f"{name} {value:.4g}" for name, value in scores.items()))


if __name__ == "__main__":
    sys.exit(run_script(main))

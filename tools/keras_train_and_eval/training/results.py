"""Results of a training, and the tables that hold them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from galaxy_keras.data.tables import write_table
from galaxy_keras.estimator.contents import Fitted
from galaxy_keras.estimator.predictions import name_predictions, name_probabilities
from training.splits.schemes import name_split, Plan, RowSplit
from training.targets.targets import Target

History = dict[str, list[float]]
# Label of the final network after cross-validation, next to the numbers of the folds.
REFIT = "all rows"


@dataclass(frozen=True)
class OutputFiles:
    """Paths of the outputs; None for an output that was not requested."""

    result: Path
    estimator: Path | None
    weights: Path | None
    history: Path | None
    truth: Path | None
    predictions: Path | None
    split: Path | None
    report: Path | None


@dataclass(frozen=True)
class RunResult:
    """The result of one run.

    Attributes
    ----------
    history
        Per-epoch metrics by name.
    outputs
        Outputs of the network for the evaluation rows, shape (n_rows, n_outputs).
    scores
        Keras' metrics and scikit-learn's scores of the evaluation rows by name.
    """

    row_split: RowSplit
    history: History
    outputs: np.ndarray
    scores: dict[str, float]


def summarize_scores(runs: list[RunResult]) -> dict[str, tuple[float, float]]:
    """Return the mean and the sample standard deviation (divisor n - 1) of each score over the folds."""
    values = {name: [one.scores[name] for one in runs] for name in runs[0].scores}
    return {name: (float(np.mean(numbers)), float(np.std(numbers, ddof=1))) for name, numbers in values.items()}


def write_scores(path: Path, runs: list[RunResult], plan: Plan) -> None:
    """Write the scores: one row, or one per fold followed by their mean and standard deviation."""
    if not plan.is_cross_validation:
        # The names show whether the scores are those of the training rows.
        prefix = "train_" if runs[0].row_split.test is None else ""
        write_table(path, [(f"{prefix}{name}", [value]) for name, value in runs[0].scores.items()])
        return
    labels = [*(str(number) for number in range(1, len(runs) + 1)), "mean", "standard deviation"]
    summary = summarize_scores(runs)
    columns = [(name, [*(one.scores[name] for one in runs), *summary[name]]) for name in runs[0].scores]
    write_table(path, [("fold", labels), *columns])


def write_history(path: Path, histories: dict[str, History]) -> None:
    """Write the per-epoch metrics; if there are several histories, the first column names the fold of each row."""
    epochs = {label: len(next(iter(history.values()), [])) for label, history in histories.items()}
    columns: list[tuple[str, Sequence[str | int | float]]] = []
    if len(histories) > 1:
        columns.append(("fold", [label for label, count in epochs.items() for _ in range(count)]))
    columns.append(("epoch", [epoch for count in epochs.values() for epoch in range(1, count + 1)]))
    names = list(dict.fromkeys(name for history in histories.values() for name in history))
    for name in names:
        missing = float("nan")
        values = [history.get(name, [missing] * epochs[label]) for label, history in histories.items()]
        columns.append((name, [value for part in values for value in part]))
    write_table(path, columns)


def write_rows(outputs: OutputFiles, runs: list[RunResult], plan: Plan, target: Target, fitted: Fitted) -> None:
    """Write the true values and predictions of the evaluation rows, and the split of each row."""
    if outputs.truth:
        write_table(outputs.truth, target.name_truth(np.concatenate([one.row_split.evaluation for one in runs])))
    if outputs.predictions:
        network_outputs = np.concatenate([one.outputs for one in runs])
        probabilities = name_probabilities(network_outputs, fitted) if fitted.has_probabilities else []
        # The labels come last, where the confusion matrix expects them.
        labels = name_predictions(network_outputs, fitted) if fitted.target_kind != "multilabel" else []
        write_table(outputs.predictions, [*probabilities, *labels] or name_predictions(network_outputs, fitted))
    if outputs.split:
        write_table(outputs.split, name_split(plan, len(target.y)))

"""What a training gives, written as the files that were asked for."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from galaxy_keras.data.tables import write_table
from galaxy_keras.estimator.contents import Fitted
from galaxy_keras.estimator.predictions import name_predictions, name_probabilities, NamedColumns
from training.splits.schemes import name_split, Plan, RowSplit
from training.targets.targets import Target

History = dict[str, list[float]]
# What the row of the network that learnt from all rows is called, where the others are called by their fold.
REFIT = "all rows"


@dataclass(frozen=True)
class OutputFiles:
    """Where the outputs shall stand; None for one that was not asked for."""

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
    """One training and what came of it.

    Attributes
    ----------
    outputs
        The network's for the scored rows, shape (n_rows, n_outputs).
    scores
        Keras' measures and scikit-learn's scores of these rows, each number under one name.
    """

    row_split: RowSplit
    history: History
    outputs: np.ndarray
    scores: dict[str, float]


def summarize_scores(runs: list[RunResult]) -> dict[str, tuple[float, float]]:
    """Give the mean and the sample standard deviation (divisor n - 1) of each score over the folds."""
    values = {name: [one.scores[name] for one in runs] for name in runs[0].scores}
    return {name: (float(np.mean(numbers)), float(np.std(numbers, ddof=1))) for name, numbers in values.items()}


def write_scores(path: Path, runs: list[RunResult], plan: Plan) -> None:
    """Write the scores: one row, or one for each fold and two more for their mean and standard deviation."""
    if not plan.is_crossed:
        # The name says it where the scores are of rows that the network has seen.
        before = "train_" if runs[0].row_split.test is None else ""
        write_table(path, [(f"{before}{name}", [value]) for name, value in runs[0].scores.items()])
        return
    labels = [*(str(number) for number in range(1, len(runs) + 1)), "mean", "standard deviation"]
    summary = summarize_scores(runs)
    columns = [(name, [*(one.scores[name] for one in runs), *summary[name]]) for name in runs[0].scores]
    write_table(path, [("fold", labels), *columns])


def write_history(path: Path, histories: dict[str, History]) -> None:
    """Write the metrics of each epoch; with several histories a first column says whose they are."""
    epochs = {label: len(next(iter(history.values()), [])) for label, history in histories.items()}
    columns: NamedColumns = [("epoch", [epoch for count in epochs.values() for epoch in range(1, count + 1)])]
    if len(histories) > 1:
        columns.insert(0, ("fold", [label for label, count in epochs.items() for _ in range(count)]))
    names = list(dict.fromkeys(name for history in histories.values() for name in history))
    for name in names:
        missing = float("nan")
        values = [history.get(name, [missing] * epochs[label]) for label, history in histories.items()]
        columns.append((name, [value for part in values for value in part]))
    write_table(path, columns)


def write_rows(outputs: OutputFiles, runs: list[RunResult], plan: Plan, target: Target, fitted: Fitted) -> None:
    """Write what is known of single rows: true values and predictions of the scored ones, and each row's part."""
    if outputs.truth:
        write_table(outputs.truth, target.name_truth(np.concatenate([one.row_split.scored for one in runs])))
    if outputs.predictions:
        network = np.concatenate([one.outputs for one in runs])
        probabilities = name_probabilities(network, fitted) if fitted.has_probabilities else []
        # The labels stand last, where the confusion matrix looks for them.
        labels = name_predictions(network, fitted) if fitted.target_kind != "multilabel" else []
        write_table(outputs.predictions, [*probabilities, *labels] or name_predictions(network, fitted))
    if outputs.split:
        write_table(outputs.split, name_split(plan, len(target.y)))

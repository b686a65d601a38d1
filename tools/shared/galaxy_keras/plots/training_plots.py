"""Plot the learning curve and the training history of a model."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from galaxy_keras.errors import InputError
from galaxy_keras.messages import list_some, show
from galaxy_keras.plots.charts import Chart, EMPHASIS, Panel, Plot, Series

LEARNING_CURVE_COLUMNS = (
    "train_sizes_abs",
    "mean_train_scores",
    "std_train_scores",
    "mean_test_scores",
    "std_test_scores",
)
VALIDATION = "val_"
# Column of a history that names the fold of a cross-validation.
FOLD = "fold"
PANEL_LIMIT = 12
# Largest ratio of two numbers on a linear axis.
MAX_RATIO = 1000
# More runs could not be distinguished.
MAX_RUNS = 200
# Up to this number, epochs are also drawn as points.
FEW_EPOCHS = 15


@dataclass(frozen=True)
class Run:
    """A training and its history, which has one row per epoch and the epoch in the first column."""

    name: str
    history: pd.DataFrame


def plot_learning_curve(table: pd.DataFrame, title: str, with_errors: bool) -> Plot:
    """Plot scores against the number of training rows."""
    x = table["train_sizes_abs"]
    series = [
        Series(
            x,
            table[f"mean_{part}_scores"],
            name,
            color=place,
            marker="o",
            error=table[f"std_{part}_scores"] if with_errors else None,
        )
        for place, (part, name) in enumerate((("train", "Train Scores"), ("test", "Test Scores")))
    ]
    panel = Panel("No. of samples", "Performance Score", series, whole_x=True)
    last = table.iloc[x.to_numpy().argmax()]
    note = (
        f"{last['train_sizes_abs']:g} rows: train score {last['mean_train_scores']:.4g}, "
        f"test score {last['mean_test_scores']:.4g}"
    )
    return Plot(table[list(LEARNING_CURVE_COLUMNS)], Chart(title, [panel]), [note])


def split_runs(name: str, history: pd.DataFrame) -> list[Run]:
    """Return the runs of a history: one, or one per fold of a cross-validation."""
    titles = [title for title in history.columns if title != FOLD]
    if len(titles) < 2 or (titles[0].lower() != "epoch" and "loss" not in titles):
        raise InputError(
            f"training history {show(name)}: found the columns {list_some(history.columns)}; expected the epoch in the "
            "first column, and loss and metrics in the others (likely cause: another table)"
        )
    if FOLD not in history:
        return [Run(name, history)]
    if history[FOLD].nunique() > MAX_RUNS:
        raise InputError(
            f"training history {show(name)}: found {history[FOLD].nunique():,} folds; expected at most {MAX_RUNS}"
        )
    folds = history.groupby(FOLD, sort=False)
    # A column without any number in a fold does not apply to it, such as validation in the training on all rows.
    return [
        Run(f"{name}, fold {fold}", rows.drop(columns=FOLD).dropna(axis=1, how="all").reset_index(drop=True))
        for fold, rows in folds
    ]


def plot_history(runs: Sequence[Run], title: str) -> Plot:
    """Plot the loss and each metric against the epoch for one or several runs.

    Training is a dashed line and validation a solid line, and each run has a color. A star marks the best epoch of a
    run: the one with the lowest validation loss or, without validation rows, the lowest training loss.
    """
    metrics = _list_metrics(runs)
    panels = []
    for metric in metrics:
        series = _draw_metric(runs, metric)
        panels.append(Panel("Epoch", metric, series, whole_x=True, is_log=_spans_decades(series)))
    notes = [_describe_best(run) for run in runs]
    return Plot(_tabulate(runs, metrics), Chart(title, panels), notes)


def _list_metrics(runs: Sequence[Run]) -> list[str]:
    metrics = list(dict.fromkeys(name.removeprefix(VALIDATION) for run in runs for name in run.history.columns[1:]))
    if len(metrics) > PANEL_LIMIT:
        raise InputError(
            f"training history: found {len(metrics)} metrics, such as {list_some(metrics, 3)}; expected at most "
            f"{PANEL_LIMIT} (likely cause: another table)"
        )
    return sorted(metrics, key=lambda metric: metric != "loss")


def find_best_epoch(run: Run) -> tuple[int, str] | None:
    """Return the row of the best epoch and the name of the loss that determines it; None without a loss."""
    losses = (name for name in ("val_loss", "loss") if name in run.history)
    monitor = next((name for name in losses if run.history[name].notna().any()), None)
    if monitor is None:
        return None
    return int(np.nanargmin(run.history[monitor])), monitor


def _draw_metric(runs: Sequence[Run], metric: str) -> list[Series]:
    series, best_epochs = [], []
    for place, run in enumerate(runs):
        epochs = run.history.iloc[:, 0]
        best = find_best_epoch(run)
        marker = "o" if len(epochs) <= FEW_EPOCHS else ""
        stars = []
        for column, part, dash in ((metric, "training", "dashed"), (VALIDATION + metric, "validation", "solid")):
            if column not in run.history:
                continue
            values = run.history[column]
            # A single run uses two colors to distinguish training from validation.
            color = place if len(runs) > 1 else int(part == "validation")
            name, detail = (run.name, f", {part}") if len(runs) > 1 else (part, "")
            series.append(Series(epochs, values, name, color=color, dash=dash, marker=marker, detail=detail))
            if best is not None:
                row, monitor = best
                name = f"best epoch ({monitor})"
                stars = [Series(epochs.iloc[[row]], values.iloc[[row]], name, "points", EMPHASIS, marker="*")]
        best_epochs += stars
    return [*series, *best_epochs]


def _spans_decades(series: Sequence[Series]) -> bool:
    """Return whether a linear axis would hide most numbers, for example if a loss diverges."""
    values = np.concatenate([np.asarray(one.y, dtype=float) for one in series])
    values = values[np.isfinite(values)]
    return len(values) > 0 and values.min() > 0 and values.max() > MAX_RATIO * values.min()


def _describe_best(run: Run) -> str:
    best = find_best_epoch(run)
    if best is None:
        return f"{show(run.name)}: {len(run.history)} epochs, no loss"
    row, monitor = best
    epoch, value = run.history.iloc[row, 0], run.history[monitor].iloc[row]
    return f"{show(run.name)}: {len(run.history)} epochs, best epoch {epoch:g} with {monitor} {value:.6g}"


def _tabulate(runs: Sequence[Run], metrics: Sequence[str]) -> pd.DataFrame:
    parts = []
    for run in runs:
        best = find_best_epoch(run)
        for metric in metrics:
            for column, part in ((metric, "training"), (VALIDATION + metric, "validation")):
                if column in run.history:
                    table = pd.DataFrame({"run": run.name, "epoch": run.history.iloc[:, 0]})
                    table = table.assign(metric=metric, part=part, value=run.history[column])
                    parts.append(table.assign(best=table.index == (best[0] if best else -1)))
    return pd.concat(parts, ignore_index=True)

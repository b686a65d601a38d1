"""Plots of how a model learnt: learning curve and training history."""

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
# The column of a history that tells the trainings of a cross-validation apart.
FOLD = "fold"
PANEL_LIMIT = 12
# From the smallest to the largest number of an even scale
LARGEST_RATIO = 1000
# More lines than this cannot be told apart.
MOST_RUNS = 200
# Epochs that are drawn as points.
FEW_EPOCHS = 15


@dataclass(frozen=True)
class Run:
    """A training, and its history: one row an epoch, the first column its number."""

    name: str
    history: pd.DataFrame


def plot_learning_curve(table: pd.DataFrame, title: str, with_errors: bool) -> Plot:
    """Draw scores against the number of training rows."""
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
    """Give the trainings of a history: one, or one for each fold of a cross-validation."""
    titles = [title for title in history.columns if title != FOLD]
    if len(titles) < 2 or (titles[0].lower() != "epoch" and "loss" not in titles):
        raise InputError(
            f"training history {show(name)}: found the columns {list_some(history.columns)}; expected the epoch in the "
            "first column, and loss and metrics in the others (likely cause: another table)"
        )
    if FOLD not in history:
        return [Run(name, history)]
    if history[FOLD].nunique() > MOST_RUNS:
        raise InputError(
            f"training history {show(name)}: found {history[FOLD].nunique():,} folds; expected at most {MOST_RUNS}"
        )
    folds = history.groupby(FOLD, sort=False)
    # What no row of a fold has, such as validation in the training on all rows, is not of this training.
    return [
        Run(f"{name}, fold {fold}", rows.drop(columns=FOLD).dropna(axis=1, how="all").reset_index(drop=True))
        for fold, rows in folds
    ]


def plot_history(runs: Sequence[Run], title: str) -> Plot:
    """Draw the loss and each metric against the epoch, of one or several trainings.

    Training is a dashed line and validation a solid one, each run has its color, and a star marks a run's best epoch:
    that of the lowest validation loss, or training loss where nothing was validated.
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
    """Give the row of a run's best epoch, and the loss by which it is the best; None where there is no loss."""
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
            # One run: the parts by color too, because nothing else needs the colors.
            color = place if len(runs) > 1 else int(part == "validation")
            names = {"name": run.name, "detail": f", {part}"} if len(runs) > 1 else {"name": part}
            series.append(Series(epochs, values, **names, color=color, dash=dash, marker=marker))
            if best is not None:
                row, monitor = best
                name = f"best epoch ({monitor})"
                stars = [Series(epochs.iloc[[row]], values.iloc[[row]], name, "points", EMPHASIS, marker="*")]
        best_epochs += stars
    return [*series, *best_epochs]


def _spans_decades(series: Sequence[Series]) -> bool:
    """Tell whether an even scale would hide most of the numbers, as where a loss goes astray."""
    values = np.concatenate([np.asarray(one.y, dtype=float) for one in series])
    values = values[np.isfinite(values)]
    return len(values) > 0 and values.min() > 0 and values.max() > LARGEST_RATIO * values.min()


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

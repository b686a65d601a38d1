"""Plots of the scores of classes: calibration, choice of a threshold, and distributions."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from galaxy_keras.errors import InputError
from galaxy_keras.messages import show
from galaxy_keras.plots.charts import Chart, EMPHASIS, Panel, Plot, REFERENCE, Series, tell_apart
from galaxy_keras.plots.scored_classes import ScoredClass, ScoredClasses, SCORES

# More panels, or lines in one of them, than this cannot be read.
PANEL_LIMIT = 12
POINTS_OF_A_CURVE = 2000


def plot_calibration(scored: ScoredClasses, title: str, bins: int = 10, equal_counts: bool = False) -> Plot:
    """Draw how often a class occurs among the rows that were given about the same probability of it.

    Parameters
    ----------
    bins
        Number of groups of rows.
    equal_counts
        Groups of about as many rows each, in place of groups of equal width.

    Raises
    ------
    InputError
        A score is no probability.
    """
    from sklearn.metrics import brier_score_loss

    shown = _choose_shown(scored, title)
    tables, notes = [], list(shown.notes)
    lines = [Series(np.array([0, 1]), np.array([0, 1]), "perfectly calibrated", color=REFERENCE, dash="dotted")]
    counts = []
    for one in scored.classes:
        _check_probabilities(one)
        table = _group(one, bins, equal_counts)
        brier = float(brier_score_loss(one.is_true, one.scores))
        tables.append(table.assign(brier_score=brier))
        notes.append(f"{show(one.name)}: Brier score {brier:.4f}")
        if one.name in shown.names:
            look = {"name": one.name, "detail": f" (Brier score = {brier:.3f})", "marker": "o"}
            look.update(tell_apart(len(counts)))
            lines.append(Series(table["mean_probability"], table["share_true"], **look))
            counts.append(Series(table["mean_probability"], table["rows"], **look))
    panels = [
        Panel("Mean predicted probability", "Share of rows of the class", lines, is_share=True),
        Panel("Mean predicted probability", "Rows in the group", counts),
    ]
    return Plot(pd.concat(tables, ignore_index=True), Chart(shown.title, panels), notes)


def _group(one: ScoredClass, bins: int, equal_counts: bool) -> pd.DataFrame:
    """Sort rows into groups of similar probability; groups without rows are left out."""
    edges = np.quantile(one.scores, np.linspace(0, 1, bins + 1)) if equal_counts else np.linspace(0, 1, bins + 1)
    # As scikit-learn's calibration_curve counts, which does not tell the sizes.
    groups = np.searchsorted(edges[1:-1], one.scores)
    rows = pd.DataFrame({"group": groups, "mean_probability": one.scores, "share_true": one.is_true.astype(float)})
    table = rows.groupby("group").mean().reset_index(drop=True)
    table.insert(0, "class", one.name)
    return table.assign(rows=rows.groupby("group").size().to_numpy())


def plot_thresholds(scored: ScoredClasses, title: str) -> Plot:
    """Draw precision, recall and F1 against the score above which a row counts as positive."""
    shown = _choose_shown(scored, title)
    tables, panels, notes = [], [], list(shown.notes)
    for one in scored.classes:
        table = compute_thresholds(one)
        best = table.loc[table["f1"].idxmax()]
        tables.append(table)
        notes.append(f"{show(one.name)}: largest F1 {best['f1']:.4f} at threshold {best['threshold']:.6g}")
        if one.name not in shown.names:
            continue
        thin = table.iloc[np.unique(np.linspace(0, len(table) - 1, POINTS_OF_A_CURVE).astype(int))]
        # A single score is a point.
        marker = "o" if len(thin) == 1 else ""
        lines = [
            Series(thin["threshold"], thin[measure], label, color=place, marker=marker)
            for place, (measure, label) in enumerate((("precision", "precision"), ("recall", "recall"), ("f1", "F1")))
        ]
        star = Series(
            np.array([best["threshold"]]), np.array([best["f1"]]), "largest F1", "points", EMPHASIS, marker="*"
        )
        panels.append(Panel("Threshold of the score", "Measure", [*lines, star], f"Scores for {one.name}"))
    return Plot(pd.concat(tables, ignore_index=True), Chart(shown.title, panels), notes)


def compute_thresholds(one: ScoredClass) -> pd.DataFrame:
    """Compute the measures at each score that occurs; rows with this score or more count as positive."""
    from sklearn.metrics import precision_recall_curve

    precision, recall, thresholds = precision_recall_curve(one.is_true, one.scores)
    precision, recall = precision[:-1], recall[:-1]
    total = precision + recall
    f1 = np.divide(2 * precision * recall, total, out=np.zeros_like(total), where=total > 0)
    return pd.DataFrame(
        {"class": one.name, "threshold": thresholds, "precision": precision, "recall": recall, "f1": f1}
    )


def plot_distributions(scored: ScoredClasses, title: str, bins: int = 20) -> Plot:
    """Draw how the scores for a class are spread over its own rows and over the others."""
    shown = _choose_shown(scored, title)
    tables, panels, notes = [], [], list(shown.notes)
    for one in scored.classes:
        edges = bin_edges(one.scores, bins)
        series = []
        names = (f"true {one.name}", f"true {one.other}") if len(scored.classes) == 1 else ("the class", "other")
        for place, (name, rows) in enumerate(zip(names, (one.is_true, ~one.is_true), strict=True)):
            counts = np.histogram(one.scores[rows], edges)[0]
            # Shares, because a class may be a hundred times as large as the other.
            shares = counts / rows.sum()
            series.append(Series(edges, shares, name, "steps", place, dash=("solid", "dashed")[place]))
            group = one.other if place else one.name
            table = pd.DataFrame({"score_of": one.name, "true": group, "from": edges[:-1], "to": edges[1:]})
            tables.append(table.assign(rows=counts, share=shares))
            notes.append(
                f"Score of {show(one.name)}, true {show(group)}: mean {one.scores[rows].mean():.4g}, {rows.sum()} rows"
            )
        if one.name in shown.names:
            panels.append(Panel("Score", "Share of the rows", series, f"Scores for {one.name}"))
    return Plot(pd.concat(tables, ignore_index=True), Chart(shown.title, panels), notes)


def bin_edges(values: np.ndarray, count: int) -> np.ndarray:
    """Give edges of equal bins that hold all values; shares get bins from 0 to 1."""
    low, high = float(values.min()), float(values.max())
    if 0 <= low and high <= 1:
        low, high = 0.0, 1.0
    elif low == high:
        low, high = low - 0.5, high + 0.5
    return np.linspace(low, high, count + 1)


@dataclass(frozen=True)
class _Shown:
    """The classes in the image, and what the title and the job's log say of them."""

    names: set[str]
    title: str
    notes: list[str]


def _choose_shown(scored: ScoredClasses, title: str) -> _Shown:
    """Choose the classes with the most rows where there are more than an image has room for."""
    count = len(scored.classes)
    by_size = sorted(scored.classes, key=lambda one: int(one.is_true.sum()), reverse=True)
    names = {one.name for one in by_size[:PANEL_LIMIT]}
    if count <= PANEL_LIMIT:
        return _Shown(names, title, scored.notes)
    note = (
        f"In the image: the {PANEL_LIMIT} classes with the most rows of {count}; the table has all, and others are "
        "drawn if they are given as positive class"
    )
    return _Shown(names, f"{title} (the {PANEL_LIMIT} largest of {count} classes)", [*scored.notes, note])


def _check_probabilities(one: ScoredClass) -> None:
    wrong = np.flatnonzero((one.scores < 0) | (one.scores > 1))
    if len(wrong):
        raise InputError(
            f"{SCORES}, class {show(one.name)}, row {wrong[0] + 2}: found {one.scores[wrong[0]]:g}; expected "
            "probabilities from 0 to 1"
        )

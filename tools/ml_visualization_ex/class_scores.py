"""Plots of the scores of classes: calibration, choice of a threshold, and distributions."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from charts import Chart, EMPHASIS, Panel, Plot, REFERENCE, Series
from galaxy_keras.errors import InputError
from scored_classes import ScoredClass, ScoredClasses, SCORES

# More panels than this cannot be read.
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

    tables, notes = [], list(scored.notes)
    lines = [Series(np.array([0, 1]), np.array([0, 1]), "perfectly calibrated", color=REFERENCE, dash="dotted")]
    counts = []
    for place, one in enumerate(_check_count(scored.classes)):
        _check_probabilities(one)
        table = _group(one, bins, equal_counts)
        brier = float(brier_score_loss(one.is_true, one.scores))
        name = f"{one.name} (Brier score = {brier:.3f})"
        look = {"name": name, "color": place, "marker": "o"}
        lines.append(Series(table["mean_probability"], table["share_true"], **look))
        counts.append(Series(table["mean_probability"], table["rows"], **look))
        tables.append(table.assign(brier_score=brier))
        notes.append(f"{one.name}: Brier score {brier:.4f}")
    panels = [
        Panel("Mean predicted probability", "Share of rows of the class", lines, is_share=True),
        Panel("Mean predicted probability", "Rows in the group", counts),
    ]
    return Plot(pd.concat(tables, ignore_index=True), Chart(title, panels), notes)


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
    tables, panels, notes = [], [], list(scored.notes)
    for one in _check_count(scored.classes):
        table = compute_thresholds(one)
        best = table.loc[table["f1"].idxmax()]
        thin = table.iloc[np.unique(np.linspace(0, len(table) - 1, POINTS_OF_A_CURVE).astype(int))]
        lines = [
            Series(thin["threshold"], thin[measure], label, color=place)
            for place, (measure, label) in enumerate((("precision", "precision"), ("recall", "recall"), ("f1", "F1")))
        ]
        star = Series(
            np.array([best["threshold"]]), np.array([best["f1"]]), "largest F1", "points", EMPHASIS, marker="*"
        )
        panels.append(Panel("Threshold of the score", "Measure", [*lines, star], f"Scores for {one.name}"))
        tables.append(table)
        notes.append(f"{one.name}: largest F1 {best['f1']:.4f} at threshold {best['threshold']:.6g}")
    return Plot(pd.concat(tables, ignore_index=True), Chart(title, panels), notes)


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
    tables, panels, notes = [], [], list(scored.notes)
    for one in _check_count(scored.classes):
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
            notes.append(f"Score of {one.name}, true {group}: mean {one.scores[rows].mean():.4g}, {rows.sum()} rows")
        panels.append(Panel("Score", "Share of the rows", series, f"Scores for {one.name}"))
    return Plot(pd.concat(tables, ignore_index=True), Chart(title, panels), notes)


def bin_edges(values: np.ndarray, count: int) -> np.ndarray:
    """Give edges of equal bins that hold all values; shares get bins from 0 to 1."""
    low, high = float(values.min()), float(values.max())
    if 0 <= low and high <= 1:
        low, high = 0.0, 1.0
    elif low == high:
        low, high = low - 0.5, high + 0.5
    return np.linspace(low, high, count + 1)


def _check_count(classes: Sequence[ScoredClass]) -> Sequence[ScoredClass]:
    if len(classes) > PANEL_LIMIT:
        raise InputError(
            f"positive label: found none for {len(classes)} classes; expected one of them, because this plot shows at "
            f"most {PANEL_LIMIT} classes at a time"
        )
    return classes


def _check_probabilities(one: ScoredClass) -> None:
    wrong = np.flatnonzero((one.scores < 0) | (one.scores > 1))
    if len(wrong):
        raise InputError(
            f"{SCORES}, class {one.name}, row {wrong[0] + 2}: found {one.scores[wrong[0]]:g}; expected probabilities "
            "from 0 to 1"
        )

"""Plot class scores: calibration, precision and recall by threshold, and score distributions."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from galaxy_keras.errors import InputError
from galaxy_keras.messages import show
from galaxy_keras.plots.charts import Chart, EMPHASIS, Panel, Plot, REFERENCE, Series, style_line
from galaxy_keras.plots.scored_classes import ScoredClass, ScoredClasses, SCORES

# More panels, or more lines per panel, would not be readable.
PANEL_LIMIT = 12
POINTS_OF_A_CURVE = 2000


def plot_calibration(scored: ScoredClasses, title: str, bins: int = 10, equal_counts: bool = False) -> Plot:
    """Plot the observed frequency of a class against its predicted probability, in bins of rows.

    Parameters
    ----------
    bins
        Number of bins.
    equal_counts
        Use bins with about equal numbers of rows instead of bins of equal width.

    Raises
    ------
    InputError
        A score is not a probability.
    """
    from sklearn.metrics import brier_score_loss

    shown = _choose_shown(scored, title)
    tables, notes = [], list(shown.notes)
    lines = [Series(np.array([0, 1]), np.array([0, 1]), "perfectly calibrated", color=REFERENCE, dash="dotted")]
    counts: list[Series] = []
    for one in scored.classes:
        _check_probabilities(one)
        table = _group(one, bins, equal_counts)
        brier = float(brier_score_loss(one.is_true, one.scores))
        tables.append(table.assign(brier_score=brier))
        notes.append(f"{show(one.name)}: Brier score {brier:.4f}")
        if one.name in shown.names:
            look: dict[str, Any] = {"name": one.name, "detail": f" (Brier score = {brier:.3f})", "marker": "o"}
            look.update(style_line(len(counts)))
            lines.append(Series(table["mean_probability"], table["share_true"], **look))
            counts.append(Series(table["mean_probability"], table["rows"], **look))
    panels = [
        Panel("Mean predicted probability", "Fraction of rows in the class", lines, is_share=True),
        Panel("Mean predicted probability", "Rows per bin", counts),
    ]
    return Plot(pd.concat(tables, ignore_index=True), Chart(shown.title, panels), notes)


def _group(one: ScoredClass, bins: int, equal_counts: bool) -> pd.DataFrame:
    """Sort rows into bins by probability; empty bins are omitted."""
    edges = np.quantile(one.scores, np.linspace(0, 1, bins + 1)) if equal_counts else np.linspace(0, 1, bins + 1)
    # The same bins as scikit-learn's calibration_curve, which does not return the number of rows per bin.
    groups = np.searchsorted(edges[1:-1], one.scores)
    rows = pd.DataFrame({"group": groups, "mean_probability": one.scores, "share_true": one.is_true.astype(float)})
    table = rows.groupby("group").mean().reset_index(drop=True)
    table.insert(0, "class", one.name)
    return table.assign(rows=rows.groupby("group").size().to_numpy())


def plot_thresholds(scored: ScoredClasses, title: str) -> Plot:
    """Plot precision, recall and F1 against the decision threshold."""
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
        # A single score is drawn as a point.
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
    """Compute precision, recall and F1 with each distinct score as the threshold, which is itself positive."""
    from sklearn.metrics import precision_recall_curve

    precision, recall, thresholds = precision_recall_curve(one.is_true, one.scores)
    precision, recall = precision[:-1], recall[:-1]
    total = precision + recall
    f1 = np.divide(2 * precision * recall, total, out=np.zeros_like(total), where=total > 0)
    return pd.DataFrame(
        {"class": one.name, "threshold": thresholds, "precision": precision, "recall": recall, "f1": f1}
    )


def plot_distributions(scored: ScoredClasses, title: str, bins: int = 20) -> Plot:
    """Plot the distribution of a class score for the rows of the class and for the other rows."""
    shown = _choose_shown(scored, title)
    tables, panels, notes = [], [], list(shown.notes)
    for one in scored.classes:
        edges = bin_edges(one.scores, bins)
        series = []
        names = (f"true {one.name}", f"true {one.other}") if len(scored.classes) == 1 else ("the class", "other")
        for place, (name, rows) in enumerate(zip(names, (one.is_true, ~one.is_true), strict=True)):
            counts = np.histogram(one.scores[rows], edges)[0]
            # Fractions, because one class may be a hundred times as large as the other.
            shares = counts / rows.sum()
            series.append(Series(edges, shares, name, "steps", place, dash=("solid", "dashed")[place]))
            group = one.other if place else one.name
            table = pd.DataFrame({"score_of": one.name, "true": group, "from": edges[:-1], "to": edges[1:]})
            tables.append(table.assign(rows=counts, share=shares))
            notes.append(
                f"Score of {show(one.name)}, true {show(group)}: mean {one.scores[rows].mean():.4g}, {rows.sum()} rows"
            )
        if one.name in shown.names:
            panels.append(Panel("Score", "Fraction of rows", series, f"Scores for {one.name}"))
    return Plot(pd.concat(tables, ignore_index=True), Chart(shown.title, panels), notes)


def bin_edges(values: np.ndarray, count: int) -> np.ndarray:
    """Return edges of bins of equal width that contain all values; fractions get bins from 0 to 1."""
    low, high = float(values.min()), float(values.max())
    if 0 <= low and high <= 1:
        low, high = 0.0, 1.0
    elif low == high:
        low, high = low - 0.5, high + 0.5
    return np.linspace(low, high, count + 1)


@dataclass(frozen=True)
class _Shown:
    """The classes in the image, with the title and lines for the log."""

    names: set[str]
    title: str
    notes: list[str]


def _choose_shown(scored: ScoredClasses, title: str) -> _Shown:
    """Choose the most frequent classes if there are more than the image can show."""
    count = len(scored.classes)
    by_size = sorted(scored.classes, key=lambda one: int(one.is_true.sum()), reverse=True)
    names = {one.name for one in by_size[:PANEL_LIMIT]}
    if count <= PANEL_LIMIT:
        return _Shown(names, title, scored.notes)
    note = (
        f"The image shows the {PANEL_LIMIT} most frequent of {count} classes; the table contains all of them. To show "
        "other classes, enter them as positive class"
    )
    return _Shown(names, f"{title} (the {PANEL_LIMIT} largest of {count} classes)", [*scored.notes, note])


def _check_probabilities(one: ScoredClass) -> None:
    wrong = np.flatnonzero((one.scores < 0) | (one.scores > 1))
    if len(wrong):
        raise InputError(
            f"{SCORES}, class {show(one.name)}, row {wrong[0] + 2}: found {one.scores[wrong[0]]:g}; expected "
            "probabilities from 0 to 1"
        )

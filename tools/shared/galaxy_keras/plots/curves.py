"""Compute and plot ROC and precision-recall curves of one or more classes, with averages over the classes."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from galaxy_keras.messages import show
from galaxy_keras.plots.charts import Chart, DASHES, EMPHASIS, Panel, Plot, REFERENCE, Series, style_line
from galaxy_keras.plots.scored_classes import ScoredClass, ScoredClasses

MICRO, MACRO = "micro average", "macro average"
# The lines of more classes are gray, and the legend lists only the averages.
CLASSES_WITH_COLORS = 16


@dataclass(frozen=True)
class Curve:
    """A ROC or precision-recall curve.

    Attributes
    ----------
    x, y
        Recall and precision, or false and true positive rates; 0–1, ``x`` in ascending order.
    thresholds
        Decision threshold at each point; NaN for averages of curves.
    area
        Average precision, or the area under the ROC curve (AUC).
    """

    name: str
    x: np.ndarray
    y: np.ndarray
    thresholds: np.ndarray
    area: float


def plot_pr_curves(scored: ScoredClasses, title: str) -> Plot:
    """Plot precision against recall, with the average precision of each curve."""
    curves = _collect(scored, compute_pr_curve, average_pr_curves)
    # The precision of random guesses is the fraction of the class. It is drawn for a single class only.
    guess = float(scored.classes[0].is_true.mean())
    chance = (
        Series(np.array([0, 1]), np.array([guess, guess]), f"guessing ({guess:.3f})", color=REFERENCE, dash="dotted"),
    )
    panel = Panel("Recall", "Precision", [*(chance if len(scored.classes) == 1 else ()), *_draw(curves)], is_share=True)
    return _finish(curves, ("recall", "precision"), "average precision", Chart(title, [panel]), scored.notes)


def plot_roc_curves(scored: ScoredClasses, title: str, drop_intermediate: bool = True) -> Plot:
    """Plot the true positive rate against the false positive rate, with the area under each curve."""

    def compute(scored: ScoredClass) -> Curve:
        return compute_roc_curve(scored, drop_intermediate)

    curves = _collect(scored, compute, average_roc_curves)
    diagonal = Series(np.array([0, 1]), np.array([0, 1]), "guessing (area = 0.500)", color=REFERENCE, dash="dotted")
    panel = Panel("False positive rate", "True positive rate", [diagonal, *_draw(curves)], is_share=True)
    columns = ("false_positive_rate", "true_positive_rate")
    return _finish(curves, columns, "ROC area", Chart(title, [panel]), scored.notes)


def compute_pr_curve(scored: ScoredClass) -> Curve:
    """Compute a precision-recall curve; its area is scikit-learn's average precision."""
    from sklearn.metrics import average_precision_score, precision_recall_curve

    precision, recall, thresholds = precision_recall_curve(scored.is_true, scored.scores, drop_intermediate=True)
    area = average_precision_score(scored.is_true, scored.scores)
    # scikit-learn returns ascending thresholds, and a last point with recall 0 that has no threshold.
    thresholds = np.append(thresholds, np.inf)
    return Curve(scored.name, recall[::-1], precision[::-1], thresholds[::-1], float(area))


def compute_roc_curve(scored: ScoredClass, drop_intermediate: bool = True) -> Curve:
    """Compute a ROC curve.

    Parameters
    ----------
    drop_intermediate
        Omit points on a straight line between others.
    """
    from sklearn.metrics import auc, roc_curve

    false, true, thresholds = roc_curve(scored.is_true, scored.scores, drop_intermediate=drop_intermediate)
    return Curve(scored.name, false, true, thresholds, float(auc(false, true)))


def average_roc_curves(curves: list[Curve]) -> Curve:
    """Average the true positive rates at all false positive rates that occur.

    The area under this curve is the mean of the areas.
    """
    x = np.unique(np.concatenate([curve.x for curve in curves]))
    # Where a curve is vertical, numpy.interp returns the upper end, and the lower end if x is reversed.
    upper = np.mean([np.interp(x, curve.x, curve.y) for curve in curves], axis=0)
    lower = np.mean([np.interp(-x, -curve.x[::-1], curve.y[::-1]) for curve in curves], axis=0)
    x, y = np.repeat(x, 2), np.column_stack([lower, upper]).ravel()
    return Curve(MACRO, x, y, np.full(len(x), np.nan), float(np.mean([curve.area for curve in curves])))


def average_pr_curves(curves: list[Curve]) -> Curve:
    """Average the precisions at all recalls that occur; each curve has the precision of its next higher recall.

    The area under the resulting steps is the mean of the average precisions.
    """
    x = np.unique(np.concatenate([curve.x for curve in curves]))
    heights = []
    for curve in curves:
        # Among points of equal recall, the first one has the highest threshold and the highest precision.
        heights.append(curve.y[np.searchsorted(curve.x, x)])
    y = np.mean(heights, axis=0)
    return Curve(MACRO, x, y, np.full(len(x), np.nan), float(np.mean([curve.area for curve in curves])))


def _collect(
    scored: ScoredClasses, compute: Callable[[ScoredClass], Curve], average: Callable[[list[Curve]], Curve]
) -> list[Curve]:
    """Return the curve of each class; for several classes, followed by the micro and macro average."""
    classes = scored.classes
    curves = [compute(one) for one in classes]
    if len(classes) == 1:
        return curves
    together = ScoredClass(
        MICRO, np.concatenate([c.is_true for c in classes]), np.concatenate([c.scores for c in classes])
    )
    averages = [compute(together), average(curves)]
    if not scored.is_complete:
        averages = [replace(one, name=f"{one.name} of these {len(classes)} classes") for one in averages]
    return [*curves, *averages]


def _draw(curves: list[Curve]) -> list[Series]:
    count = len(curves) - 2 if len(curves) > 1 else 1
    series = []
    for place, curve in enumerate(curves):
        name, area = curve.name, f" (area = {curve.area:.3f})"
        if place >= count:
            look: dict[str, Any] = {"color": EMPHASIS, "dash": DASHES[1 + place - count]}
        elif count > CLASSES_WITH_COLORS:
            name, area = f"each of the {count} classes" if place == 0 else "", ""
            look = {"color": REFERENCE}
        else:
            look = style_line(place)
        series.append(Series(curve.x, curve.y, name, detail=area, hover=_describe_points(curve), **look))
    return series


def _describe_points(curve: Curve) -> list[str]:
    if np.isnan(curve.thresholds).all():
        return [curve.name] * len(curve.x)
    return [f"{curve.name}, threshold {threshold:.4g}" for threshold in curve.thresholds]


def _finish(curves: list[Curve], columns: tuple[str, str], area: str, chart: Chart, notes: list[str]) -> Plot:
    tables = [
        pd.DataFrame(
            {
                "curve": curve.name,
                "threshold": curve.thresholds,
                columns[0]: curve.x,
                columns[1]: curve.y,
                "area": curve.area,
            }
        )
        for curve in curves
    ]
    lines = [f"{show(curve.name)}: {area} {curve.area:.4f}" for curve in curves]
    if len(curves) > 1:
        # The averages first, because a long list is cut.
        lines = [*lines[-2:], *lines[:-2]]
    return Plot(pd.concat(tables, ignore_index=True), chart, [*notes, *lines])

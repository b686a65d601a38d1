"""Precision-recall and ROC curves of one or more classes, with averages over the classes."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from galaxy_keras.messages import show
from galaxy_keras.plots.charts import Chart, DASHES, EMPHASIS, Panel, Plot, REFERENCE, Series, tell_apart
from galaxy_keras.plots.scored_classes import ScoredClass, ScoredClasses

MICRO, MACRO = "micro average", "macro average"
# With more classes than this their lines are gray, and only the averages stand in the legend.
CLASSES_WITH_COLORS = 16


@dataclass(frozen=True)
class Curve:
    """A curve of thresholds.

    Attributes
    ----------
    x, y
        Recall and precision, or the rates of false and true positives; 0 to 1, ``x`` rising.
    thresholds
        Score above which a row counts as positive at each point; NaN where the curve is an average.
    area
        Average precision, or the area under the ROC curve.
    """

    name: str
    x: np.ndarray
    y: np.ndarray
    thresholds: np.ndarray
    area: float


def plot_pr_curves(scored: ScoredClasses, title: str) -> Plot:
    """Draw precision against recall, with the average precision of each curve."""
    curves = _collect(scored.classes, compute_pr_curve, average_pr_curves)
    # What guessing gives is the share of the class, and so another line for each: drawn for a single class only.
    guess = float(scored.classes[0].is_true.mean())
    chance = (
        Series(np.array([0, 1]), np.array([guess, guess]), f"guessing ({guess:.3f})", color=REFERENCE, dash="dotted"),
    )
    panel = Panel("Recall", "Precision", [*(chance if len(scored.classes) == 1 else ()), *_draw(curves)], is_share=True)
    return _finish(curves, ("recall", "precision"), "average precision", Chart(title, [panel]), scored.notes)


def plot_roc_curves(scored: ScoredClasses, title: str, drop_intermediate: bool = True) -> Plot:
    """Draw the rate of true positives against that of false ones, with the area under each curve."""

    def compute(scored: ScoredClass) -> Curve:
        return compute_roc_curve(scored, drop_intermediate)

    curves = _collect(scored.classes, compute, average_roc_curves)
    diagonal = Series(np.array([0, 1]), np.array([0, 1]), "guessing (area = 0.500)", color=REFERENCE, dash="dotted")
    panel = Panel("False positive rate", "True positive rate", [diagonal, *_draw(curves)], is_share=True)
    columns = ("false_positive_rate", "true_positive_rate")
    return _finish(curves, columns, "ROC area", Chart(title, [panel]), scored.notes)


def compute_pr_curve(scored: ScoredClass) -> Curve:
    """Compute the curve; its area is scikit-learn's average precision."""
    from sklearn.metrics import average_precision_score, precision_recall_curve

    precision, recall, thresholds = precision_recall_curve(scored.is_true, scored.scores, drop_intermediate=True)
    area = average_precision_score(scored.is_true, scored.scores)
    # scikit-learn starts at the lowest threshold and ends at recall 0, to which no threshold belongs.
    thresholds = np.append(thresholds, np.inf)
    return Curve(scored.name, recall[::-1], precision[::-1], thresholds[::-1], float(area))


def compute_roc_curve(scored: ScoredClass, drop_intermediate: bool = True) -> Curve:
    """Compute the curve; points that lie on a straight line between others may be dropped."""
    from sklearn.metrics import auc, roc_curve

    false, true, thresholds = roc_curve(scored.is_true, scored.scores, drop_intermediate=drop_intermediate)
    return Curve(scored.name, false, true, thresholds, float(auc(false, true)))


def average_roc_curves(curves: list[Curve]) -> Curve:
    """Average the rates of true positives at every rate of false ones that occurs.

    The area under this curve is the mean of the areas.
    """
    x = np.unique(np.concatenate([curve.x for curve in curves]))
    # Curves go straight up at many places; numpy's interpolation takes the upper end there, and the lower end if it
    # goes from right to left.
    upper = np.mean([np.interp(x, curve.x, curve.y) for curve in curves], axis=0)
    lower = np.mean([np.interp(-x, -curve.x[::-1], curve.y[::-1]) for curve in curves], axis=0)
    x, y = np.repeat(x, 2), np.column_stack([lower, upper]).ravel()
    return Curve(MACRO, x, y, np.full(len(x), np.nan), float(np.mean([curve.area for curve in curves])))


def average_pr_curves(curves: list[Curve]) -> Curve:
    """Average the precisions at every recall that occurs, each the one of the next point with at least this recall.

    The area under these steps is the mean of the average precisions.
    """
    x = np.unique(np.concatenate([curve.x for curve in curves]))
    heights = []
    for curve in curves:
        # Of points of equal recall the first has the highest threshold and so the precision that counts.
        heights.append(curve.y[np.searchsorted(curve.x, x)])
    y = np.mean(heights, axis=0)
    return Curve(MACRO, x, y, np.full(len(x), np.nan), float(np.mean([curve.area for curve in curves])))


def _collect(
    classes: list[ScoredClass], compute: Callable[[ScoredClass], Curve], average: Callable[[list[Curve]], Curve]
) -> list[Curve]:
    """Give the classes' curves, and behind them the averages where there are several classes."""
    curves = [compute(scored) for scored in classes]
    if len(classes) == 1:
        return curves
    together = ScoredClass(
        MICRO, np.concatenate([c.is_true for c in classes]), np.concatenate([c.scores for c in classes])
    )
    return [*curves, compute(together), average(curves)]


def _draw(curves: list[Curve]) -> list[Series]:
    count = len(curves) - 2 if len(curves) > 1 else 1
    series = []
    for place, curve in enumerate(curves):
        name, area = curve.name, f" (area = {curve.area:.3f})"
        if place >= count:
            look = {"color": EMPHASIS, "dash": DASHES[1 + place - count]}
        elif count > CLASSES_WITH_COLORS:
            name, area = f"each of the {count} classes" if place == 0 else "", ""
            look = {"color": REFERENCE}
        else:
            look = tell_apart(place)
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
    return Plot(pd.concat(tables, ignore_index=True), chart, [*notes, *lines])

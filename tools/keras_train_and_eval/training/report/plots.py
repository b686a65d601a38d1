"""Choose the plots of a training report. ``galaxy_keras.plots`` computes and draws them for every tool."""

import numpy as np
import pandas as pd

from galaxy_keras.estimator.contents import Fitted, FittedOutput
from galaxy_keras.estimator.predictions import estimate_probabilities, predict_class_indices
from galaxy_keras.plots.charts import Plot, PlotStyle, thin_out
from galaxy_keras.plots.class_labels import LabelPairs
from galaxy_keras.plots.class_scores import plot_calibration
from galaxy_keras.plots.curves import plot_pr_curves, plot_roc_curves
from galaxy_keras.plots.drawing.images import draw_image
from galaxy_keras.plots.label_plots import plot_confusion_matrix
from galaxy_keras.plots.regression_plots import plot_regression
from galaxy_keras.plots.scored_classes import ScoredClass, ScoredClasses
from galaxy_keras.plots.training_plots import PANEL_LIMIT, plot_history, Run, VALIDATION
from training.report.html import ReportImage
from training.results import History
from training.targets.targets import Target

STYLE = PlotStyle(font_size=10.0)
COLOR_MAP = "Blues"
# Bounds that keep the page small.
POINTS_PER_LINE = 500
SCATTERED_POINTS = 20_000
MAX_RUNS = 20
MAX_CURVES = 100
# Points of all curves of a plot.
POINTS_PER_PLOT = 8_000
MAX_NUMBER_COLUMNS = 5
MAX_NOTES = 20


def draw_histories(histories: dict[str, History]) -> list[ReportImage]:
    """Draw loss and metrics per epoch, with the best epoch of each run.

    Parameters
    ----------
    histories
        By run: the number of the fold, or the final network after cross-validation.
    """
    shown = dict(list(histories.items())[:MAX_RUNS])
    is_single = len(histories) == 1
    runs = [
        Run("training" if is_single else f"fold {name}" if name.isdigit() else name, _tabulate(history))
        for name, history in shown.items()
    ]
    title = f"Training history of the first {MAX_RUNS} networks" if len(histories) > MAX_RUNS else "Training history"
    return [_draw(plot_history(runs, title), POINTS_PER_LINE)]


def draw_predictions(
    target: Target, rows: np.ndarray, outputs: np.ndarray, fitted: Fitted | FittedOutput
) -> list[ReportImage]:
    """Draw how predictions compare with the true values.

    Parameters
    ----------
    target
        A single target.
    rows
        Row numbers of the predictions.
    outputs
        What the network returns for these rows, shape (n_rows, n_outputs).
    """
    y_true = target.y[rows]
    if target.kind == "values":
        columns = list(zip(y_true.reshape(len(y_true), -1).T, outputs.T, target.names, strict=True))
        return [_draw_values(*column) for column in columns[:MAX_NUMBER_COLUMNS]]
    labels = [str(label) for label in target.classes]
    images = []
    if target.kind != "multilabel":
        names = np.array(labels, dtype=object)
        pairs = LabelPairs(names[y_true], names[predict_class_indices(outputs, fitted)], labels, [])
        images.append(_draw(plot_confusion_matrix(pairs, "Confusion matrix", None, COLOR_MAP)))
    if not fitted.has_probabilities:
        return images
    is_true = y_true.astype(bool) if target.kind == "multilabel" else np.eye(len(labels), dtype=bool)[y_true]
    scored = score_classes(is_true, estimate_probabilities(outputs, fitted), labels)
    if scored.classes:
        points = min(POINTS_PER_LINE, POINTS_PER_PLOT // len(scored.classes))
        images += [
            _draw(plot_roc_curves(scored, "ROC curve"), points),
            _draw(plot_pr_curves(scored, "Precision-recall curve"), points),
            _draw(plot_calibration(scored, "Calibration")),
        ]
    return images


def score_classes(is_true: np.ndarray, probabilities: np.ndarray, labels: list[str]) -> ScoredClasses:
    """Choose the classes to draw: the second of two classes, and the most frequent of many.

    Parameters
    ----------
    is_true
        Whether a row has a label, shape (n_rows, n_labels).
    probabilities
        Shape (n_rows, n_labels).
    """
    counts = is_true.sum(axis=0)
    drawn = [column for column in range(len(labels)) if 0 < counts[column] < len(is_true)]
    if len(labels) == 2 and (is_true.sum(axis=1) == 1).all():
        drawn = drawn[-1:]
    frequent = sorted(sorted(drawn, key=lambda column: -counts[column])[:MAX_CURVES])
    notes = [f"The {MAX_CURVES} most frequent of {len(drawn)} classes"] if len(drawn) > MAX_CURVES else []
    # A softmax of 32 bits may exceed 1 by a rounding error.
    scores = np.clip(probabilities.astype(np.float64), 0, 1)
    classes = [ScoredClass(labels[column], is_true[:, column], scores[:, column]) for column in frequent]
    return ScoredClasses(classes, notes, is_complete=not notes)


def _tabulate(history: History) -> pd.DataFrame:
    """Return a history with its epochs; of very many metrics the first ones."""
    metrics = [name for name in history if not name.startswith(VALIDATION)][:PANEL_LIMIT]
    kept = {name: values for name, values in history.items() if name.removeprefix(VALIDATION) in metrics}
    epochs = np.arange(1, len(next(iter(kept.values()))) + 1)
    return pd.DataFrame({"epoch": epochs, **kept})


def _draw_values(y_true: np.ndarray, y_pred: np.ndarray, name: str) -> ReportImage:
    values = pd.DataFrame({"true": y_true, "predicted": y_pred})
    return _draw(plot_regression(values, f"Predicted against true {name}"), SCATTERED_POINTS)


def _draw(plot: Plot, most_points: int = SCATTERED_POINTS) -> ReportImage:
    """Draw a plot for the page; its notes describe it where images are not shown."""
    thin = thin_out(plot, most_points)
    notes = plot.notes[:MAX_NOTES]
    more = [f"and {len(plot.notes) - MAX_NOTES} more"] if len(plot.notes) > MAX_NOTES else []
    description = f"{plot.image.title}. {'; '.join([*notes, *more])}"
    panels = getattr(plot.image, "panels", ())
    return ReportImage(draw_image(thin.image, STYLE, "svg"), description, is_wide=len(panels) > 1)

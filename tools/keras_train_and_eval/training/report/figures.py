"""The report's pictures: curves per epoch, and how the predictions of the scored rows compare with the truth."""

import io
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

import numpy as np
from sklearn.calibration import calibration_curve
from sklearn.metrics import auc, average_precision_score, confusion_matrix, precision_recall_curve, roc_curve

from galaxy_keras.plots.drawing.matplotlib_setup import load_matplotlib
from training.report.html import Picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Inches
SIZE = (4.4, 3.4)
LARGEST_MATRIX = 9.0
# Bounds on what a picture draws, so that the page stays small.
CURVE_POINTS = 300
SCATTERED_POINTS = 20_000
# More points than this become pixels, which take less room than as many outlines.
OUTLINED_POINTS = 300
DOTS_PER_INCH = 150
DRAWN_CLASSES = 10
NUMBERED_CLASSES = 25
DRAWN_FOLDS = 20
DRAWN_CURVES = 20
BINS = 10
# Text stays text, and a label's dollar sign is no formula; the same data give the same picture.
STYLE = {"svg.fonttype": "none", "svg.hashsalt": "report", "text.parse_math": False, "font.size": 9}


def use_style() -> AbstractContextManager:
    """Give the context in which the pictures are drawn."""
    return load_matplotlib().rc_context(STYLE)


def draw_curves(histories: dict[str, dict[str, list[float]]]) -> list[Picture]:
    """Draw each metric's course over the epochs, training rows and watched rows; folds as thin lines."""
    names = [name for name in next(iter(histories.values())) if not name.startswith("val_")][:DRAWN_CURVES]
    pictures = []
    for name in names:
        axes = _make_axes("epoch", name)
        is_many = len(histories) > 1
        for number, history in enumerate(list(histories.values())[-DRAWN_FOLDS:]):
            for key, color, label in ((name, "C0", "training rows"), (f"val_{name}", "C1", "watched rows")):
                if key in history:
                    epochs, values = _thin(np.arange(1, len(history[key]) + 1), np.array(history[key]))
                    marker = "o" if len(epochs) == 1 else ""
                    width = 0.8 if is_many else 1.5
                    axes.plot(epochs, values, color=color, lw=width, marker=marker, label=label if not number else None)
        axes.xaxis.get_major_locator().set_params(integer=True)
        if any(f"val_{name}" in history for history in histories.values()):
            axes.legend()
        last = next(reversed(histories.values()))
        ends = ", ".join(f"{key} {last[key][-1]:.4g}" for key in (name, f"val_{name}") if key in last)
        pictures.append(_finish(axes, f"{name} per epoch; at the end {ends}"))
    return pictures


def draw_confusion(truth: np.ndarray, class_indices: np.ndarray, labels: Sequence[str]) -> Picture:
    """Draw how many rows of each true class are predicted as each class; colors are shares of the true class."""
    count = len(labels)
    matrix = confusion_matrix(truth, class_indices, labels=np.arange(count))
    side = float(np.clip(1.6 + 0.42 * count, SIZE[1], LARGEST_MATRIX))
    axes = _make_axes("predicted", "true", (side + 0.6, side))
    shares = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    image = axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.figure.colorbar(image, ax=axes, label="share of the true class", shrink=0.8)
    if count <= NUMBERED_CLASSES:
        short = [label if len(label) <= 16 else label[:15] + "…" for label in labels]
        axes.set_xticks(range(count), short, rotation=90 if count > 3 else 0)
        axes.set_yticks(range(count), short)
        for row, column in np.ndindex(matrix.shape):
            color = "white" if shares[row, column] > 0.5 else "black"
            axes.text(column, row, str(matrix[row, column]), ha="center", va="center", color=color, fontsize=8)
    right = int(np.trace(matrix))
    return _finish(axes, f"Confusion matrix: {right} of {matrix.sum()} rows right", is_wide=side > LARGEST_MATRIX / 2)


def draw_roc(flags: np.ndarray, probabilities: np.ndarray, labels: Sequence[str]) -> Picture:
    """Draw the receiver operating characteristic of each label against all others; flags and probabilities (n, k)."""
    axes = _make_axes("false positive rate", "true positive rate")
    axes.plot([0, 1], [0, 1], color="gray", ls=":", lw=1)
    areas = []
    for column in _choose_columns(flags):
        x, y, _ = roc_curve(flags[:, column], probabilities[:, column])
        areas.append(f"{labels[column]} {auc(x, y):.3f}")
        axes.plot(*_thin(x, y), lw=1.3, label=areas[-1])
    axes.legend(title="area under the curve", fontsize=7, title_fontsize=7, loc="lower right")
    return _finish(axes, f"ROC curves, area under the curve: {', '.join(areas)}")


def draw_precision_recall(flags: np.ndarray, probabilities: np.ndarray, labels: Sequence[str]) -> Picture:
    """Draw precision against recall of each label; flags and probabilities (n, k)."""
    axes = _make_axes("recall", "precision")
    averages = []
    for column in _choose_columns(flags):
        precision, recall, _ = precision_recall_curve(flags[:, column], probabilities[:, column])
        average = average_precision_score(flags[:, column], probabilities[:, column])
        averages.append(f"{labels[column]} {average:.3f}")
        axes.plot(*_thin(recall, precision), lw=1.3, label=averages[-1])
    axes.set_ylim(-0.05, 1.05)
    axes.legend(title="average precision", fontsize=7, title_fontsize=7, loc="lower left")
    return _finish(axes, f"Precision and recall, average precision: {', '.join(averages)}")


def draw_calibration(is_right: np.ndarray, probabilities: np.ndarray, what: str) -> Picture:
    """Draw how often rows with a given probability really are what the probability is of.

    Parameters
    ----------
    is_right, probabilities
        Shape (n_rows,): 0 or 1, and 0–1.
    what
        What the probability is of.
    """
    axes = _make_axes(f"mean predicted probability of {what}", "share that is so")
    observed, predicted = calibration_curve(is_right, probabilities, n_bins=BINS)
    axes.plot([0, 1], [0, 1], color="gray", ls=":", lw=1, label="perfect")
    axes.plot(predicted, observed, marker="o", ms=4, label="this network")
    axes.legend(loc="upper left")
    brier = float(np.mean((probabilities - is_right) ** 2))
    return _finish(axes, f"Calibration for {what}: Brier score {brier:.4f} (0 is perfect)")


def draw_residuals(truth: np.ndarray, predicted: np.ndarray, name: str) -> list[Picture]:
    """Draw predicted against true values, the residuals against the predictions, and how they are spread."""
    residuals = truth - predicted
    rows = np.arange(len(truth))
    if len(rows) > SCATTERED_POINTS:
        rows = np.random.default_rng(0).choice(rows, SCATTERED_POINTS, replace=False)
    is_pixels = len(rows) > OUTLINED_POINTS
    against_truth = _make_axes(f"true {name}", f"predicted {name}")
    against_truth.scatter(truth[rows], predicted[rows], s=8, alpha=0.5, lw=0, rasterized=is_pixels)
    ends = [min(truth.min(), predicted.min()), max(truth.max(), predicted.max())]
    against_truth.plot(ends, ends, color="gray", ls=":", lw=1)
    against_predicted = _make_axes(f"predicted {name}", "residual (true - predicted)")
    against_predicted.scatter(predicted[rows], residuals[rows], s=8, alpha=0.5, lw=0, rasterized=is_pixels)
    against_predicted.axhline(0, color="gray", ls=":", lw=1)
    spread = _make_axes("residual (true - predicted)", "rows")
    spread.hist(residuals, bins=30)
    middle = f"mean {residuals.mean():.4g}, standard deviation {residuals.std():.4g}"
    shown = f" ({len(rows)} of {len(truth)} rows shown)" if len(rows) < len(truth) else ""
    return [
        _finish(against_truth, f"Predicted against true {name}{shown}"),
        _finish(against_predicted, f"Residuals of {name} against the predictions{shown}"),
        _finish(spread, f"Residuals of {name}: {middle}"),
    ]


def _choose_columns(flags: np.ndarray) -> list[int]:
    """Choose the labels to draw: of two classes the second; of many the most frequent that are not in every row."""
    counts = flags.sum(axis=0)
    drawn = [column for column in range(flags.shape[1]) if 0 < counts[column] < len(flags)]
    if flags.shape[1] == 2 and (flags.sum(axis=1) == 1).all():
        return drawn[-1:]
    return sorted(sorted(drawn, key=lambda column: -counts[column])[:DRAWN_CLASSES])


def _thin(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    chosen = np.unique(np.linspace(0, len(x) - 1, CURVE_POINTS).astype(int))
    return x[chosen], y[chosen]


def _make_axes(x_label: str, y_label: str, size: tuple[float, float] = SIZE) -> "Axes":
    from matplotlib.figure import Figure

    axes = Figure(figsize=size, dpi=DOTS_PER_INCH, layout="constrained").subplots()
    axes.set(xlabel=x_label, ylabel=y_label)
    return axes


def _finish(axes: "Axes", description: str, is_wide: bool = False) -> Picture:
    axes.set_title(description.split(":")[0].split(",")[0].split(";")[0], fontsize=10)
    file = io.BytesIO()
    axes.figure.savefig(file, format="svg", dpi=DOTS_PER_INCH, metadata={"Date": None, "Creator": None})
    return Picture(file.getvalue(), description, is_wide)

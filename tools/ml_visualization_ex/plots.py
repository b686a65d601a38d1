"""The plots: from numbers to a matplotlib figure."""

import logging
import os
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text

# Lengths in inches
DOTS_PER_INCH = 125
SMALLEST_FIGURE = 7.0
SMALLEST_MATRIX = 5.0
SMALLEST_NUMBERED_CELL = 0.4
SMALLEST_CELL = 0.12
AXIS_TITLE = 0.5
COLOR_BAR = 0.9
EDGE = 0.1
# Sizes of letters in points, 72 in an inch
TITLE_SIZE = 13
LABEL_SIZE = 10
LARGEST_NUMBER = 14
SMALLEST_NUMBER = 7
# Lengths in the size of the letters
DIGIT_WIDTH = 0.65
LINE_HEIGHT = 1.3
# With more classes than this the numbers in the cells are left out.
CLASSES_WITH_NUMBERS = 30
# Letters in a line of the title and of a label, and in a whole label; a longer one loses its middle.
TITLE_LINE = 100
LABEL_LINE = 20
LONGEST_LABEL = 60
# Luminance on which black and white letters have the same contrast (WCAG 2.2, contrast ratio)
MIDDLE_LUMINANCE = 0.179


def draw_confusion_matrix(matrix: np.ndarray, classes: Sequence[str], title: str, color_map: str) -> "Figure":
    """Draw a confusion matrix, true classes from top to bottom and predicted ones from left to right.

    Parameters
    ----------
    matrix
        Shape (n_classes, n_classes); whole numbers are written as such, shares (0 to 1) in percent.
    classes
        Labels of the rows and columns.
    color_map
        matplotlib's name of it.

    Returns
    -------
    Figure
        7 by 7 inches at 125 dots per inch; larger for many classes and for long labels.
    """
    axes = _make_axes()
    if len(classes) <= CLASSES_WITH_NUMBERS:
        cell, bar = _draw_numbered_cells(axes, matrix, color_map), 0.0
    else:
        cell, bar = _draw_cells_with_bar(axes, matrix, color_map), COLOR_BAR
    beside, below = _label_classes(axes, classes, cell)
    side = cell * len(classes)
    _frame(axes, title, side + beside + bar, side + below)
    return axes.figure


def _make_axes() -> "Axes":
    # matplotlib refuses to be imported where this names a backend of another environment, such as a notebook's.
    os.environ["MPLBACKEND"] = "agg"
    # Without a home folder that it can write to, matplotlib warns at its import and then does well without.
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(dpi=DOTS_PER_INCH, layout="compressed")
    figure.get_layout_engine().set(w_pad=EDGE, h_pad=EDGE)
    FigureCanvasAgg(figure)
    return figure.subplots()


def _draw_numbered_cells(axes: "Axes", matrix: np.ndarray, color_map: str) -> float:
    """Draw coloured cells with their numbers, and give the side of a cell in inches."""
    from sklearn.metrics import ConfusionMatrixDisplay

    number_format = "d" if matrix.dtype.kind == "i" else ".1%"
    # The lightest colour means nothing at all, and not the smallest number that happens to occur.
    scale = {"vmin": 0, "vmax": matrix.max()}
    display = ConfusionMatrixDisplay(matrix).plot(
        cmap=color_map, values_format=number_format, ax=axes, colorbar=False, im_kw=scale
    )
    # In the size of the letters, with one letter's width as distance to the next cell
    width = (max(len(number.get_text()) for number in display.text_.flat) + 1) * DIGIT_WIDTH
    cell = max(SMALLEST_NUMBERED_CELL, width * SMALLEST_NUMBER / 72, SMALLEST_MATRIX / len(matrix))
    colors = display.im_.to_rgba(matrix)[..., :3]
    # Of sRGB colours, with the exponent 2.2 in place of the exact curve
    luminance = colors**2.2 @ (0.2126, 0.7152, 0.0722)
    for number, is_light in zip(display.text_.flat, (luminance > MIDDLE_LUMINANCE).flat, strict=True):
        number.set(size=min(LARGEST_NUMBER, cell * 72 / width), color="black" if is_light else "white")
    return cell


def _draw_cells_with_bar(axes: "Axes", matrix: np.ndarray, color_map: str) -> float:
    """Draw coloured cells and what the colours mean, and give the side of a cell in inches."""
    from matplotlib.ticker import MaxNLocator, PercentFormatter

    image = axes.imshow(matrix, cmap=color_map, vmin=0, interpolation="nearest")
    if matrix.dtype.kind == "i":
        style = {"format": "{x:.0f}", "ticks": MaxNLocator(integer=True)}
    else:
        style = {"format": PercentFormatter(1)}
    axes.figure.colorbar(image, cax=axes.inset_axes((1.02, 0, 0.03, 1)), **style)
    return max(SMALLEST_CELL, SMALLEST_MATRIX / len(matrix))


def _label_classes(axes: "Axes", classes: Sequence[str], cell: float) -> tuple[float, float]:
    """Write each class beside its row and below its column, and give the widths of both margins in inches."""
    size = min(LABEL_SIZE, cell * 72 / LINE_HEIGHT)
    labels = [_wrap_label(label, int(cell * 72 / (size * LINE_HEIGHT))) for label in classes]
    # A dollar in a class' name is no sign of a formula.
    style = {"labels": labels, "size": size, "parse_math": False}
    positions = range(len(labels))
    axes.set_yticks(positions, **style)
    axes.set_xticks(positions, **style)
    widths, heights = zip(*(_measure(label) for label in axes.get_xticklabels()), strict=True)
    if max(widths) <= 0.9 * cell:
        return max(widths), max(heights)
    axes.set_xticks(positions, **style, rotation=90)
    return max(widths), max(widths)


def _wrap_label(label: str, line_count: int) -> str:
    """Break a label into no more than ``line_count`` lines."""
    if len(label) > LONGEST_LABEL:
        half = LONGEST_LABEL // 2
        label = f"{label[:half]}…{label[-half:]}"
    for letters in range(LABEL_LINE, len(label) + 1):
        lines = textwrap.wrap(label, letters)
        if len(lines) <= line_count:
            return "\n".join(lines)
    return label


def _frame(axes: "Axes", title: str, width: float, height: float) -> None:
    """Write the titles, and make the figure so large that all has its place."""
    axes.set(xlabel="Predicted class labels", ylabel="True class labels")
    width = max(SMALLEST_FIGURE, width + AXIS_TITLE + 2 * EDGE)
    heading = axes.figure.suptitle(title, size=TITLE_SIZE, parse_math=False)
    for letters in range(TITLE_LINE, 0, -1):
        heading.set_text(textwrap.fill(title, letters))
        title_width, title_height = _measure(heading)
        if title_width <= width - 2 * EDGE:
            break
    height += title_height + AXIS_TITLE + 4 * EDGE
    axes.figure.set_size_inches(width, max(SMALLEST_FIGURE, height))


def _measure(text: "Text") -> tuple[float, float]:
    """Give the width and height of a text in inches."""
    figure = text.get_figure()
    extent = text.get_window_extent(figure.canvas.get_renderer())
    return extent.width / figure.dpi, extent.height / figure.dpi

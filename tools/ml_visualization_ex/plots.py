"""The plots: from numbers to a matplotlib figure."""

import logging
import math
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure
    from sklearn.metrics import ConfusionMatrixDisplay

DPI = 125
# Lengths in inches, sizes of letters in points; a point is 1/72 inch.
SMALLEST_SIDE = 7.0
SURROUNDINGS = 1.4  # title and axis labels
SMALLEST_CELL = 0.4
SMALLEST_CELL_WITHOUT_TEXT = 0.12
LETTER_WIDTH = 0.64  # of a digit, in the size of the letters
LINE_HEIGHT = 1.3  # in the size of the letters
LARGEST_TEXT = 14
SMALLEST_TEXT = 7
TITLE_SIZE = 13
# With more classes than this the cells' numbers are left out.
CLASSES_WITH_NUMBERS = 30
# Letters in a line of a class label.
LABEL_WIDTH = 20
# A longer label loses its middle.
LONGEST_LABEL = 100


def draw_confusion_matrix(matrix: np.ndarray, classes: Sequence[str], title: str, color_map: str) -> "Figure":
    """Draw a confusion matrix, true classes from top to bottom and predicted ones from left to right.

    Parameters
    ----------
    matrix
        Shape (n_classes, n_classes); whole numbers are written as such, shares (0 to 1) in percent.
    classes
        Labels of the rows and columns.
    color_map
        A name that matplotlib knows.
    """
    figure, axes = _make_figure()
    from matplotlib import rc_context
    from sklearn.metrics import ConfusionMatrixDisplay

    has_numbers = len(classes) <= CLASSES_WITH_NUMBERS
    number_format = "d" if matrix.dtype.kind == "i" else ".1%"
    # Labels are text of a table, in which a dollar is no sign of a formula.
    with rc_context({"text.parse_math": False}):
        display = ConfusionMatrixDisplay(matrix, display_labels=[_wrap_label(label) for label in classes])
        display.plot(
            include_values=has_numbers,
            cmap=color_map,
            values_format=number_format,
            ax=axes,
            colorbar=False,
            # Without numbers above 0 the colours have a range all the same.
            im_kw={"vmin": 0, "vmax": matrix.max() or 1},
        )
        axes.set(xlabel="Predicted class labels", ylabel="True class labels")
        heading = figure.suptitle(title, size=TITLE_SIZE)
    _fit_sizes(figure, display)
    heading.set_text(_wrap_to(title, figure.get_figwidth(), TITLE_SIZE))
    return figure

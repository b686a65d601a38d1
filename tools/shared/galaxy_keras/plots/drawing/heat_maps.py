"""Draw a heat map, such as a confusion matrix, with matplotlib."""

import textwrap
from collections.abc import Callable, Sequence
from typing import Any, TYPE_CHECKING

import numpy as np

from galaxy_keras.plots.charts import HeatMap, PlotStyle
from galaxy_keras.plots.drawing.figures import (
    EDGE,
    LABEL_SIZE,
    make_figure,
    measure,
    shorten,
    TITLE_SIZE,
    write_heading,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Lengths in inches
MIN_FIGURE = 7.0
MIN_MATRIX = 5.0
MIN_NUMBERED_CELL = 0.4
MIN_CELL = 0.12
AXIS_TITLE = 0.5
COLOR_BAR = 0.9
# Font sizes of numbers in points (1/72 inch)
MAX_NUMBER = 14
MIN_NUMBER = 7
# Lengths relative to the font size
DIGIT_WIDTH = 0.65
LINE_HEIGHT = 1.3
# Cells of heat maps with more columns do not show their numbers.
COLUMNS_WITH_NUMBERS = 30
# Characters per line of a label
LABEL_LINE = 20
# Luminance at which black and white text have the same contrast (contrast ratio of WCAG 2.2)
MIDDLE_LUMINANCE = 0.179


def draw_heat_map(heat_map: HeatMap, style: PlotStyle) -> "Figure":
    """Draw a heat map.

    Returns
    -------
    Figure
        If the style sets no size, 7 by 7 inches, and larger for many cells and long labels.
    """
    scale = style.font_size / LABEL_SIZE
    figure = make_figure(style, "compressed")
    axes = figure.subplots()
    if len(heat_map.columns) <= COLUMNS_WITH_NUMBERS:
        cell, bar = _draw_numbered_cells(axes, heat_map, scale), 0.0
    else:
        cell, bar = _draw_cells_with_bar(axes, heat_map, scale), COLOR_BAR
    beside, below = _label_cells(axes, heat_map, cell, style.font_size)
    axes.set_xlabel(shorten(style.x_label or heat_map.x_label), size=style.font_size, parse_math=False)
    axes.set_ylabel(shorten(style.y_label or heat_map.y_label), size=style.font_size, parse_math=False)
    width = cell * len(heat_map.columns) + beside + bar + (AXIS_TITLE + 2 * EDGE) * scale
    width = style.width or max(MIN_FIGURE, width)
    title_height = write_heading(figure, heat_map.title, TITLE_SIZE * scale, width)
    height = cell * len(heat_map.rows) + below + title_height + (AXIS_TITLE + 4 * EDGE) * scale
    figure.set_size_inches(width, style.height or max(MIN_FIGURE, height))
    return figure


def _draw_numbered_cells(axes: "Axes", heat_map: HeatMap, scale: float) -> float:
    """Draw colored cells with numbers, and return the side of a cell in inches."""
    values = heat_map.values
    # The lightest color is 0, not the smallest number in the cells.
    image = axes.imshow(values, cmap=heat_map.color_map, vmin=0, vmax=heat_map.largest or values.max())
    texts = [format(value, heat_map.number_format) for value in values.flat]
    # Relative to the font size, with the width of one character as distance to the next cell
    width = (max(map(len, texts)) + 1) * DIGIT_WIDTH
    cell = max(MIN_NUMBERED_CELL * scale, width * MIN_NUMBER * scale / 72, MIN_MATRIX / max(values.shape))
    colors = image.to_rgba(values)[..., :3]
    # For sRGB colors, with the exponent 2.2 instead of the exact curve
    luminance = colors**2.2 @ (0.2126, 0.7152, 0.0722)
    size = min(MAX_NUMBER * scale, cell * 72 / width)
    for (row, column), text in zip(np.ndindex(values.shape), texts, strict=True):
        color = "black" if luminance[row, column] > MIDDLE_LUMINANCE else "white"
        axes.text(column, row, text, size=size, color=color, ha="center", va="center")
    return cell


def _draw_cells_with_bar(axes: "Axes", heat_map: HeatMap, scale: float) -> float:
    """Draw colored cells and a color bar, and return the side of a cell in inches."""
    from matplotlib.ticker import MaxNLocator, PercentFormatter

    image = axes.imshow(
        heat_map.values, cmap=heat_map.color_map, vmin=0, vmax=heat_map.largest, interpolation="nearest"
    )
    bar_style: dict[str, Any]
    if heat_map.number_format == "d":
        bar_style = {"format": "{x:.0f}", "ticks": MaxNLocator(integer=True)}
    else:
        bar_style = {"format": PercentFormatter(1)}
    bar = axes.figure.colorbar(image, cax=axes.inset_axes((1.02, 0, 0.03, 1)), **bar_style)
    bar.ax.tick_params(labelsize=LABEL_SIZE * scale)
    return max(MIN_CELL * scale, MIN_MATRIX / max(heat_map.values.shape))


def _label_cells(axes: "Axes", heat_map: HeatMap, cell: float, font_size: float) -> tuple[float, float]:
    """Label the rows and the columns, and return the widths of both margins in inches."""
    size = min(font_size, cell * 72 / LINE_HEIGHT)
    line_count = int(cell * 72 / (size * LINE_HEIGHT))
    # A dollar sign in the name of a class does not start a formula.
    text_style = {"size": size, "parse_math": False}
    _set_ticks(axes.set_yticks, heat_map.rows, line_count, text_style)
    _set_ticks(axes.set_xticks, heat_map.columns, line_count, text_style)
    beside = max(measure(label)[0] for label in axes.get_yticklabels())
    widths, heights = zip(*(measure(label) for label in axes.get_xticklabels()), strict=True)
    if max(widths) <= 0.9 * cell:
        return beside, max(heights)
    _set_ticks(axes.set_xticks, heat_map.columns, line_count, {**text_style, "rotation": 90})
    return beside, max(widths)


def _set_ticks(set_ticks: Callable[..., object], labels: Sequence[str], line_count: int, text_style: dict) -> None:
    set_ticks(range(len(labels)), labels=[_wrap_label(label, line_count) for label in labels], **text_style)


def _wrap_label(label: str, line_count: int) -> str:
    """Break a label into at most ``line_count`` lines."""
    label = shorten(label)
    for letters in range(LABEL_LINE, len(label) + 1):
        lines = textwrap.wrap(label, letters)
        if len(lines) <= line_count:
            return "\n".join(lines)
    return label

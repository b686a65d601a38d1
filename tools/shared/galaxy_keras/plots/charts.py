"""Define what a plot consists of: its numbers as a table, and a description of the image for any drawing library."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import keras
    import pandas as pd

# Colors outside the palette: gray for reference lines such as the diagonal, black for averages and best points.
REFERENCE, EMPHASIS = -1, -2
# Distinguishable colors of lines. Black is reserved for averages, and yellow is too light.
COLORS_PER_DASH = 6
DASHES = ("solid", "dashed", "dotted")
# Browsers cannot open pages with many more points.
MAX_POINTS = 20_000
MAX_LINES = COLORS_PER_DASH * len(DASHES)


@dataclass(frozen=True)
class Series:
    """A line, set of points, set of bars or histogram in a panel.

    Attributes
    ----------
    x, y
        Shape (n_points,). For a histogram (``steps``), ``x`` contains the bin edges, one more than the heights ``y``.
        For ``bars``, ``x`` contains the lengths of the bars and ``y`` their positions from the top.
    name
        Name in the legend; empty for none. The legend lists series with the same name once.
    kind
        ``line``, ``points``, ``steps`` or ``bars``.
    color
        Index in the palette, :data:`REFERENCE` or :data:`EMPHASIS`.
    dash
        ``solid``, ``dashed`` or ``dotted``.
    error
        Half the length of each error bar.
    marker
        matplotlib's marker, such as ``o``; empty for none.
    hover
        Text that an interactive plot shows for each point in addition to its numbers.
    detail
        Text after the name in the legend, such as an area. It is kept when a long name is shortened.
    """

    x: np.ndarray
    y: np.ndarray
    name: str = ""
    kind: str = "line"
    color: int = 0
    dash: str = "solid"
    error: np.ndarray | None = None
    marker: str = ""
    hover: Sequence[str] | None = None
    detail: str = ""

    @property
    def full_name(self) -> str:
        """Name and detail."""
        return self.name + self.detail


def style_line(index: int) -> dict[str, Any]:
    """Return the color and dash of a line by its index; they are unique among ``MAX_LINES`` lines."""
    return {"color": index % COLORS_PER_DASH, "dash": DASHES[index // COLORS_PER_DASH]}


@dataclass(frozen=True)
class Panel:
    """A pair of axes with its series.

    Attributes
    ----------
    is_share
        Whether both axes range from 0 to 1 at the same scale.
    whole_x
        Whether the horizontal axis shows whole numbers only.
    bar_labels
        Labels of the bars, from the top.
    is_log
        Whether the vertical axis is logarithmic.
    """

    x_label: str
    y_label: str
    series: Sequence[Series]
    title: str = ""
    is_share: bool = False
    whole_x: bool = False
    bar_labels: Sequence[str] = ()
    is_log: bool = False


@dataclass(frozen=True)
class Chart:
    """One or more panels with one title and one legend."""

    title: str
    panels: Sequence[Panel]


@dataclass(frozen=True)
class HeatMap:
    """Colored cells that show numbers.

    Attributes
    ----------
    values
        Shape (n_rows, n_columns). Integers are shown unchanged, fractions (0–1) as percentages.
    rows, columns
        Labels of the rows from the top, and of the columns from the left.
    largest
        Value that has the last color; None uses the maximum.
    """

    title: str
    values: np.ndarray
    rows: Sequence[str]
    columns: Sequence[str]
    x_label: str
    y_label: str
    color_map: str
    largest: float | None = None

    @property
    def number_format(self) -> str:
        """Format specification of the numbers in the cells."""
        return "d" if self.values.dtype.kind == "i" else ".1%"


@dataclass(frozen=True)
class Diagram:
    """The layers of a network and their connections."""

    title: str
    model: "keras.Model"


@dataclass(frozen=True)
class Plot:
    """A computed plot: its numbers, its image, and lines for the log of the job."""

    table: "pd.DataFrame"
    image: Chart | HeatMap | Diagram
    notes: list[str] = field(default_factory=list)


def thin_out(plot: Plot, most_points: int = MAX_POINTS) -> Plot:
    """Return a plot that draws at most ``most_points`` points per line, evenly chosen; its table keeps all of them."""
    if not isinstance(plot.image, Chart):
        return plot
    longest = max(len(series.x) for panel in plot.image.panels for series in panel.series)
    if longest <= most_points:
        return plot
    panels = [
        replace(panel, series=[_thin_series(series, most_points) for series in panel.series])
        for panel in plot.image.panels
    ]
    note = f"The image shows at most {most_points:,} points per line, evenly chosen from up to {longest:,}"
    return replace(plot, image=replace(plot.image, panels=panels), notes=[*plot.notes, note])


def _thin_series(series: Series, most_points: int) -> Series:
    if len(series.x) <= most_points:
        return series
    chosen = np.linspace(0, len(series.x) - 1, most_points).astype(int)
    hover = None if series.hover is None else [series.hover[place] for place in chosen]
    error = None if series.error is None else np.asarray(series.error)[chosen]
    return replace(series, x=np.asarray(series.x)[chosen], y=np.asarray(series.y)[chosen], hover=hover, error=error)


@dataclass(frozen=True)
class PlotStyle:
    """Options of an image. None chooses a value that suits the plot.

    Attributes
    ----------
    width, height
        Inches.
    resolution
        Dots per inch, for PNG.
    font_size
        Font size of most texts in points.
    palette
        Name of a palette; see :func:`figures.choose_colors`.
    """

    width: float | None = None
    height: float | None = None
    resolution: int = 125
    font_size: float = 10.0
    x_label: str = ""
    y_label: str = ""
    palette: str = "okabe_ito"

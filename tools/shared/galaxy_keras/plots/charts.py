"""What a plot shows, whatever draws it: its numbers as a table, and a description of the image."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import keras
    import pandas as pd

# Colors beside the palette: gray for what is no data, such as the diagonal, and black for averages and best points.
REFERENCE, EMPHASIS = -1, -2
# Lines that the legend tells apart: black is the averages', and yellow is weak.
COLORS_IN_A_ROUND = 6
DASHES = ("solid", "dashed", "dotted")
# More points make a page that no browser opens.
MOST_POINTS = 20_000
MOST_LINES = COLORS_IN_A_ROUND * len(DASHES)


@dataclass(frozen=True)
class Series:
    """One line, set of points, set of bars or histogram of a panel.

    Attributes
    ----------
    x, y
        Shape (n_points,). Of a histogram (``steps``) ``x`` holds one edge more than there are heights ``y``; of
        ``bars`` ``x`` holds the bars' lengths and ``y`` their places from the top.
    name
        As the legend shows it; blank for none. Series of one name in several panels stand in the legend once.
    kind
        ``line``, ``points``, ``steps`` or ``bars``.
    color
        Place in the palette, :data:`REFERENCE` or :data:`EMPHASIS`.
    dash
        ``solid``, ``dashed`` or ``dotted``.
    error
        Half the length of each error bar.
    marker
        matplotlib's sign of a point, such as ``o``; blank for a line without.
    hover
        What an interactive plot says about each point beside its numbers.
    detail
        What follows the name in the legend, and is kept where a long name is cut, such as an area.
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


def tell_apart(place: int) -> dict[str, Any]:
    """Give color and dash of the line at a place (from 0), which no other of ``MOST_LINES`` lines has."""
    return {"color": place % COLORS_IN_A_ROUND, "dash": DASHES[place // COLORS_IN_A_ROUND]}


@dataclass(frozen=True)
class Panel:
    """A pair of axes with what is drawn in it.

    Attributes
    ----------
    is_share
        Whether both axes go from 0 to 1 and have the same scale.
    whole_x
        Whether the horizontal axis counts something.
    bar_labels
        Names of the bars, the first at the top.
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
    """One or more panels under one title, with one legend."""

    title: str
    panels: Sequence[Panel]


@dataclass(frozen=True)
class HeatMap:
    """Colored cells with numbers in them.

    Attributes
    ----------
    values
        Shape (n_rows, n_columns); whole numbers are written as such, shares (0 to 1) in percent.
    rows, columns
        Labels of the rows, from the top, and of the columns.
    largest
        Value of the last color; None for the largest that occurs.
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
        """Python's format of the numbers in the cells."""
        return "d" if self.values.dtype.kind == "i" else ".1%"


@dataclass(frozen=True)
class Diagram:
    """The layers of a network and what connects them."""

    title: str
    model: "keras.Model"


@dataclass(frozen=True)
class Plot:
    """What a plot's family gives: the numbers, the image, and what the job's log says."""

    table: "pd.DataFrame"
    image: Chart | HeatMap | Diagram
    notes: list[str] = field(default_factory=list)


def thin_out(plot: Plot, most_points: int = MOST_POINTS) -> Plot:
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
    """How an image shall look; None leaves it to the image.

    Attributes
    ----------
    width, height
        In inches.
    resolution
        Dots in an inch, for PNG.
    font_size
        Size of most letters in points.
    palette
        Colors of the series; see :func:`figures.choose_colors`.
    """

    width: float | None = None
    height: float | None = None
    resolution: int = 125
    font_size: float = 10.0
    x_label: str = ""
    y_label: str = ""
    palette: str = "okabe_ito"

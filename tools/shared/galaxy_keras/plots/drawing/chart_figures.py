"""Draw a chart of lines, points, bars and histograms with matplotlib."""

import textwrap
from collections.abc import Sequence
from typing import Any, TYPE_CHECKING

from galaxy_keras.plots.charts import Chart, Panel, PlotStyle, REFERENCE, Series
from galaxy_keras.plots.drawing.figures import (
    choose_colors,
    color_of,
    label_of,
    LABEL_SIZE,
    make_figure,
    MAX_NAME_LENGTH,
    measure,
    shorten,
    TITLE_SIZE,
    write_heading,
)

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Lengths in inches
ONE_PANEL = (6.5, 5.0)
# Two panels side by side are readable where Galaxy shows a plot 660 pixels wide.
SMALL_PANEL = (4.0, 3.4)
BAR = 0.24
SQUARE_PANEL = (5.0, 4.7)
LEGEND_SIGN = 0.7
COLUMN_GAP = 0.25
# In the height of a letter
LEGEND_LINE = 1.7
PANELS_PER_ROW = 2
# Letters per line of a title or axis label.
PANEL_LINE = 30
# A longer legend would take more room than the plot.
LEGEND_ENTRIES = 24
# More points are drawn without outlines and half transparent, so that dense regions can be seen.
FEW_POINTS = 200
DASHES = {"solid": "-", "dashed": "--", "dotted": ":"}


def draw_chart(chart: Chart, style: PlotStyle) -> "Figure":
    """Draw a chart: up to two panels per row and one legend.

    Returns
    -------
    Figure
        If the style sets no size, the figure grows with the number of panels and bars and with the length of names.
    """
    figure = make_figure(style, "constrained")
    rows, columns = arrange_panels(len(chart.panels))
    grid = figure.subplots(rows, columns, squeeze=False)
    colors = choose_colors(style.palette, count_colors(chart))
    for axes, panel in zip(grid.flat, chart.panels, strict=False):
        _draw_panel(axes, panel, style, colors)
    for axes in grid.flat[len(chart.panels) :]:
        axes.remove()
    _set_size(figure, chart, style)
    return figure


def arrange_panels(count: int) -> tuple[int, int]:
    """Return the number of rows and columns of a grid of panels."""
    columns = min(count, PANELS_PER_ROW)
    return -(-count // columns), columns


def count_colors(chart: Chart) -> int:
    """Return the number of different colors in a chart."""
    return 1 + max((series.color for panel in chart.panels for series in panel.series), default=0)


def _draw_panel(axes: "Axes", panel: Panel, style: PlotStyle, colors: Sequence[str]) -> None:
    from matplotlib.ticker import MaxNLocator

    for series in panel.series:
        DRAWERS[series.kind](axes, series, color_of(series.color, colors))
    text_style: dict[str, Any] = {"size": style.font_size, "parse_math": False}
    axes.set_xlabel(textwrap.fill(shorten(style.x_label or panel.x_label), PANEL_LINE), **text_style)
    axes.set_ylabel(textwrap.fill(shorten(style.y_label or panel.y_label), PANEL_LINE), **text_style)
    if panel.title:
        axes.set_title(textwrap.fill(shorten(panel.title, MAX_NAME_LENGTH), PANEL_LINE), **text_style)
    axes.tick_params(labelsize=0.9 * style.font_size)
    axes.spines[["top", "right"]].set_visible(False)
    if panel.bar_labels:
        names = [shorten(label, MAX_NAME_LENGTH) for label in panel.bar_labels]
        axes.set_yticks(range(len(names)), labels=names, parse_math=False)
        axes.set_ylim(len(names) - 0.4, -0.6)
        axes.grid(axis="x", color="#e5e5e5")
    else:
        axes.grid(color="#e5e5e5")
    axes.set_axisbelow(True)
    if panel.whole_x:
        axes.xaxis.set_major_locator(MaxNLocator("auto", steps=[1, 2, 2.5, 5, 10], integer=True, min_n_ticks=1))
    if panel.is_log:
        axes.set_yscale("log")
    if panel.is_share:
        axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02), box_aspect=1)


def _draw_line(axes: "Axes", series: Series, color: str) -> None:
    is_reference = series.color == REFERENCE
    line_style: dict[str, Any] = {
        "color": color,
        "linestyle": DASHES[series.dash],
        "marker": series.marker,
        "markersize": 3.5,
        "linewidth": 1.3 if is_reference else 1.7,
        "label": series.full_name,
        "zorder": 1.5 if is_reference else 2.5,
    }
    if series.error is None:
        axes.plot(series.x, series.y, **line_style)
    else:
        axes.errorbar(series.x, series.y, yerr=series.error, capsize=3, elinewidth=1.0, **line_style)


def _draw_points(axes: "Axes", series: Series, color: str) -> None:
    few = len(series.x) <= FEW_POINTS
    # Many points become pixels even in SVG and PDF, because viewers cannot open a file with 100,000 outlines.
    axes.plot(
        series.x,
        series.y,
        linestyle="",
        color=color,
        marker=series.marker or "o",
        markersize=9 if series.marker == "*" else 4.5 if few else 3,
        alpha=1.0 if series.marker == "*" else 0.8 if few else 0.3,
        markeredgewidth=0.5 if few else 0.0,
        markeredgecolor="white" if few and not series.marker else color,
        label=series.full_name,
        # A line must remain visible above many points.
        zorder=3 if few else 2,
        rasterized=len(series.x) > 10 * FEW_POINTS,
    )


def _draw_steps(axes: "Axes", series: Series, color: str) -> None:
    axes.stairs(series.y, series.x, fill=True, color=color, alpha=0.25)
    axes.stairs(series.y, series.x, color=color, linewidth=1.5, linestyle=DASHES[series.dash], label=series.full_name)


def _draw_bars(axes: "Axes", series: Series, color: str) -> None:
    axes.barh(series.y, series.x, height=0.75, color=color, label=series.full_name or "_")
    if series.error is not None:
        axes.errorbar(series.x, series.y, xerr=series.error, fmt="none", ecolor="black", elinewidth=1.0, capsize=2)


DRAWERS = {"line": _draw_line, "points": _draw_points, "steps": _draw_steps, "bars": _draw_bars}


def _list_legend(figure: "Figure", chart: Chart) -> tuple[list["Artist"], list[str]]:
    """Return handles and labels of the legend; every name occurs once."""
    entries: dict[str, Artist] = {}
    for axes in figure.axes:
        for handle, name in zip(*axes.get_legend_handles_labels(), strict=True):
            entries.setdefault(name, handle)
    names = list(entries)[:LEGEND_ENTRIES]
    known = {series.full_name: label_of(series) for panel in chart.panels for series in panel.series}
    labels = [known[name] for name in names]
    if len(entries) > len(names):
        labels[-1] = f"and {len(entries) - len(names) + 1} more"
    return [entries[name] for name in names], labels


def _draw_legend(figure: "Figure", chart: Chart, font_size: float, below: float | None) -> tuple[float, float]:
    """Draw the legend at the right of a single panel or below several, and return its size.

    Parameters
    ----------
    below
        Width in inches that a legend below the panels may take; None draws the legend at the right.

    Returns
    -------
    (width, height)
        In inches.
    """
    handles, labels = _list_legend(figure, chart)
    if not handles:
        return 0.0, 0.0
    place = "outside right center" if below is None else "outside lower center"
    width, height = _add_legend(figure, handles, labels, place, font_size)
    if below is None:
        return width, height * len(labels)
    columns = min(len(labels), max(1, int(below / (width + COLUMN_GAP * font_size / LABEL_SIZE))))
    if columns > 1:
        figure.legends[0].remove()
        _add_legend(figure, handles, labels, place, font_size, columns)
    return below, height * -(-len(labels) // columns)


def _add_legend(
    figure: "Figure", handles: list["Artist"], labels: list[str], place: str, font_size: float, columns: int = 1
) -> tuple[float, float]:
    """Add a legend and return the width and height of its largest entry in inches."""
    legend = figure.legend(handles, labels, loc=place, frameon=False, fontsize=0.9 * font_size, ncols=columns)
    for text in legend.get_texts():
        text.set_parse_math(False)
    sizes = [measure(text) for text in legend.get_texts()]
    sign = LEGEND_SIGN * font_size / LABEL_SIZE
    return sign + max(width for width, _ in sizes), LEGEND_LINE * max(height for _, height in sizes)


def _choose_panel_size(chart: Chart) -> tuple[float, float]:
    """Return the width and height of a panel with its labels in inches."""
    if len(chart.panels) > 1:
        return SMALL_PANEL
    return SQUARE_PANEL if chart.panels[0].is_share else ONE_PANEL


def _set_size(figure: "Figure", chart: Chart, style: PlotStyle) -> None:
    """Draw title and legend, and make the figure large enough for them and for every panel."""
    scale = style.font_size / LABEL_SIZE
    rows, columns = arrange_panels(len(chart.panels))
    panel_width, panel_height = _choose_panel_size(chart)
    bars = max(len(panel.bar_labels) for panel in chart.panels)
    width = style.width or panel_width * scale * columns
    legend_width, legend_height = _draw_legend(figure, chart, style.font_size, width if columns > 1 else None)
    is_right = columns == 1
    if is_right and not style.width:
        width += legend_width
    heading = write_heading(figure, chart.title, TITLE_SIZE * scale, width)
    panels = max(panel_height, BAR * bars + 0.8) * scale * rows
    # A legend at the right is centered, and must not reach up to the title.
    height = max(panels, legend_height + heading) if is_right else panels + legend_height
    figure.set_size_inches(width, style.height or height + heading + 0.2)

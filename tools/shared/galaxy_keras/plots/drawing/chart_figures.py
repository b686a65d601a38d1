"""Draw a chart of lines, points, bars and histograms with matplotlib."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from galaxy_keras.plots.charts import Chart, Panel, PlotStyle, REFERENCE, Series
from galaxy_keras.plots.drawing.figures import (
    choose_colors,
    color_of,
    label_of,
    LABEL_SIZE,
    LONGEST_NAME,
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
ONE_PANEL = (6.5, 5.0)
SMALL_PANEL = (4.8, 3.8)
BAR = 0.24
LEGEND_SIGN = 0.7
# In the height of a line's letters
LEGEND_LINE = 1.7
PANELS_IN_A_ROW = 3
# With more entries than this a legend takes more room than the picture.
LEGEND_ENTRIES = 24
# More points than this are drawn without their own outline and half transparent, so that dense places can be seen.
FEW_POINTS = 200
DASHES = {"solid": "-", "dashed": "--", "dotted": ":"}


def draw_chart(chart: Chart, style: PlotStyle) -> "Figure":
    """Draw a chart: its panels in rows of up to three, and one legend at the right.

    Returns
    -------
    Figure
        Larger for many panels, long names and many bars, where the look says nothing.
    """
    figure = make_figure(style, "constrained")
    rows, columns = arrange_panels(len(chart.panels))
    grid = figure.subplots(rows, columns, squeeze=False)
    colors = choose_colors(style.palette, count_colors(chart))
    for axes, panel in zip(grid.flat, chart.panels, strict=False):
        _draw_panel(axes, panel, style, colors)
    for axes in grid.flat[len(chart.panels) :]:
        axes.remove()
    legend = _draw_legend(figure, chart, style.font_size)
    _set_size(figure, chart, style, legend)
    return figure


def arrange_panels(count: int) -> tuple[int, int]:
    """Give the number of rows and columns of a grid of panels."""
    columns = 2 if count == 4 else min(count, PANELS_IN_A_ROW)
    return -(-count // columns), columns


def count_colors(chart: Chart) -> int:
    """Give how many different colors a chart takes."""
    return 1 + max((series.color for panel in chart.panels for series in panel.series), default=0)


def _draw_panel(axes: "Axes", panel: Panel, style: PlotStyle, colors: Sequence[str]) -> None:
    for series in panel.series:
        DRAWERS[series.kind](axes, series, color_of(series.color, colors))
    text_style = {"size": style.font_size, "parse_math": False}
    axes.set_xlabel(shorten(style.x_label or panel.x_label), **text_style)
    axes.set_ylabel(shorten(style.y_label or panel.y_label), **text_style)
    if panel.title:
        axes.set_title(shorten(panel.title, LONGEST_NAME), **text_style)
    axes.tick_params(labelsize=0.9 * style.font_size)
    axes.spines[["top", "right"]].set_visible(False)
    if panel.bar_labels:
        names = [shorten(label, LONGEST_NAME) for label in panel.bar_labels]
        axes.set_yticks(range(len(names)), labels=names, parse_math=False)
        axes.set_ylim(len(names) - 0.4, -0.6)
        axes.grid(axis="x", color="#e5e5e5")
    else:
        axes.grid(color="#e5e5e5")
    axes.set_axisbelow(True)
    if panel.whole_x:
        axes.xaxis.get_major_locator().set_params(integer=True, min_n_ticks=1)
    if panel.is_log:
        axes.set_yscale("log")
    if panel.is_share:
        axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02))


def _draw_line(axes: "Axes", series: Series, color: str) -> None:
    is_reference = series.color == REFERENCE
    line_style = {
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
    # As an image even in SVG and PDF: a hundred thousand outlines make a file that nothing opens.
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
        # A line through a crowd of points must be seen.
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


def _draw_legend(figure: "Figure", chart: Chart, font_size: float) -> tuple[float, float]:
    """Write what the colors and dashes mean at the right, and give the width and height of that in inches."""
    entries = {}
    for axes in figure.axes:
        for handle, name in zip(*axes.get_legend_handles_labels(), strict=True):
            entries.setdefault(name, handle)
    if not entries:
        return 0.0, 0.0
    names = list(entries)[:LEGEND_ENTRIES]
    known = {series.full_name: label_of(series) for panel in chart.panels for series in panel.series}
    labels = [known[name] for name in names]
    if len(entries) > len(names):
        labels[-1] = f"and {len(entries) - len(names) + 1} more"
    legend = figure.legend(
        [entries[name] for name in names],
        labels,
        loc="outside right center",
        frameon=False,
        fontsize=0.9 * font_size,
    )
    for text in legend.get_texts():
        text.set_parse_math(False)
    sizes = [measure(text) for text in legend.get_texts()]
    width = LEGEND_SIGN * font_size / LABEL_SIZE + max(width for width, _ in sizes)
    return width, LEGEND_LINE * sum(height for _, height in sizes)


def _set_size(figure: "Figure", chart: Chart, style: PlotStyle, legend: tuple[float, float]) -> None:
    """Give every panel, the legend and the title their place."""
    scale = style.font_size / LABEL_SIZE
    rows, columns = arrange_panels(len(chart.panels))
    panel_width, panel_height = ONE_PANEL if len(chart.panels) == 1 else SMALL_PANEL
    bars = max(len(panel.bar_labels) for panel in chart.panels)
    width = style.width or panel_width * scale * columns + legend[0]
    heading = write_heading(figure, chart.title, TITLE_SIZE * scale, width)
    # The legend stands in the middle of the height, and must not reach up to the title.
    height = max(max(panel_height, BAR * bars + 0.8) * scale * rows, legend[1] + heading) + heading + 0.2
    figure.set_size_inches(width, style.height or height)

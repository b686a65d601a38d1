"""Describe a plot as the JSON document that plotly's JavaScript library draws.

The document consists of dictionaries. plotly's Python classes would validate it, but their import takes as long as the
rest of the job; only the tests use them.
"""

import html
import textwrap
from collections.abc import Sequence
from typing import Any

import numpy as np

from galaxy_keras.plots.charts import Chart, HeatMap, Panel, PlotStyle, Series
from galaxy_keras.plots.drawing.chart_figures import arrange_panels, count_colors, FEW_POINTS
from galaxy_keras.plots.drawing.figures import (
    choose_colors,
    color_of,
    label_of,
    MAX_NAME_LENGTH,
    MAX_TITLE_LENGTH,
    shorten,
    TITLE_LINE,
)

DASHES = {"solid": "solid", "dashed": "dash", "dotted": "dot"}
MARKERS = {"o": "circle", "*": "star", "s": "square", "^": "triangle-up"}
# Pixels
PANEL_HEIGHT = 460
BAR_HEIGHT = 22
MARGINS = 160
TITLE_TOP = 14
MIN_HEAT_MAP = 600
# An axis of whole numbers labels each of at most this many values; plotly would add fractions between them.
FEW_COUNTS = 12
Document = dict[str, Any]


def describe_figure(image: Chart | HeatMap, style: PlotStyle) -> Document:
    """Return ``data`` and ``layout`` of a figure; numbers that are not finite are None."""
    return _describe_heat_map(image, style) if isinstance(image, HeatMap) else _describe_chart(image, style)


def _describe_chart(chart: Chart, style: PlotStyle) -> Document:
    rows, columns = arrange_panels(len(chart.panels))
    colors = choose_colors(style.palette, count_colors(chart))
    traces: list[Document] = []
    axes: Document = {}
    titles: list[Document] = []
    named: set[str] = set()
    for number, panel in enumerate(chart.panels, start=1):
        place = "" if number == 1 else str(number)
        for series in panel.series:
            trace = _describe_series(series, panel, color_of(series.color, colors))
            name = series.full_name
            trace.update(xaxis=f"x{place}", yaxis=f"y{place}", legendgroup=name)
            traces.append({**trace, "showlegend": bool(name) and name not in named})
            named.add(name)
        axes.update(_describe_axes(panel, style, place))
        if panel.title:
            titles.append(_describe_title(panel.title, place))
    bars = max(len(panel.bar_labels) for panel in chart.panels)
    height = max(PANEL_HEIGHT, BAR_HEIGHT * bars + MARGINS) * rows
    grid = {"rows": rows, "columns": columns, "pattern": "independent"}
    layout = {**_describe_layout(chart.title, style, height), **axes, "annotations": titles, "grid": grid}
    return {"data": traces, "layout": layout}


def _describe_series(series: Series, panel: Panel, color: str) -> Document:
    y = _list_numbers(series.y)
    trace: Document = {
        "type": "scatter",
        "x": _list_numbers(series.x),
        "y": y,
        "name": _escape(label_of(series)) or " ",
    }
    if series.kind == "bars":
        trace.update(type="bar", orientation="h", marker={"color": color})
    elif series.kind == "points":
        trace.update(mode="markers", marker=_describe_points(series, color))
    else:
        trace.update(mode="lines", line={"color": color, "dash": DASHES[series.dash]})
        if series.marker:
            trace.update(mode="lines+markers", marker={"symbol": MARKERS[series.marker]})
    if series.kind == "steps":
        trace["line"]["shape"] = "hv"
        trace.update(y=[*y, y[-1]], fill="tozeroy")
    if series.error is not None:
        axis = "error_x" if series.kind == "bars" else "error_y"
        trace[axis] = {"type": "data", "array": _list_numbers(series.error)}
    if series.hover is not None or series.kind == "bars":
        hover = panel.bar_labels if series.hover is None else series.hover
        trace["hovertext"] = [_escape(text) for text in hover]
    return trace


def _describe_points(series: Series, color: str) -> Document:
    # As in the images, many points are transparent so that dense regions can be seen.
    few = len(series.x) <= FEW_POINTS
    marker_style = {"size": 7, "opacity": 0.8} if few else {"size": 4, "opacity": 0.3}
    if series.marker == "*":
        marker_style = {"size": 12, "opacity": 1.0}
    return {"color": color, "symbol": MARKERS[series.marker or "o"], **marker_style}


def _describe_axes(panel: Panel, style: PlotStyle, place: str) -> Document:
    x_axis, y_axis = _describe_axis(style.x_label or panel.x_label), _describe_axis(style.y_label or panel.y_label)
    if panel.is_log:
        y_axis["type"] = "log"
    if panel.is_share:
        x_axis["range"] = y_axis["range"] = [-0.02, 1.02]
    counts = sorted({number for series in panel.series for number in _list_numbers(series.x) if number is not None})
    if panel.whole_x and len(counts) <= FEW_COUNTS:
        x_axis["tickvals"] = counts
    if panel.bar_labels:
        count = len(panel.bar_labels)
        y_axis.update(_describe_ticks(panel.bar_labels), range=[count - 0.4, -0.6])
    return {f"xaxis{place}": x_axis, f"yaxis{place}": y_axis}


def _describe_title(title: str, place: str) -> Document:
    """Return the title of a panel, centered above its axes."""
    position = {"x": 0.5, "xref": f"x{place} domain", "y": 1, "yref": f"y{place} domain"}
    text = _escape(shorten(title, MAX_NAME_LENGTH))
    return {"text": text, **position, "xanchor": "center", "yanchor": "bottom", "showarrow": False}


def _describe_heat_map(heat_map: HeatMap, style: PlotStyle) -> Document:
    from matplotlib import colormaps
    from matplotlib.colors import to_hex

    shades = [[step / 10, to_hex(colormaps[heat_map.color_map](step / 10))] for step in range(11)]
    # By index instead of label: plotly would use labels that look like numbers as positions.
    trace = {
        "type": "heatmap",
        "z": heat_map.values.tolist(),
        "text": [[format(value, heat_map.number_format) for value in row] for row in heat_map.values],
        "texttemplate": "%{text}",
        "colorscale": shades,
        "zmin": 0,
        "zmax": float(heat_map.largest or heat_map.values.max()),
        "customdata": [[[_escape(row), _escape(column)] for column in heat_map.columns] for row in heat_map.rows],
        "hovertemplate": f"{_escape(heat_map.y_label)}: %{{customdata[0]}}<br>{_escape(heat_map.x_label)}: "
        "%{customdata[1]}<br>%{text}<extra></extra>",
    }
    y_axis = {**_describe_axis(style.y_label or heat_map.y_label), **_describe_ticks(heat_map.rows)}
    x_axis = {**_describe_axis(style.x_label or heat_map.x_label), **_describe_ticks(heat_map.columns)}
    height = max(MIN_HEAT_MAP, BAR_HEIGHT * len(heat_map.rows) + MARGINS)
    layout = _describe_layout(heat_map.title, style, height)
    return {"data": [trace], "layout": {**layout, "xaxis": x_axis, "yaxis": {**y_axis, "autorange": "reversed"}}}


def _describe_axis(label: str) -> Document:
    return {"title": {"text": _escape(label)}, "automargin": True}


def _describe_ticks(labels: Sequence[str]) -> Document:
    texts = [_escape(shorten(label, MAX_NAME_LENGTH)) for label in labels]
    return {"tickvals": list(range(len(texts))), "ticktext": texts}


def _describe_layout(title: str, style: PlotStyle, height: float) -> Document:
    size = {"height": style.height * 100 if style.height else height}
    if style.width:
        size["width"] = style.width * 100
    lines = [_escape(line) for line in textwrap.wrap(shorten(title, MAX_TITLE_LENGTH), TITLE_LINE)]
    return {
        # Fixed distance from the top for any number of lines
        "title": {
            "text": "<br>".join(lines),
            "y": 1 - TITLE_TOP / size["height"],
            "yanchor": "top",
            "automargin": True,
        },
        "font": {"size": 1.3 * style.font_size},
        "legend": {"tracegroupgap": 0},
        **size,
    }


def _list_numbers(values: "np.ndarray | Sequence[float]") -> list[float | None]:
    """Return numbers for JSON, which supports neither NaN nor infinity."""
    numbers = np.asarray(values, dtype=np.float64)
    return [number if np.isfinite(number) else None for number in numbers.tolist()]


def _escape(text: str) -> str:
    """Escape text, because plotly interprets tags."""
    return html.escape(shorten(text, MAX_TITLE_LENGTH), quote=False)

"""Write a plot as one interactive HTML page, drawn by plotly and complete without a network.

Galaxy takes scripts and embedded images out of the pages of tools that its administrator does not trust, and shows a
script's text instead. So the page keeps all that is not text in attributes: what is left is a readable summary. The
library is compressed, which a browser undoes; it is by far the largest part of the page.
"""

import base64
import gzip
import html
from pathlib import Path
from typing import TYPE_CHECKING

from chart_figures import arrange_panels, count_colors, LONGEST_NAME
from charts import Chart, HeatMap, Look, Panel, Plot, Series
from figures import choose_colors, color_of, render_figure, shorten
from galaxy_keras.outputs import write_complete

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from plotly.graph_objects import Figure as PlotlyFigure

DASHES = {"solid": "solid", "dashed": "dash", "dotted": "dot"}
MARKERS = {"o": "circle", "*": "star", "s": "square", "^": "triangle-up"}
# A page of 4 % more than with the best compression, in a third of its time
COMPRESSION = 4
# Pixels
PANEL_HEIGHT = 460
BAR_HEIGHT = 22
# In no script element: where scripts are not allowed, its text would stand on the page.
START = """
const read = (name) => Uint8Array.from(atob(document.body.getAttribute(name)), (c) => c.charCodeAt(0));
const open = (name) => new Response(
  new Blob([read(name)]).stream().pipeThrough(new DecompressionStream('gzip'))).text();
Promise.all([open('data-library'), open('data-figure')]).then(([library, figure]) => {
  const script = document.createElement('script');
  script.text = library;
  document.head.append(script);
  const {data, layout} = JSON.parse(figure);
  document.getElementById('still').hidden = true;
  Plotly.newPlot('plot', data, layout, {responsive: true, displaylogo: false});
});
"""
PAGE = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"></head>
<body style="font-family: sans-serif" onload="{start}" data-figure="{figure}" data-library="{library}">
<div id="plot"></div>
<img id="still" style="max-width: 100%" alt="{hint}" src="data:image/svg+xml;base64,{still}">
<h4>{title}</h4>
{notes}
</body>
</html>
"""
HINT = (
    "(The picture is not shown, because this Galaxy takes scripts and images out of pages. Download the page and open "
    "it in a browser, or run the tool with PNG as format.)"
)


def write_page(plot: Plot, still: "Figure", look: Look, path: Path) -> None:
    """Write a page with a plot, complete or not at all.

    Parameters
    ----------
    still
        The same plot by matplotlib, shown where scripts do not run.
    """
    from plotly.offline import get_plotlyjs

    picture = plot.picture
    figure = _make_heat_map(picture, look) if isinstance(picture, HeatMap) else _make_chart(picture, look)
    content = PAGE.format(
        start=html.escape(START),
        figure=_compress(figure.to_json()),
        library=_compress(get_plotlyjs()),
        hint=html.escape(HINT),
        still=base64.b64encode(render_figure(still, "svg")).decode(),
        title=html.escape(picture.title),
        notes="\n".join(f"<p>{html.escape(note)}</p>" for note in plot.notes),
    )
    with write_complete(path) as beside:
        beside.write_text(content, encoding="utf-8")


def _compress(text: str) -> str:
    # A fixed time stamp: the same numbers give the same file.
    return base64.b64encode(gzip.compress(text.encode(), COMPRESSION, mtime=0)).decode()


def _make_chart(chart: Chart, look: Look) -> "PlotlyFigure":
    from plotly.subplots import make_subplots

    rows, columns = arrange_panels(len(chart.panels))
    titles = [_escape(shorten(panel.title, LONGEST_NAME)) for panel in chart.panels]
    figure = make_subplots(rows=rows, cols=columns, subplot_titles=titles if any(titles) else None)
    colors = choose_colors(look.palette, count_colors(chart))
    named: set[str] = set()
    for number, panel in enumerate(chart.panels):
        place = {"row": number // columns + 1, "col": number % columns + 1}
        for series in panel.series:
            trace = _make_trace(series, panel, color_of(series.color, colors))
            trace.update(showlegend=bool(series.name) and series.name not in named, legendgroup=series.name)
            named.add(series.name)
            figure.add_trace(trace, **place)
        _set_axes(figure, panel, look, place)
    bars = max(len(panel.bar_labels) for panel in chart.panels)
    _set_layout(figure, chart.title, look, max(PANEL_HEIGHT, BAR_HEIGHT * bars + 160) * rows)
    return figure


def _make_trace(series: Series, panel: Panel, color: str) -> dict:
    x, y = list(map(float, series.x)), list(map(float, series.y))
    trace = {"type": "scatter", "x": x, "y": y, "name": _escape(series.name) or " ", "mode": "lines"}
    if series.kind == "bars":
        trace.update(type="bar", orientation="h", marker={"color": color})
        del trace["mode"]
    elif series.kind == "points":
        trace.update(mode="markers", marker={"color": color, "symbol": MARKERS[series.marker or "o"]})
    else:
        trace["line"] = {"color": color, "dash": DASHES[series.dash]}
        if series.marker:
            trace.update(mode="lines+markers", marker={"symbol": MARKERS[series.marker]})
    if series.kind == "steps":
        trace["line"]["shape"] = "hv"
        trace.update(y=[*y, y[-1]], fill="tozeroy")
    if series.error is not None:
        axis = "error_x" if series.kind == "bars" else "error_y"
        trace[axis] = {"type": "data", "array": list(map(float, series.error))}
    if series.hover is not None:
        trace["hovertext"] = [_escape(text) for text in series.hover]
    elif series.kind == "bars":
        trace["hovertext"] = [_escape(label) for label in panel.bar_labels]
    return trace


def _set_axes(figure: "PlotlyFigure", panel: Panel, look: Look, place: dict[str, int]) -> None:
    x_axis = {"title": {"text": _escape(look.x_label or panel.x_label)}}
    y_axis = {"title": {"text": _escape(look.y_label or panel.y_label)}}
    if panel.is_share:
        x_axis["range"] = y_axis["range"] = [-0.02, 1.02]
    if panel.bar_labels:
        ticks = [_escape(shorten(label, LONGEST_NAME)) for label in panel.bar_labels]
        y_axis.update(tickvals=list(range(len(ticks))), ticktext=ticks, range=[len(ticks) - 0.4, -0.6])
    figure.update_xaxes(**x_axis, automargin=True, **place)
    figure.update_yaxes(**y_axis, automargin=True, **place)


def _make_heat_map(heat_map: HeatMap, look: Look) -> "PlotlyFigure":
    from matplotlib import colormaps
    from matplotlib.colors import to_hex
    from plotly.graph_objects import Figure

    texts = [[format(value, heat_map.number_format) for value in row] for row in heat_map.values]
    shades = [[step / 10, to_hex(colormaps[heat_map.color_map](step / 10))] for step in range(11)]
    rows, columns = list(range(len(heat_map.rows))), list(range(len(heat_map.columns)))
    # By place and not by label: plotly would take labels that look like numbers for places.
    trace = {
        "type": "heatmap",
        "z": heat_map.values.tolist(),
        "text": texts,
        "texttemplate": "%{text}",
        "colorscale": shades,
        "zmin": 0,
        "zmax": float(heat_map.largest or heat_map.values.max()),
        "customdata": [[[_escape(row), _escape(column)] for column in heat_map.columns] for row in heat_map.rows],
        "hovertemplate": f"{_escape(heat_map.y_label)}: %{{customdata[0]}}<br>{_escape(heat_map.x_label)}: "
        "%{customdata[1]}<br>%{text}<extra></extra>",
    }
    figure = Figure(trace)
    labels = [
        [_escape(shorten(label, LONGEST_NAME)) for label in labels] for labels in (heat_map.rows, heat_map.columns)
    ]
    y_title, x_title = _escape(look.y_label or heat_map.y_label), _escape(look.x_label or heat_map.x_label)
    figure.update_yaxes(tickvals=rows, ticktext=labels[0], autorange="reversed", title=y_title, automargin=True)
    figure.update_xaxes(tickvals=columns, ticktext=labels[1], title=x_title, automargin=True)
    _set_layout(figure, heat_map.title, look, max(600, BAR_HEIGHT * len(rows) + 160))
    return figure


def _set_layout(figure: "PlotlyFigure", title: str, look: Look, height: int) -> None:
    size = {"height": look.height * 100 if look.height else height}
    if look.width:
        size["width"] = look.width * 100
    font = {"size": 1.3 * look.font_size}
    figure.update_layout(title=_escape(title), template="plotly_white", font=font, legend={"tracegroupgap": 0}, **size)


def _escape(text: str) -> str:
    """Let plotly show a text as it stands, which otherwise reads tags in it."""
    return html.escape(text, quote=False)

"""Make a plot one interactive HTML page, drawn by plotly and complete without a network.

Galaxy takes scripts and embedded images out of the pages of tools that its administrator does not trust, and shows a
script's text instead. So the page keeps all that is not text in attributes: what is left is a readable summary. The
library is compressed, which a browser undoes; it is by far the largest part of the page.
"""

import base64
import gzip
import html
import json
from importlib.resources import files

from galaxy_keras.messages import make_one_line
from galaxy_keras.plots.charts import Diagram, Plot, PlotStyle
from galaxy_keras.plots.drawing.figures import LONGEST_TITLE, shorten
from galaxy_keras.plots.drawing.plotly_figures import describe_figure

# A page of 1 % more than with the best compression, in about half of its time
COMPRESSION = 5
# In plotly's package: the library, and how its figures look
LIBRARY, TEMPLATE = "plotly.min.js", "templates/plotly_white.json"
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
PAGE = """<!-- {advice} -->
<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"></head>
<body style="font-family: sans-serif"{interaction}>
<div id="plot"></div>
<img id="still" style="max-width: 100%" alt="{hint}" src="data:image/svg+xml;base64,{still}">
<h4>{title}</h4>
{notes}
{table}
</body>
</html>
"""
INTERACTION = ' onload="{start}" data-figure="{figure}" data-library="{library}"'
# The first line, for those to whom Galaxy shows the page's source.
ADVICE = "Do you see code? Download this file and open it in a browser, or run the tool again with PNG as format."
HINT = (
    "(The image is not shown, because this Galaxy takes scripts and images out of pages. Download the page and open "
    "it in a browser, or run the tool with PNG as format.)"
)


def make_page(plot: Plot, still: bytes, style: PlotStyle) -> str:
    """Make a page with a plot.

    Parameters
    ----------
    still
        The same plot as SVG, shown where scripts do not run. Of a network's diagram there is nothing else.
    """
    is_still = isinstance(plot.image, Diagram)
    return PAGE.format(
        advice=ADVICE,
        interaction="" if is_still else _describe_interaction(plot, style),
        hint=html.escape(HINT),
        still=base64.b64encode(still).decode(),
        title=html.escape(shorten(plot.image.title, LONGEST_TITLE)),
        notes="\n".join(f"<p>{html.escape(make_one_line(note))}</p>" for note in plot.notes),
        table=plot.table.to_html(index=False, border=0, justify="left") if is_still else "",
    )


def _describe_interaction(plot: Plot, style: PlotStyle) -> str:
    figure = describe_figure(plot.image, style)
    figure["layout"]["template"] = json.loads(_read_package(TEMPLATE))
    return INTERACTION.format(
        start=html.escape(START),
        figure=_compress(json.dumps(figure, allow_nan=False).encode()),
        library=_compress(_read_package(LIBRARY)),
    )


def _read_package(name: str) -> bytes:
    return (files("plotly") / "package_data" / name).read_bytes()


def _compress(content: bytes) -> str:
    # A fixed time stamp: the same numbers give the same file.
    return base64.b64encode(gzip.compress(content, COMPRESSION, mtime=0)).decode()

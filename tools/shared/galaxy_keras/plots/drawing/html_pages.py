"""Write a plot as one interactive HTML page that plotly draws, without access to a network.

Galaxy removes scripts and embedded images from pages of tools that the administrator has not allowed, and shows the
text of the scripts. The page therefore keeps everything but text in attributes, so that a readable summary remains. The
library is the largest part of the page; it is compressed, and the browser decompresses it.
"""

import base64
import gzip
import html
import json
from importlib.resources import files

from galaxy_keras.messages import make_one_line
from galaxy_keras.plots.charts import Chart, Diagram, HeatMap, Plot, PlotStyle
from galaxy_keras.plots.drawing.figures import MAX_TITLE_LENGTH, shorten
from galaxy_keras.plots.drawing.plotly_figures import describe_figure

# The page is 1% larger than with the best compression, which takes twice the time.
COMPRESSION = 5
# Files in plotly's package: the library and the default template
LIBRARY, TEMPLATE = "plotly.min.js", "templates/plotly_white.json"
# Not in a script element: if scripts are not allowed, the page would show its text.
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
# The first line, for users to whom Galaxy shows the source of the page.
ADVICE = "Do you see code? Download this file and open it in a browser, or run the tool again with PNG as format."
HINT = (
    "(The image is not shown, because this Galaxy takes scripts and images out of pages. Download the page and open "
    "it in a browser, or run the tool with PNG as format.)"
)


def make_page(plot: Plot, still: bytes, style: PlotStyle) -> str:
    """Return a page with a plot.

    Parameters
    ----------
    still
        The same plot as SVG, shown if scripts do not run. A network diagram has no interactive version.
    """
    return PAGE.format(
        advice=ADVICE,
        interaction="" if isinstance(plot.image, Diagram) else _describe_interaction(plot.image, style),
        hint=html.escape(HINT),
        still=base64.b64encode(still).decode(),
        title=html.escape(shorten(plot.image.title, MAX_TITLE_LENGTH)),
        notes="\n".join(f"<p>{html.escape(make_one_line(note))}</p>" for note in plot.notes),
        table=plot.table.to_html(index=False, border=0, justify="left") if isinstance(plot.image, Diagram) else "",
    )


def _describe_interaction(image: Chart | HeatMap, style: PlotStyle) -> str:
    figure = describe_figure(image, style)
    figure["layout"]["template"] = json.loads(_read_package(TEMPLATE))
    return INTERACTION.format(
        start=html.escape(START),
        figure=_compress(json.dumps(figure, allow_nan=False).encode()),
        library=_compress(_read_package(LIBRARY)),
    )


def _read_package(name: str) -> bytes:
    return (files("plotly") / "package_data" / name).read_bytes()


def _compress(content: bytes) -> str:
    # A fixed time, so that equal plots yield equal files.
    return base64.b64encode(gzip.compress(content, COMPRESSION, mtime=0)).decode()

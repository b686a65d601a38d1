"""What the matplotlib images have in common: a figure that needs no screen, colors, letters, and its file."""

import io
import re
import textwrap
from typing import TYPE_CHECKING

from galaxy_keras.plots.charts import EMPHASIS, PlotStyle, REFERENCE, Series
from galaxy_keras.plots.drawing.matplotlib_setup import load_matplotlib

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.text import Text

# Eight colors that color-blind people can tell apart (Okabe and Ito, Color Universal Design, 2008), yellow last
# because it is weak on white.
OKABE_ITO = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#f0e442")
# Color maps that series may take their colors from, with the part of each that is dark enough on white.
COLOR_MAPS = {"viridis": (0.0, 0.85), "cividis": (0.0, 0.9), "Greys": (1.0, 0.4)}
SPECIAL_COLORS = {REFERENCE: "#8c8c8c", EMPHASIS: "#000000"}
# Control characters and the like, which no image and no XML file can hold.
UNDRAWABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
LONGEST_TITLE = 300
# Letters in a line of the title
TITLE_LINE = 100
LONGEST_LABEL = 60
# Letters of a name in the legend or beside a bar; a longer one loses its middle.
LONGEST_NAME = 44
# In points, where other letters have 10
TITLE_SIZE = 13
LABEL_SIZE = 10
EDGE = 0.1  # inches


def make_figure(style: PlotStyle, layout: str) -> "Figure":
    """Make an empty figure that matplotlib draws without a screen."""
    load_matplotlib()
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(dpi=style.resolution, layout=layout)
    figure.get_layout_engine().set(w_pad=EDGE, h_pad=EDGE)
    FigureCanvasAgg(figure)
    return figure


def render_figure(figure: "Figure", file_format: str) -> bytes:
    """Give an image's file as ``png``, ``svg`` or ``pdf``; the same numbers give the same content."""
    from matplotlib import rc_context

    content = io.BytesIO()
    # PNG keeps no time; SVG takes its names from a random number unless it is given another.
    metadata = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}.get(file_format)
    with rc_context({"svg.hashsalt": "plot"}):
        figure.savefig(content, format=file_format, metadata=metadata)
    return content.getvalue()


def choose_colors(palette: str, count: int) -> list[str]:
    """Give a color for each place in the palette, as ``#rrggbb``.

    Parameters
    ----------
    palette
        ``okabe_ito``, or one of ``COLOR_MAPS``; of more colors than the former has, all come from viridis.
    """
    if palette not in COLOR_MAPS and count <= len(OKABE_ITO):
        return list(OKABE_ITO[:count])
    from matplotlib import colormaps
    from matplotlib.colors import to_hex

    palette = palette if palette in COLOR_MAPS else "viridis"
    start, end = COLOR_MAPS[palette]
    steps = max(1, count - 1)
    return [to_hex(colormaps[palette](start + (end - start) * place / steps)) for place in range(count)]


def color_of(place: int, colors: list[str]) -> str:
    """Give the color of a series."""
    return SPECIAL_COLORS.get(place) or colors[place % len(colors)]


def shorten(label: str, longest: int = LONGEST_LABEL) -> str:
    """Cut the middle out of a label that is too long, and replace what cannot be drawn."""
    half = longest // 2
    short = label if len(label) <= longest else f"{label[:half]}…{label[-half:]}"
    return UNDRAWABLE.sub("\ufffd", short)


def label_of(series: Series) -> str:
    """Give what the legend says of a series: the name, cut if it must be, and its detail."""
    return shorten(series.name, LONGEST_NAME - len(series.detail)) + series.detail


def measure(text: "Text") -> tuple[float, float]:
    """Give the width and height of a text in inches."""
    figure = text.get_figure()
    extent = text.get_window_extent(figure.canvas.get_renderer())
    return extent.width / figure.dpi, extent.height / figure.dpi


def write_heading(figure: "Figure", title: str, size: float, width: float) -> float:
    """Write the title in as many lines as the width (inches) asks for, and give its height in inches."""
    title = shorten(title, LONGEST_TITLE)
    # A dollar in a title or a class' name is no sign of a formula.
    heading = figure.suptitle(title, size=size, parse_math=False)
    for letters in range(TITLE_LINE, 0, -1):
        heading.set_text(textwrap.fill(title, letters))
        title_width, title_height = measure(heading)
        if title_width <= width - 2 * EDGE:
            break
    return title_height

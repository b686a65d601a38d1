"""Provide what all matplotlib images share: figures without a screen, colors, text sizes and files."""

import io
import re
import textwrap
from collections.abc import Sequence
from typing import Literal, TYPE_CHECKING

from galaxy_keras.plots.charts import EMPHASIS, PlotStyle, REFERENCE, Series
from galaxy_keras.plots.drawing.matplotlib_setup import load_matplotlib

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.text import Text

# Eight colors that color-blind people can tell apart (Okabe and Ito, Color Universal Design, 2008), yellow last
# because it is too light on white.
OKABE_ITO = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#f0e442")
# Color maps for series, with the range of each that is dark enough on white.
COLOR_MAPS = {"viridis": (0.0, 0.85), "cividis": (0.0, 0.9), "Greys": (1.0, 0.4)}
SPECIAL_COLORS = {REFERENCE: "#8c8c8c", EMPHASIS: "#000000"}
# Control characters and others that images and XML files cannot contain.
UNDRAWABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
MAX_TITLE_LENGTH = 300
# Characters per line of the title.
TITLE_LINE = 100
MAX_LABEL_LENGTH = 60
# Characters of a name in the legend or next to a bar. Longer names lose their middle.
MAX_NAME_LENGTH = 44
# In points, if other texts have 10 points.
TITLE_SIZE = 13
LABEL_SIZE = 10
EDGE = 0.1  # inches


def make_figure(style: PlotStyle, layout: Literal["constrained", "compressed"]) -> "Figure":
    """Create an empty figure that does not need a screen."""
    load_matplotlib()
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    engine = ConstrainedLayoutEngine(w_pad=EDGE, h_pad=EDGE, compress=layout == "compressed")
    figure = Figure(dpi=style.resolution, layout=engine)
    FigureCanvasAgg(figure)
    return figure


def render_figure(figure: "Figure", file_format: str) -> bytes:
    """Return the content of a ``png``, ``svg`` or ``pdf`` file; equal figures have equal content."""
    from matplotlib import rc_context

    content = io.BytesIO()
    # Without these settings, SVG and PDF contain the time, and SVG contains random identifiers.
    metadata = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}.get(file_format)
    with rc_context({"svg.hashsalt": "plot"}):
        figure.savefig(content, format=file_format, metadata=metadata)
    return content.getvalue()


def choose_colors(palette: str, count: int) -> list[str]:
    """Return the colors of a palette as ``#rrggbb``.

    Parameters
    ----------
    palette
        ``okabe_ito`` or one of ``COLOR_MAPS``. If okabe_ito has too few colors, viridis replaces it.
    """
    if palette not in COLOR_MAPS and count <= len(OKABE_ITO):
        return list(OKABE_ITO[:count])
    from matplotlib import colormaps
    from matplotlib.colors import to_hex

    palette = palette if palette in COLOR_MAPS else "viridis"
    start, end = COLOR_MAPS[palette]
    steps = max(1, count - 1)
    return [to_hex(colormaps[palette](start + (end - start) * place / steps)) for place in range(count)]


def color_of(place: int, colors: Sequence[str]) -> str:
    """Return the color of a series."""
    return SPECIAL_COLORS.get(place) or colors[place % len(colors)]


def shorten(label: str, longest: int = MAX_LABEL_LENGTH) -> str:
    """Remove the middle of a long label, and replace characters that cannot be drawn."""
    half = longest // 2
    short = label if len(label) <= longest else f"{label[:half]}…{label[-half:]}"
    return UNDRAWABLE.sub("\ufffd", short)


def label_of(series: Series) -> str:
    """Return the legend entry of a series: its name, shortened if necessary, and its detail."""
    return shorten(series.name, MAX_NAME_LENGTH - len(series.detail)) + series.detail


def measure(text: "Text") -> tuple[float, float]:
    """Return the width and height of a text in inches."""
    figure = text.get_figure(root=True)
    assert figure is not None, "the text is part of a figure"
    extent = text.get_window_extent()
    return extent.width / figure.dpi, extent.height / figure.dpi


def write_heading(figure: "Figure", title: str, size: float, width: float) -> float:
    """Add the title, with line breaks that fit the width (inches), and return its height in inches."""
    title = shorten(title, MAX_TITLE_LENGTH)
    # A dollar sign in a title does not start a formula.
    heading = figure.suptitle(title, size=size, parse_math=False)
    for letters in range(TITLE_LINE, 0, -1):
        heading.set_text(textwrap.fill(title, letters))
        title_width, title_height = measure(heading)
        if title_width <= width - 2 * EDGE:
            break
    return title_height

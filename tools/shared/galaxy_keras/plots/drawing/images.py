"""Draw the image of a plot, whatever its kind, as the content of a file."""

import tempfile
from pathlib import Path

from galaxy_keras.plots.charts import Chart, Diagram, HeatMap, PlotStyle


def draw_image(image: Chart | HeatMap | Diagram, style: PlotStyle, file_format: str) -> bytes:
    """Return the content of an image file.

    Parameters
    ----------
    image
        What to draw.
    style
        Size, resolution, fonts and colors; a network diagram ignores it.
    file_format
        ``png``, ``svg`` or ``pdf``.
    """
    if isinstance(image, Diagram):
        from galaxy_keras.network.diagram import draw_network

        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "diagram"
            draw_network(image.model, path, file_format)
            return path.read_bytes()
    from galaxy_keras.plots.drawing.chart_figures import draw_chart
    from galaxy_keras.plots.drawing.figures import render_figure
    from galaxy_keras.plots.drawing.heat_maps import draw_heat_map

    figure = draw_chart(image, style) if isinstance(image, Chart) else draw_heat_map(image, style)
    return render_figure(figure, file_format)

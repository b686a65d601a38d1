"""Diagrams of networks, by Keras' plot_model with pydot and Graphviz."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from galaxy_keras.errors import ArchitectureError, InputError
from galaxy_keras.messages import make_one_line
from galaxy_keras.outputs import write_complete

if TYPE_CHECKING:
    import keras

DOTS_PER_INCH = 96
# Of a drawing; some versions of Graphviz cut off an SVG of any other resolution.
POINTS_PER_INCH = 72


class DiagramError(InputError):
    """Graphviz is missing or cannot draw."""


def has_graphviz() -> bool:
    """Tell whether Graphviz' program is there to draw."""
    return shutil.which("dot") is not None


def draw_network(model: "keras.Model", path: Path, image_format: str) -> None:
    """Draw a network's layers from top to bottom, each with its class, its name and its shapes.

    Parameters
    ----------
    model
        Built; its weights need no values.
    image_format
        ``svg``, ``png`` or ``pdf``.

    Raises
    ------
    ArchitectureError
        The network is not built, because it has no input shape.
    DiagramError
        The network is fine, but Graphviz is missing or fails.
    """
    import keras

    if not model.built:
        raise ArchitectureError("diagram: found a network without input shape; expected one with an input shape")
    if not has_graphviz():
        raise DiagramError("diagram: the program dot of Graphviz is missing; ask your Galaxy's administrator for it")
    with write_complete(path, f".{image_format}") as beside:
        try:
            keras.utils.plot_model(
                model,
                to_file=beside,
                show_shapes=True,
                show_layer_names=True,
                show_layer_activations=True,
                expand_nested=True,
                dpi=DOTS_PER_INCH if image_format == "png" else POINTS_PER_INCH,
            )
        except (ImportError, AssertionError) as error:
            # Keras' word for a missing pydot, and pydot's for an exit code other than 0.
            raise DiagramError(f"diagram: Graphviz cannot draw it: {make_one_line(str(error), 200)}") from None

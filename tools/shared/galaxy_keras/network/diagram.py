"""Draw diagrams of networks with keras.utils.model_to_dot, pydot and Graphviz."""

import shutil
from pathlib import Path
from typing import Any, TYPE_CHECKING

from galaxy_keras.errors import ArchitectureError, InputError
from galaxy_keras.files.writing import write_complete
from galaxy_keras.messages import make_one_line
from galaxy_keras.network.inner_names import to_shown

if TYPE_CHECKING:
    import keras

DOTS_PER_INCH = 96
# Resolution in dots per inch. Some versions of Graphviz truncate SVG images of other resolutions.
POINTS_PER_INCH = 72


class DiagramError(InputError):
    """Graphviz is missing or fails."""


def has_graphviz() -> bool:
    """Return whether the dot program of Graphviz is installed."""
    return shutil.which("dot") is not None


def draw_network(model: "keras.Model", path: Path, image_format: str) -> None:
    """Draw the layers of a network from top to bottom, with their classes, names and shapes.

    Parameters
    ----------
    model
        Network from :func:`galaxy_keras.network.architecture.build_skeleton`, with inner names.
    image_format
        ``svg``, ``png`` or ``pdf``.

    Raises
    ------
    ArchitectureError
        The network is not built because it does not have an input shape.
    DiagramError
        Graphviz is missing or fails.
    """
    import keras

    if not model.built:
        raise ArchitectureError("diagram: found a network without input shape; expected one with an input shape")
    if not has_graphviz():
        raise DiagramError("diagram: the program dot of Graphviz is missing; ask your Galaxy's administrator for it")
    dot = keras.utils.model_to_dot(
        model,
        show_shapes=True,
        show_layer_names=True,
        show_layer_activations=True,
        expand_nested=True,
        dpi=DOTS_PER_INCH if image_format == "png" else POINTS_PER_INCH,
    )
    _fit_titles(dot)
    _show_names(dot)
    with write_complete(path, f".{image_format}") as beside:
        try:
            dot.write(str(beside), format=image_format)
        except (AssertionError, OSError) as error:
            raise DiagramError(f"diagram: Graphviz cannot draw it: {make_one_line(str(error), 200)}") from None


def _fit_titles(graph: Any) -> None:
    """Make the title of an input as wide as its box; Keras 3.15 makes it two columns wide although it has one shape."""
    for node in graph.get_nodes():
        label = node.get_label()
        # A name cannot contain this text, because inner names do not contain spaces.
        if label and "Input shape:" not in label:
            node.set_label(label.replace('colspan="2"', 'colspan="1"'))
    for inner in graph.get_subgraphs():
        _fit_titles(inner)


def _show_names(graph: Any) -> None:
    """Replace inner names by the names of the user in the labels, which are HTML for Graphviz."""
    for node in graph.get_nodes():
        label = node.get_label()
        if label:
            node.set_label(to_shown(label, _mark_up))
    for inner in graph.get_subgraphs():
        inner.set_label(f"<{to_shown(inner.get_label(), _mark_up)}>")
        _show_names(inner)


def _mark_up(character: str) -> str:
    """Escape a character for HTML and for record labels of Graphviz."""
    return f"&#{ord(character)};" * (2 if character == "\\" else 1)

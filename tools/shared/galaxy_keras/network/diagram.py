"""Diagrams of networks, by Keras' model_to_dot with pydot and Graphviz."""

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
        Built by :func:`galaxy_keras.network.architecture.build_skeleton`, for its inner names.
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
    """Make the title of an input, which has one shape, as wide as its box; Keras makes it two columns wide."""
    for node in graph.get_nodes():
        label = node.get_label()
        # No name can say this: inner names have no blanks.
        if label and "Input shape:" not in label:
            node.set_label(label.replace('colspan="2"', 'colspan="1"'))
    for inner in graph.get_subgraphs():
        _fit_titles(inner)


def _show_names(graph: Any) -> None:
    """Put the users' names into the labels, which are HTML for Graphviz; those of networks within become such."""
    for node in graph.get_nodes():
        label = node.get_label()
        if label:
            node.set_label(to_shown(label, _mark_up))
    for inner in graph.get_subgraphs():
        inner.set_label(f"<{to_shown(inner.get_label(), _mark_up)}>")
        _show_names(inner)


def _mark_up(character: str) -> str:
    """Write a character so that it means nothing else in HTML, nor in Graphviz' labels of records around it."""
    return f"&#{ord(character)};" * (2 if character == "\\" else 1)

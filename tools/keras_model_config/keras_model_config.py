"""Create the architecture of a Keras network from a list of layers."""

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any, TYPE_CHECKING

from galaxy_keras.errors import run_script
from galaxy_keras.files.writing import write_complete, write_json
from galaxy_keras.forms.document import read_form
from galaxy_keras.log import put_first, say
from galaxy_keras.network.architecture import build_skeleton, check_architecture
from galaxy_keras.network.size import check_network
from galaxy_keras.runtime import configure_keras
from model_config.form import ConfigForm
from model_config.layer_blocks import LayerBlock, take_input_shape
from model_config.networks import build_functional, build_sequential

if TYPE_CHECKING:
    import keras

# Characters per line, as in a text terminal.
SUMMARY_WIDTH = 80


def parse_arguments(argv: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=Path, required=True, help="the form's values, JSON")
    parser.add_argument("--outfile", type=Path, required=True, help="architecture, JSON")
    parser.add_argument("--outfile-summary", type=Path, help="layers, shapes and sizes, text")
    parser.add_argument("--outfile-diagram", type=Path, help="diagram of the network")
    parser.add_argument("--diagram-format", choices=("svg", "png"), default="png", help="default: %(default)s")
    return parser.parse_args(argv)


def build_network(form: ConfigForm) -> "keras.Model":
    """Build the network without allocating its weights; the shapes show whether the layers match."""
    import keras

    with keras.StatelessScope(initialize_variables=False):
        if form.is_functional:
            model = build_functional(form.layers, form.input_layers, form.output_layers)
        else:
            model = build_sequential(*_place_input_shape(form))
    check_network(model, "network")
    if model.built:
        put_first(f"Total: {model.count_params():,} parameters")
    return model


def _place_input_shape(form: ConfigForm) -> tuple[Any, list[LayerBlock]]:
    """Return the input shape of the form or, as in Keras 2, of the kwargs of the first layer."""
    shape, blocks = form.input_shape, []
    for block in form.layers:
        found, rest = take_input_shape(block)
        if found is not None and block.number == 1:
            shape = found
            say(f"{block.place}: its input shape {shape} is used as input_shape")
        elif found is not None:
            say(f"{block.place}: its input shape is ignored because only the first layer can have one")
        blocks.append(rest)
    return shape, blocks


def write_summary(path: Path, model: "keras.Model") -> None:
    """Write Keras' summary: layers with output shapes and numbers of parameters, and the size of the network."""
    # Keras cuts the table off at the width of the terminal, which a job does not have.
    os.environ["COLUMNS"] = str(SUMMARY_WIDTH)
    lines: list[str] = []
    model.summary(line_length=SUMMARY_WIDTH, print_fn=lines.append, expand_nested=True, show_trainable=True)
    with write_complete(path) as beside:
        beside.write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_diagram(path: Path, model: "keras.Model", image_format: str) -> None:
    """Draw the network. If Graphviz fails, write an image with a note, because Galaxy expects the file."""
    from galaxy_keras.network.diagram import DiagramError, draw_network
    from model_config.missing_diagram import IMAGES

    try:
        draw_network(model, path, image_format)
    except DiagramError as error:
        say(f"Warning: {error}")
        with write_complete(path) as beside:
            beside.write_bytes(IMAGES[image_format])


def main(argv: list[str] | None = None) -> None:
    """Read the form, build the network, and write its architecture, summary and diagram."""
    arguments = parse_arguments(argv)
    document = read_form(arguments.inputs)
    configure_keras()
    model = build_network(ConfigForm.from_document(document))
    architecture = check_architecture(json.loads(model.to_json()), "network")
    if arguments.outfile_summary:
        write_summary(arguments.outfile_summary, model)
    if arguments.outfile_diagram:
        write_diagram(arguments.outfile_diagram, build_skeleton(architecture), arguments.diagram_format)
    write_json(arguments.outfile, architecture)


if __name__ == "__main__":
    sys.exit(run_script(main))

"""Plot training history and model performance from tables or a fitted estimator."""

import argparse
import json
import sys
from pathlib import Path

from galaxy_keras.data.tables import write_table
from galaxy_keras.errors import run_script
from galaxy_keras.files.writing import write_complete
from galaxy_keras.forms.document import read_form
from galaxy_keras.log import put_first
from galaxy_keras.plots.charts import Plot, PlotStyle, thin_out
from galaxy_keras.plots.drawing.images import draw_image
from visualization.form import PlotForm, read_plot_style
from visualization.plot_types import PLOT_TYPES

# Form fields that take a dataset.
DATASETS = ("infile1", "infile2", "infile_true", "infile_predicted", "infile_estimator", "infile_model_config")


def parse_arguments(argv: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=Path, required=True, help="the form's values, JSON")
    for field in DATASETS:
        parser.add_argument(f"--{field.replace('_', '-')}", type=Path, help=f"dataset of the form's field {field}")
    parser.add_argument("--infile-histories", type=Path, nargs="+", default=[], help="training histories, tabular")
    parser.add_argument("--dataset-names", type=Path, help="names of the histories, a JSON list")
    parser.add_argument("--output", type=Path, required=True, help="the plot: HTML, PNG, SVG or PDF")
    parser.add_argument("--table", type=Path, help="the numbers behind the plot, tabular")
    return parser.parse_args(argv)


def read_plot_form(arguments: argparse.Namespace, document: dict) -> PlotForm:
    """Combine the form's values with the datasets of the command line."""
    names = json.loads(arguments.dataset_names.read_text(encoding="utf-8")) if arguments.dataset_names else []
    # Names become cells of the table, so they must fit on one line.
    one_line = tuple(" ".join(name.split()) for name in names)
    return PlotForm(document["plotting_selection"], vars(arguments), one_line)


def write_plot(plot: Plot, style: PlotStyle, path: Path, file_format: str) -> None:
    """Draw a plot and write the file, either complete or not at all."""
    if file_format == "html":
        from galaxy_keras.plots.drawing.html_pages import make_page

        content = make_page(plot, draw_image(plot.image, style, "svg"), style).encode()
    else:
        content = draw_image(plot.image, style, file_format)
    with write_complete(path) as beside:
        beside.write_bytes(content)


def main(argv: list[str] | None = None) -> None:
    """Read the form and the tables, then compute and write the plot and its numbers."""
    arguments = parse_arguments(argv)
    document = read_form(arguments.inputs)
    form, style = read_plot_form(arguments, document), read_plot_style(document.get("look"))
    plot = thin_out(PLOT_TYPES[form.fields["plot_type"]](form))
    for note in plot.notes:
        put_first(note)
    write_plot(plot, style, arguments.output, form.file_format)
    if arguments.table:
        write_table(arguments.table, list(plot.table.items()))


if __name__ == "__main__":
    sys.exit(run_script(main))

"""Every plot of the form through the script: each format, the table of numbers, blank fields, and refusals."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from plot_examples import PLOTS, read_figure

FOLDER = Path(__file__).resolve().parent.parent / "tools" / "ml_visualization_ex"
STARTS = {
    "png": b"\x89PNG\r\n",
    "svg": b"<?xml version",
    "pdf": b"%PDF-1.",
    "html": b"<!-- Do you see code?",
}
# What a form from the API or an old workflow may hold.
BLANK = dict.fromkeys(("title", "pos_label", "steps", "threshold", "report_minimum_n_positives", "label_order"))


@pytest.fixture
def run_plot(run_tool, tmp_path):
    """Run the script for a plot and give its exit code; outputs are ``plot`` and ``table``."""

    def run(plot_type: str, plot_format: str, look: dict[str, Any] | None = None, **changes: Any) -> int:
        fields, files, _ = PLOTS[plot_type]
        selection = {"plot_type": plot_type, "plot_format": plot_format, **BLANK, **fields, **changes}
        form = {"plotting_selection": selection, "save_table": True}
        if look is not None:
            form["look"] = look
        (tmp_path / "names.json").write_text(json.dumps(["Bob's 'run' ä"]))
        options = {**files, "dataset_names": tmp_path / "names.json", "output": "plot", "table": "table"}
        return run_tool("ml_visualization_ex", form, **options)

    return run


@pytest.mark.parametrize("plot_format", ["png", "svg", "pdf", "html"])
@pytest.mark.parametrize("plot_type", PLOTS)
def test_every_plot_comes_in_every_format_with_its_numbers(run_plot, tmp_path, capsys, plot_type, plot_format):
    assert run_plot(plot_type, plot_format) == 0
    assert (tmp_path / "out" / "plot").read_bytes().startswith(STARTS[plot_format])
    if plot_format == "html":
        assert read_figure((tmp_path / "out" / "plot").read_text())["data"]
    table = pd.read_csv(tmp_path / "out" / "table", sep="\t")
    columns = [name.replace(" ", "_") for name in table.columns]
    assert columns[: len(PLOTS[plot_type][2].split())] == PLOTS[plot_type][2].split()
    assert len(table) >= 3
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["plot", "table"]
    said = capsys.readouterr()
    assert said.err == "" and said.out.strip()


@pytest.mark.parametrize("plot_type", PLOTS)
def test_a_picture_is_not_blank(run_plot, tmp_path, plot_type):
    from matplotlib.image import imread

    look = {"width": 5, "height": 4, "resolution": 60, "font_size": 8.0, "x_label": "", "y_label": None}
    assert run_plot(plot_type, "png", look) == 0
    image = imread(tmp_path / "out" / "plot")
    assert image.shape == (240, 300, 4)
    # Something is drawn in each quarter.
    for quarter in (image[:120, :150], image[:120, 150:], image[120:, :150], image[120:, 150:]):
        assert quarter[..., :3].std() > 0.02


@pytest.mark.parametrize("published, is_format", [("plotly_html", "html"), ("matplotlib_svg", "svg")])
def test_formats_have_their_published_names(run_plot, tmp_path, published, is_format):
    assert run_plot("roc_curve", published) == 0
    assert (tmp_path / "out" / "plot").read_bytes().startswith(STARTS[is_format])


def test_a_run_has_its_datasets_name(run_plot, capsys):
    assert run_plot("training_history", "svg") == 0
    assert capsys.readouterr().out.startswith("Bob's 'run' ä: 20 epochs, best epoch 6 with val_loss 0.4282")


def test_a_picture_that_no_viewer_opens_is_refused(run_plot, tmp_path, capsys):
    assert run_plot("roc_curve", "png", {"width": 100, "resolution": 1200}) == 1
    assert "resolution: found 1200 dots in an inch for a picture of 100 inches" in capsys.readouterr().err
    assert list((tmp_path / "out").iterdir()) == []


def test_a_refusal_leaves_neither_plot_nor_table(run_plot, tmp_path, capsys):
    assert run_plot("roc_curve", "png", pos_label="nobody") == 1
    assert capsys.readouterr().err == (
        "Error: positive label: found 'nobody'; expected a label of the true labels: 'healthy', 'tumour'\n"
    )
    assert list((tmp_path / "out").iterdir()) == []


def test_plots_of_tables_import_no_keras():
    # One process for the twelve: their modules are what they import.
    code = (
        "import sys; import ml_visualization_ex, plot_types, chart_figures, heat_maps, pages; "
        "print({'keras', 'tensorflow', 'h5py', 'jsonschema'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=FOLDER, capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"

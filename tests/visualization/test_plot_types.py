"""Every plot of the form through the script: each format, the table of numbers, blank fields, and refusals."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from examples.plots import PAIRED, PLOTS, read_figure

FOLDER = Path(__file__).resolve().parents[2] / "tools" / "ml_visualization_ex"
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
def test_an_image_is_not_blank(run_plot, tmp_path, plot_type):
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


def test_an_image_that_viewers_cannot_open_is_refused(run_plot, tmp_path, capsys):
    assert run_plot("roc_curve", "png", {"width": 100, "resolution": 1200}) == 1
    assert "resolution: found 1200 dots per inch for an image of 100 inches" in capsys.readouterr().err
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize(
    "plot_type, look, changes, message",
    [
        ("calibration_curve", {}, {"bins": 10**9}, "bins: found 1000000000; expected a whole number from 2 to 200"),
        ("score_distribution", {}, {"bins": 0}, "bins: found 0; expected a whole number from 2 to 200"),
        ("roc_curve", {"width": 10**6}, {}, "width: found 1000000; expected a number from 1 to 100"),
        ("roc_curve", {"height": -1}, {}, "height: found -1; expected a number from 1 to 100"),
        ("roc_curve", {"font_size": 1e9}, {}, "font_size: found 1000000000.0; expected a number from 4 to 40"),
        ("roc_curve", {"resolution": 0}, {}, "resolution: found 0; expected a whole number from 30 to 1200"),
        ("feature_importances", {}, {"threshold": -1}, "threshold: found -1; expected a number of 0 or more"),
        ("regression", {}, {"predicted_column": 0}, "predicted_column: found 0; expected a whole number from 1 to"),
    ],
)
def test_numbers_have_bounds(run_plot, tmp_path, capsys, plot_type, look, changes, message):
    assert run_plot(plot_type, "png", look, **changes) == 1
    assert capsys.readouterr().err.startswith(f"Error: {message}")
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize("plot_format", ["svg", "html"])
def test_many_points_make_a_small_plot(run_tool, tmp_path, capsys, plot_format):
    rows = np.random.default_rng(1).random((300_000, 2)).round(6)
    for place, name in enumerate(("true", "predicted")):
        (tmp_path / name).write_text("y\n" + "".join(f"{value}\n" for value in rows[:, place]))
    form = {"plotting_selection": {"plot_type": "regression", "plot_format": plot_format, **BLANK, **PAIRED}}
    files = {"infile_true": tmp_path / "true", "infile_predicted": tmp_path / "predicted"}
    assert run_tool("ml_visualization_ex", form, **files, output="plot", table="table") == 0
    assert (tmp_path / "out" / "plot").stat().st_size < 5 * 2**20
    assert (tmp_path / "out" / "table").read_bytes().count(b"\n") == 300_001
    said = capsys.readouterr().out
    assert "The image shows at most 20,000 points per line, evenly chosen from up to 300,000" in said


def test_labels_of_ten_thousand_letters_are_drawn_and_listed_short(run_tool, tmp_path, capsys):
    labels = [letter * 10_000 for letter in "abc"]
    (tmp_path / "labels").write_text("y\n" + "".join(f"{label}\n" for label in labels))
    for plot_format in ("png", "html"):
        form = {
            "plotting_selection": {
                "plot_type": "classification_confusion_matrix",
                "plot_format": plot_format,
                **BLANK,
                **PAIRED,
            }
        }
        files = {"infile_true": tmp_path / "labels", "infile_predicted": tmp_path / "labels"}
        assert run_tool("ml_visualization_ex", form, **files, output=plot_format) == 0
        assert (tmp_path / "out" / plot_format).stat().st_size < 5 * 2**20
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 1_000


def test_a_refusal_leaves_neither_plot_nor_table(run_plot, tmp_path, capsys):
    assert run_plot("roc_curve", "png", pos_label="nobody") == 1
    assert capsys.readouterr().err == (
        "Error: positive label: found 'nobody'; expected a label of the true labels: 'healthy', 'tumour'\n"
    )
    assert list((tmp_path / "out").iterdir()) == []


def test_plots_of_tables_do_not_import_keras():
    # One process for the twelve: their modules are what they import.
    code = (
        "import sys; import ml_visualization_ex; from visualization import plot_types; "
        "from galaxy_keras.plots.drawing import chart_figures, heat_maps, html_pages; "
        "print({'keras', 'tensorflow', 'h5py', 'jsonschema'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=FOLDER, capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"

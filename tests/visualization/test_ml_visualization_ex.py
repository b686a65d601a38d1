"""The visualization script, run as Galaxy runs it, and its figures against scikit-learn called directly."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from examples.default_forms import make_selection
from sklearn.metrics import confusion_matrix

from galaxy_keras.plots import charts
from galaxy_keras.plots.drawing import heat_maps
from visualization import form, plot_types

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "tools" / "ml_visualization_ex" / "ml_visualization_ex.py"
TEST_DATA = ROOT / "test-data"
TRUE = ["b", "c", "a", "c", "c", "b", "a", "c", "a"]
PREDICTED = ["b", "c", "a", "b", "c", "a", "a", "c", "c"]


@pytest.fixture
def tables(tmp_path) -> dict[str, Path]:
    """Two tables of the same rows, by their fields' names."""
    paths = {"infile_true": tmp_path / "dataset_1.dat", "infile_predicted": tmp_path / "dataset_2.dat"}
    paths["infile_true"].write_text("".join(f"{k}\t{label}\n" for k, label in enumerate(["label", *TRUE])))
    paths["infile_predicted"].write_text("".join(f"{label}\n" for label in ["Predicted", *PREDICTED]))
    return paths


@pytest.fixture
def run_script(tables, tmp_path, write_form):
    """Run the script on the tables."""

    def run(
        *options: str, environment: Mapping[str, str] = MappingProxyType({}), **changes: Any
    ) -> subprocess.CompletedProcess:
        command = [
            sys.executable,
            *options,
            SCRIPT,
            "--inputs",
            write_form({"plotting_selection": make_selection(**changes)}),
        ]
        for field, path in tables.items():
            command += [f"--{field.replace('_', '-')}", path]
        command += ["--output", tmp_path / "output.dat"]
        return subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **environment})

    return run


@pytest.fixture
def make_plot(tables):
    """Make the plot that a form asks for, in this process."""
    selections = form

    def make(**changes: Any):
        selection = selections.PlotForm(make_selection(**changes), tables)
        return plot_types.PLOT_TYPES[selection.fields["plot_type"]](selection)

    return make


@pytest.fixture
def draw(make_plot):
    """Draw the confusion matrix that a form asks for."""

    def draw(**changes: Any):
        return heat_maps.draw_heat_map(make_plot(**changes).image, charts.PlotStyle())

    return draw


def list_outputs(folder: Path) -> list[str]:
    """Return the names of all output files in a folder, temporary ones included."""
    return [path.name for path in folder.iterdir() if path.name.startswith("output")]


def test_the_script_writes_a_png_and_logs_the_counts(run_script, tmp_path):
    finished = run_script()
    assert (finished.returncode, finished.stderr) == (0, "")
    assert finished.stdout.splitlines() == [
        "Rows: 9, classes: 3, accuracy: 0.6667 (6 rows right)",
        "Rows of each class, true/predicted: a 3/3, b 2/2, c 4/4",
    ]
    assert (tmp_path / "output.dat").read_bytes().startswith(b"\x89PNG\r\n")
    assert list_outputs(tmp_path) == ["output.dat"]


def test_quotation_marks_in_labels_stay_as_they_are(run_tool, tables, tmp_path):
    for path in tables.values():
        path.write_text("label\n" + '5" pot\n' * 3 + "plain\n")
    form = {"plotting_selection": make_selection()}
    assert run_tool("ml_visualization_ex", form, **tables, output="plot", table="table") == 0
    assert (tmp_path / "out" / "table").read_text().startswith('true \\ predicted\t5" pot\tplain\n5" pot\t3\t0\n')


def test_the_script_imports_neither_keras_nor_plotlys_validators(run_script):
    finished = run_script("-X", "importtime", plot_format="html")
    assert finished.returncode == 0
    imported = set(re.findall(r"\|\s+([\w.]+)$", finished.stderr, re.MULTILINE))
    assert {"pandas", "sklearn", "matplotlib"} <= imported
    assert not {"keras", "tensorflow", "h5py", "plotly.graph_objs", "plotly.io"} & imported


def test_the_script_logs_nothing_about_a_home_directory_that_is_not_writable(run_script):
    # Below a device file no folder can be made, whoever asks.
    finished = run_script(environment={"HOME": "/dev/null/home", "XDG_CONFIG_HOME": "", "XDG_CACHE_HOME": ""})
    assert (finished.returncode, finished.stderr) == (0, "")


def test_script_ignores_a_notebook_backend(run_script):
    finished = run_script(environment={"MPLBACKEND": "module://matplotlib_inline.backend_inline"})
    assert (finished.returncode, finished.stderr) == (0, "")


@pytest.mark.parametrize("normalize", ["none", "true", "pred", "all"])
def test_numbers_are_those_of_scikit_learn(draw, normalize):
    axes = draw(normalize=normalize).axes[0]
    expected = confusion_matrix(TRUE, PREDICTED, normalize=None if normalize == "none" else normalize)
    np.testing.assert_allclose(axes.images[0].get_array(), expected)
    number_format = "d" if normalize == "none" else ".1%"
    assert [text.get_text() for text in axes.texts] == [format(number, number_format) for number in expected.flat]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["a", "b", "c"]


@pytest.mark.parametrize("normalize", ["true", "pred"])
def test_a_class_without_rows_has_a_share_of_zero(draw, tables, normalize):
    tables["infile_predicted"].write_text("Predicted\n" + "a\n" * len(TRUE))
    shares = draw(normalize=normalize).axes[0].images[0].get_array()
    assert shares[:, 1:].tolist() == [[0, 0]] * 3
    assert np.isfinite(shares).all()


@pytest.mark.parametrize(
    "title, shown",
    [
        pytest.param(None, "Confusion matrix between true and predicted labels", id="null"),
        pytest.param("  ", "Confusion matrix between true and predicted labels", id="blank"),
        pytest.param("Bob's $5 <run>", "Bob's $5 <run>", id="as typed"),
    ],
)
def test_the_title_is_that_of_the_form_or_the_default(draw, title, shown):
    assert draw(title=title).get_suptitle() == shown


@pytest.mark.parametrize(
    "color, color_map", [("Greens", "Greens"), ("Summer", "summer"), ("Autumn", "autumn"), ("winter", "winter")]
)
def test_colors_of_the_form_are_those_of_matplotlib(draw, color, color_map):
    assert draw(plot_color=color).axes[0].images[0].get_cmap().name == color_map


def test_colors_of_the_wrapper_are_known_to_matplotlib(draw):
    forms = SCRIPT.with_name("plot_forms.xml")
    parameter = ElementTree.parse(forms).find(".//param[@name='plot_color']")
    colors = [option.get("value") for option in parameter.findall("option")]
    assert len(colors) == 13
    for color in colors:
        assert draw(plot_color=color).axes[0].images


def test_the_last_of_the_chosen_columns_is_compared(draw, tables):
    chosen = {"selected_column_selector_option": "by_index_number", "col1": [2, 1]}
    tables["infile_predicted"].write_text("Predicted\n" + "".join(f"{k}.0\n" for k in range(1, 10)))
    matrix = draw(column_selector_options_true=chosen).axes[0].images[0].get_array()
    assert matrix.tolist() == np.eye(9).tolist()


def test_a_single_class_is_drawn_without_a_warning(make_plot, tables):
    for path in tables.values():
        path.write_text("label\n" + "a\n" * 5)
    assert make_plot().image.values.tolist() == [[5]]


def test_a_form_without_normalization_shows_counts(make_plot):
    assert make_plot(normalize=None).image.number_format == "d"


@pytest.mark.parametrize("nothing", [None, ""])
def test_without_a_choice_the_last_predicted_column_counts(make_plot, nothing):
    assert make_plot(predicted_column=nothing).image.values.trace() == 6


def test_the_predicted_column_can_be_chosen(make_plot, tables):
    tables["infile_predicted"].write_text("Predicted\tscore\n" + "".join(f"{label}\t0.5\n" for label in PREDICTED))
    assert make_plot(predicted_column=1).image.values.trace() == 6


def test_classes_have_the_order_of_the_form(make_plot):
    plot = make_plot(label_order="c, a")
    assert plot.image.rows == plot.image.columns == ["c", "a", "b"]
    np.testing.assert_array_equal(plot.image.values, confusion_matrix(TRUE, PREDICTED, labels=["c", "a", "b"]))
    assert plot.table.to_numpy()[:, 1:].tolist() == plot.image.values.tolist()


REFUSALS = [
    pytest.param("", {}, "predicted labels: found an empty table", id="empty"),
    pytest.param("Predicted\n", {}, "predicted labels: found a header and no rows", id="no rows"),
    pytest.param(
        "Predicted\na\nb\n", {}, "predicted labels: found 2 rows; expected 9 as in the true labels\n", id="rows"
    ),
    pytest.param(None, {"header_predicted": False}, "row 1 of the predicted labels is a header", id="header"),
    pytest.param(
        "P\n" + "".join(f"0.{k}\n" for k in range(1, 10)), {}, "predicted labels: found real numbers", id="real"
    ),
    pytest.param(b"P\n\xff\n", {}, "found bytes that are not UTF-8 text", id="bytes"),
    pytest.param(
        None,
        {"column_selector_options_true": {"selected_column_selector_option": "by_index_number", "col1": [3]}},
        "true labels: found column number 3; expected a number from 1 to 2",
        id="column number",
    ),
    pytest.param(
        None,
        {"column_selector_options_true": {"selected_column_selector_option": "by_header_name", "col1": "y"}},
        "true labels: the column 'y' is missing; expected one of '0', 'label'",
        id="column name",
    ),
    pytest.param(
        None,
        {"column_selector_options_true": {"selected_column_selector_option": "by_index_number", "col1": [1]}},
        "predicted labels: found 'a', 'b', 'c', none of the true labels; expected labels such as '1', '2'",
        id="other column",
    ),
    pytest.param(
        None, {"label_order": "c, d"}, "order of the labels: found 'd'; expected labels that occur: 'a'", id="order"
    ),
    pytest.param(None, {"label_order": "c, c"}, "order of the labels: found 'c' twice", id="label twice"),
]


@pytest.mark.parametrize("predicted, changes, message", REFUSALS)
def test_a_refusal_is_one_line_and_leaves_no_output(run_script, tables, tmp_path, predicted, changes, message):
    if predicted is not None:
        content = predicted if isinstance(predicted, bytes) else predicted.encode()
        tables["infile_predicted"].write_bytes(content)
    finished = run_script(**changes)
    assert finished.returncode == 1
    assert finished.stderr.startswith("Error: ")
    assert message in finished.stderr
    assert finished.stderr.count("\n") == 1
    assert list_outputs(tmp_path) == []


def test_no_temporary_file_remains_if_the_image_cannot_be_written(run_script, tmp_path):
    # Simulates a full disk: a file cannot replace a folder that is not empty.
    (tmp_path / "output.dat").mkdir()
    (tmp_path / "output.dat" / "kept").touch()
    finished = run_script()
    assert finished.returncode == 1
    assert list_outputs(tmp_path) == ["output.dat"]


@pytest.mark.parametrize("generator, count", [("make_labels.py", 9), ("make_scores.py", 11)])
def test_test_data_are_those_of_their_generator(tmp_path, generator, count):
    # The generator writes into its own folder.
    subprocess.run([sys.executable, shutil.copy(TEST_DATA / generator, tmp_path)], check=True)
    tables = list(tmp_path.glob("*.tabular"))
    assert len(tables) == count
    for table in tables:
        assert table.read_text() == (TEST_DATA / table.name).read_text()

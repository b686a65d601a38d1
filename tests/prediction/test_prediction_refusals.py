"""Inputs that the prediction tool refuses with a one-line message and without output."""

import gzip
import zipfile

import numpy as np
import pandas as pd
import pytest
from examples.default_forms import prediction_form
from examples.scripts import run_as_user, TEST_DATA

from galaxy_keras.estimator.file import read_estimator
from galaxy_keras.network.architecture import build_model
from prediction import predicting

TOOL = "model_prediction"
MEASURES = TEST_DATA / "iris_measures.tabular"
SPECIES = TEST_DATA / "fitted_species.zip"
# The first samples.
ROWS = MEASURES.read_bytes().splitlines(keepends=True)[:4]
TABLE = b"".join(ROWS)


def test_an_unfitted_estimator_is_refused(check_refusal):
    files = {"estimator": TEST_DATA / "species_estimator.zip", "features": MEASURES}
    line = check_refusal(TOOL, prediction_form(), **files, outfile_predict="p")
    assert "estimator: found an estimator that has not been trained" in line


def test_weights_of_another_network_are_refused(check_refusal):
    files = {"estimator": SPECIES, "features": MEASURES, "weights": TEST_DATA / "fitted_is_setosa.weights.h5"}
    assert "weights: found 97 weights; expected 131" in check_refusal(
        TOOL, prediction_form(), **files, outfile_predict="p"
    )


def test_probabilities_of_a_regression_are_refused(check_refusal):
    files = {"estimator": TEST_DATA / "fitted_petal_width.zip", "features": MEASURES}
    form = prediction_form(method="predict_proba", columns1=("by_index_number", [1, 2, 3]))
    assert "found predict_proba for a network whose outputs are no" in check_refusal(
        TOOL, form, **files, outfile_predict="p"
    )


@pytest.mark.parametrize(
    "rename, message",
    [
        ({"petal_width": "width"}, "found other columns (missing: 'petal_width', unknown: 'width')"),
        ({"petal_width": "petal_length"}, "found other columns (missing: 'petal_width', duplicate: 'petal_length')"),
    ],
)
def test_columns_with_other_names_are_refused(check_refusal, tmp_path, rename, message):
    table = tmp_path / "x.tsv"
    pd.read_csv(MEASURES, sep="\t").rename(columns=rename).to_csv(table, sep="\t", index=False)
    files = {"estimator": SPECIES, "features": table}
    assert message in check_refusal(TOOL, prediction_form(), **files, outfile_predict="p")


def test_another_number_of_columns_is_refused(check_refusal, tmp_path):
    table = tmp_path / "x.tsv"
    table.write_text("1\t2\t3\n")
    files = {"estimator": SPECIES, "features": table}
    line = check_refusal(TOOL, prediction_form(header1=False), **files, outfile_predict="p")
    assert "found 3 columns; expected 4, because the network's input shape is (4,)" in line


def test_a_file_that_is_not_an_estimator_is_refused(check_refusal, tmp_path):
    climbing = tmp_path / "climbing.zip"
    with zipfile.ZipFile(climbing, "w") as archive:
        archive.writestr("../estimator.json", "{}")
    for path, message in ((MEASURES, "found a text file"), (climbing, "found a path outside of the archive")):
        files = {"estimator": path, "features": MEASURES}
        assert message in check_refusal(TOOL, prediction_form(), **files, outfile_predict="p")


def test_the_script_reports_an_error_in_one_line(write_form, tmp_path):
    files = ["--estimator", TEST_DATA / "species_estimator.zip", "--features", MEASURES]
    done = run_as_user(TOOL, "--inputs", write_form(prediction_form()), *files, "--outfile-predict", tmp_path / "p")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "p").exists()


@pytest.mark.parametrize("kind", ["variant_effect"])
def test_sequences_of_published_estimators_are_refused(check_refusal, kind):
    files = {"estimator": SPECIES, "features": MEASURES}
    line = check_refusal(TOOL, prediction_form(kind=kind), **files, outfile_predict="p")
    assert f"selected_input: found {kind}, which requires the sequence generators" in line


def test_numbers_for_an_estimator_of_text_are_refused(check_refusal):
    files = {"estimator": TEST_DATA / "fitted_texts.zip", "features": MEASURES}
    line = check_refusal(TOOL, prediction_form(), **files, outfile_predict="p")
    assert "selected_input: found numbers for an estimator that reads text; expected text" in line


@pytest.mark.parametrize(
    "content, header, message",
    [
        (
            "name\n" + "x\n" * 150,
            False,
            "found 151 rows; expected 150 as in the Sparse matrix (likely cause: a wrong header option",
        ),
        ("name\n" + "x\n" * 100, True, "found 100 rows; expected 150 as in the Sparse matrix"),
        ("x\ry\n" + "x\n" * 149, False, "row 1, column 1: found a line break in a cell; expected one line"),
        (
            "setosa\n" + "x\n" * 150,
            True,
            "found the column 'setosa', but the result has a column of that name; expected",
        ),
        ("a\tb\nx\n", True, "row 2: found 1 column; expected 2 as in row 1"),
    ],
    ids=["header", "too few", "line break", "name of a class", "ragged"],
)
def test_invalid_identifiers_are_refused(check_refusal, tmp_path, content, header, message):
    (tmp_path / "names.tsv").write_text(content)
    files = {"estimator": SPECIES, "features": TEST_DATA / "iris_measures.mtx", "identifiers": tmp_path / "names.tsv"}
    form = prediction_form(kind="sparse", method="predict_proba", header_ids=header)
    line = check_refusal(TOOL, form, **files, outfile_predict="p")
    assert "dentifiers" in line
    assert message in line


def test_a_duplicate_column_name_is_refused(check_refusal, tmp_path):
    lines = MEASURES.read_text().splitlines()
    names = lines[0].split("\t")
    table = tmp_path / "x.tsv"
    table.write_text("\n".join(["\t".join([names[0], *names[:-1]]), *lines[1:]]) + "\n")
    line = check_refusal(TOOL, prediction_form(), estimator=SPECIES, features=table, outfile_predict="p")
    assert names[0] in line
    assert "expected the 4 columns that the estimator was trained on" in line


def test_an_invalid_cell_in_a_later_block_leaves_no_output(check_refusal, monkeypatch, tmp_path):
    monkeypatch.setattr(predicting, "ROWS_PER_BLOCK", 7)
    table = tmp_path / "x.tsv"
    lines = (TEST_DATA / "iris_measures_other_order.tabular").read_text().splitlines()
    table.write_text("\n".join([*lines[:100], "1\tx\t2\t3"]) + "\n")
    line = check_refusal(TOOL, prediction_form(), estimator=SPECIES, features=table, outfile_predict="p")
    assert "row 101, column 2 (sepal_length): found 'x'; expected a number" in line


@pytest.mark.parametrize(
    "estimator, changes, message",
    [
        ("fitted_species.zip", {"threshold": 0.3}, "threshold: found 0.3 for 3 classes"),
        ("fitted_is_setosa.zip", {"threshold": 1.5}, "threshold: found 1.5; expected a probability"),
        ("fitted_species.zip", {"layer": "hidden"}, "layer: found 'hidden' with the method predict"),
        ("fitted_species.zip", {"method": "layer_output"}, "layer: the layer is missing"),
        ("fitted_species.zip", {"method": "layer_output", "layer": "3"}, "found '3'; expected a number from 1 to 2"),
        ("fitted_species.zip", {"method": "layer_output", "layer": "hiden"}, "or a name such as hidden"),
        ("fitted_species.zip", {"identifiers": "9"}, "identifiers: found column number 9"),
        ("fitted_species.zip", {"identifiers": "1, x"}, "identifiers: found 'x'; expected column numbers separated by"),
        ("fitted_is_setosa.zip", {"threshold": float("nan")}, "threshold: found nan; expected a finite number"),
        ("fitted_is_setosa.zip", {"threshold": 0.5, "method": "predict_proba"}, "threshold: found 0.5 with the method"),
        (
            "fitted_petal_width.zip",
            {"threshold": 0.5, "columns1": ("by_index_number", [1, 2, 3])},
            "does not predict labels",
        ),
    ],
)
def test_inconsistent_settings_are_refused(check_refusal, estimator, changes, message):
    files = {"estimator": TEST_DATA / estimator, "features": MEASURES}
    assert message in check_refusal(TOOL, prediction_form(**changes), **files, outfile_predict="p")


@pytest.mark.parametrize(
    "content, changes, message",
    [
        pytest.param(b"", {}, "found an empty table", id="empty"),
        pytest.param(ROWS[0], {}, "found a header and no rows", id="no rows"),
        pytest.param(
            TABLE, {"header1": False}, "row 1, column 1: found 'sepal_length'; expected a number", id="header"
        ),
        pytest.param(TABLE.split(b"\n", 1)[1], {}, "unknown: '5.1', '3.5'", id="no header"),
        pytest.param(TABLE.replace(b"5.1", b"NaN", 1), {}, "row 2, column 1 (sepal_length): found 'NaN'", id="NaN"),
        pytest.param(
            TABLE.replace(b"5.1", b"", 1), {}, "row 2, column 1 (sepal_length): found an empty cell", id="blank"
        ),
        pytest.param(TABLE.replace(b"5.1", b"5,1", 1), {}, "found '5,1'; expected a number", id="decimal comma"),
        pytest.param(TABLE.replace(b"5.1", b"5\r1", 1), {}, "row 2, column 1 (sepal_length): found a line", id="break"),
        pytest.param(TABLE + b"1\t2\n", {}, "row 5: found 2 columns; expected 4 as in row 1", id="ragged"),
        pytest.param(TABLE.replace(b"\n", b"\n\n", 1), {}, "row 2: found an empty row; expected 4", id="empty row"),
        pytest.param(TABLE.replace(b"\t", b","), {}, "unknown: 'sepal_length,sepal_width", id="commas"),
        pytest.param(b"1;2;3;4\n", {"header1": False}, "found 1 column; expected 4, because the", id="semi"),
        pytest.param(
            TABLE.replace(b"5.1", b"\xe4", 1),
            {},
            "(sepal_length): found bytes that are not UTF-8",
            id="latin 1",
        ),
        pytest.param(TABLE.decode().encode("utf-16"), {}, "found bytes that are not UTF-8 text", id="UTF-16"),
        pytest.param(
            TABLE.replace(b"5.1", b"5\0.1", 1), {}, "row 2: found bytes that are not UTF-8 text", id="zero byte"
        ),
        pytest.param(gzip.compress(TABLE), {}, "found bytes that are not UTF-8 text", id="compressed"),
        pytest.param(b"1\t" * 9999 + b"1\n", {"header1": False}, "found 10000 columns; expected 4", id="wide"),
        pytest.param(TABLE, {"kind": "sparse"}, "at its beginning; expected a Matrix Market file", id="no matrix"),
    ],
)
def test_an_invalid_table_is_refused(check_refusal, tmp_path, content, changes, message):
    (tmp_path / "x.tsv").write_bytes(content)
    files = {"estimator": SPECIES, "features": tmp_path / "x.tsv"}
    assert message in check_refusal(TOOL, prediction_form(**changes), **files, outfile_predict="p")


@pytest.mark.parametrize("broken", [np.nan, np.inf, -np.inf])
def test_weights_that_are_not_finite_are_refused(check_refusal, tmp_path, broken):
    network = build_model(read_estimator(SPECIES).architecture)
    kernel, *others = network.get_weights()
    kernel[0, 0] = broken
    network.set_weights([kernel, *others])
    network.save_weights(tmp_path / "w.weights.h5")
    files = {"estimator": SPECIES, "features": MEASURES, "weights": tmp_path / "w.weights.h5"}
    line = check_refusal(TOOL, prediction_form(), **files, outfile_predict="p")
    assert "weights, hidden/kernel: found NaN or infinity; expected finite numbers" in line


def test_outputs_that_are_not_finite_are_refused(check_refusal, tmp_path):
    network = build_model(read_estimator(TEST_DATA / "fitted_petal_width.zip").architecture)
    # The weights are finite, but the output overflows.
    network.set_weights([np.full_like(weights, 1e30) for weights in network.get_weights()])
    network.save_weights(tmp_path / "w.weights.h5")
    files = {
        "estimator": TEST_DATA / "fitted_petal_width.zip",
        "features": MEASURES,
        "weights": tmp_path / "w.weights.h5",
    }
    form = prediction_form(columns1=("by_index_number", [1, 2, 3]))
    line = check_refusal(TOOL, form, **files, outfile_predict="p")
    assert "estimator: found NaN or infinity among the network's outputs for sample 1;" in line

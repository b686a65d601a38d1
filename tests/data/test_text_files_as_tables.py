"""Inputs that can be a single column accept plain text, as which Galaxy detects tables with one column."""

import xml.etree.ElementTree as ElementTree

import pytest
from examples.default_forms import OUTPUTS, training_form
from examples.scripts import ROOT, TEST_DATA

# Wrapper files, and their inputs that can be a single column.
INPUTS = {
    "keras_train_and_eval/keras_train_and_eval.xml": ["infile2"],
    "keras_train_and_eval/splits.xml": ["infile_g", "infile_g"],
    "ml_visualization_ex/plot_forms.xml": ["infile_true", "infile_predicted", "infile_true"],
    "model_prediction/model_prediction.xml": ["infile_ids"],
}


@pytest.mark.parametrize("file", INPUTS)
def test_inputs_of_labels_accept_text_files(file):
    parameters = ElementTree.parse(ROOT / "tools" / file).iter("param")
    found = [one for one in parameters if one.get("type") == "data" and one.get("name") in INPUTS[file]]
    assert [one.get("name") for one in found] == INPUTS[file]
    assert {one.get("format") for one in found} == {"tabular,txt"}


def test_a_file_without_tabs_can_be_a_target(run_tool, tmp_path, capsys):
    labels = (TEST_DATA / "iris_species.tabular").read_text().splitlines()[1:]
    (tmp_path / "labels.txt").write_text("\n".join(labels) + "\n\n")
    form = training_form(header2=False, overrides=[("epochs", "1")])
    files = {"estimator": TEST_DATA / "species_estimator.zip", "features": TEST_DATA / "iris_measures.tabular"}
    assert run_tool("keras_train_and_eval", form, **files, target=tmp_path / "labels.txt", **OUTPUTS) == 0
    assert "target: 3 classes" in capsys.readouterr().out

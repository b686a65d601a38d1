"""Predictions for sequences: identifiers, both strands, and estimators made from trained weights."""

import numpy as np
import pandas as pd
import pytest
from examples.default_forms import prediction_form, sequence_fields, training_form
from examples.dna import reverse
from examples.scripts import TEST_DATA

TOOL = "model_prediction"
CLASSES = ["acceptor", "donor", "neither"]
SITES, FITTED = TEST_DATA / "splice_sites.fasta", TEST_DATA / "fitted_sites.zip"


@pytest.fixture
def predict(run_tool, tmp_path):
    def predict(features=SITES, estimator=FITTED, method="predict_and_proba", **fields):
        form = prediction_form(method=method)
        form["input_options"] = {"selected_input": "seq_fasta", "seq_type": "FastaDNABatchGenerator", **fields}
        assert run_tool(TOOL, form, estimator=estimator, features=features, outfile_predict="predicted") == 0
        return pd.read_csv(tmp_path / "out" / "predicted", sep="\t")

    return predict


def write_fasta(path, sequences):
    path.write_text("".join(f">{name}\n{sequence}\n" for name, sequence in sequences.items()))
    return path


def read_sequences():
    lines = SITES.read_text().split()
    return dict(zip([name[1:] for name in lines[::3]], lines[2::3], strict=True))


def test_each_sequence_has_its_identifier_and_its_class(predict):
    table = predict()
    truth = pd.read_csv(TEST_DATA / "splice_sites.tabular", sep="\t").set_index("id")["site"]
    assert table["id"].tolist() == list(read_sequences())
    assert (table["Predicted"] == truth[table["id"]].to_numpy()).mean() >= 0.95


def test_blocks_of_rows_give_the_same_predictions(predict, monkeypatch):
    from prediction import predicting

    whole = predict()
    monkeypatch.setattr(predicting, "ROWS_PER_BLOCK", 7)
    pd.testing.assert_frame_equal(predict(), whole)


def test_predictions_equal_those_of_the_training(run_tool, tmp_path, predict):
    files = {
        "estimator": TEST_DATA / "sites_estimator.zip",
        "features": SITES,
        "target": TEST_DATA / "splice_sites.tabular",
    }
    fields = sequence_fields(length=30, truncating="center", padding="start")
    outputs = {"outfile_result": "r", "outfile_object": "f.zip", "outfile_weights": "w.h5", "outfile_y_preds": "p"}
    form = training_form(sequences=fields, scheme="train_all")
    assert run_tool("keras_train_and_eval", form, **files, **outputs) == 0
    trained = pd.read_csv(tmp_path / "out" / "p", sep="\t")
    found = predict(estimator=tmp_path / "out" / "f.zip")
    np.testing.assert_allclose(found[CLASSES], trained[CLASSES], atol=1e-6)


def test_both_strands_give_the_mean_of_their_outputs(predict, tmp_path):
    sequences = read_sequences()
    turned = write_fasta(tmp_path / "turned.fasta", {name: reverse(sequence) for name, sequence in sequences.items()})
    expected = (predict()[CLASSES] + predict(turned)[CLASSES]) / 2
    assert np.abs(expected - predict()[CLASSES]).to_numpy().max() > 0.1
    np.testing.assert_allclose(predict(both_strands=True)[CLASSES], expected, atol=1e-6)


def test_longer_and_shorter_sequences_are_cut_and_padded(predict, tmp_path, capsys):
    table = predict(write_fasta(tmp_path / "other.fasta", {"long": "ACGT" * 20, "short": "ACGTACGTACG"}))
    assert table["id"].tolist() == ["long", "short"]
    assert "padded: 1, cut: 1" in capsys.readouterr().out


def test_numbers_are_refused(check_refusal):
    files = {"estimator": FITTED, "features": TEST_DATA / "iris_measures.tabular"}
    line = check_refusal(TOOL, prediction_form(), **files, outfile_predict="p")
    assert "selected_input: found numbers for an estimator that reads sequences; expected sequences" in line


def test_sequences_are_refused_by_an_estimator_of_numbers(check_refusal):
    form = {"method": "predict", "input_options": {"selected_input": "seq_fasta"}}
    files = {"estimator": TEST_DATA / "fitted_species.zip", "features": SITES}
    line = check_refusal(TOOL, form, **files, outfile_predict="p")
    assert "selected_input: found sequences for an estimator that reads numbers; expected numbers" in line

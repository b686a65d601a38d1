"""Labels, probabilities and values that the prediction tool writes."""

import numpy as np
import pandas as pd
import pytest
import scipy.io
import scipy.sparse
from examples.default_forms import prediction_form
from examples.scripts import TEST_DATA

from prediction import predicting

TOOL = "model_prediction"
MEASURES = TEST_DATA / "iris_measures.tabular"
SPECIES = TEST_DATA / "fitted_species.zip"


@pytest.fixture
def predict(run_tool, tmp_path):
    """Return a function that predicts and reads the table."""

    def predict(estimator, features=MEASURES, weights=None, identifier_table=None, **changes):
        optional = {"weights": weights, "identifiers": identifier_table}
        files = {"estimator": estimator, "features": features} | {name: path for name, path in optional.items() if path}
        assert run_tool(TOOL, prediction_form(**changes), **files, outfile_predict="p") == 0
        return pd.read_csv(tmp_path / "out" / "p", sep="\t")

    return predict


def test_labels_are_written_as_text(predict):
    predicted = predict(SPECIES)
    assert list(predicted) == ["Predicted"]
    true = pd.read_csv(TEST_DATA / "iris_species.tabular", sep="\t")["species"]
    assert (predicted["Predicted"] == true).mean() > 0.9


def test_probabilities_are_named_by_label(predict):
    probabilities = predict(SPECIES, method="predict_proba")
    assert list(probabilities) == ["setosa", "versicolor", "virginica"]
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-6)
    assert (probabilities.idxmax(axis=1) == predict(SPECIES)["Predicted"]).all()


def test_a_single_output_is_the_probability_of_the_second_label(predict):
    estimator = TEST_DATA / "fitted_is_setosa.zip"
    probabilities = predict(estimator, method="predict_proba")
    assert list(probabilities) == ["0", "1"]
    assert ((probabilities["1"] > 0.5).astype(int) == predict(estimator)["Predicted"]).all()
    assert probabilities["1"][:50].min() > 0.5  # the first 50 samples are setosa


def test_values_are_written_with_all_digits(predict, tmp_path):
    columns = ("by_index_number", [1, 2, 3])
    values = predict(TEST_DATA / "fitted_petal_width.zip", columns1=columns)["Predicted"]
    true = pd.read_csv(MEASURES, sep="\t")["petal_width"]
    assert np.corrcoef(values, true)[0, 1] > 0.9
    written = (tmp_path / "out" / "p").read_text().split()[1:]
    assert [np.float32(text) for text in written] == values.astype(np.float32).tolist()
    assert max(len(text) for text in written) > 8


def test_the_order_of_named_columns_does_not_matter(predict, capsys):
    expected = predict(SPECIES, method="predict_proba")
    found = predict(SPECIES, features=TEST_DATA / "iris_measures_other_order.tabular", method="predict_proba")
    pd.testing.assert_frame_equal(found, expected)
    assert "The columns were reordered by name to the order of the training" in capsys.readouterr().out


def test_a_separate_weights_file_replaces_the_weights_of_the_estimator(predict, tmp_path):
    from galaxy_keras.estimator.file import read_estimator
    from galaxy_keras.network.architecture import build_model

    network = build_model(read_estimator(SPECIES).architecture)
    network.set_weights([np.zeros_like(w) for w in network.get_weights()])
    network.save_weights(tmp_path / "zeros.weights.h5")
    probabilities = predict(SPECIES, weights=tmp_path / "zeros.weights.h5", method="predict_proba")
    np.testing.assert_allclose(probabilities, 1 / 3, rtol=1e-6)


def test_predictions_of_a_prefitted_network_are_its_outputs(run_tool, predict, tmp_path):
    import keras

    architecture = TEST_DATA / "dense_classifier_architecture.json"
    weights = TEST_DATA / "dense_classifier.weights.h5"
    form = {"mode_selection": {"mode_type": "prefitted"}}
    assert run_tool("keras_model_builder", form, architecture=architecture, weights=weights, outfile="e.zip") == 0
    network = keras.models.model_from_json(architecture.read_text())
    network.load_weights(weights)
    expected = network.predict(pd.read_csv(MEASURES, sep="\t").to_numpy(dtype=np.float32), verbose=0)
    found = predict(tmp_path / "out" / "e.zip")
    assert list(found) == ["0", "1", "2"]
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_predictions_do_not_depend_on_the_block_size(predict, monkeypatch):
    expected = predict(SPECIES, method="predict_proba")
    monkeypatch.setattr(predicting, "ROWS_PER_BLOCK", 7)
    pd.testing.assert_frame_equal(predict(SPECIES, method="predict_proba"), expected, rtol=1e-5)
    texts = {"features": TEST_DATA / "film_texts.tabular", "kind": "text", "columns1": ("by_index_number", [1])}
    found = predict(TEST_DATA / "fitted_texts.zip", identifiers="2", **texts)
    assert list(found) == ["judgment", "Predicted"]
    assert (found["judgment"] == found["Predicted"]).all()


@pytest.mark.parametrize("names", [["species"], None], ids=["names", "no names"])
def test_predictions_of_a_sparse_matrix_are_those_of_its_table(predict, monkeypatch, tmp_path, names):
    rows, flowers = (pd.read_csv(TEST_DATA / f"iris_{name}.tabular", sep="\t") for name in ("measures", "species"))
    scipy.io.mmwrite(tmp_path / "rows.mtx", scipy.sparse.csc_matrix(rows.to_numpy()))
    flowers.to_csv(tmp_path / "names.tsv", sep="\t", index=True, header=["species"] if names else False)
    monkeypatch.setattr(predicting, "ROWS_PER_BLOCK", 7)
    matrix = {"features": tmp_path / "rows.mtx", "kind": "sparse", "method": "predict_proba"}
    found = predict(SPECIES, **matrix, identifier_table=tmp_path / "names.tsv", header_ids=bool(names))
    expected = predict(SPECIES, method="predict_proba")
    pd.testing.assert_frame_equal(found.iloc[:, 2:], expected, rtol=1e-5)
    assert found.iloc[:, 0].tolist() == list(range(150))
    assert found.iloc[:, 1].tolist() == flowers["species"].tolist()
    assert names is not None or list(found)[:2] == ["column 1", "column 2"]
    pd.testing.assert_frame_equal(predict(SPECIES, **matrix), expected, rtol=1e-5)


def test_identifiers_come_first_and_are_not_features(predict):
    flowers = TEST_DATA / "iris_flowers.tabular"
    found = predict(SPECIES, features=flowers, identifiers=" 5 ", method="predict_and_proba")
    assert list(found) == ["species", "setosa", "versicolor", "virginica", "Predicted"]
    assert found["species"].tolist() == pd.read_csv(flowers, sep="\t")["species"].tolist()
    assert (found[["setosa", "versicolor", "virginica"]].idxmax(axis=1) == found["Predicted"]).all()


def test_the_threshold_of_the_form_replaces_that_of_the_estimator(predict):
    estimator = TEST_DATA / "fitted_is_setosa.zip"
    probabilities = predict(estimator, method="predict_proba")["1"]
    threshold = float(probabilities.sort_values().iloc[120])
    assert predict(estimator, threshold=threshold)["Predicted"].sum() == (probabilities > threshold).sum() < 50


def test_outputs_of_a_hidden_layer_are_the_inputs_of_the_next(predict):
    from galaxy_keras.estimator.file import read_estimator
    from galaxy_keras.network.architecture import build_model

    network = build_model(read_estimator(SPECIES).architecture)
    network.load_weights(TEST_DATA / "fitted_species.weights.h5")
    hidden = predict(SPECIES, method="layer_output", layer="1")
    pd.testing.assert_frame_equal(hidden, predict(SPECIES, method="layer_output", layer="hidden"))
    assert list(hidden)[:2] == ["hidden_1", "hidden_2"]
    last = network.layers[-1](hidden.to_numpy(dtype=np.float32))
    np.testing.assert_allclose(last, predict(SPECIES, method="predict_proba"), rtol=1e-4, atol=1e-6)


FIRST_ROWS = MEASURES.read_bytes().splitlines(keepends=True)[:4]
TABLE = b"".join(FIRST_ROWS)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(TABLE.replace(b"\n", b"\r\n"), id="Windows"),
        pytest.param(b"\xef\xbb\xbf" + TABLE, id="byte order mark"),
        pytest.param(TABLE.rstrip(b"\n"), id="no last line end"),
        pytest.param(b"".join(FIRST_ROWS[:2]), id="one row"),
    ],
)
def test_equivalent_tables_have_equal_predictions(predict, tmp_path, content):
    (tmp_path / "x.tsv").write_bytes(content)
    expected = predict(SPECIES, method="predict_proba").iloc[: content.count(b"\n", 0, len(content) - 1)]
    found = predict(SPECIES, features=tmp_path / "x.tsv", method="predict_proba")
    pd.testing.assert_frame_equal(found, expected, rtol=1e-5)


def test_a_matrix_without_entries_contains_rows_of_zeros(predict, tmp_path):
    (tmp_path / "x.mtx").write_text("%%MatrixMarket matrix coordinate real general\n3 4 0\n")
    found = predict(SPECIES, features=tmp_path / "x.mtx", kind="sparse", method="predict_proba")
    assert len(found) == 3
    assert (found == found.iloc[0]).all(axis=None)

"""Predictions of the fitted estimators in test-data: kinds of outputs, thresholds and identifiers."""

import pandas as pd
import pytest
from examples.default_forms import prediction_form
from examples.scripts import TEST_DATA

TOOL = "model_prediction"
MEASURES, FLOWERS = TEST_DATA / "iris_measures.tabular", TEST_DATA / "iris_flowers.tabular"
TEXTS = TEST_DATA / "film_texts.tabular"


@pytest.fixture
def predict(run_tool, tmp_path):
    def predict(estimator, features, **changes):
        files = {"estimator": TEST_DATA / f"{estimator}.zip", "features": features}
        assert run_tool(TOOL, prediction_form(**changes), **files, outfile_predict="p") == 0
        return pd.read_csv(tmp_path / "out" / "p", sep="\t")

    return predict


def test_the_threshold_applies_to_the_binary_one_of_two_targets(predict):
    table = predict("fitted_two_targets", MEASURES, method="predict_and_proba", threshold=0.000001)
    species = [f"species: {name}" for name in ("setosa", "versicolor", "virginica")]
    assert list(table) == [*species, "size: large", "size: small", "species", "size"]
    assert set(table["size"]) == {"small"}
    assert (table["species"][:50] == "setosa").all()
    assert (table["species"][100:] == "virginica").mean() >= 0.9


def test_values_of_two_outputs_follow_the_identifier(predict, capsys):
    table = predict("fitted_two_numbers", FLOWERS, kind="several", inputs=[[1], [3]], identifiers="5")
    assert list(table) == ["species", "petal_width", "sepal_width"]
    setosa, virginica = table[table["species"] == "setosa"], table[table["species"] == "virginica"]
    assert (setosa["petal_width"] < 1).all() and (virginica["petal_width"] > 1).all()
    assert "The columns were reordered by name to the order of the training" in capsys.readouterr().out


def test_a_threshold_of_one_predicts_only_the_negative_class(predict):
    assert set(predict("fitted_is_setosa", MEASURES, threshold=1)["Predicted"]) == {0}


def test_text_is_encoded_with_the_vocabulary_of_the_estimator(predict):
    table = predict("fitted_texts", TEXTS, kind="text", columns1=("by_index_number", [1]))
    assert table["Predicted"].value_counts().to_dict() == {"negative": 60, "positive": 60}


def test_text_for_an_estimator_of_numbers_is_refused(check_refusal):
    files = {"estimator": TEST_DATA / "fitted_species.zip", "features": TEXTS}
    form = prediction_form(kind="text", columns1=("by_index_number", [1]))
    said = check_refusal(TOOL, form, **files, outfile_predict="p")
    assert "selected_input: found text for an estimator that reads numbers; expected numbers" in said

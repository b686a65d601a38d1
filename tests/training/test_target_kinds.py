"""Trainings with every kind of target: what they predict, and that Keras' and scikit-learn's numbers agree."""

import numpy as np
import pandas as pd
import pytest
from examples.scripts import TEST_DATA
from examples.trainings import BINARY, CLASSES, MEASURES, ONE_HOT, read_species, write_columns
from sklearn import metrics

from galaxy_keras.catalog.losses_and_metrics import read_loss
from galaxy_keras.estimator.contents import FitParameters

IS_SETOSA = {"target": TEST_DATA / "iris_is_setosa.tabular"}
# So few steps that some outputs are still between 0 and 0.5.
FEW_STEPS = FitParameters(epochs=1, batch_size=60)


def test_text_labels_in_one_column_are_predicted(default_training):
    tables = default_training.tables
    assert list(tables["predicted"]) == [*CLASSES, "Predicted"]
    assert set(tables["predicted"]["Predicted"]) <= set(CLASSES)
    accuracy = metrics.accuracy_score(tables["true"]["species"], tables["predicted"]["Predicted"])
    assert tables["result"]["accuracy"][0] == pytest.approx(accuracy, abs=1e-6)
    assert accuracy > 0.5


@pytest.mark.parametrize("labels", [(0, 1, 2), (1, 2, 3), (10, 20, 40)])
def test_integers_as_classes_are_encoded_alike_for_keras_and_scikit_learn(train, make_estimator, tmp_path, labels):
    numbers = read_species().map(dict(zip(CLASSES, labels, strict=True)))
    tables = train(make_estimator(), files={"target": write_columns(tmp_path / "y.tsv", {"y": numbers})})
    accuracy = metrics.accuracy_score(tables["true"]["y"], tables["predicted"]["Predicted"])
    last = tables["history"].iloc[-1]
    assert last["val_accuracy"] == pytest.approx(accuracy, abs=1e-6)
    assert tables["result"]["accuracy"][0] == pytest.approx(accuracy, abs=1e-6)
    rows = zip(tables["true"]["y"], tables["predicted"].iterrows(), strict=True)
    loss = -np.log([row[str(label)] for label, (_, row) in rows]).mean()
    assert tables["result"]["loss"][0] == pytest.approx(loss, rel=1e-4)
    assert last["val_loss"] == pytest.approx(loss, rel=1e-4)
    assert list(tables["predicted"]) == [*map(str, labels), "Predicted"]


def test_one_output_predicts_the_probability_of_the_second_class(train, make_estimator):
    estimator = make_estimator(outputs=1, activation="sigmoid", loss=BINARY)
    tables = train(estimator, files=IS_SETOSA, header2=False)
    predicted = tables["predicted"]
    assert list(predicted) == ["0", "1", "Predicted"]
    np.testing.assert_allclose(predicted["0"] + predicted["1"], 1, rtol=1e-6)
    np.testing.assert_array_equal(predicted["Predicted"], (predicted["1"] > 0.5).astype(int))
    assert metrics.roc_auc_score(tables["true"]["0"], predicted["1"]) > 0.9


def test_one_hot_columns_keep_their_names_and_get_a_column_of_labels(train, make_estimator):
    tables = train(make_estimator(loss=ONE_HOT), files={"target": TEST_DATA / "iris_species_one_hot.tabular"})
    assert list(tables["true"]) == [*CLASSES, "Label"]
    np.testing.assert_array_equal(tables["true"][CLASSES].idxmax(axis=1), tables["true"]["Label"])
    accuracy = metrics.accuracy_score(tables["true"]["Label"], tables["predicted"]["Predicted"])
    assert tables["result"]["accuracy"][0] == pytest.approx(accuracy, abs=1e-6)


def test_the_accuracy_of_several_labels_counts_labels_for_keras_and_rows_for_scikit_learn(
    train, make_estimator, tmp_path
):
    measures = pd.read_csv(MEASURES, sep="\t")
    flags = {"long": (measures["petal_length"] > 4).astype(int), "wide": (measures["sepal_width"] > 3).astype(int)}
    fit = FitParameters(epochs=8, batch_size=16)
    estimator = make_estimator(outputs=2, activation="sigmoid", loss=BINARY, fit=fit)
    files = {"target": write_columns(tmp_path / "y.tsv", flags)}
    tables = train(estimator, files=files, primary_scoring="f1_macro")
    true, predicted, result = tables["true"], tables["predicted"], tables["result"]
    assert list(true) == list(predicted) == ["long", "wide"]
    is_correct = true == (predicted > 0.5)
    assert result["f1_macro"][0] == pytest.approx(metrics.f1_score(true, predicted > 0.5, average="macro"))
    assert result["accuracy"][0] == pytest.approx(is_correct.to_numpy().mean(), abs=1e-6)
    # With scikit-learn's accuracy, both are written.
    result = train(estimator, files=files)["result"].iloc[0]
    assert list(result.index) == ["loss", "accuracy", "binary_accuracy"]
    assert result["binary_accuracy"] == pytest.approx(is_correct.to_numpy().mean(), abs=1e-6)
    assert result["accuracy"] == pytest.approx(is_correct.all(axis=1).mean(), abs=1e-6)
    assert result["accuracy"] < result["binary_accuracy"]


@pytest.mark.parametrize("targets", [["petal_width"], ["petal_width", "petal_length"]], ids=["one", "two"])
def test_real_numbers_are_predicted(train, make_estimator, tmp_path, targets):
    measures = pd.read_csv(MEASURES, sep="\t")
    estimator = make_estimator(
        outputs=len(targets),
        activation="linear",
        loss="mean_squared_error",
        task="regression",
        metrics=("mean_absolute_error",),
    )
    tables = train(estimator, files={"target": write_columns(tmp_path / "y.tsv", measures[targets])})
    true, predicted = tables["true"], tables["predicted"]
    assert list(predicted) == (["Predicted"] if len(targets) == 1 else targets)
    result = tables["result"]
    assert result["r2"][0] == pytest.approx(metrics.r2_score(true, predicted), abs=1e-4)
    assert result["mean_absolute_error"][0] == pytest.approx(metrics.mean_absolute_error(true, predicted), abs=1e-4)


@pytest.mark.parametrize(
    "activation, loss",
    [("tanh", "hinge"), ("linear", read_loss(BINARY, {"from_logits": True}))],
    ids=["margin", "logit"],
)
def test_margins_and_logits_have_the_threshold_0_in_keras_accuracy_and_in_predictions(
    train, make_estimator, activation, loss
):
    estimator = make_estimator(outputs=1, activation=activation, loss=loss, fit=FEW_STEPS)
    tables = train(estimator, files=IS_SETOSA, header2=False)
    assert list(tables["predicted"]) == ["Predicted"]
    accuracy = metrics.accuracy_score(tables["true"]["0"], tables["predicted"]["Predicted"])
    assert tables["history"]["val_accuracy"].iloc[-1] == pytest.approx(accuracy, abs=1e-6)


def test_a_softmax_layer_predicts_class_probabilities(train, make_estimator):
    import keras

    network = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3), keras.layers.Softmax()])
    assert list(train(make_estimator(network=network))["predicted"]) == [*CLASSES, "Predicted"]

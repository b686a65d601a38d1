"""Predictions of networks with several inputs and outputs, compared with Keras."""

import numpy as np
import pandas as pd
import pytest
from examples.default_forms import prediction_form
from examples.scripts import TEST_DATA

from galaxy_keras.catalog.losses_and_metrics import Measure
from galaxy_keras.catalog.optimizers import make_optimizer
from galaxy_keras.estimator.contents import Estimator, FitParameters, Fitted
from galaxy_keras.estimator.file import write_estimator
from galaxy_keras.estimator.weights_file import save_weights

TOOL = "model_prediction"
MEASURES = TEST_DATA / "iris_measures.tabular"
NAMES = ["sepal_length", "sepal_width", "petal_length", "petal_width"]
# Columns of the two inputs in the order of the training: petals first.
PETALS_FIRST = [*NAMES[2:], *NAMES[:2]]
SEVERAL = {"kind": "several", "inputs": [[3, 4], [1, 2]]}


@pytest.fixture(scope="module")
def network():
    """Return a network with two inputs of two columns, a shared layer, and outputs of two columns and one column."""
    import keras

    keras.utils.set_random_seed(4)
    inputs = [keras.Input((2,), name="petal"), keras.Input((2,), name="sepal")]
    parts = [keras.layers.Dense(3, activation="relu", name=f"{part.name}_part")(part) for part in inputs]
    joined = keras.layers.Concatenate(name="joined")(parts)
    output_layers = [keras.layers.Dense(count, activation="sigmoid")(joined) for count in (2, 1)]
    return keras.Model(inputs, output_layers)


@pytest.fixture
def expected(network):
    """Return the concatenated outputs that Keras computes for the iris samples."""
    flowers = pd.read_csv(MEASURES, sep="\t")[PETALS_FIRST].to_numpy(dtype=np.float32)
    return np.hstack(network.predict([flowers[:, :2], flowers[:, 2:]], verbose=0))


@pytest.fixture
def write_fitted(network, tmp_path):
    """Return a function that writes the network as a fitted estimator of values or of independent labels."""
    import keras

    def write(kind="values", names=PETALS_FIRST):
        targets = ["long", "wide", "red"]
        task, loss, classes, threshold = {
            "values": ("regression", "mean_squared_error", [], None),
            "multilabel": ("classification", "binary_crossentropy", targets, 0.5),
        }[kind]
        estimator = Estimator(
            task,
            Measure(loss, {}),
            make_optimizer("Adam", {}),
            [],
            FitParameters(),
            seed=None,
            architecture=keras.saving.serialize_keras_object(network),
            fitted=Fitted(kind, classes, targets, len(names), names, threshold, kind == "multilabel", {}),
        )
        save_weights(network, tmp_path / "weights.h5")
        write_estimator(tmp_path / "fitted.zip", estimator, tmp_path / "weights.h5")
        return tmp_path / "fitted.zip"

    return write


@pytest.fixture
def predict(run_tool, tmp_path):
    """Return a function that predicts and reads the table."""

    def predict(estimator, features=MEASURES, **changes):
        form = prediction_form(**changes)
        assert run_tool(TOOL, form, estimator=estimator, features=features, outfile_predict="p") == 0
        return pd.read_csv(tmp_path / "out" / "p", sep="\t")

    return predict


def test_values_of_several_outputs_are_named_by_target(predict, write_fitted, expected):
    found = predict(write_fitted(), **SEVERAL)
    assert list(found) == ["long", "wide", "red"]
    np.testing.assert_allclose(found, expected, rtol=1e-4)


def test_independent_labels_of_several_outputs_have_probabilities_and_predictions(predict, write_fitted, expected):
    estimator = write_fitted("multilabel")
    found = predict(estimator, method="predict_and_proba", threshold=0.6, **SEVERAL)
    assert list(found) == ["long", "wide", "red", "Predicted long", "Predicted wide", "Predicted red"]
    np.testing.assert_allclose(found.iloc[:, :3], expected, rtol=1e-4)
    np.testing.assert_array_equal(found.iloc[:, 3:], expected > 0.6)
    assert list(predict(estimator, **SEVERAL)) == ["long", "wide", "red"]


BY_NAME = ("by_header_name", ",".join(NAMES))


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"kind": "several", "inputs": [[1, 2], [3, 4]]}, id="inputs in the other order"),
        pytest.param({"kind": "several", "inputs": [[4, 3], [2, 1]]}, id="columns in another order"),
        pytest.param({}, id="all columns of a table"),
        pytest.param({"columns1": BY_NAME}, id="names"),
        pytest.param({"features": TEST_DATA / "iris_measures_other_order.tabular"}, id="another order in the table"),
    ],
)
def test_columns_are_assigned_to_inputs_by_name(predict, write_fitted, expected, capsys, changes):
    found = predict(write_fitted(), **changes)
    np.testing.assert_allclose(found, expected, rtol=1e-4)
    assert "The columns were reordered by name to the order of the training" in capsys.readouterr().out


def test_columns_without_names_are_assigned_to_inputs_from_left_to_right(predict, write_fitted, expected, tmp_path):
    (tmp_path / "x.tsv").write_text("".join(MEASURES.read_text().splitlines(keepends=True)[1:]))
    found = predict(write_fitted(), features=tmp_path / "x.tsv", header1=False, **SEVERAL)
    np.testing.assert_allclose(found, expected, rtol=1e-4)


def test_a_column_of_two_inputs_occurs_once_in_the_table(predict, write_fitted, network, tmp_path):
    names = ["petal_length", "petal_width", "petal_width", "sepal_width"]
    flowers = pd.read_csv(MEASURES, sep="\t")[names].to_numpy(dtype=np.float32)
    expected = np.hstack(network.predict([flowers[:, :2], flowers[:, 2:]], verbose=0))
    estimator = write_fitted(names=names)
    for changes in (
        {"kind": "several", "inputs": [[3, 4], [4, 2]]},
        {"kind": "several", "inputs": [[4, 2], [4, 3]]},
        {"columns1": ("all_but_by_header_name", "sepal_length")},
    ):
        np.testing.assert_allclose(predict(estimator, **changes), expected, rtol=1e-4)


@pytest.mark.parametrize(
    "inputs, message",
    [
        ([[3, 4], [1]], "found other columns (missing: 'sepal_width'); expected the 4 columns that the estimator was"),
        ([[3, 4], [1, 2, 5]], "found other columns (unknown: 'species'); expected the 4 columns"),
        ([[3, 4], [1, 5]], "found other columns (missing: 'sepal_width', unknown: 'species')"),
        ([[3, 4], [2, 2]], "input 2 of the network: found column 2 (sepal_width) twice; expected each column once"),
        ([[3, 4], [1, 9]], "found column number 9; expected a number from 1 to 5"),
        ([[3, 4], []], "columns of input 2: no column is selected; expected at least one"),
    ],
)
def test_columns_that_do_not_match_the_inputs_are_refused(check_refusal, write_fitted, inputs, message):
    files = {"estimator": write_fitted(), "features": TEST_DATA / "iris_flowers.tabular"}
    form = prediction_form(kind="several", inputs=inputs)
    assert message in check_refusal(TOOL, form, **files, outfile_predict="p")


def test_outputs_of_layers_in_and_after_branches_are_predicted(predict, write_fitted, network):
    import keras

    flowers = pd.read_csv(MEASURES, sep="\t")[PETALS_FIRST].to_numpy(dtype=np.float32)
    for layer in ("sepal_part", "joined"):
        part = keras.Model(network.inputs, network.get_layer(layer).output)
        found = predict(write_fitted(), method="layer_output", layer=layer, **SEVERAL)
        assert list(found)[:2] == [f"{layer}_1", f"{layer}_2"]
        np.testing.assert_allclose(found, part.predict([flowers[:, :2], flowers[:, 2:]], verbose=0), rtol=1e-4)

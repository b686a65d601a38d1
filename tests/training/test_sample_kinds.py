"""Trainings with every kind of samples: tables, sparse matrices, one table for all, and several inputs."""

import pandas as pd
import pytest
from examples.default_forms import prediction_form
from examples.trainings import check_same_weights, MEASURES, read_species, write_columns
from examples.weights import list_arrays
from scipy.io import mmwrite
from scipy.sparse import coo_array
from sklearn import metrics

from galaxy_keras.estimator.contents import FitParameters
from galaxy_keras.estimator.file import read_estimator

# With all rows in one batch, their order does not matter.
ONE_BATCH = FitParameters(epochs=3, batch_size=150)
ROUNDING = {"rtol": 1e-4, "atol": 1e-5}


@pytest.fixture
def weights(tmp_path):
    """Return a function that reads the weights of the latest training."""
    return lambda: list_arrays(tmp_path / "out" / "weights.h5")


def test_a_sparse_matrix_trains_the_same_network_as_a_table(train, make_estimator, tmp_path, weights):
    estimator = make_estimator(fit=ONE_BATCH)
    train(estimator, scheme="train_all")
    expected = weights()
    matrix = tmp_path / "x.mtx"
    with matrix.open("wb") as file:
        mmwrite(file, coo_array(pd.read_csv(MEASURES, sep="\t").to_numpy()))
    train(estimator, files={"features": matrix}, kind="sparse", scheme="train_all")
    check_same_weights(weights(), expected, **ROUNDING)


def test_a_table_larger_than_the_memory_trains_the_same_network_in_batches(
    train, make_estimator, monkeypatch, capsys, weights
):
    estimator = make_estimator(fit=ONE_BATCH)
    train(estimator, scheme="train_all")
    expected = weights()
    monkeypatch.setattr("galaxy_keras.memory.MAX_MEMORY_FRACTION", 0.0)
    monkeypatch.setattr("galaxy_keras.network.inputs.LARGE_BYTES", 0)
    train(estimator, scheme="train_all")
    assert "kept on disk, read in batches" in capsys.readouterr().out
    check_same_weights(weights(), expected, **ROUNDING)
    first, second = (train(make_estimator())["history"] for _ in range(2))
    pd.testing.assert_frame_equal(first, second)


def test_one_table_may_hold_samples_and_target(train, make_estimator, tmp_path, weights, default_training):
    table = pd.read_csv(MEASURES, sep="\t").assign(species=read_species())
    path = write_columns(tmp_path / "both.tsv", table)
    columns = {"columns1": ("by_index_number", [1, 2, 3, 4]), "columns2": ("by_header_name", "species")}
    train(make_estimator(), files={"features": path, "target": path}, kind="one_table", **columns)
    check_same_weights(weights(), default_training.weights)


@pytest.mark.parametrize(
    "choice, names",
    [
        (("by_index_number", [2, 1]), ["sepal_width", "sepal_length"]),
        (("all_but_by_index_number", [3, 4]), ["sepal_length", "sepal_width"]),
        (("by_header_name", "sepal_width, sepal_length"), ["sepal_width", "sepal_length"]),
        (("all_but_by_header_name", "petal_length,petal_width"), ["sepal_length", "sepal_width"]),
    ],
    ids=["numbers", "all but numbers", "names", "all but names"],
)
def test_feature_columns_are_selected_in_every_way(train, make_estimator, tmp_path, choice, names):
    train(make_estimator(inputs=2, fit=FitParameters(epochs=1)), columns1=choice)
    assert read_estimator(tmp_path / "out" / "fitted.zip").fitted.feature_names == names


@pytest.fixture
def make_two_inputs(make_estimator):
    """Write an estimator whose network has two inputs, of three columns and of one."""
    import keras

    def make(**settings):
        inputs = [keras.Input((3,), name="first"), keras.Input((1,), name="second")]
        parts = [keras.layers.Dense(4, activation="relu")(inputs[0]), inputs[1]]
        outputs = keras.layers.Dense(3, activation="softmax")(keras.layers.Concatenate()(parts))
        return make_estimator(network=keras.Model(inputs, outputs), **settings)

    return make


def test_each_of_several_inputs_has_a_column_range(train, make_two_inputs, tmp_path, run_tool):
    tables = train(
        make_two_inputs(fit=FitParameters(epochs=30, batch_size=16)), kind="several", inputs=[[1, 2, 3], [4]]
    )
    assert tables["result"]["accuracy"][0] > 0.8
    fitted = tmp_path / "out" / "fitted.zip"
    assert read_estimator(fitted).fitted.feature_names == pd.read_csv(MEASURES, sep="\t").columns.tolist()
    form = prediction_form(kind="several", inputs=[[1, 2, 3], [4]])
    assert run_tool("model_prediction", form, estimator=fitted, features=MEASURES, outfile_predict="p") == 0
    predicted = pd.read_csv(tmp_path / "out" / "p", sep="\t")["Predicted"]
    rows = tables["split"].query("part == 'validation'").index
    accuracy = metrics.accuracy_score(read_species()[rows], predicted[rows])
    assert accuracy == pytest.approx(tables["result"]["accuracy"][0], abs=1e-6)


def test_several_inputs_may_have_their_columns_by_name(train, make_two_inputs, tmp_path, run_tool, weights):
    estimator = make_two_inputs()
    train(estimator, kind="several", inputs=[[4, 2, 1], 3])
    expected = weights()
    names = {"kind": "several_by_name", "inputs": ["petal_width, sepal_width,sepal_length", "petal_length"]}
    train(estimator, **names)
    check_same_weights(weights(), expected)
    files = {"estimator": tmp_path / "out" / "fitted.zip", "features": MEASURES}
    for form, name in ((prediction_form(**names), "named"), (prediction_form(), "all columns")):
        assert run_tool("model_prediction", form, **files, outfile_predict=name) == 0
    written = [(tmp_path / "out" / name).read_text() for name in ("named", "all columns")]
    assert written[0] == written[1]


INPUTS = {
    "unknown name": (["petal, sepal_width", "sepal_length"], "input 1 of the network: the column 'petal' is missing"),
    "name twice": (
        ["petal_width, petal_length, petal_width", "sepal_length"],
        r"input 1 of the network: found column 4 (petal_width) twice; expected each column once",
    ),
    "no name": (["petal_width, petal_length, sepal_width", " "], "names of input 2: no column name is given; expected"),
    "another order of inputs": (
        ["petal_width", "petal_length, sepal_width, sepal_length"],
        "found 1 and 3 columns for the inputs of the network; expected 3 and 1, because its inputs in their order are "
        "first (3,), second (1,)",
    ),
    "too many inputs": (
        ["petal_width, petal_length", "sepal_width", "sepal_length"],
        "found 2 and 1 and 1 columns for the inputs of the network; expected 3 and 1",
    ),
}


@pytest.mark.parametrize("names, message", INPUTS.values(), ids=INPUTS.keys())
def test_columns_that_do_not_fit_the_inputs_are_refused(check_training_refusal, make_two_inputs, names, message):
    assert message in check_training_refusal(make_two_inputs(), kind="several_by_name", inputs=names)


def test_a_word_index_beyond_the_embedding_is_refused(check_training_refusal, make_estimator, tmp_path):
    import keras

    layers = [keras.layers.Embedding(10, 2), keras.layers.Flatten()]
    estimator = make_estimator(outputs=1, activation="sigmoid", loss="binary_crossentropy", layers=layers, inputs=2)
    files = {
        "features": write_columns(tmp_path / "x.tsv", {"a": [1, 2, 3, 4], "b": [1, 10, 2, 3]}),
        "target": write_columns(tmp_path / "y.tsv", {"y": [0, 1, 0, 1]}),
    }
    line = check_training_refusal(estimator, files)
    assert "row 3, column 2 (b): found 10; expected a word index from 0 to 9" in line

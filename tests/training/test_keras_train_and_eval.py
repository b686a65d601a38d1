"""The training tool: every kind of target, scores as scikit-learn gives them, repeatable figures, clear refusals."""

import dataclasses
import json
import os
import re
import subprocess
import sys
import zipfile

import numpy as np
import pandas as pd
import pytest
from conftest import ROOT, run_as_user, TEST_DATA
from examples.default_forms import OUTPUTS, prediction_form, training_form
from examples.weights import list_arrays
from scipy.io import mmwrite
from scipy.sparse import coo_array
from sklearn import metrics

from galaxy_keras.catalog.losses_and_metrics import Measure, read_loss, read_metric
from galaxy_keras.catalog.optimizers import make_optimizer
from galaxy_keras.estimator.contents import Estimator, FitParameters
from galaxy_keras.estimator.file import read_estimator, write_estimator

TOOL = "keras_train_and_eval"
MEASURES = TEST_DATA / "iris_measures.tabular"
SPECIES = TEST_DATA / "iris_species.tabular"
RESULT_ONLY = {"outfile_result": "result"}
TASK = "classification"
# So few that some outputs are still between 0 and 0.5.
FEW_STEPS = FitParameters(epochs=1, batch_size=60)
SPARSE, ONE_HOT, BINARY = "sparse_categorical_crossentropy", "categorical_crossentropy", "binary_crossentropy"


@pytest.fixture
def make_estimator(tmp_path):
    """Write an unfitted estimator with one hidden layer, or with the layers given."""

    def make(outputs=3, activation="softmax", loss=SPARSE, metrics=("accuracy",), layers=None, inputs=4, **changes):
        import keras

        hidden = layers or [keras.layers.Dense(8, activation="relu")]
        last = keras.layers.Dense(outputs, activation=activation)
        network = keras.Sequential([keras.Input((inputs,)), *hidden, last])
        fields = {
            "task": "classification",
            "loss": read_loss(loss) if isinstance(loss, str) else loss,
            "optimizer": make_optimizer("Adam", {"learning_rate": 0.03}),
            "metrics": [read_metric(metric) for metric in metrics],
            "fit": FitParameters(epochs=3, batch_size=16),
            "seed": 9,
            "architecture": json.loads(network.to_json()),
            **changes,
        }
        path = tmp_path / "estimator.zip"
        write_estimator(path, Estimator(**fields))
        return path

    return make


@pytest.fixture
def train(run_tool, tmp_path):
    """Train and give the written tables by name."""

    def train(estimator, target=SPECIES, features=MEASURES, outputs=OUTPUTS, **changes):
        form = training_form(**changes)
        assert run_tool(TOOL, form, estimator=estimator, features=features, target=target, **outputs) == 0
        tables = {name: tmp_path / "out" / name for name in ("result", "history", "true", "predicted", "split")}
        return {name: pd.read_csv(path, sep="\t") for name, path in tables.items() if path.exists()}

    return train


def write(path, columns):
    pd.DataFrame(columns).to_csv(path, sep="\t", index=False)
    return path


# Kinds of target


@pytest.mark.parametrize("loss", [SPARSE, ONE_HOT])
def test_text_labels_in_one_column(train, make_estimator, loss):
    tables = train(make_estimator(loss=loss))
    assert list(tables["predicted"]) == ["setosa", "versicolor", "virginica", "Predicted"]
    assert set(tables["predicted"]["Predicted"]) <= {"setosa", "versicolor", "virginica"}
    accuracy = metrics.accuracy_score(tables["true"]["species"], tables["predicted"]["Predicted"])
    assert tables["result"]["accuracy"][0] == pytest.approx(accuracy, abs=1e-6)
    assert accuracy > 0.5


@pytest.mark.parametrize("labels", [(0, 1, 2), (1, 2, 3), (10, 20, 40)])
def test_whole_numbers_as_classes(train, make_estimator, tmp_path, labels):
    """Keras' loss and accuracy and scikit-learn's are of the same encoded labels, wherever the numbers start."""
    species = pd.read_csv(SPECIES, sep="\t")["species"]
    numbers = species.map(dict(zip(sorted(set(species)), labels, strict=True)))
    tables = train(make_estimator(), target=write(tmp_path / "y.tsv", {"y": numbers}))
    accuracy = metrics.accuracy_score(tables["true"]["y"], tables["predicted"]["Predicted"])
    last = tables["history"].iloc[-1]
    assert last["val_accuracy"] == pytest.approx(accuracy, abs=1e-6)
    assert tables["result"]["accuracy"][0] == pytest.approx(accuracy, abs=1e-6)
    of_true = [
        row[str(label)] for label, (_, row) in zip(tables["true"]["y"], tables["predicted"].iterrows(), strict=True)
    ]
    loss = -np.log(of_true).mean()
    assert tables["result"]["loss"][0] == pytest.approx(loss, rel=1e-4)
    assert last["val_loss"] == pytest.approx(loss, rel=1e-4)
    assert list(tables["predicted"]) == [*map(str, labels), "Predicted"]


def test_zero_and_one_with_a_single_output(train, make_estimator):
    estimator = make_estimator(1, "sigmoid", BINARY)
    tables = train(estimator, target=TEST_DATA / "iris_is_setosa.tabular", header2=False)
    predicted = tables["predicted"]
    assert list(predicted) == ["0", "1", "Predicted"]
    np.testing.assert_allclose(predicted["0"] + predicted["1"], 1, rtol=1e-6)
    np.testing.assert_array_equal(predicted["Predicted"], (predicted["1"] > 0.5).astype(int))
    # The probability of the larger label stands under that label: 1 is setosa, which a network tells at once.
    assert metrics.roc_auc_score(tables["true"]["0"], predicted["1"]) > 0.9


def test_one_hot_columns_keep_their_names(train, make_estimator):
    tables = train(make_estimator(loss=ONE_HOT), target=TEST_DATA / "iris_species_one_hot.tabular")
    assert list(tables["true"]) == ["setosa", "versicolor", "virginica", "Label"]
    np.testing.assert_array_equal(tables["true"].iloc[:, :3].idxmax(axis=1), tables["true"]["Label"])
    accuracy = metrics.accuracy_score(tables["true"]["Label"], tables["predicted"]["Predicted"])
    assert tables["result"]["accuracy"][0] == pytest.approx(accuracy, abs=1e-6)


def test_several_labels_a_row(train, make_estimator, tmp_path):
    measures = pd.read_csv(MEASURES, sep="\t")
    flags = {"long": (measures["petal_length"] > 4).astype(int), "wide": (measures["sepal_width"] > 3).astype(int)}
    estimator = make_estimator(2, "sigmoid", BINARY, fit=FitParameters(epochs=20, batch_size=16))
    tables = train(estimator, target=write(tmp_path / "y.tsv", flags), primary_scoring="f1_macro")
    true, predicted, result = tables["true"], tables["predicted"], tables["result"]
    assert list(true) == list(predicted) == ["long", "wide"]
    assert result["f1_macro"][0] == pytest.approx(metrics.f1_score(true, predicted > 0.5, average="macro"))
    # Keras' binary accuracy is that of each label.
    of_labels = (true == (predicted > 0.5)).to_numpy().mean()
    assert result["accuracy"][0] == pytest.approx(of_labels, abs=1e-6)
    # scikit-learn's is that of rows whose labels are all right; both are kept.
    result = train(estimator, target=tmp_path / "y.tsv")["result"].iloc[0]
    assert list(result.index) == ["loss", "accuracy", "binary_accuracy"]
    assert result["binary_accuracy"] == pytest.approx(of_labels, abs=1e-6)
    assert result["accuracy"] == pytest.approx((true == (predicted > 0.5)).all(axis=1).mean(), abs=1e-6)
    assert result["accuracy"] < result["binary_accuracy"]


@pytest.mark.parametrize("targets", [["petal_width"], ["petal_width", "petal_length"]], ids=["one", "two"])
def test_real_numbers(train, make_estimator, tmp_path, targets):
    measures = pd.read_csv(MEASURES, sep="\t")
    estimator = make_estimator(
        len(targets), "linear", "mean_squared_error", task="regression", metrics=["mean_absolute_error"]
    )
    tables = train(estimator, target=write(tmp_path / "y.tsv", measures[targets]))
    true, predicted = tables["true"], tables["predicted"]
    assert list(predicted) == (["Predicted"] if len(targets) == 1 else targets)
    result = tables["result"]
    assert result["r2"][0] == pytest.approx(metrics.r2_score(true, predicted), abs=1e-4)
    assert result["mean_absolute_error"][0] == pytest.approx(metrics.mean_absolute_error(true, predicted), abs=1e-4)


def test_a_margin_decides_at_zero(train, make_estimator):
    estimator = make_estimator(1, "tanh", "hinge", fit=FEW_STEPS)
    tables = train(estimator, target=TEST_DATA / "iris_is_setosa.tabular", header2=False)
    assert list(tables["predicted"]) == ["Predicted"]
    accuracy = metrics.accuracy_score(tables["true"]["0"], tables["predicted"]["Predicted"])
    assert tables["history"]["val_accuracy"].iloc[-1] == pytest.approx(accuracy, abs=1e-6)


def test_softmax_as_a_layer_gives_classes(train, make_estimator):
    import keras

    path = make_estimator(3, "linear")
    estimator = read_estimator(path)
    network = keras.models.model_from_json(json.dumps(estimator.architecture))
    network.add(keras.layers.Softmax())
    write_estimator(path, dataclasses.replace(estimator, architecture=json.loads(network.to_json())))
    assert list(train(path)["predicted"]) == ["setosa", "versicolor", "virginica", "Predicted"]


# Kinds of samples


def test_a_sparse_matrix_trains_as_the_same_table_does(train, make_estimator, tmp_path):
    """With all rows in one batch their order does not matter, and the weights agree."""
    estimator = make_estimator(fit=FitParameters(epochs=5, batch_size=150))
    train(estimator, scheme="train_all")
    expected = list_arrays(tmp_path / "out" / "weights.h5")
    with (tmp_path / "x.mtx").open("wb") as file:
        mmwrite(file, coo_array(pd.read_csv(MEASURES, sep="\t").to_numpy()))
    train(estimator, features=tmp_path / "x.mtx", kind="sparse", scheme="train_all")
    for place, array in list_arrays(tmp_path / "out" / "weights.h5").items():
        np.testing.assert_allclose(array, expected[place], rtol=1e-4, atol=1e-5, err_msg=place)


def test_a_table_too_large_for_the_memory_trains_in_batches(train, make_estimator, monkeypatch, tmp_path, capsys):
    estimator = make_estimator(fit=FitParameters(epochs=5, batch_size=150))
    train(estimator, scheme="train_all")
    expected = list_arrays(tmp_path / "out" / "weights.h5")
    monkeypatch.setattr("galaxy_keras.memory.LARGEST_SHARE", 0.0)
    monkeypatch.setattr("galaxy_keras.network.inputs.LARGE_BYTES", 0)
    train(estimator, scheme="train_all")
    assert "kept on disk, read in batches" in capsys.readouterr().out
    for place, array in list_arrays(tmp_path / "out" / "weights.h5").items():
        np.testing.assert_allclose(array, expected[place], rtol=1e-4, atol=1e-5, err_msg=place)
    first = train(make_estimator(), split={"shuffle": "simple", "test_size": 0.2})
    second = train(make_estimator(), split={"shuffle": "simple", "test_size": 0.2})
    pd.testing.assert_frame_equal(first["history"], second["history"])


def test_one_table_may_hold_samples_and_target(train, make_estimator, tmp_path):
    table = pd.read_csv(MEASURES, sep="\t").assign(species=pd.read_csv(SPECIES, sep="\t")["species"])
    path = write(tmp_path / "both.tsv", table)
    columns = {"columns1": ("by_index_number", [1, 2, 3, 4]), "columns2": ("by_header_name", "species")}
    train(make_estimator(), features=path, target=path, kind="one_table", **columns)
    found = list_arrays(tmp_path / "out" / "weights.h5")
    train(make_estimator())
    for place, array in list_arrays(tmp_path / "out" / "weights.h5").items():
        np.testing.assert_array_equal(array, found[place])


def make_two_inputs(estimator):
    """Give an estimator's network two inputs, of three columns and of one."""
    import keras

    inputs = [keras.Input((3,), name="first"), keras.Input((1,), name="second")]
    parts = [keras.layers.Dense(4, activation="relu")(inputs[0]), inputs[1]]
    outputs = keras.layers.Dense(3, activation="softmax")(keras.layers.Concatenate()(parts))
    network = json.loads(keras.Model(inputs, outputs).to_json())
    write_estimator(estimator, dataclasses.replace(read_estimator(estimator), architecture=network))
    return estimator


def test_several_inputs_have_a_column_range_each(train, make_estimator, tmp_path, run_tool):
    estimator = make_two_inputs(make_estimator(fit=FitParameters(epochs=60, batch_size=16)))
    tables = train(estimator, kind="several", inputs=[[1, 2, 3], [4]])
    assert tables["result"]["accuracy"][0] > 0.8
    fitted = tmp_path / "out" / "fitted.zip"
    assert read_estimator(fitted).fitted.feature_names == pd.read_csv(MEASURES, sep="\t").columns.tolist()
    form = prediction_form(kind="several", inputs=[[1, 2, 3], [4]])
    assert run_tool("model_prediction", form, estimator=fitted, features=MEASURES, outfile_predict="p") == 0
    predicted = pd.read_csv(tmp_path / "out" / "p", sep="\t")["Predicted"]
    rows = tables["split"].query("part == 'validation'").index
    found = metrics.accuracy_score(pd.read_csv(SPECIES, sep="\t")["species"][rows], predicted[rows])
    assert found == pytest.approx(tables["result"]["accuracy"][0], abs=1e-6)


def test_several_inputs_may_have_their_columns_by_name(train, make_estimator, tmp_path, run_tool):
    estimator = make_two_inputs(make_estimator())
    train(estimator, kind="several", inputs=[[4, 2, 1], 3])
    expected = list_arrays(tmp_path / "out" / "weights.h5")
    names = {"kind": "several_by_name", "inputs": ["petal_width, sepal_width,sepal_length", "petal_length"]}
    train(estimator, **names)
    for place, array in list_arrays(tmp_path / "out" / "weights.h5").items():
        np.testing.assert_array_equal(array, expected[place])
    files = {"estimator": tmp_path / "out" / "fitted.zip", "features": MEASURES}
    for form, name in ((prediction_form(**names), "named"), (prediction_form(), "all columns")):
        assert run_tool("model_prediction", form, **files, outfile_predict=name) == 0
    written = [(tmp_path / "out" / name).read_text() for name in ("named", "all columns")]
    assert written[0] == written[1]


INPUTS = {
    "unknown name": (["petal, sepal_width", "sepal_length"], "input 1 of the network: found no column named 'petal'"),
    "name twice": (
        ["petal_width, petal_length, petal_width", "sepal_length"],
        r"input 1 of the network: found column 4 (petal_width) twice; expected each column once",
    ),
    "no name": (["petal_width, petal_length, sepal_width", " "], "names of input 2: found no column name; expected"),
    "another order of inputs": (
        ["petal_width", "petal_length, sepal_width, sepal_length"],
        "found 1 and 3 columns for the inputs of the network; expected 3 and 1, because its inputs in their order are "
        "first (3,), second (1,)",
    ),
    "one input too many": (
        ["petal_width, petal_length", "sepal_width", "sepal_length"],
        "found 2 and 1 and 1 columns for the inputs of the network; expected 3 and 1",
    ),
}


@pytest.mark.parametrize("names, message", INPUTS.values(), ids=INPUTS.keys())
def test_columns_that_do_not_fit_the_inputs_are_refused(check_refusal, make_estimator, names, message):
    files = {"estimator": make_two_inputs(make_estimator()), "features": MEASURES, "target": SPECIES}
    form = training_form(kind="several_by_name", inputs=names)
    assert message in check_refusal(TOOL, form, **files, **OUTPUTS)


@pytest.mark.parametrize("is_regression", [True, False], ids=["numbers", "0/1 columns"])
def test_several_outputs_take_the_target_columns_from_left_to_right(
    train, make_estimator, tmp_path, run_tool, is_regression
):
    import keras

    activation, loss = ("linear", "mean_squared_error") if is_regression else ("sigmoid", BINARY)
    path = make_estimator(loss=loss, metrics=["mean_squared_error"], task="regression" if is_regression else TASK)
    inputs = keras.Input((4,))
    hidden = keras.layers.Dense(8, activation="relu")(inputs)
    output_layers = [keras.layers.Dense(count, activation=activation)(hidden) for count in (2, 1)]
    network = json.loads(keras.Model(inputs, output_layers).to_json())
    write_estimator(path, dataclasses.replace(read_estimator(path), architecture=network))
    measures = pd.read_csv(MEASURES, sep="\t")
    targets = (
        measures.iloc[:, :3] if is_regression else (measures.iloc[:, :3] > measures.iloc[:, :3].mean()).astype(int)
    )
    tables = train(path, target=write(tmp_path / "y.tsv", targets))
    true, predicted = tables["true"], tables["predicted"]
    assert list(predicted) == list(targets)
    # The loss is the mean over all columns, the same as of one wide output.
    error = ((true.to_numpy() - predicted.to_numpy()) ** 2).mean()
    assert tables["result"]["mean_squared_error"][0] == pytest.approx(error, rel=1e-4)
    form = prediction_form(method="predict" if is_regression else "predict_proba")
    fitted = tmp_path / "out" / "fitted.zip"
    assert run_tool("model_prediction", form, estimator=fitted, features=MEASURES, outfile_predict="p") == 0
    rows = tables["split"].query("part == 'validation'").index
    again = pd.read_csv(tmp_path / "out" / "p", sep="\t").iloc[rows]
    np.testing.assert_allclose(np.sort(again, axis=0), np.sort(predicted, axis=0), rtol=1e-4)


TEXT = {"skip_top": 1, "num_words": 7, "maxlen": 5, "padding": "pre", "truncating": "post"}


@pytest.fixture
def make_text_estimator(make_estimator):
    """Write an estimator that reads five words."""

    def make(word_count=9):
        import keras

        layers = [keras.layers.Embedding(word_count, 4), keras.layers.Flatten()]
        fit = FitParameters(epochs=10, batch_size=16)
        return make_estimator(1, "sigmoid", BINARY, layers=layers, inputs=5, fit=fit)

    return make


def write_reviews(path):
    generator = np.random.default_rng(0)
    labels = generator.integers(0, 2, 120)
    reviews = [f"The film was {generator.choice([['bad', 'awful'], ['good', 'great']][label])}" for label in labels]
    # The last row, which the split without shuffling holds out, has words of its own.
    return write(path, {"review": [*reviews[:-1], f"{reviews[-1]} unheard unheard"], "label": labels})


def test_text_is_learnt_from_the_training_rows_and_predicted_with_their_vocabulary(
    train, make_text_estimator, tmp_path, run_tool
):
    path = write_reviews(tmp_path / "reviews.tsv")
    columns = {"columns1": ("by_header_name", "review"), "columns2": ("by_header_name", "label")}
    split = {"shuffle": "None", "test_size": 0.2}
    tables = train(make_text_estimator(), features=path, target=path, kind="text", text=TEXT, split=split, **columns)
    assert tables["result"]["accuracy"][0] > 0.9
    fitted = tmp_path / "out" / "fitted.zip"
    text = read_estimator(fitted).fitted.text
    assert set(text.words) < {"the", "film", "was", "bad", "awful", "good", "great"}
    assert len(text.words) == 6
    new = write(tmp_path / "new.tsv", {"words": ["GREAT, good!", "The film was awful"]})
    form = prediction_form(kind="text")
    assert run_tool("model_prediction", form, estimator=fitted, features=new, outfile_predict="p") == 0
    assert pd.read_csv(tmp_path / "out" / "p", sep="\t")["Predicted"].tolist() == [1, 0]


def test_characters_are_learned_and_predicted_and_the_log_says_what_is_known(
    train, make_text_estimator, tmp_path, run_tool, capsys
):
    generator = np.random.default_rng(0)
    motifs = ["AAAA", "CCCC"]
    labels = generator.integers(0, 2, 60)
    path = write(tmp_path / "dna.tsv", {"dna": [f"{motifs[label]}G" for label in labels], "label": labels})
    columns = {"columns1": ("by_header_name", "dna"), "columns2": ("by_header_name", "label")}
    text = {**TEXT, "unit": "characters", "skip_top": 0}
    tables = train(make_text_estimator(), features=path, target=path, kind="text", text=text, **columns)
    assert tables["result"]["accuracy"][0] == 1
    said = capsys.readouterr().out
    assert "Data: 60 rows, 5 characters; target: 2 classes" in said
    assert "Vocabulary: 3 of 3 different characters in the training rows; the 0 most frequent ones are skipped" in said
    assert "Known characters in 12 validation rows: 100% of 60 that are read" in said
    fitted = tmp_path / "out" / "fitted.zip"
    assert read_estimator(fitted).fitted.text.unit == "characters"
    new = write(tmp_path / "new.tsv", {"dna": ["CCCC", "AAA A", "TTTT"]})
    form = prediction_form(kind="text")
    assert run_tool("model_prediction", form, estimator=fitted, features=new, outfile_predict="p") == 0
    assert pd.read_csv(tmp_path / "out" / "p", sep="\t")["Predicted"].tolist()[:2] == [1, 0]
    said = capsys.readouterr().out
    assert "Known characters in 3 rows: 67% of 12 that are read" in said
    assert "Warning: 1 of the 3 rows have no known characters; their predictions do not depend on their text" in said


def test_estimator_files_without_a_unit_hold_words():
    with zipfile.ZipFile(TEST_DATA / "fitted_texts.zip") as archive:
        assert "unit" not in json.loads(archive.read("estimator.json"))["fitted"]["text"]
    assert read_estimator(TEST_DATA / "fitted_texts.zip").fitted.text.unit == "words"


def test_a_vocabulary_beyond_the_embedding_is_refused(check_refusal, make_text_estimator, tmp_path):
    path = write_reviews(tmp_path / "reviews.tsv")
    columns = {"columns1": ("by_header_name", "review"), "columns2": ("by_header_name", "label")}
    files = {"estimator": make_text_estimator(7), "features": path, "target": path}
    line = check_refusal(TOOL, training_form(kind="text", text=TEXT, **columns), **files, **OUTPUTS)
    assert re.search(r"found a vocabulary of [67] words; expected at most 5", line)


@pytest.mark.parametrize("kind", ["seq_fasta", "refseq_and_interval"])
def test_sequences_of_published_estimators_are_refused(check_refusal, make_estimator, kind):
    files = {"estimator": make_estimator(), "features": MEASURES, "target": SPECIES}
    line = check_refusal(TOOL, training_form(kind=kind), **files, **OUTPUTS)
    assert f"selected_input: found {kind}, which needs the generators of sequences" in line


# Scores, history, outputs


def test_scores_are_scikit_learns(train, make_estimator):
    names = ["f1_macro", "balanced_accuracy", "precision_wighted", "neg_log_loss"]
    tables = train(make_estimator(), primary_scoring=names[0], secondary_scoring=names[1:])
    true, predicted = tables["true"]["species"], tables["predicted"]
    labels = predicted["Predicted"]
    expected = {
        "f1_macro": metrics.f1_score(true, labels, average="macro"),
        "balanced_accuracy": metrics.balanced_accuracy_score(true, labels),
        "precision_weighted": metrics.precision_score(true, labels, average="weighted", zero_division=0),
        "neg_log_loss": -metrics.log_loss(true, predicted.iloc[:, :3].astype(np.float32)),
    }
    found = tables["result"].iloc[0]
    assert {name: found[name] for name in expected} == pytest.approx(expected, abs=1e-5)
    assert list(tables["result"]) == ["loss", "accuracy", *expected]


@pytest.mark.parametrize("watched", ["loss", "val_loss"])
def test_history_holds_the_epochs_that_ran(train, make_estimator, watched):
    """Peers gave the history the epochs that were wanted, and failed after the training."""
    stop = {"class_name": "EarlyStopping", "config": {"monitor": watched, "min_delta": 1000.0, "patience": 1}}
    callbacks = [stop, {"class_name": "TerminateOnNaN", "config": {}}]
    tables = train(make_estimator(fit=FitParameters(epochs=9, batch_size=16, callbacks=callbacks)))
    assert tables["history"]["epoch"].tolist() == [1, 2]
    assert list(tables["history"]) == ["epoch", "accuracy", "loss", "val_accuracy", "val_loss"]


def test_no_metric_is_no_obstacle(train, make_estimator):
    tables = train(make_estimator(metrics=[]))
    assert list(tables["result"]) == ["loss", "accuracy"]
    assert list(tables["history"]) == ["epoch", "loss", "val_loss"]


def test_the_log_has_versions_data_and_one_line_for_each_epoch(train, make_estimator, capsys):
    train(make_estimator(), outputs=RESULT_ONLY)
    lines = capsys.readouterr().out.splitlines()
    # Where the log is not a file, what was shown already cannot be moved behind the result.
    assert lines.pop().startswith("Scores of the 30 validation rows: loss ")
    assert lines[0].startswith("Keras 3.")
    assert lines[1] == "Data: 150 rows, 4 columns; target: 3 classes"
    assert lines[2] == "Rows: 120 train, 30 validate, 30 evaluate (the validation rows)"
    pattern = r"Epoch \d/3: accuracy \S+  loss \S+  val_accuracy \S+  val_loss \S+  \(\d+\.\d s"
    # The first epoch holds Keras' compilation, from which nothing follows for the others.
    assert re.fullmatch(pattern + r"\)", lines[3])
    assert all(re.fullmatch(pattern + r", \d+ s left\)", line) for line in lines[4:6])
    assert lines[5].endswith(", 0 s left)")
    assert re.fullmatch(r"Largest memory: [\d,]+ MB", lines[-1])


def run_into_file(form, estimator, tmp_path, target=SPECIES):
    """Run the script as Galaxy does and return the exit code, standard output and standard error."""
    files = ["--estimator", estimator, "--features", MEASURES, "--target", target, "--outfile-result", tmp_path / "r"]
    with (tmp_path / "stdout").open("w") as out:
        command = [sys.executable, ROOT / "tools" / TOOL / f"{TOOL}.py", "--inputs", form, *files]
        done = subprocess.run(command, stdout=out, stderr=subprocess.PIPE, text=True, check=False)
    return done.returncode, (tmp_path / "stdout").read_text(), done.stderr


def test_the_scores_come_first_in_the_log_of_a_job_that_succeeds(write_form, make_estimator, tmp_path):
    code, out, err = run_into_file(write_form(training_form()), make_estimator(), tmp_path)
    assert (code, err) == (0, "")
    lines = out.splitlines()
    result = pd.read_csv(tmp_path / "r", sep="\t").iloc[0]
    assert lines[0] == f"Scores of the 30 validation rows: loss {result['loss']:.4g}  accuracy {result['accuracy']:.4g}"
    assert [line.split(" ")[0] for line in lines[1:]] == ["Keras", "Data:", "Rows:", *["Epoch"] * 3, "Largest"]
    code, out, err = run_into_file(write_form(training_form(folds=FOLDS)), make_estimator(), tmp_path)
    assert (code, err) == (0, "")
    mean = pd.read_csv(tmp_path / "r", sep="\t").set_index("fold")["loss"]["mean"]
    assert out.startswith(f"loss: mean {mean:.4g}, standard deviation ")


def test_the_error_is_within_what_galaxy_shows_of_a_job_that_fails(write_form, make_estimator, tmp_path):
    """A learning rate so large that the loss overflows after some epochs; Galaxy shows 255 characters."""
    optimizer = make_optimizer("SGD", {"learning_rate": 1e30})
    estimator = make_estimator(loss=ONE_HOT, optimizer=optimizer, fit=FitParameters(epochs=50, batch_size=16))
    code, out, err = run_into_file(write_form(training_form()), estimator, tmp_path)
    assert code == 1
    assert err.startswith("Error: epoch ")
    assert "clipnorm=1" in (out + err)[:255]


def test_the_evaluation_rows_pass_the_network_once(train, make_estimator, monkeypatch):
    import keras

    calls = []

    def count(name):
        method = getattr(keras.Model, name)
        monkeypatch.setattr(keras.Model, name, lambda *a, **k: calls.append(name) or method(*a, **k))

    count("predict")
    count("evaluate")
    train(make_estimator(), primary_scoring="roc_auc_ovr", secondary_scoring=["accuracy", "neg_log_loss"])
    # Keras itself evaluates the validation rows at the end of each epoch.
    assert calls == ["evaluate"] * 3 + ["evaluate"]


@pytest.mark.parametrize("is_large", [False, True], ids=["at once", "in batches"])
@pytest.mark.parametrize("loss, units, activation", [(SPARSE, 3, "softmax"), (BINARY, 1, "sigmoid")])
def test_result_and_history_agree_where_outputs_saturate(
    train, make_estimator, tmp_path, monkeypatch, loss, units, activation, is_large
):
    """From the probabilities alone a loss of at most 16 can be computed for a row."""
    if is_large:
        monkeypatch.setattr("galaxy_keras.network.inputs.LARGE_BYTES", 0)
    features = write(tmp_path / "x.tsv", pd.read_csv(MEASURES, sep="\t") * 1e6)
    labels = pd.read_csv(SPECIES, sep="\t")["species"]
    target = write(tmp_path / "y.tsv", {"y": labels if units == 3 else labels == "virginica"})
    fit = FitParameters(epochs=2, batch_size=7, class_weight="balanced")
    estimator = make_estimator(units, activation, loss, fit=fit)
    outputs = {**OUTPUTS, "outfile_report": "report.html"}
    tables = train(estimator, features=features, target=target, outputs=outputs)
    loss = tables["result"]["loss"][0]
    assert loss > 16
    assert loss == pytest.approx(tables["history"]["val_loss"].iloc[-1], rel=1e-6)
    assert f">{loss:.4g}</td>" in (tmp_path / "out" / "report.html").read_text()


def test_the_fitted_estimator_knows_its_data(train, make_estimator, tmp_path):
    path = make_estimator()
    train(path)
    fitted, unfitted = read_estimator(tmp_path / "out" / "fitted.zip"), read_estimator(path)
    assert fitted.fitted.feature_names == ["sepal_length", "sepal_width", "petal_length", "petal_width"]
    assert fitted.fitted.classes == ["setosa", "versicolor", "virginica"]
    assert len(fitted.history["loss"]) == 3
    assert dataclasses.replace(fitted, fitted=None, history={}) == unfitted


def test_the_weights_file_is_that_in_the_zip(train, make_estimator, tmp_path):
    train(make_estimator())
    with zipfile.ZipFile(tmp_path / "out" / "fitted.zip") as archive:
        assert archive.read("model.weights.h5") == (tmp_path / "out" / "weights.h5").read_bytes()


def test_only_what_was_asked_for_is_written(train, make_estimator, tmp_path):
    train(make_estimator(), outputs=RESULT_ONLY)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["result"]


def test_predictions_that_cannot_be_written_fail_the_job_and_cost_no_training(
    run_tool, make_estimator, tmp_path, capsys
):
    """Peers printed the error and went on, with an empty table and a green job."""
    files = {"estimator": make_estimator(), "features": MEASURES, "target": SPECIES}
    assert run_tool(TOOL, training_form(), **files, **{**OUTPUTS, "outfile_y_preds": "no_folder/predicted"}) == 1
    said = "Error: output predicted: cannot be written (No such file or directory); expected a folder"
    assert capsys.readouterr().err.startswith(said)
    assert read_estimator(tmp_path / "out" / "fitted.zip").fitted is not None


# Failures in the middle of a training


def test_a_loss_that_is_no_number_stops_the_training(check_refusal, make_estimator, tmp_path):
    """Numbers far apart with a huge learning rate: the loss leaves what float32 can hold."""
    measures = pd.read_csv(MEASURES, sep="\t") * 1e30
    optimizer = make_optimizer("SGD", {"learning_rate": 1000.0})
    estimator = make_estimator(1, "linear", "mean_squared_error", task="regression", metrics=[], optimizer=optimizer)
    features = write(tmp_path / "x.tsv", measures.iloc[:, :4])
    target = write(tmp_path / "y.tsv", {"y": np.arange(150) * 1e30})
    line = check_refusal(TOOL, training_form(), estimator=estimator, features=features, target=target, **OUTPUTS)
    assert "epoch 1: found the loss " in line
    assert "expected a learning_rate below 1000, clipnorm=1" in line


def test_a_network_beyond_the_limit_is_refused_before_it_takes_memory(check_refusal, make_estimator):
    files = {"estimator": make_estimator(), "features": MEASURES, "target": SPECIES}
    form = training_form(overrides=[("layers_1_Dense__config__units", "1_000_000_000")])
    line = check_refusal(TOOL, form, **files, **OUTPUTS)
    assert "parameters; expected at most 1,000,000,000 (an administrator can change it by" in line


def test_a_network_beyond_all_memory_says_what_was_asked_for_and_what_to_lower(
    check_refusal, make_estimator, monkeypatch
):
    """More than any processor can address, so that it is refused and never taken."""
    monkeypatch.setenv("GALAXY_KERAS_PARAMETER_LIMIT", "1" + "0" * 18)
    files = {"estimator": make_estimator(), "features": MEASURES, "target": SPECIES}
    form = training_form(overrides=[("layers_1_Dense__config__units", "100_000_000_000_000")])
    line = check_refusal(TOOL, form, exit_code=137, **files, **OUTPUTS)
    assert "memory: found too little for the network (" in line
    assert "shape[4,100000000000000]" in line
    assert line.endswith("expected fewer units or columns, or a job with more memory")


# Repeatability, and Keras itself


def test_the_same_seed_gives_the_same_bytes(train, make_estimator, tmp_path):
    import keras

    layers = [keras.layers.Reshape((2, 2)), keras.layers.LSTM(6, dropout=0.2), keras.layers.Dropout(0.3)]
    estimator = make_estimator(layers=layers)
    runs = []
    for _ in range(2):
        train(estimator, split={"shuffle": "simple", "test_size": 0.2, "random_state": None})
        files = {name: (tmp_path / "out" / name).read_bytes() for name in OUTPUTS.values() if name != "weights.h5"}
        files.pop("fitted.zip")
        runs.append((files, {place: a.tobytes() for place, a in list_arrays(tmp_path / "out" / "weights.h5").items()}))
    assert runs[0] == runs[1]


def test_the_weights_are_those_of_a_hand_written_script(train, make_estimator, tmp_path):
    import keras

    path = make_estimator()
    train(path, split={"shuffle": "None", "test_size": 0.2})
    measures, species = pd.read_csv(MEASURES, sep="\t"), pd.read_csv(SPECIES, sep="\t")["species"]
    x = measures.to_numpy(dtype=np.float32)
    y = species.map({"setosa": 0, "versicolor": 1, "virginica": 2}).to_numpy()
    keras.utils.set_random_seed(9)
    network = keras.models.model_from_json(json.dumps(read_estimator(path).architecture))
    network.compile(keras.optimizers.Adam(0.03), loss=SPARSE, metrics=["accuracy"])
    network.fit(x[:120], y[:120], epochs=3, batch_size=16, validation_data=(x[120:], y[120:]), verbose=0)
    network.save_weights(tmp_path / "by_hand.weights.h5")
    found, expected = list_arrays(tmp_path / "out" / "weights.h5"), list_arrays(tmp_path / "by_hand.weights.h5")
    assert found.keys() == expected.keys()
    for place in expected:
        np.testing.assert_array_equal(found[place], expected[place])


def test_a_word_that_stands_twice_counts_with_the_sum_of_its_gradients(train, make_estimator, tmp_path):
    """Keras' Adam squares an embedding's gradient word by word; a Dense layer on one-hot rows is the same network."""
    import keras

    words = np.tile(np.array([[1, 1, 1, 2], [2, 2, 3, 1]]), (10, 1))
    columns = {f"word{i}": words[:, i] for i in range(4)}
    table = write(tmp_path / "x.tsv", columns)
    target = write(tmp_path / "y.tsv", {"y": np.tile([0, 1], 10)})
    layers = [keras.layers.Embedding(4, 2, embeddings_initializer="ones"), keras.layers.GlobalAveragePooling1D()]
    estimator = make_estimator(1, "sigmoid", BINARY, layers=layers)
    train(estimator, target=target, features=table, split={"shuffle": "None", "test_size": 0.2})
    found = list_arrays(tmp_path / "out" / "weights.h5")["layers/embedding/vars/0"]

    keras.utils.set_random_seed(9)
    dense = keras.Sequential(
        [
            keras.Input((4, 4)),
            keras.layers.Dense(2, use_bias=False, kernel_initializer="ones"),
            keras.layers.GlobalAveragePooling1D(),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    original = keras.models.model_from_json(json.dumps(read_estimator(estimator).architecture))
    keras.utils.set_random_seed(9)
    original = keras.models.model_from_json(json.dumps(read_estimator(estimator).architecture))
    dense.layers[-1].set_weights(original.layers[-1].get_weights())
    dense.compile(keras.optimizers.Adam(0.03), loss=BINARY)
    dense.fit(np.eye(4)[words[:16]], np.tile([0, 1], 8), epochs=3, batch_size=16, shuffle=False, verbose=0)
    np.testing.assert_allclose(found, dense.layers[0].get_weights()[0], rtol=1e-4)


def test_mixed_precision_learns_and_leaves_an_ordinary_estimator(train, make_estimator, tmp_path):
    path = make_estimator(fit=FitParameters(epochs=40, batch_size=16))
    tables = train(path, precision="mixed_float16")
    assert tables["result"]["accuracy"][0] > 0.8
    assert read_estimator(tmp_path / "out" / "fitted.zip").architecture == read_estimator(path).architecture
    arrays = list_arrays(tmp_path / "out" / "weights.h5")
    assert {str(array.dtype) for place, array in arrays.items() if place.startswith("layers")} == {"float32"}


# Splits and columns


@pytest.mark.parametrize(
    "split",
    [
        {"shuffle": "None", "test_size": 0.3},
        {"shuffle": "simple", "test_size": 0.3, "random_state": 0},
        {"shuffle": "stratified", "test_size": 0.3, "random_state": 0},
    ],
    ids=lambda split: split["shuffle"],
)
def test_every_split_without_groups(train, make_estimator, split):
    assert len(train(make_estimator(), split=split)["true"]) == 45


def test_named_groups_are_the_holdout(run_tool, make_estimator, tmp_path):
    groups = {"group_names": "b, d", "test_size": None, "random_state": None}
    selector = {
        "header_g": True,
        "column_selector_options_g": {"selected_column_selector_option_g": "by_header_name", "col_g": "field"},
    }
    form = training_form(split={"shuffle": "group", **groups, "groups_selector": selector})
    files = {"features": MEASURES, "target": SPECIES, "groups": TEST_DATA / "iris_fields.tabular"}
    assert run_tool(TOOL, form, estimator=make_estimator(), **files, **OUTPUTS) == 0
    fields = pd.read_csv(files["groups"], sep="\t")["field"]
    species = pd.read_csv(SPECIES, sep="\t")["species"]
    written = pd.read_csv(tmp_path / "out" / "true", sep="\t")["species"]
    assert written.tolist() == species[fields.isin(["b", "d"])].tolist()


def test_three_parts(train, make_estimator, capsys):
    simple = {"shuffle": "simple", "test_size": 0.2, "random_state": 1}
    tables = train(make_estimator(), split=simple, validation=simple)
    assert len(tables["true"]) == 30
    assert tables["split"]["part"].value_counts().to_dict() == {"train": 96, "test": 30, "validation": 24}
    species = pd.read_csv(SPECIES, sep="\t")["species"]
    tested = tables["split"].query("part == 'test'")["row"] - 1
    assert sorted(species[tested]) == sorted(tables["true"]["species"])
    assert "Rows: 96 train, 24 validate, 30 evaluate" in capsys.readouterr().out


@pytest.mark.parametrize(
    "choice",
    [
        ("by_index_number", [2, 1]),
        ("all_but_by_index_number", [3, 4]),
        ("by_header_name", "sepal_width, sepal_length"),
        ("all_but_by_header_name", "petal_length,petal_width"),
    ],
    ids=lambda choice: choice[0],
)
def test_every_way_to_choose_columns(train, make_estimator, tmp_path, choice):
    train(make_estimator(inputs=2), columns1=choice)
    names = read_estimator(tmp_path / "out" / "fitted.zip").fitted.feature_names
    is_by_name_or_number = choice[0].startswith("by")
    assert names == (["sepal_width", "sepal_length"] if is_by_name_or_number else ["sepal_length", "sepal_width"])


# Schemes


FOLDS = {"n_splits": 3, "split_algos": {"shuffle": "stratified", "n_repeats": 1, "random_state": 4}}


def test_each_fold_is_scored_and_all_of_them_summed_up(train, make_estimator):
    tables = train(make_estimator(), folds=FOLDS)
    result, split = tables["result"], tables["split"]
    assert result["fold"].tolist() == ["1", "2", "3", "mean", "standard deviation"]
    start = 0
    for number in (1, 2, 3):
        count = (split[f"fold_{number}"] == "test").sum()
        rows = slice(start, start + count)
        accuracy = metrics.accuracy_score(tables["true"]["species"][rows], tables["predicted"]["Predicted"][rows])
        assert result["accuracy"][number - 1] == pytest.approx(accuracy, abs=1e-6)
        start += count
    folds = result["accuracy"][:3]
    assert result["accuracy"][3:].tolist() == pytest.approx([folds.mean(), folds.std(ddof=1)])
    assert sorted(split.filter(like="fold").apply(lambda row: (row == "test").sum(), axis=1).unique()) == [1]
    assert tables["history"]["fold"].tolist() == ["1"] * 3 + ["2"] * 3 + ["3"] * 3 + ["all rows"] * 3


def test_a_fold_and_the_refit_have_the_weights_of_a_training_of_their_own(train, make_estimator, tmp_path):
    import keras

    path = make_estimator()
    train(path, folds=FOLDS)
    refitted = list_arrays(tmp_path / "out" / "weights.h5")
    train(path, scheme="train_all")
    on_all_rows = list_arrays(tmp_path / "out" / "weights.h5")
    measures, species = pd.read_csv(MEASURES, sep="\t"), pd.read_csv(SPECIES, sep="\t")["species"]
    keras.utils.set_random_seed(9)
    network = keras.models.model_from_json(json.dumps(read_estimator(path).architecture))
    network.compile(keras.optimizers.Adam(0.03), loss=SPARSE, metrics=["accuracy"])
    y = species.map({"setosa": 0, "versicolor": 1, "virginica": 2}).to_numpy()
    network.fit(measures.to_numpy(dtype=np.float32), y, epochs=3, batch_size=16, verbose=0)
    network.save_weights(tmp_path / "by_hand.weights.h5")
    for place, expected in list_arrays(tmp_path / "by_hand.weights.h5").items():
        np.testing.assert_array_equal(refitted[place], expected)
        np.testing.assert_array_equal(on_all_rows[place], expected)


def test_training_on_every_row_scores_the_training_rows_and_says_so(train, make_estimator, capsys):
    tables = train(make_estimator(), scheme="train_all")
    assert list(tables["result"]) == ["train_loss", "train_accuracy"]
    assert len(tables["true"]) == 150
    assert set(tables["split"]["part"]) == {"train"}
    assert list(tables["history"]) == ["epoch", "accuracy", "loss"]
    assert "Rows: 150 train, 0 validate, 150 evaluate (the training rows)" in capsys.readouterr().out


def test_no_rows_are_watched_but_those_of_the_form(train, make_estimator, tmp_path):
    """The estimator's validation_split is of published files; Keras would take these rows from the training."""
    weights = []
    for share in (None, 0.5):
        fit = FitParameters(epochs=2, batch_size=16, validation_split=share)
        tables = train(make_estimator(fit=fit), scheme="train_all")
        assert list(tables["history"]) == ["epoch", "accuracy", "loss"]
        weights.append(
            {place: array.tobytes() for place, array in list_arrays(tmp_path / "out" / "weights.h5").items()}
        )
    assert weights[0] == weights[1]


def test_folds_without_refit_leave_no_estimator(train, make_estimator, tmp_path):
    outputs = {"outfile_result": "result", "outfile_object": "fitted.zip", "outfile_weights": "weights.h5"}
    train(make_estimator(), folds={**FOLDS, "n_splits": 2, "refit": False}, outputs=outputs)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["result"]


def test_watched_rows_of_a_fold_come_from_its_training_rows(train, make_estimator):
    stop = {"class_name": "EarlyStopping", "config": {"monitor": "val_loss", "min_delta": 1000.0, "patience": 1}}
    estimator = make_estimator(fit=FitParameters(epochs=9, batch_size=16, callbacks=[stop]))
    tables = train(estimator, folds={**FOLDS, "n_splits": 2, "validation_size": 20.0})
    assert tables["split"]["fold_2"].value_counts().to_dict() == {"train": 55, "test": 75, "validation": 20}
    assert tables["history"].groupby("fold").size().to_dict() == {"1": 2, "2": 2, "all rows": 2}


def test_a_callback_that_watches_rows_that_are_not_there_is_refused(check_refusal, make_estimator):
    stop = {"class_name": "EarlyStopping", "config": {"monitor": "val_loss"}}
    files = {
        "estimator": make_estimator(fit=FitParameters(epochs=2, batch_size=16, callbacks=[stop])),
        "features": MEASURES,
        "target": SPECIES,
    }
    line = check_refusal(TOOL, training_form(scheme="train_all"), **files, **OUTPUTS)
    assert "EarlyStopping: found monitor val_loss without validation rows; expected loss" in line


@pytest.mark.parametrize("column", ["2", "day"])
def test_the_validation_holdout_has_a_group_column_of_its_own(run_tool, make_estimator, tmp_path, column):
    days = np.array(["mon", "tue", "wed"] * 50)
    selector = {"header_g": True, "column_selector_options_g": {"selected_column_selector_option_g": "all_columns"}}
    test = {"shuffle": "group", "test_size": None, "group_names": "b, d", "groups_selector": selector}
    watched = {"shuffle": "group", "test_size": None, "group_names": "wed"}
    form = training_form(split=test, validation={**watched, "own_groups": {"header_g": True, "col_g": column}})
    files = {"features": MEASURES, "target": SPECIES, "groups": TEST_DATA / "iris_fields.tabular"}
    files["validation_groups"] = write(tmp_path / "days.tsv", {"row": np.arange(150), "day": days})
    assert run_tool(TOOL, form, estimator=make_estimator(), **files, **OUTPUTS) == 0
    is_tested = pd.read_csv(files["groups"], sep="\t")["field"].isin(["b", "d"])
    expected = np.where(is_tested, "test", np.where(days == "wed", "validation", "train"))
    assert pd.read_csv(tmp_path / "out" / "split", sep="\t")["part"].tolist() == expected.tolist()


@pytest.mark.parametrize(
    "column, rows, message",
    [
        ("3", 150, "groups of the validation holdout: found column number 3; expected a number from 1 to 2"),
        ("days", 150, "groups of the validation holdout: found no column named 'days'; expected one of 'row', 'day'"),
        ("row, day", 150, "groups of the validation holdout: found 2 chosen columns; expected one"),
        (None, 150, "groups of the validation holdout, column: found no column name; expected"),
        ("day", 149, "groups of the validation holdout: found 149 rows; expected 150 as in Training samples"),
    ],
)
def test_a_bad_group_column_of_the_validation_holdout_is_refused(
    check_refusal, make_estimator, tmp_path, column, rows, message
):
    watched = {"shuffle": "column", "own_groups": {"header_g": True, "col_g": column}}
    form = training_form(split={"shuffle": "simple", "test_size": 0.2}, validation=watched)
    files = {"estimator": make_estimator(), "features": MEASURES, "target": SPECIES}
    files["validation_groups"] = write(tmp_path / "x.tsv", {"row": np.arange(rows), "day": ["train"] * rows})
    assert message in check_refusal(TOOL, form, **files, **OUTPUTS)


@pytest.mark.parametrize("scheme", ["train_val", "train_val_test"])
def test_a_column_of_parts_is_the_split(run_tool, make_estimator, tmp_path, scheme):
    third = "test" if scheme == "train_val_test" else "train"
    groups = np.array(["train", "validation", third, "train", "Train"] * 30)
    selector = {"header_g": True, "column_selector_options_g": {"selected_column_selector_option_g": "all_columns"}}
    split = {"shuffle": "column", "groups_selector": selector}
    form = training_form(split=split, **({"validation": {"shuffle": "column"}} if third == "test" else {}))
    files = {"features": MEASURES, "target": SPECIES, "groups": write(tmp_path / "parts.tsv", {"part": groups})}
    assert run_tool(TOOL, form, estimator=make_estimator(), **files, **OUTPUTS) == 0
    written = pd.read_csv(tmp_path / "out" / "split", sep="\t")["part"]
    assert written.tolist() == [group.lower() for group in groups]
    scored = pd.read_csv(tmp_path / "out" / "true", sep="\t")["species"]
    expected = pd.read_csv(SPECIES, sep="\t")["species"][groups == ("test" if third == "test" else "validation")]
    assert scored.tolist() == expected.tolist()


@pytest.mark.parametrize(
    "scheme, message",
    [
        ({}, "found test rows; expected the scheme Train, Validate and Test for them"),
        ({"validation": {"shuffle": "simple"}}, "found validation rows; expected the validation holdout by the same"),
    ],
    ids=["test rows without a test", "validation rows by chance"],
)
def test_parts_that_a_scheme_would_ignore_are_refused(check_refusal, make_estimator, tmp_path, scheme, message):
    selector = {"header_g": True, "column_selector_options_g": {"selected_column_selector_option_g": "all_columns"}}
    form = training_form(split={"shuffle": "column", "groups_selector": selector}, **scheme)
    parts = write(tmp_path / "parts.tsv", {"part": ["train", "testing", "val"] * 50})
    files = {"features": MEASURES, "target": SPECIES, "groups": parts, "estimator": make_estimator()}
    assert message in check_refusal(TOOL, form, **files, **OUTPUTS)


# Hyperparameters


def test_swapped_parameters_are_used(train, make_estimator, tmp_path):
    overrides = [
        ("epochs", "2"),
        ("layers_1_Dense__config__units", "5"),
        ("lr", "0.5"),
        ("metrics", "['acc', 'sparse_categorical_accuracy']"),
    ]
    tables = train(make_estimator(), overrides=overrides)
    fitted = read_estimator(tmp_path / "out" / "fitted.zip")
    assert len(tables["history"]) == fitted.fit.epochs == 2
    assert fitted.architecture["config"]["layers"][1]["config"]["units"] == 5
    assert fitted.optimizer["config"]["learning_rate"] == 0.5
    assert fitted.metrics == [Measure("accuracy"), Measure("sparse_categorical_accuracy")]


# Refusals


TABLES = {
    "empty file": ("", {}, "Training samples dataset: found an empty table"),
    "ragged rows": ("1\t2\n3\n", {"header1": False}, "Training samples dataset, row 2: found 1 column; expected 2"),
    "text in a cell": ("1\t2\n3\tx\n", {"header1": False}, "row 2, column 2: found 'x'; expected a number"),
    "empty cell": ("a\tb\n3\t\n", {}, "row 2, column 2 (b): found an empty cell; expected a number"),
    "header taken for numbers": (
        "a\tb\n3\t4\n",
        {"header1": False},
        "row 1, column 1: found 'a'; expected a number (likely cause: row 1 is a header",
    ),
    "numbers taken for a header": (
        "1.5\t2\n" * 150,
        {},
        "found 150 rows; expected 149 as in Training samples dataset (likely cause: row 1 of Training samples "
        "dataset is not a header, and the header option says Yes)",
    ),
    "another number of rows": ("a\tb\n1\t2\n", {}, "found 150 rows; expected 1 as in Training samples dataset"),
}


@pytest.mark.parametrize("text, changes, message", TABLES.values(), ids=TABLES.keys())
def test_a_bad_table_is_refused(check_refusal, make_estimator, tmp_path, text, changes, message):
    features = tmp_path / "x.tsv"
    features.write_text(text)
    files = {"estimator": make_estimator(), "features": features, "target": SPECIES}
    assert message in check_refusal(TOOL, training_form(**changes), **files, **OUTPUTS)


CHOICES = {
    "another number of columns": (
        {"columns1": ("by_index_number", [1, 2])},
        "found 2 columns; expected 4, because the network's input shape is (4,)",
    ),
    "column number": ({"columns1": ("by_index_number", [5])}, "found column number 5; expected a number from 1 to 4"),
    "column name": (
        {"columns1": ("by_header_name", "petal")},
        "found no column named 'petal'; expected one of 'sepal_",
    ),
    "name without header": ({"columns2": ("by_header_name", "species"), "header2": False}, "said to have no header"),
    "score of a regression": ({"primary_scoring": "r2"}, "scoring: found r2 for a classification"),
    "score of two classes": ({"primary_scoring": "f1"}, "scoring: found f1, which cannot be computed"),
    "part without rows": ({"split": {"shuffle": "None", "test_size": 0.999}}, "leaves a part empty"),
    "share": ({"split": {"shuffle": "simple", "test_size": 1}}, "test_size: found 1; expected a share between 0 and 1"),
    "class of held-out rows only": (
        {"split": {"shuffle": "None", "test_size": 50.0}},
        "found the class 'virginica' in held-out rows only (50); expected every class among the training rows",
    ),
    "too many folds": (
        {"folds": {"n_splits": 60, "split_algos": {"shuffle": "stratified"}}},
        "Folds: found the class 'setosa' with 50 rows among 150 (too few rows in 3 classes); expected at least 60",
    ),
    "groups of the validation holdout alone": (
        {
            "split": {"shuffle": "simple", "test_size": 0.2},
            "validation": {"shuffle": "group", "test_size": None, "group_names": "a"},
        },
        "Validation holdout, shuffle: found group without a group column; expected one of its own, or GroupShuff",
    ),
    "parameter": (
        {"overrides": [("epoch", "3")]},
        "parameter 'epoch': found no such parameter; expected a name such as epoch",
    ),
    "value": ({"overrides": [("epochs", "three")]}, "epochs: found 'three'; expected a Python literal"),
    "code as value": ({"overrides": [("epochs", ": __import__('os')")]}, "expected a Python literal"),
    "value without name": ({"overrides": [("", "3")]}, "found the value '3' without a name"),
    "value of another kind": (
        {"overrides": [("learning_rate", "'fast'")]},
        "learning_rate: found 'fast'; expected a number",
    ),
}


@pytest.mark.parametrize("changes, message", CHOICES.values(), ids=CHOICES.keys())
def test_a_bad_choice_is_refused_before_training(check_refusal, make_estimator, changes, message):
    files = {"estimator": make_estimator(), "features": MEASURES, "target": SPECIES}
    assert message in check_refusal(TOOL, training_form(**changes), **files, **OUTPUTS)


TARGETS = {
    "one class": (["a"] * 150, {}, "found one class only, a; expected at least two classes"),
    "two classes for three outputs": (["a", "b", "b"] * 50, {}, "found 3 outputs for 2 classes ('a', 'b'); expected 2"),
    "real numbers": (np.arange(150) / 7, {}, "found 150 different numbers in 150 rows"),
    "text for a regression": (
        ["a", "b", "b"] * 50,
        {"task": "regression"},
        "sample 1: found text for a regression, 'a'",
    ),
}


@pytest.mark.parametrize("labels, changes, message", TARGETS.values(), ids=TARGETS.keys())
def test_a_target_that_does_not_fit_is_refused(check_refusal, make_estimator, tmp_path, labels, changes, message):
    target = write(tmp_path / "y.tsv", {"y": labels})
    files = {"estimator": make_estimator(**changes), "features": MEASURES, "target": target}
    assert message in check_refusal(TOOL, training_form(), **files, **OUTPUTS)


def test_a_word_index_beyond_the_embedding_is_refused(check_refusal, make_estimator, tmp_path):
    import keras

    layers = [keras.layers.Embedding(10, 2), keras.layers.Flatten()]
    estimator = make_estimator(1, "sigmoid", BINARY, layers=layers, inputs=2)
    table = write(tmp_path / "x.tsv", {"a": [1, 2, 3, 4], "b": [1, 10, 2, 3]})
    target = write(tmp_path / "y.tsv", {"y": [0, 1, 0, 1]})
    line = check_refusal(TOOL, training_form(), estimator=estimator, features=table, target=target, **OUTPUTS)
    assert "row 3, column 2 (b): found 10; expected a word index from 0 to 9" in line


@pytest.mark.parametrize(
    "metric, loss",
    [("mean_squared_error", SPARSE), ("categorical_accuracy", SPARSE), ("sparse_categorical_accuracy", ONE_HOT)],
)
def test_a_metric_for_another_form_of_target_is_refused(check_refusal, make_estimator, metric, loss):
    files = {"estimator": make_estimator(loss=loss, metrics=[metric]), "features": MEASURES, "target": SPECIES}
    assert f"metrics: found {metric} with {loss}" in check_refusal(TOOL, training_form(), **files, **OUTPUTS)


def test_no_estimator_is_refused(check_refusal):
    files = {"estimator": MEASURES, "features": MEASURES, "target": SPECIES}
    assert "estimator: found a text file; expected an estimator (zip)" in check_refusal(
        TOOL, training_form(), **files, **OUTPUTS
    )


def test_the_script_reports_a_mistake_in_one_line(write_form, make_estimator, tmp_path):
    files = ["--estimator", make_estimator(), "--features", MEASURES, "--target", SPECIES]
    form = write_form(training_form(columns1=("by_index_number", [9])))
    done = run_as_user(TOOL, "--inputs", form, *files, "--outfile-result", tmp_path / "result")
    assert done.returncode == 1
    assert done.stderr == "Error: Training samples dataset: found column number 9; expected a number from 1 to 4\n"
    assert not (tmp_path / "result").exists()


def test_the_script_keeps_to_its_slots_and_leaves_nothing_in_the_working_folder(write_form, make_estimator, tmp_path):
    """TensorFlow has two pools of threads, each of a thread for each slot; without a limit, for each core."""
    code = "import os; import keras_train_and_eval as script; script.main(); print(len(os.listdir('/proc/self/task')))"
    arguments = _script_arguments(write_form(training_form()), make_estimator(), tmp_path / "result")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("TF_", "OMP_"))}
    environment["PYTHONPATH"] = str(ROOT / "tools" / TOOL)
    (folder := tmp_path / "working").mkdir()
    counts = []
    for slots in ("1", "4"):
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments],
            cwd=folder,
            env={**environment, "GALAXY_SLOTS": slots},
            capture_output=True,
            text=True,
            check=True,
        )
        counts.append(int(done.stdout.splitlines()[-1]))
    assert counts[1] - counts[0] == 2 * 3
    assert list(folder.iterdir()) == []


def _script_arguments(form, estimator, result):
    files = {"inputs": form, "estimator": estimator, "features": MEASURES, "target": SPECIES, "outfile-result": result}
    return [str(part) for name, value in files.items() for part in (f"--{name}", value)]


def test_a_mistake_in_the_data_is_found_before_keras_is_imported(write_form, make_estimator, tmp_path):
    """The import takes three times as long as all the rest."""
    code = (
        "import sys; import keras_train_and_eval as script; from galaxy_keras.errors import run_script; "
        "run_script(script.main); print({'keras', 'tensorflow'} & set(sys.modules))"
    )
    form = write_form(training_form(split={"shuffle": "stratified", "test_size": 2}))
    arguments = _script_arguments(form, make_estimator(), tmp_path / "result")
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=ROOT / "tools" / TOOL, capture_output=True, text=True, check=True
    )
    assert "Validation holdout: The test_size = 2 should be greater" in done.stderr
    assert done.stdout == "set()\n"


# What the builder sets


def test_class_weights_move_the_predictions(train, make_estimator):
    """Where only one class has a weight, the network has nothing else to learn."""
    heavy = FitParameters(epochs=20, batch_size=8, class_weight={"setosa": 0, "virginica": 0})
    predicted = train(make_estimator(fit=heavy))["predicted"]["Predicted"]
    assert (predicted == "versicolor").all()


def test_shuffle_is_handed_to_keras(train, make_estimator):
    """The seed is the same, so that nothing but the order of the rows can make the loss differ."""
    losses = [
        train(make_estimator(fit=FitParameters(batch_size=16, shuffle=shuffle)))["history"]["loss"][0]
        for shuffle in (True, False, False)
    ]
    assert losses[0] != losses[1] == losses[2]


def test_logits_decide_at_zero(train, make_estimator):
    """A single logit above 0 is the second class, in Keras' accuracy and in the predictions alike."""
    estimator = make_estimator(1, "linear", loss=read_loss(BINARY, {"from_logits": True}), fit=FEW_STEPS)
    tables = train(estimator, target=TEST_DATA / "iris_is_setosa.tabular", header2=False)
    accuracy = metrics.accuracy_score(tables["true"]["0"], tables["predicted"]["Predicted"])
    assert tables["history"]["val_accuracy"].iloc[-1] == pytest.approx(accuracy, abs=1e-6)
    assert list(tables["predicted"]) == ["Predicted"]


@pytest.mark.parametrize(
    "text, columns, likely",
    [
        pytest.param(None, ("by_index_number", [1]), "one of the table's 4 columns is selected", id="selection"),
        pytest.param("a;b\n1;2\n", None, "semicolons between the columns instead of tabs", id="semicolons"),
        pytest.param("a\n1\n", None, "no tabs between the columns", id="one column"),
    ],
)
def test_one_column_where_several_are_needed_is_explained(
    check_refusal, make_estimator, tmp_path, text, columns, likely
):
    features = MEASURES if text is None else tmp_path / "x.tsv"
    if text is not None:
        header, row = text.splitlines()
        # A cell that is not a number would be refused first.
        features.write_text(f"{header}\n" + f"{row.split(';')[0]}\n" * 150)
    files = {"estimator": make_estimator(), "features": features, "target": SPECIES}
    line = check_refusal(TOOL, training_form(columns1=columns), **files, **OUTPUTS)
    assert "found 1 column; expected 4, because the network's input shape is (4,)" in line
    assert f"(likely cause: {likely}" in line

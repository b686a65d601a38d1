"""Networks with one target per output: training, evaluation, report and prediction."""

import json

import numpy as np
import pandas as pd
import pytest
from examples.default_forms import OUTPUTS, prediction_form, training_form
from examples.scripts import TEST_DATA
from examples.weights import list_arrays
from sklearn import metrics

from galaxy_keras.catalog.callbacks import read_callback
from galaxy_keras.catalog.losses_and_metrics import read_loss, read_metric
from galaxy_keras.catalog.optimizers import make_optimizer
from galaxy_keras.estimator.contents import Estimator, FitParameters
from galaxy_keras.estimator.file import read_estimator, write_estimator
from galaxy_keras.plots import class_labels
from visualization import form

TOOL = "keras_train_and_eval"
MEASURES = TEST_DATA / "iris_measures.tabular"
ONE_HOT, BINARY, SPARSE = "categorical_crossentropy", "binary_crossentropy", "sparse_categorical_crossentropy"
SOFTMAX_AND_SIGMOID = [(3, "softmax"), (1, "sigmoid")]
TWO_SOFTMAX = [(3, "softmax"), (2, "softmax")]


@pytest.fixture
def make_estimator(tmp_path):
    """Return a function that writes an unfitted estimator; outputs are pairs of units and activation."""

    def make(ends, loss=ONE_HOT, metric_names=("accuracy",), fit=None, inputs=4, **changes):
        import keras

        measures = keras.Input((inputs,))
        hidden = keras.layers.Dense(8, activation="relu")(measures)
        # The alphabetical order of these names is not the order of the outputs.
        output_layers = [
            keras.layers.Dense(units, activation=activation, name=f"{'zyx'[number]}_head")(hidden)
            for number, (units, activation) in enumerate(ends)
        ]
        fields = {
            "task": "classification",
            "loss": read_loss(loss),
            "optimizer": make_optimizer("Adam", {"learning_rate": 0.03}),
            "metrics": [read_metric(name) for name in metric_names],
            "fit": FitParameters(epochs=3, batch_size=16, **(fit or {})),
            "seed": 9,
            "architecture": json.loads(keras.Model(measures, output_layers).to_json()),
            **changes,
        }
        write_estimator(tmp_path / "estimator.zip", Estimator(**fields))
        return tmp_path / "estimator.zip"

    return make


@pytest.fixture
def train(run_tool, tmp_path):
    """Return a function that trains an estimator and returns the output tables by name."""

    def train(estimator, target, **changes):
        files = {"estimator": estimator, "features": MEASURES, "target": target, **OUTPUTS}
        assert run_tool(TOOL, training_form(**changes), **files) == 0
        tables = {name: tmp_path / "out" / name for name in ("result", "history", "true", "predicted", "split")}
        return {name: pd.read_csv(path, sep="\t") for name, path in tables.items() if path.exists()}

    return train


def make_labels():
    """Write two label columns: the species as text, and the size class as a number."""
    species = pd.read_csv(TEST_DATA / "iris_species.tabular", sep="\t")["species"]
    large = np.where(pd.read_csv(MEASURES, sep="\t")["sepal_length"] > 5.8, 20, 10)
    return pd.DataFrame({"species": species, "a size": large})


@pytest.fixture
def labels(tmp_path):
    return write(tmp_path / "labels.tsv", make_labels())


@pytest.fixture
def blocks(tmp_path):
    """Write the targets of ``labels`` as 0/1 columns."""
    flags = [pd.get_dummies(column, dtype=int) for _, column in make_labels().items()]
    return write(tmp_path / "blocks.tsv", pd.concat(flags, axis=1))


def write(path, table):
    table.to_csv(path, sep="\t", index=False)
    return path


def test_training_of_two_kinds_of_outputs_equals_a_keras_script(train, make_estimator, labels, tmp_path):
    import keras

    path = make_estimator(SOFTMAX_AND_SIGMOID)
    tables = train(path, labels, split={"shuffle": "None", "test_size": 30})
    x = pd.read_csv(MEASURES, sep="\t").to_numpy(dtype=np.float32)
    species, large = make_labels()["species"], make_labels()["a size"]
    targets = [pd.get_dummies(species).to_numpy(dtype=np.float32), (large == 20).to_numpy(dtype=np.float32)[:, None]]
    keras.utils.set_random_seed(9)
    network = keras.models.model_from_json(json.dumps(read_estimator(path).architecture))
    network.compile(keras.optimizers.Adam(0.03), loss=[ONE_HOT, BINARY], metrics=[["accuracy"], ["accuracy"]])
    held_out = (x[120:], [part[120:] for part in targets])
    network.fit(x[:120], [part[:120] for part in targets], epochs=3, batch_size=16, verbose=0)
    measured = network.evaluate(*held_out, batch_size=30, verbose=0, return_dict=True)
    network.save_weights(tmp_path / "by_hand.weights.h5")
    found, expected = list_arrays(tmp_path / "out" / "weights.h5"), list_arrays(tmp_path / "by_hand.weights.h5")
    assert {place for place in expected if place.startswith("layers")} == found.keys()
    for place in found:
        np.testing.assert_array_equal(found[place], expected[place])
    history = tables["history"].iloc[-1]
    for name, keras_name in (("loss", "loss"), ("species_loss", "z_head_loss"), ("a size_accuracy", "y_head_accuracy")):
        assert tables["result"][name][0] == pytest.approx(measured[keras_name], rel=1e-5)
        assert history[f"val_{name}"] == pytest.approx(measured[keras_name], rel=1e-5)
    assert history["loss"] == pytest.approx(history["species_loss"] + history["a size_loss"], rel=1e-5)
    assert history["accuracy"] == pytest.approx((history["species_accuracy"] + history["a size_accuracy"]) / 2)


def test_predictions_and_scores_are_named_by_target(train, make_estimator, labels):
    estimator = make_estimator(SOFTMAX_AND_SIGMOID, metric_names=[])
    tables = train(estimator, labels, primary_scoring="balanced_accuracy", secondary_scoring=["neg_log_loss"])
    true, predicted, result = tables["true"], tables["predicted"], tables["result"].iloc[0]
    probabilities = ["species: setosa", "species: versicolor", "species: virginica", "a size: 10", "a size: 20"]
    assert list(true) == ["species", "a size"]
    assert list(predicted) == [*probabilities, "species", "a size"]
    assert list(predicted["species"]) == [name[9:] for name in predicted[probabilities[:3]].idxmax(axis=1)]
    assert list(predicted["a size"]) == list(np.where(predicted["a size: 20"] > 0.5, 20, 10))
    scores = {name: metrics.balanced_accuracy_score(true[name], predicted[name]) for name in true}
    losses = {
        "species": -metrics.log_loss(true["species"], predicted[probabilities[:3]].astype(np.float32)),
        "a size": -metrics.log_loss(true["a size"], predicted[probabilities[3:]].astype(np.float32)),
    }
    for score, values in (("balanced_accuracy", scores), ("neg_log_loss", losses)):
        assert {name: result[f"{name}_{score}"] for name in true} == pytest.approx(values, rel=1e-5)
        assert result[score] == pytest.approx(np.mean(list(values.values())), rel=1e-5)


def test_training_on_one_hot_columns_equals_training_on_labels(train, make_estimator, labels, blocks, tmp_path):
    weights = []
    for target in (labels, blocks):
        tables = train(make_estimator(TWO_SOFTMAX, SPARSE), target)
        weights.append(list_arrays(tmp_path / "out" / "weights.h5"))
    for place, array in weights[0].items():
        np.testing.assert_array_equal(array, weights[1][place])
    # The last columns are the labels, named by output.
    assert list(tables["true"]) == ["setosa", "versicolor", "virginica", "10", "20", "z_head", "y_head"]
    assert list(tables["predicted"])[-3:] == ["y_head: 20", "z_head", "y_head"]
    accuracy = metrics.accuracy_score(tables["true"]["z_head"], tables["predicted"]["z_head"])
    assert tables["result"]["z_head_accuracy"][0] == pytest.approx(accuracy, abs=1e-6)


def test_sigmoid_outputs_learn_labels_and_are_independent_for_0_1_columns(train, make_estimator, blocks, tmp_path):
    ends = [(1, "sigmoid"), (1, "sigmoid")]
    words = make_labels().replace({10: "small", 20: "large", "virginica": "no", "versicolor": "no"})
    tables = train(make_estimator(ends, BINARY), write(tmp_path / "y.tsv", words))
    assert list(tables["predicted"])[-3:] == ["a size: small", "species", "a size"]
    assert set(tables["predicted"]["a size"]) <= {"large", "small"}
    flags = pd.read_csv(blocks, sep="\t")[["setosa", "20"]]
    tables = train(make_estimator(ends, BINARY), write(tmp_path / "y.tsv", flags))
    assert list(tables["predicted"]) == ["setosa", "20"]
    assert "setosa_loss" not in tables["history"]


def test_prediction_reproduces_training_outputs(train, make_estimator, labels, run_tool, tmp_path, check_refusal):
    tables = train(make_estimator(SOFTMAX_AND_SIGMOID), labels)
    rows = tables["split"].query("part == 'validation'").index
    expected = tables["predicted"].assign(row=np.flatnonzero(tables["split"]["part"] == "validation"))
    fitted = tmp_path / "out" / "fitted.zip"

    def predict(**changes):
        form = prediction_form(**changes)
        assert run_tool("model_prediction", form, estimator=fitted, features=MEASURES, outfile_predict="p") == 0
        return pd.read_csv(tmp_path / "out" / "p", sep="\t")

    both = predict(method="predict_and_proba")
    assert list(both) == list(tables["predicted"])
    # The evaluation rows are in the order of the split.
    np.testing.assert_allclose(
        np.sort(both.iloc[rows, :5], axis=0), np.sort(expected.iloc[:, :5], axis=0), rtol=1e-4, atol=1e-6
    )
    pd.testing.assert_frame_equal(predict(), both[["species", "a size"]])
    pd.testing.assert_frame_equal(predict(method="predict_proba"), both.iloc[:, :5])
    assert list(predict(threshold=0.2)["a size"]) == list(np.where(both["a size: 20"] > 0.2, 20, 10))
    assert list(predict(threshold=0.2)["species"]) == list(both["species"])
    estimator = read_estimator(fitted)
    assert [(output.title, output.classes, output.threshold) for output in estimator.fitted.outputs] == [
        ("species", ["setosa", "versicolor", "virginica"], None),
        ("a size", [10, 20], 0.5),
    ]


def test_folds_are_stratified_by_all_targets_and_a_metric_mean_can_be_monitored(train, make_estimator, labels):
    callback = read_callback("EarlyStopping", {"monitor": "val_accuracy", "min_delta": 2.0, "mode": "max"})
    estimator = make_estimator(TWO_SOFTMAX, fit={"callbacks": [callback]})
    folds = {"n_splits": 2, "validation_size": 0.5, "split_algos": {"shuffle": "stratified", "random_state": 1}}
    tables = train(estimator, labels, folds=folds)
    # The accuracy never improves by 2: training stops after the second epoch.
    assert (tables["history"].groupby("fold")["epoch"].max() == 2).all()
    combinations = make_labels().astype(str).sum(axis=1)
    parts = tables["split"]["fold_1"]
    counts = [combinations[parts == part].value_counts() for part in ("train", "validation", "test")]
    assert (counts[2] - counts[1] - counts[0]).abs().max() <= 1
    means = tables["result"].set_index("fold").loc["mean"]
    assert means["accuracy"] == pytest.approx((means["species_accuracy"] + means["a size_accuracy"]) / 2)


@pytest.mark.parametrize("precision, is_large", [("mixed_bfloat16", False), ("float32", True)], ids=["mixed", "large"])
def test_mixed_precision_and_batches_learn_all_targets(train, make_estimator, labels, monkeypatch, precision, is_large):
    from galaxy_keras.network import inputs

    if is_large:
        monkeypatch.setattr(inputs, "LARGE_BYTES", 0)
    tables = train(make_estimator(SOFTMAX_AND_SIGMOID, fit={"shuffle": False}), labels, precision=precision)
    history = tables["history"]
    assert history["species_loss"].iloc[-1] < history["species_loss"].iloc[0]
    assert tables["result"]["a size_accuracy"][0] > 0.5


REFUSALS = {
    "columns": ({}, {"columns2": ("by_index_number", [1])}, "found 1 column for a network with 2 outputs (3 and 2 un"),
    "class weights": (
        {"fit": {"class_weight": "balanced"}},
        {},
        "class weights: found them for a network with 2 outputs",
    ),
    "score": ({}, {"primary_scoring": "f1"}, "scoring: found f1 of species, which cannot be computed"),
    "metric": ({"ends": SOFTMAX_AND_SIGMOID, "metric_names": ["categorical_accuracy"]}, {}, "expected accuracy"),
    "units": (
        {"ends": [(3, "softmax"), (4, "softmax")]},
        {},
        "for a size: found 4 outputs for 2 classes (10, 20)",
    ),
    "classes": (
        {},
        {"split": {"shuffle": "None", "test_size": 50}},
        "found the class 'virginica' of species only outside the training rows",
    ),
}


@pytest.mark.parametrize("network, changes, message", REFUSALS.values(), ids=REFUSALS.keys())
def test_incompatible_settings_are_refused(check_refusal, make_estimator, labels, network, changes, message):
    estimator = make_estimator(**{"ends": TWO_SOFTMAX, **network})
    files = {"estimator": estimator, "features": MEASURES, "target": labels}
    assert message in check_refusal(TOOL, training_form(**changes), **files, **OUTPUTS)


def test_ambiguous_names_of_metrics_are_refused(check_refusal, make_estimator, tmp_path):
    for names in (["x", "val_x"], ["categorical", "y"]):
        target = write(tmp_path / "y.tsv", make_labels().set_axis(names, axis=1))
        estimator = make_estimator(TWO_SOFTMAX, metric_names=["accuracy", "categorical_accuracy"])
        files = {"estimator": estimator, "features": MEASURES, "target": target}
        line = check_refusal(TOOL, training_form(), **files, **OUTPUTS)
        assert f"found the target names {', '.join(names)}, with which" in line


def test_a_row_without_a_class_is_refused(check_refusal, make_estimator, blocks, tmp_path):
    flags = pd.read_csv(blocks, sep="\t")
    flags.loc[3, "setosa"] = 0
    files = {"estimator": make_estimator(TWO_SOFTMAX), "features": MEASURES, "target": write(tmp_path / "y", flags)}
    line = check_refusal(TOOL, training_form(), **files, **OUTPUTS)
    assert "columns 'setosa', 'versicolor', 'virginica', sample 4: found 0 of the classes of the output z_head" in line


def test_the_report_has_a_section_for_each_target(run_tool, make_estimator, labels, tmp_path):
    files = {"estimator": make_estimator(SOFTMAX_AND_SIGMOID), "features": MEASURES, "target": labels}
    outputs = {**OUTPUTS, "outfile_report": "report.html"}
    assert run_tool(TOOL, training_form(), **files, **outputs) == 0
    text = (tmp_path / "out" / "report.html").read_text()
    result = pd.read_csv(tmp_path / "out" / "result", sep="\t").iloc[0]
    for name in ("species", "a size"):
        correct = f"{round(result[f'{name}_accuracy'] * 30)} of 30 validation rows correctly"
        assert f"<p>{name}: the network predicts {correct}" in text
        _, section = text.split(f"Predictions for the evaluation rows: {name}</h2>")
        section = section.split("<h2")[0]
        assert "Confusion matrix. Rows: 30" in section
        assert "ROC curve. " in section
    assert "species, class setosa" in text
    assert f"Classes of {name}</h2>" in text


def test_several_outputs_learn_from_text(make_estimator, run_tool, tmp_path):
    import keras

    words = keras.Input((6,))
    hidden = keras.layers.Flatten()(keras.layers.Embedding(12, 4)(words))
    ends = [keras.layers.Dense(1, activation="sigmoid")(hidden), keras.layers.Dense(2, activation="softmax")(hidden)]
    estimator = make_estimator(TWO_SOFTMAX, architecture=json.loads(keras.Model(words, ends).to_json()))
    texts = pd.read_csv(TEST_DATA / "film_texts.tabular", sep="\t")
    texts["has good"] = texts["text"].str.contains("good").map({True: "yes", False: "no"})
    table = write(tmp_path / "texts.tsv", texts)
    text = {"skip_top": 1, "num_words": 10, "maxlen": 6, "padding": "pre", "truncating": "pre"}
    changes = {"kind": "text", "columns1": ("by_index_number", [1]), "columns2": ("by_index_number", [2, 3])}
    files = {"estimator": estimator, "features": table, "target": table}
    assert run_tool(TOOL, training_form(**changes, text=text), **files, **OUTPUTS) == 0
    fitted = tmp_path / "out" / "fitted.zip"
    form = prediction_form(kind="text", columns1=("by_index_number", [1]))
    assert run_tool("model_prediction", form, estimator=fitted, features=table, outfile_predict="p") == 0
    predicted = pd.read_csv(tmp_path / "out" / "p", sep="\t")
    assert list(predicted) == ["judgment", "has good"]
    assert set(predicted["judgment"]) <= {"negative", "positive"}


def test_a_confusion_matrix_accepts_the_labels_of_each_target(train, make_estimator, labels, tmp_path):
    selections = form
    tables = train(make_estimator(SOFTMAX_AND_SIGMOID), labels)
    files = {"infile_true": tmp_path / "out" / "true", "infile_predicted": tmp_path / "out" / "predicted"}
    for number, name in enumerate(["species", "a size"], start=1):
        selector = {"selected_column_selector_option": "by_index_number", "col1": [number]}
        fields = {"column_selector_options_true": selector, "header_true": True, "header_predicted": True}
        selection = selections.PlotForm({**fields, "predicted_column": 5 + number}, files)
        pairs = class_labels.read_label_pairs(selection.true_column("true"), selection.predicted_column("predicted"))
        assert list(pairs.predicted) == list(tables["predicted"][name].astype(str))
        assert list(pairs.true) == list(tables["true"][name].astype(str))

"""Importances of a fitted network's features."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, f1_score, roc_auc_score

from galaxy_keras.catalog.losses_and_metrics import Measure
from galaxy_keras.data.tables import read_features, TableSource
from galaxy_keras.errors import InputError
from galaxy_keras.estimator.contents import Estimator, FitParameters, Fitted
from galaxy_keras.estimator.file import write_estimator
from galaxy_keras.estimator.fitted_network import FittedNetwork, load_network, read_fitted_estimator
from galaxy_keras.estimator.predictions import estimate_probabilities
from galaxy_keras.estimator.weights_file import save_weights, WEIGHTS_SUFFIX
from galaxy_keras.forms.column_choices import ColumnChoice
from visualization import permutation

TEST_DATA = Path(__file__).resolve().parents[2] / "test-data"
SPECIES = TEST_DATA / "fitted_species.zip"


def source(path: Path, name: str, has_header: bool = True) -> TableSource:
    return TableSource(path, name, has_header, ColumnChoice())


FEATURES = source(TEST_DATA / "iris_measures.tabular", "features")
TRUTH = source(TEST_DATA / "iris_species.tabular", "true labels")


def load_species() -> FittedNetwork:
    return load_network(read_fitted_estimator(SPECIES), SPECIES, read_features(FEATURES))


@pytest.fixture
def make_estimator(tmp_path):
    """Write a linear network with given weights, one row a feature, with features and a truth that it gets right."""

    def make(weights: list[list[float]], **fitted) -> tuple[Path, TableSource, TableSource]:
        import keras

        outputs = len(weights[0])
        is_regression = fitted["target_kind"] == "values"
        activation = "linear" if is_regression else "sigmoid"
        model = keras.Sequential([keras.Input((len(weights),)), keras.layers.Dense(outputs, activation=activation)])
        model.set_weights([np.array(weights, dtype=np.float32), np.zeros(outputs, dtype=np.float32)])
        save_weights(model, tmp_path / f"w{WEIGHTS_SUFFIX}")
        rest = {
            "threshold": 0.5,
            "has_probabilities": not is_regression,
            "feature_names": None,
            "versions": {},
            "classes": [],
        }
        described = Fitted(**{**rest, "feature_count": len(weights), **fitted})
        estimator = Estimator(
            "regression" if is_regression else "classification",
            Measure("mean_squared_error" if is_regression else "binary_crossentropy"),
            keras.optimizers.serialize(keras.optimizers.SGD()),
            [],
            FitParameters(),
            None,
            json.loads(model.to_json()),
            described,
        )
        write_estimator(tmp_path / "estimator.zip", estimator, tmp_path / f"w{WEIGHTS_SUFFIX}")
        rows = np.random.default_rng(3).normal(size=(80, len(weights)))
        np.savetxt(tmp_path / "features", rows, delimiter="\t")
        truth = rows @ np.array(weights)
        if fitted["target_kind"] != "values":
            truth = (truth > 0).astype(int)
        np.savetxt(tmp_path / "truth", truth, delimiter="\t", fmt="%g")
        return (
            tmp_path / "estimator.zip",
            source(tmp_path / "features", "features", False),
            source(tmp_path / "truth", "truth", False),
        )

    return make


def test_only_features_that_the_network_uses_matter(make_estimator):
    files = make_estimator([[4.0], [0.0], [-1.0]], target_kind="labels", target_names=["y"], classes=[0, 1])
    table, notes = permutation.measure_scores(*files, "", permutation.Shuffling(repeats=8))
    assert table["feature"].tolist() == ["column 1", "column 2", "column 3"]
    first, second, third = table["importance"]
    assert first > third > second == 0
    # Half of the rows are right after the shuffle of the only feature that decides.
    assert 0.3 < first < 0.6
    assert notes == ["accuracy of all 80 rows: 1", "Rows shuffled: 80"]


def test_changes_of_outputs_do_not_need_true_labels(make_estimator):
    estimator, features, _ = make_estimator(
        [[2.0, 0.0], [0.0, 0.0], [0.0, 1.0]], target_kind="values", target_names=["a", "b"], threshold=None
    )
    table, _ = permutation.measure_changes(estimator, features, permutation.Shuffling(repeats=20))
    first, second, third = table["importance"]
    assert second == 0
    # Two normal values differ by 2 / sqrt(pi) on average; two outputs halve it.
    assert third == pytest.approx(1 / np.sqrt(np.pi), rel=0.25)
    assert first == pytest.approx(2 * third, rel=0.25)


def test_real_numbers_are_rated_by_r2(make_estimator):
    files = make_estimator([[2.0], [0.0]], target_kind="values", target_names=["y"], threshold=None)
    table, notes = permutation.measure_scores(*files, "", permutation.Shuffling())
    assert notes[0] == "r2 of all 80 rows: 1"
    # A shuffled prediction is wrong by twice the variance.
    assert table["importance"].tolist() == [pytest.approx(2, rel=0.3), 0]


def test_several_labels_are_found_by_name(make_estimator, tmp_path):
    files = make_estimator(
        [[3.0, 0.0], [0.0, 3.0]], target_kind="multilabel", target_names=["a", "b"], classes=["a", "b"]
    )
    flags = files[2].path.read_text().splitlines()
    (tmp_path / "truth").write_text("b\ta\n" + "".join(f"{line[2]}\t{line[0]}\n" for line in flags))
    truth = replace(files[2], has_header=True)
    for score in ("accuracy", "f1_macro", "roc_auc"):
        _, notes = permutation.measure_scores(files[0], files[1], truth, score, permutation.Shuffling(repeats=1))
        assert notes[0] == f"{score} of all 80 rows: 1"
    with pytest.raises(InputError, match="score: found balanced_accuracy for several labels"):
        permutation.measure_scores(files[0], files[1], truth, "balanced_accuracy", permutation.Shuffling())


def test_scores_are_those_of_scikit_learn():
    network = load_species()
    true = permutation.read_truth(network, TRUTH)
    outputs = network.predict()
    decided = outputs.argmax(axis=1)
    expected = {
        "accuracy": accuracy_score(true, decided),
        "f1_macro": f1_score(true, decided, average="macro"),
        "roc_auc": roc_auc_score(true, estimate_probabilities(outputs, network.fitted), multi_class="ovr"),
    }
    found = {name: permutation.score_outputs(name, true, outputs, network) for name in expected}
    assert found == pytest.approx(expected)
    assert expected["accuracy"] > 0.9


def test_one_hot_columns_and_a_column_of_labels_are_read_as_the_same_classes():
    network = load_species()
    network = replace(network, fitted=replace(network.fitted, target_kind="one_hot"))
    species = np.loadtxt(TRUTH.path, dtype=str, skiprows=1)
    expected = np.searchsorted(["setosa", "versicolor", "virginica"], species).tolist()
    assert set(expected) == {0, 1, 2}
    for truth in (TRUTH, source(TEST_DATA / "iris_species_one_hot.tabular", "truth")):
        assert permutation.read_truth(network, truth).tolist() == expected


def read_one_hot(path, header, rows, has_header=True, names=None):
    network = load_species()
    names = names or network.fitted.classes
    network = replace(network, fitted=replace(network.fitted, target_kind="one_hot", classes=names, target_names=names))
    path.write_text("".join("\t".join(row) + "\n" for row in [*([header] if header else []), *rows]))
    return permutation.read_truth(network, source(path, "truth", has_header)).tolist()


def test_one_hot_columns_are_found_by_name(tmp_path, capsys):
    """The columns are in another order and include the column of labels that the training tool writes."""
    header = ["virginica", "Label", "setosa", "versicolor"]
    rows = [["1", "virginica", "0", "0"], ["0", "setosa", "1", "0"], ["0", "versicolor", "0", "1"]]
    assert read_one_hot(tmp_path / "truth", header, rows) == [2, 0, 1]
    assert capsys.readouterr().out == ""


def test_one_hot_columns_may_hold_true_and_false(tmp_path):
    rows = [["True", "false", "FALSE"], ["False", "False", "TRUE"]]
    assert read_one_hot(tmp_path / "truth", ["setosa", "versicolor", "virginica"], rows) == [0, 2]


@pytest.mark.parametrize("has_header", [True, False], ids=["estimator without names", "truth without names"])
def test_one_hot_columns_without_names_are_used_in_order_with_a_log_line(tmp_path, capsys, has_header):
    rows = [["0", "0", "1"], ["1", "0", "0"]]
    header, names = (["a", "b", "c"], ["0", "1", "2"]) if has_header else (None, ["a", "b", "c"])
    assert read_one_hot(tmp_path / "truth", header, rows, has_header, names) == [2, 0]
    listed = ", ".join(map(repr, names))
    assert capsys.readouterr().out == f"The columns of the truth are used in this order: {listed}\n"


@pytest.mark.parametrize(
    "header, row, message",
    [
        pytest.param(["a", "b", "c"], ["0", "0", "1"], "the columns 'a', 'b', 'c'; expected the names", id="names"),
        pytest.param(
            ["setosa", "setosa", "versicolor", "virginica"],
            ["0", "0", "0", "1"],
            "found 4 columns; expected",
            id="twice",
        ),
        pytest.param(
            ["setosa", "versicolor", "virginica"], ["0.2", "0.7", "0.1"], r"row 2: found 0\.2, 0\.7", id="probabilities"
        ),
        pytest.param(["setosa", "versicolor", "virginica"], ["1", "0", "1"], "row 2: found 1.0, 0.0, 1.0", id="two"),
    ],
)
def test_one_hot_columns_that_do_not_fit_are_refused(tmp_path, header, row, message):
    with pytest.raises(InputError, match=message):
        read_one_hot(tmp_path / "truth", header, [row, row])


@pytest.mark.parametrize(
    "classes, labels, positions",
    [
        pytest.param(["01", "1", "2"], ["1", "01", "2"], [1, 0, 2], id="text"),
        pytest.param([0, 1, 2], ["2.0", "0.0", "1.0"], [2, 0, 1], id="numbers"),
    ],
)
def test_labels_find_their_classes(tmp_path, classes, labels, positions):
    network = load_species()
    network = replace(network, fitted=replace(network.fitted, classes=classes))
    (tmp_path / "truth").write_text("\n".join(["y", *labels]) + "\n")
    assert permutation.read_truth(network, source(tmp_path / "truth", "truth")).tolist() == positions


def test_equal_seeds_yield_equal_importances_of_sampled_rows():
    tables = []
    for seed in (1, 1, 2):
        shuffling = permutation.Shuffling(repeats=2, most_rows=60, seed=seed)
        table, notes = permutation.measure_scores(SPECIES, FEATURES, TRUTH, "accuracy", shuffling)
        assert notes[1] == "Rows shuffled: 60"
        tables.append(table)
    assert tables[0].equals(tables[1])
    assert not tables[0].equals(tables[2])


def test_a_sparse_matrix_gives_the_numbers_of_the_table_and_stays_sparse(make_estimator, monkeypatch):
    from scipy.io import mmwrite
    from scipy.sparse import csr_array

    weights = [[4.0], [0.0], [-1.0], [0.5]]
    estimator, table, truth = make_estimator(weights, target_kind="labels", target_names=["y"], classes=[0, 1])
    draw = np.random.default_rng(8)
    rows = np.where(draw.uniform(size=(6000, 4)) < 0.3, draw.normal(size=(6000, 4)).round(2), 0)
    np.savetxt(table.path, rows, delimiter="\t")
    np.savetxt(truth.path, (rows @ np.array(weights) > 0).astype(int), delimiter="\t", fmt="%d")
    matrix = replace(table, path=table.path.with_suffix(".mtx"))
    mmwrite(matrix.path, csr_array(rows))
    made_dense = []
    make_dense = csr_array.toarray
    monkeypatch.setattr(csr_array, "toarray", lambda self: made_dense.append(self.shape[0]) or make_dense(self))
    shuffling = permutation.Shuffling(repeats=2, most_rows=5000)
    expected, notes = permutation.measure_scores(estimator, table, truth, "", shuffling)
    found, sparse_notes = permutation.measure_scores(estimator, matrix, truth, "", shuffling)
    assert found.equals(expected) and sparse_notes == notes
    assert found["importance"].argmax() == 0 and found["importance"][0] > 0.1
    assert made_dense and max(made_dense) <= 256


@pytest.mark.parametrize(
    "truth, score, message",
    [
        pytest.param("species\nsetosa\n", "", "truth: found 1 rows; expected 150 as in the features", id="rows"),
        pytest.param("species\nrose\n", "", "truth: found 'rose'; expected labels of 'setosa'", id="label"),
        pytest.param(
            "species\nsetosa\n", "r2", "score: found r2 for an estimator of classes; expected one", id="score"
        ),
        pytest.param("species\n" + "setosa\n" * 150, "roc_auc", "rows without some of the classes", id="classes"),
    ],
)
def test_what_does_not_fit_is_refused(tmp_path, truth, score, message):
    (tmp_path / "truth").write_text(truth)
    with pytest.raises(InputError, match=message):
        permutation.measure_scores(
            SPECIES, FEATURES, source(tmp_path / "truth", "truth"), score, permutation.Shuffling(repeats=1)
        )


def test_an_estimator_that_was_not_trained_is_refused():
    with pytest.raises(InputError, match="found an estimator that has not been trained"):
        permutation.measure_changes(TEST_DATA / "species_estimator.zip", FEATURES, permutation.Shuffling())


def test_an_estimator_that_reads_text_is_refused():
    with pytest.raises(InputError, match="estimator: found one that reads text"):
        permutation.measure_changes(TEST_DATA / "fitted_texts.zip", FEATURES, permutation.Shuffling())


def test_several_targets_are_shuffled_for_the_change_of_the_outputs_only():
    fitted = TEST_DATA / "fitted_two_targets.zip"
    table, _ = permutation.measure_changes(fitted, FEATURES, permutation.Shuffling(repeats=1))
    assert (table["importance"] > 0).all()
    with pytest.raises(InputError, match="estimator: found one with several targets; expected one with one target"):
        permutation.measure_scores(fitted, FEATURES, TRUTH, "", permutation.Shuffling())

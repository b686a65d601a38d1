"""Forms and files that a training refuses before it starts."""

import numpy as np
import pytest
from examples.trainings import MEASURES, ONE_HOT, SPARSE, write_columns

TABLES = {
    "empty file": ("", {}, "Training samples dataset: found an empty table"),
    "ragged rows": ("1\t2\n3\n", {"header1": False}, "Training samples dataset, row 2: found 1 column; expected 2"),
    "text in a cell": ("1\t2\n3\tx\n", {"header1": False}, "row 2, column 2: found 'x'; expected a number"),
    "empty cell": ("a\tb\n3\t\n", {}, "row 2, column 2 (b): found an empty cell; expected a number"),
    "header read as numbers": (
        "a\tb\n3\t4\n",
        {"header1": False},
        "row 1, column 1: found 'a'; expected a number (likely cause: row 1 is a header",
    ),
    "numbers read as a header": (
        "1.5\t2\n" * 150,
        {},
        "found 150 rows; expected 149 as in Training samples dataset (likely cause: row 1 of Training samples "
        "dataset is not a header, but the header option is Yes)",
    ),
    "another number of rows": ("a\tb\n1\t2\n", {}, "found 150 rows; expected 1 as in Training samples dataset"),
}


@pytest.mark.parametrize("text, changes, message", TABLES.values(), ids=TABLES.keys())
def test_an_unusable_table_is_refused(check_training_refusal, make_estimator, tmp_path, text, changes, message):
    features = tmp_path / "x.tsv"
    features.write_text(text)
    assert message in check_training_refusal(make_estimator(), {"features": features}, **changes)


CHOICES = {
    "another number of columns": (
        {"columns1": ("by_index_number", [1, 2])},
        "found 2 columns; expected 4, because the network's input shape is (4,)",
    ),
    "column number": ({"columns1": ("by_index_number", [5])}, "found column number 5; expected a number from 1 to 4"),
    "column name": (
        {"columns1": ("by_header_name", "petal")},
        "the column 'petal' is missing; expected one of 'sepal_",
    ),
    "name without header": (
        {"columns2": ("by_header_name", "species"), "header2": False},
        "but the header option is No",
    ),
    "score of a regression": ({"primary_scoring": "r2"}, "scoring: found r2 for a classification"),
    "score of two classes": ({"primary_scoring": "f1"}, "scoring: found f1, which cannot be computed"),
    "no training rows": (
        {"split": {"shuffle": "None", "test_size": 0.999}},
        "found all 150 rows in this holdout and none in the training",
    ),
    "fraction": (
        {"split": {"shuffle": "simple", "test_size": 1}},
        "test_size: found 1; expected a fraction between 0 and 1",
    ),
    "class without training rows": (
        {"split": {"shuffle": "None", "test_size": 50.0}},
        "found the class 'virginica' only outside the training rows (50); expected every class among the training rows",
    ),
    "too many folds": (
        {"folds": {"n_splits": 60, "split_algos": {"shuffle": "stratified"}}},
        "Folds: found the class 'setosa' with 50 rows among 150 (too few rows in 3 classes); expected at least 60",
    ),
    "groups of the validation holdout only": (
        {
            "split": {"shuffle": "simple", "test_size": 0.2},
            "validation": {"shuffle": "group", "test_size": None, "group_names": "a"},
        },
        "Validation holdout, shuffle: found group without a group column; expected a column for this holdout, or Group",
    ),
    "parameter": (
        {"overrides": [("epoch", "3")]},
        "parameter 'epoch': the estimator does not have this parameter; expected a name such as epoch",
    ),
    "value": ({"overrides": [("epochs", "three")]}, "epochs: found 'three'; expected a Python literal"),
    "code as value": ({"overrides": [("epochs", ": __import__('os')")]}, "expected a Python literal"),
    "value without name": ({"overrides": [("", "3")]}, "found the value '3' without a name"),
    "value of another kind": (
        {"overrides": [("learning_rate", "'fast'")]},
        "learning_rate: found 'fast'; expected a number",
    ),
    "genomic intervals": (
        {"kind": "refseq_and_interval"},
        "selected_input: found refseq_and_interval, which requires the sequence generators",
    ),
}


@pytest.mark.parametrize("changes, message", CHOICES.values(), ids=CHOICES.keys())
def test_an_unusable_choice_is_refused(check_training_refusal, make_estimator, changes, message):
    assert message in check_training_refusal(make_estimator(), **changes)


TARGETS = {
    "one class": (["a"] * 150, {}, "found only one class, a; expected at least two classes"),
    "two classes for three outputs": (["a", "b", "b"] * 50, {}, "found 3 outputs for 2 classes ('a', 'b'); expected 2"),
    "real numbers": (np.arange(150) / 7, {}, "found 150 different numbers in 150 rows"),
    "text for a regression": (
        ["a", "b", "b"] * 50,
        {"task": "regression"},
        "sample 1: found the text 'a' for a regression",
    ),
}


@pytest.mark.parametrize("labels, changes, message", TARGETS.values(), ids=TARGETS.keys())
def test_a_target_that_does_not_fit_is_refused(
    check_training_refusal, make_estimator, tmp_path, labels, changes, message
):
    files = {"target": write_columns(tmp_path / "y.tsv", {"y": labels})}
    assert message in check_training_refusal(make_estimator(**changes), files)


@pytest.mark.parametrize(
    "metric, loss",
    [("mean_squared_error", SPARSE), ("categorical_accuracy", SPARSE), ("sparse_categorical_accuracy", ONE_HOT)],
)
def test_a_metric_for_another_encoding_of_the_target_is_refused(check_training_refusal, make_estimator, metric, loss):
    line = check_training_refusal(make_estimator(loss=loss, metrics=(metric,)))
    assert f"metrics: found {metric} with {loss}" in line


def test_a_table_in_place_of_an_estimator_is_refused(check_training_refusal):
    line = check_training_refusal(MEASURES)
    assert "estimator: found a text file; expected an estimator (zip)" in line


@pytest.mark.parametrize(
    "text, columns, likely",
    [
        pytest.param(
            None, ("by_index_number", [1]), "only one of the 4 columns of the table is selected", id="selection"
        ),
        pytest.param("a;b\n1\n", None, "semicolons between the columns instead of tabs", id="semicolons"),
        pytest.param("a\n1\n", None, "no tabs between the columns", id="one column"),
    ],
)
def test_a_single_column_for_a_network_that_needs_several_is_explained(
    check_training_refusal, make_estimator, tmp_path, text, columns, likely
):
    features = MEASURES
    if text is not None:
        header, row = text.splitlines()
        features = tmp_path / "x.tsv"
        features.write_text(f"{header}\n" + f"{row}\n" * 150)
    line = check_training_refusal(make_estimator(), {"features": features}, columns1=columns)
    assert "found 1 column; expected 4, because the network's input shape is (4,)" in line
    assert f"(likely cause: {likely}" in line

"""Holdouts, compared with those of scikit-learn."""

import numpy as np
import pytest
from sklearn.model_selection import StratifiedShuffleSplit, train_test_split

from galaxy_keras.errors import InputError
from training.splits import holdouts


def make_strata(classes):
    """Make strata with letters as labels."""
    return holdouts.Strata(np.array(classes), list("abc"))


def test_a_simple_split_is_that_of_scikit_learn():
    rows = np.arange(50)
    train, holdout = holdouts.split_rows(rows, holdouts.SplitChoice("Test", "simple", 0.3, 5), None, None)
    expected_train, expected_holdout = train_test_split(rows, test_size=0.3, random_state=5)
    assert train.tolist() == expected_train.tolist()
    assert holdout.tolist() == expected_holdout.tolist()


def test_a_stratified_split_of_some_rows_uses_the_classes_of_these_rows():
    classes = np.array([0] * 40 + [1] * 20)
    rows = np.arange(10, 60)
    train, holdout = holdouts.split_rows(
        rows, holdouts.SplitChoice("Test", "stratified", 0.2, 1), make_strata(classes), None
    )
    expected_train, expected_holdout = next(
        StratifiedShuffleSplit(1, test_size=0.2, random_state=1).split(rows, classes[rows])
    )
    assert train.tolist() == rows[expected_train].tolist()
    assert holdout.tolist() == rows[expected_holdout].tolist()
    assert (classes[holdout] == 1).sum() == 4


def test_a_split_without_shuffling_takes_the_last_rows():
    train, holdout = holdouts.split_rows(np.arange(10), holdouts.SplitChoice("Test", "None", 0.25), None, None)
    assert train.tolist() == [0, 1, 2, 3, 4, 5, 6]
    assert holdout.tolist() == [7, 8, 9]


@pytest.mark.parametrize("method", ["None", "simple", "stratified"])
def test_a_size_above_1_is_a_number_of_rows(method):
    classes = np.array([0, 1] * 50)
    train, holdout = holdouts.split_rows(
        np.arange(100), holdouts.SplitChoice("Test", method, 20.0, 5), make_strata(classes), None
    )
    assert (len(train), len(holdout)) == (80, 20)


def test_a_split_column_assigns_the_rows_of_each_holdout():
    groups = np.array(["train", "Test", "validation", "TRAINING", "val", "testing"])
    train, holdout = holdouts.split_rows(np.arange(6), holdouts.SplitChoice("Test", "column"), None, groups)
    assert (train.tolist(), holdout.tolist()) == ([0, 2, 3, 4], [1, 5])
    choice = holdouts.SplitChoice("Validation", "column", split_name="validation")
    train, holdout = holdouts.split_rows(train, choice, None, groups)
    assert (train.tolist(), holdout.tolist()) == ([0, 3], [2, 4])


def test_groups_that_are_numbers_are_selected_by_their_text():
    groups = np.array([1, 2, 3, 4] * 5)
    choice = holdouts.SplitChoice("Test", "group", None, None, ("2", "4"))
    train, holdout = holdouts.split_rows(np.arange(20), choice, None, groups)
    assert set(groups[holdout]) == {2, 4}
    assert set(groups[train]) == {1, 3}


def test_a_random_group_is_not_split():
    groups = np.repeat(["a", "b", "c", "d", "e"], 4)
    train, holdout = holdouts.split_rows(np.arange(20), holdouts.SplitChoice("Test", "group", 0.4, 3), None, groups)
    assert len(set(groups[holdout])) == 2
    assert not set(groups[holdout]) & set(groups[train])


@pytest.mark.parametrize(
    "method, size, names, groups, message",
    [
        pytest.param("simple", 1, (), None, "test_size: found 1; expected a fraction", id="one"),
        pytest.param("None", 50.0, (), None, "found all 10 rows in this holdout", id="more rows than there are"),
        pytest.param("simple", 2.5, (), None, "test_size: found 2.5; expected a fraction", id="half a row"),
        pytest.param(
            "column", None, (), ["train", "x"] * 5, "sample 2: found 'x'; expected train, val", id="unknown split"
        ),
        pytest.param(
            "column",
            None,
            (),
            ["train"] * 10,
            "found all 10 rows in the training and none in this holdout",
            id="no test rows",
        ),
        pytest.param("simple", 0, (), None, "test_size: found 0; expected a fraction", id="zero"),
        pytest.param(
            "stratified", 0.2, (), None, "found stratified for a target without one class per row", id="no classes"
        ),
        pytest.param("group", 0.2, (), None, "found group without a group column", id="no groups"),
        pytest.param(
            "group", 0.2, ("5",), [1, 2] * 5, "group_names: found '5'; expected one of '1', '2'", id="unknown group"
        ),
        pytest.param("group", 0.2, ("1", "2"), [1, 2] * 5, "expected at least one row in each", id="all groups"),
    ],
)
def test_impossible_splits_are_refused(method, size, names, groups, message):
    choice = holdouts.SplitChoice("Test holdout", method, size, 0, names)
    with pytest.raises(InputError, match=message):
        holdouts.split_rows(np.arange(10), choice, None, None if groups is None else np.array(groups))


@pytest.mark.parametrize(
    "classes, rows, message",
    [
        ([0] * 5 + [1] + [2] * 4, range(10), "found the class 'b' with 1 row among 10; expected at least 2 rows of"),
        ([0] * 5 + [1, 1] + [2] * 3, range(6), "found the class 'b' with 1 row among 6;"),
        (
            [0] + [1] * 8 + [2],
            range(10),
            r"found the class 'a' with 1 row among 10 \(too few rows in 2 classes\);",
        ),
    ],
    ids=["in the middle", "left by another split", "two"],
)
def test_a_class_with_one_row_cannot_be_stratified(classes, rows, message):
    choice = holdouts.SplitChoice("Test holdout", "stratified", 0.5, 0)
    with pytest.raises(InputError, match=f"^Test holdout: {message}"):
        holdouts.split_rows(np.array(rows), choice, make_strata(classes), None)

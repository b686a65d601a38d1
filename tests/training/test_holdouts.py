"""The rows of each part, compared with scikit-learn called directly."""

import numpy as np
import pytest
from sklearn.model_selection import StratifiedShuffleSplit, train_test_split

from galaxy_keras.errors import InputError
from training.splits import holdouts


def make_strata(classes):
    """Classes with letters as labels."""
    return holdouts.Strata(np.array(classes), list("abc"))


def test_simple_split_is_that_of_scikit_learn():
    rows = np.arange(50)
    kept, held = holdouts.split_rows(rows, holdouts.SplitChoice("Test", "simple", 0.3, 5), None, None)
    expected_kept, expected_held = train_test_split(rows, test_size=0.3, random_state=5)
    assert kept.tolist() == expected_kept.tolist()
    assert held.tolist() == expected_held.tolist()


def test_stratified_split_of_a_part_uses_the_classes_of_its_rows():
    classes = np.array([0] * 40 + [1] * 20)
    rows = np.arange(10, 60)
    kept, held = holdouts.split_rows(
        rows, holdouts.SplitChoice("Test", "stratified", 0.2, 1), make_strata(classes), None
    )
    expected_kept, expected_held = next(
        StratifiedShuffleSplit(1, test_size=0.2, random_state=1).split(rows, classes[rows])
    )
    assert kept.tolist() == rows[expected_kept].tolist()
    assert held.tolist() == rows[expected_held].tolist()
    assert (classes[held] == 1).sum() == 4


def test_split_without_shuffle_holds_out_the_last_rows():
    kept, held = holdouts.split_rows(np.arange(10), holdouts.SplitChoice("Test", "None", 0.25), None, None)
    assert kept.tolist() == [0, 1, 2, 3, 4, 5, 6]
    assert held.tolist() == [7, 8, 9]


@pytest.mark.parametrize("method", ["None", "simple", "stratified"])
def test_a_number_of_rows_from_a_form_is_a_number_of_rows(method):
    classes = np.array([0, 1] * 50)
    kept, held = holdouts.split_rows(
        np.arange(100), holdouts.SplitChoice("Test", method, 20.0, 5), make_strata(classes), None
    )
    assert (len(kept), len(held)) == (80, 20)


def test_a_column_of_parts_says_what_is_held_out():
    groups = np.array(["train", "Test", "validation", "TRAINING", "val", "testing"])
    kept, held = holdouts.split_rows(np.arange(6), holdouts.SplitChoice("Test", "column"), None, groups)
    assert (kept.tolist(), held.tolist()) == ([0, 2, 3, 4], [1, 5])
    choice = holdouts.SplitChoice("Validation", "column", split_name="validation")
    kept, held = holdouts.split_rows(kept, choice, None, groups)
    assert (kept.tolist(), held.tolist()) == ([0, 3], [2, 4])


def test_numeric_groups_are_found_by_their_names():
    groups = np.array([1, 2, 3, 4] * 5)
    choice = holdouts.SplitChoice("Test", "group", None, None, ("2", "4"))
    kept, held = holdouts.split_rows(np.arange(20), choice, None, groups)
    assert set(groups[held]) == {2, 4}
    assert set(groups[kept]) == {1, 3}


def test_a_random_group_never_stands_on_both_sides():
    groups = np.repeat(["a", "b", "c", "d", "e"], 4)
    kept, held = holdouts.split_rows(np.arange(20), holdouts.SplitChoice("Test", "group", 0.4, 3), None, groups)
    assert len(set(groups[held])) == 2
    assert not set(groups[held]) & set(groups[kept])


@pytest.mark.parametrize(
    "method, share, names, groups, message",
    [
        pytest.param("simple", 1, (), None, "test_size: found 1; expected a share", id="one"),
        pytest.param("None", 50.0, (), None, "found all 10 rows in this holdout", id="more rows than there are"),
        pytest.param("simple", 2.5, (), None, "test_size: found 2.5; expected a share", id="half a row"),
        pytest.param("column", None, (), ["train", "x"] * 5, "sample 2: found 'x'; expected train, val", id="part"),
        pytest.param("column", None, (), ["train"] * 10, "found all 10 rows in the training", id="no such part"),
        pytest.param("simple", 0, (), None, "test_size: found 0; expected a share", id="zero"),
        pytest.param("stratified", 0.2, (), None, "found stratified for real-numbered targets", id="no classes"),
        pytest.param("group", 0.2, (), None, "found group without a group column", id="no groups"),
        pytest.param(
            "group", 0.2, ("5",), [1, 2] * 5, "group_names: found '5'; expected one of '1', '2'", id="unknown"
        ),
        pytest.param("group", 0.2, ("1", "2"), [1, 2] * 5, "leaves a part empty", id="all groups"),
    ],
)
def test_impossible_splits_are_refused(method, share, names, groups, message):
    choice = holdouts.SplitChoice("Test holdout", method, share, 0, names)
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
def test_a_class_with_one_row_cannot_be_stratified_and_is_named(classes, rows, message):
    choice = holdouts.SplitChoice("Test holdout", "stratified", 0.5, 0)
    with pytest.raises(InputError, match=f"^Test holdout: {message}"):
        holdouts.split_rows(np.array(rows), choice, make_strata(classes), None)

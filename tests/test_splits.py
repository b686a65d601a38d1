"""The rows of each part, compared with scikit-learn called directly."""

import numpy as np
import pytest
from sklearn.model_selection import StratifiedShuffleSplit, train_test_split

from galaxy_keras.errors import InputError


@pytest.fixture
def splits(load_tool_module):
    return load_tool_module("keras_train_and_eval", "splits")


def test_simple_split_is_that_of_scikit_learn(splits):
    rows = np.arange(50)
    kept, held = splits.split_rows(rows, splits.SplitChoice("Test", "simple", 0.3, 5), None, None)
    expected_kept, expected_held = train_test_split(rows, test_size=0.3, random_state=5)
    assert kept.tolist() == expected_kept.tolist()
    assert held.tolist() == expected_held.tolist()


def test_stratified_split_of_a_part_uses_the_classes_of_its_rows(splits):
    classes = np.array([0] * 40 + [1] * 20)
    rows = np.arange(10, 60)
    kept, held = splits.split_rows(rows, splits.SplitChoice("Test", "stratified", 0.2, 1), classes, None)
    expected_kept, expected_held = next(
        StratifiedShuffleSplit(1, test_size=0.2, random_state=1).split(rows, classes[rows])
    )
    assert kept.tolist() == rows[expected_kept].tolist()
    assert held.tolist() == rows[expected_held].tolist()
    assert (classes[held] == 1).sum() == 4


def test_split_without_shuffle_holds_out_the_last_rows(splits):
    kept, held = splits.split_rows(np.arange(10), splits.SplitChoice("Test", "None", 0.25), None, None)
    assert kept.tolist() == [0, 1, 2, 3, 4, 5, 6]
    assert held.tolist() == [7, 8, 9]


def test_numeric_groups_are_found_by_their_names(splits):
    groups = np.array([1, 2, 3, 4] * 5)
    choice = splits.SplitChoice("Test", "group", None, None, ("2", "4"))
    kept, held = splits.split_rows(np.arange(20), choice, None, groups)
    assert set(groups[held]) == {2, 4}
    assert set(groups[kept]) == {1, 3}


def test_a_random_group_never_stands_on_both_sides(splits):
    groups = np.repeat(["a", "b", "c", "d", "e"], 4)
    kept, held = splits.split_rows(np.arange(20), splits.SplitChoice("Test", "group", 0.4, 3), None, groups)
    assert len(set(groups[held])) == 2
    assert not set(groups[held]) & set(groups[kept])


@pytest.mark.parametrize(
    "method, share, names, groups, message",
    [
        pytest.param("simple", 50, (), None, "test_size: found 50; expected a share", id="row count"),
        pytest.param("simple", 0, (), None, "test_size: found 0; expected a share", id="zero"),
        pytest.param("stratified", 0.2, (), None, "found stratified for real-numbered targets", id="no classes"),
        pytest.param("group", 0.2, (), None, "found group without a group column", id="no groups"),
        pytest.param("group", 0.2, ("5",), [1, 2] * 5, "group_names: found '5'; expected one of 1, 2", id="unknown"),
        pytest.param("group", 0.2, ("1", "2"), [1, 2] * 5, "leaves a part empty", id="all groups"),
    ],
)
def test_impossible_splits_are_refused(splits, method, share, names, groups, message):
    choice = splits.SplitChoice("Test holdout", method, share, 0, names)
    with pytest.raises(InputError, match=message):
        splits.split_rows(np.arange(10), choice, None, None if groups is None else np.array(groups))


def test_a_class_with_one_row_cannot_be_stratified(splits):
    choice = splits.SplitChoice("Test holdout", "stratified", 0.2, 0)
    with pytest.raises(InputError, match="Test holdout: .*class"):
        splits.split_rows(np.arange(10), choice, np.array([0] * 9 + [1]), None)

"""Folds, compared with those of scikit-learn."""

import numpy as np
import pytest
from sklearn.model_selection import (
    GroupKFold,
    KFold,
    RepeatedKFold,
    RepeatedStratifiedKFold,
    StratifiedKFold,
    TimeSeriesSplit,
)

from galaxy_keras.errors import InputError
from training.splits import folds

CLASSES = np.array([0, 0, 1] * 10)
GROUPS = np.repeat(np.arange(6), 5)
SMALL_CLASS = "^Folds: found the class 'rare' with 10 rows among 30; expected at least 11 rows of each class, one for"


def make_strata(classes):
    return None if classes is None else folds.Strata(classes, ["common", "rare"])


@pytest.mark.parametrize(
    "method, repeats, splitter",
    [
        ("simple", 1, KFold(4, shuffle=True, random_state=2)),
        ("simple", 3, RepeatedKFold(n_splits=4, n_repeats=3, random_state=2)),
        ("stratified", 1, StratifiedKFold(4, shuffle=True, random_state=2)),
        ("stratified", 2, RepeatedStratifiedKFold(n_splits=4, n_repeats=2, random_state=2)),
        ("group", 1, GroupKFold(4, shuffle=True, random_state=2)),
        ("None", 1, TimeSeriesSplit(4)),
    ],
    ids=["plain", "repeated", "stratified", "repeated stratified", "group", "by order"],
)
def test_folds_are_those_of_scikit_learn(method, repeats, splitter):
    choice = folds.FoldChoice(method, 4, repeats, seed=2)
    found = folds.split_folds(30, choice, make_strata(CLASSES), GROUPS)
    expected = list(splitter.split(np.zeros((30, 1)), CLASSES, GROUPS if method == "group" else None))
    assert [[part.tolist() for part in fold] for fold in found] == [
        [part.tolist() for part in fold] for fold in expected
    ]


def test_repeats_do_not_split_groups_and_differ():
    choice = folds.FoldChoice("group", 3, 2, seed=0)
    found = folds.split_folds(30, choice, None, GROUPS)
    assert len(found) == 6
    for train, test in found:
        assert not set(GROUPS[train]) & set(GROUPS[test])
    assert [test.tolist() for _, test in found[:3]] != [test.tolist() for _, test in found[3:]]


@pytest.mark.parametrize(
    "method, fold_count, classes, groups, message",
    [
        pytest.param("stratified", 11, CLASSES, None, SMALL_CLASS, id="small class"),
        pytest.param("stratified", 3, None, None, "stratified for a target without one class per row", id="no classes"),
        pytest.param("group", 7, CLASSES, GROUPS, "Folds: .*greater than the number of groups", id="few groups"),
        pytest.param("simple", 31, CLASSES, None, "Folds: .*greater than the number of samples", id="few rows"),
        pytest.param("None", 30, CLASSES, None, "Folds: .*", id="few rows in order"),
    ],
)
def test_impossible_folds_are_refused(method, fold_count, classes, groups, message):
    with pytest.raises(InputError, match=message):
        choice = folds.FoldChoice(method, fold_count)
        folds.split_folds(30, choice, make_strata(classes), groups)

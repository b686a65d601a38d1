"""Plans: the training, validation and test rows of each run."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sklearn.model_selection import GroupShuffleSplit, ShuffleSplit

from galaxy_keras.errors import InputError
from training.splits import holdouts, schemes
from training.targets import targets

GROUPS = np.repeat([1, 2, 3, 4, 5, 6, 7, 8], 5)
LABELS = ["a", "b"] * 20


@pytest.fixture
def target():
    return targets.read_target(pd.DataFrame({"y": LABELS}), "classification")


def test_groups_are_not_split_between_training_validation_and_test_rows(target):
    scheme = schemes.Scheme(
        holdouts.SplitChoice("Test", "group", 0.25),
        holdouts.SplitChoice("Validation", "group", 2.0, split_name="validation"),
    )
    row_split = schemes.plan_runs(scheme, target, schemes.Groups(GROUPS), seed=3).runs[0]
    rows = np.arange(40)
    train, test = next(GroupShuffleSplit(1, test_size=0.25, random_state=3).split(rows, groups=GROUPS))
    rest, validation = next(GroupShuffleSplit(1, test_size=2, random_state=3).split(train, groups=GROUPS[train]))
    assert row_split.test.tolist() == test.tolist()
    assert row_split.validation.tolist() == train[validation].tolist()
    assert row_split.train.tolist() == train[rest].tolist()


def test_named_groups_of_numbers_are_the_holdouts(target):
    scheme = schemes.Scheme(
        holdouts.SplitChoice("Test", "group", None, group_names=("2", "7")),
        holdouts.SplitChoice("Validation", "group", None, group_names=("3",)),
    )
    row_split = schemes.plan_runs(scheme, target, schemes.Groups(GROUPS), None).runs[0]
    assert set(GROUPS[row_split.test]) == {2, 7}
    assert set(GROUPS[row_split.validation]) == {3}
    assert set(GROUPS[row_split.train]) == {1, 4, 5, 6, 8}


@pytest.mark.parametrize("test_method", ["group", "simple"])
def test_the_validation_holdout_may_have_other_groups_than_the_test_holdout(target, test_method):
    days = np.tile(["mon", "tue", "wed", "thu"], 10)
    scheme = schemes.Scheme(
        holdouts.SplitChoice("Test", test_method, 0.25),
        holdouts.SplitChoice("Validation", "group", 0.5, split_name="validation"),
    )
    row_split = schemes.plan_runs(scheme, target, schemes.Groups(GROUPS, days), seed=3).runs[0]
    splitter, groups = (GroupShuffleSplit, GROUPS) if test_method == "group" else (ShuffleSplit, None)
    train, test = next(splitter(1, test_size=0.25, random_state=3).split(np.arange(40), groups=groups))
    rest, validation = next(GroupShuffleSplit(1, test_size=0.5, random_state=3).split(train, groups=days[train]))
    assert row_split.test.tolist() == test.tolist()
    assert row_split.validation.tolist() == train[validation].tolist()
    assert row_split.train.tolist() == train[rest].tolist()
    assert not set(days[row_split.validation]) & set(days[row_split.train])


def test_the_test_holdout_may_use_groups_and_the_validation_holdout_a_split_column(target):
    groups = np.array(["train", "train", "train", "val", "train"] * 8)
    scheme = schemes.Scheme(
        holdouts.SplitChoice("Test", "group", None, None, ("1", "8")),
        holdouts.SplitChoice("Val", "column", split_name="validation"),
    )
    row_split = schemes.plan_runs(scheme, target, schemes.Groups(GROUPS, groups), None).runs[0]
    assert row_split.validation.tolist() == [8, 13, 18, 23, 28, 33]
    assert len(row_split.train) == 24
    with pytest.raises(
        InputError, match="Val, split column: found test rows, which are not used; expected train or validation"
    ):
        schemes.plan_runs(scheme, target, schemes.Groups(GROUPS, np.where(groups == "val", "val", "test")), None)


def test_the_seed_of_a_split_overrides_that_of_the_estimator(target):
    plans = [
        schemes.plan_runs(
            schemes.Scheme(holdouts.SplitChoice("Test", "simple", 0.25, seed)), target, schemes.Groups(), estimator_seed
        )
        for seed, estimator_seed in ((5, 1), (5, 2), (None, 5))
    ]
    assert len({tuple(plan.runs[0].test) for plan in plans}) == 1


def test_a_class_with_validation_rows_only_is_refused():
    labels = ["a", "b"] * 10 + ["c", "a", "a", "b"]
    read = targets.read_target
    scheme = schemes.Scheme(holdouts.SplitChoice("Test", "None", 3.0), holdouts.SplitChoice("Validation", "None", 2.0))
    with pytest.raises(InputError, match=r"found the class 'c' only outside the training rows \(1\)"):
        schemes.plan_runs(scheme, read(pd.DataFrame({"y": labels}), "classification"), schemes.Groups(), None)


def test_the_error_about_a_single_row_names_the_combination_of_its_classes():
    """Stratified splits of two targets use the combinations of their classes."""
    table = pd.DataFrame({"color": ["red", "blue"] * 5 + ["red"], "size": [10, 20] * 5 + [20]})
    output_layers = [replace(targets.read_target(table[[name]], "classification"), title=name) for name in table]
    class_indices = np.column_stack([output.y for output in output_layers])
    target = targets.Target("multi_output", [], list(table), class_indices, table, tuple(output_layers))
    scheme = schemes.Scheme(holdouts.SplitChoice("Test", "stratified", 0.4))
    with pytest.raises(InputError, match="Test: found the class 'color red, size 20' with 1 row among 11"):
        schemes.plan_runs(scheme, target, schemes.Groups(), None)


def test_the_split_of_each_row_is_named_per_run(target):
    row_split = schemes.RowSplit(np.array([0, 2]), np.array([3]), np.array([1]))
    names = dict(schemes.name_split(schemes.Plan([row_split]), 5))
    assert names["row"].tolist() == [1, 2, 3, 4, 5]
    assert names["part"].tolist() == ["train", "test", "train", "validation", ""]
    folds = schemes.Plan([row_split, schemes.RowSplit(np.array([1]), None, np.array([0]))], is_cross_validation=True)
    assert list(dict(schemes.name_split(folds, 5))) == ["row", "fold_1", "fold_2"]

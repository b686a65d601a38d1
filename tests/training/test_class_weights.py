"""Class weights by label, and those that scikit-learn balances."""

import numpy as np
import pandas as pd
import pytest
from sklearn.utils.class_weight import compute_class_weight

from galaxy_keras.errors import InputError
from training.fitting import class_weights
from training.targets import targets


def weigh(class_weight, columns, task="classification", rows=None):
    """Return the class weights for rows of a target table."""
    target = targets.read_target(pd.DataFrame(columns), task)
    rows = np.arange(len(target.y)) if rows is None else rows
    return class_weights.weigh_classes(class_weight, target, rows)


LABELS = ["no", "yes", "no", "no", "maybe", "yes"]


def test_classes_have_equal_weights_by_default():
    assert weigh(None, {"y": LABELS}) is None


def test_weights_by_label_become_weights_by_class_index(capsys):
    assert weigh({"yes": 5, "no": 0}, {"y": LABELS}) == {0: 1.0, 1: 0.0, 2: 5.0}
    assert "Class weights: maybe 1, no 0, yes 5" in capsys.readouterr().out


def test_labels_that_are_numbers_have_weights_by_their_text():
    assert weigh({"2": 3}, {"y": [1, 2, 1]}) == {0: 1.0, 1: 3.0}


@pytest.mark.parametrize("labels", [[0.5, 1.0, 1.5], ["+1", "-1", "+1"], ["01", "02"]], ids=str)
def test_labels_that_are_numbers_are_found_in_any_notation(labels):
    found = weigh({"1": 3}, {"y": labels * 2})
    assert sorted(found.values()) == [1.0] * (len(set(labels)) - 1) + [3.0]
    with pytest.raises(InputError, match="found the label '7'"):
        weigh({"7": 3}, {"y": labels * 2})


def test_one_hot_columns_have_weights_by_their_names():
    assert weigh({"b": 3}, {"a": [1, 0, 0], "b": [0, 1, 1]}) == {0: 1.0, 1: 3.0}


def test_balanced_weights_are_those_of_scikit_learn_for_the_training_rows():
    rows = np.array([0, 1, 2, 3, 4])
    chosen = np.array(LABELS)[rows]
    expected = compute_class_weight("balanced", classes=np.unique(chosen), y=chosen)
    assert list(weigh("balanced", {"y": LABELS}, rows=rows).values()) == pytest.approx(expected)


@pytest.mark.parametrize(
    "class_weight, columns, task, message",
    [
        ({"ja": 1}, {"y": LABELS}, "classification", "found the label 'ja'; expected one of 'maybe', 'no', 'yes'"),
        ("balanced", {"a": [1, 1, 0], "b": [0, 1, 1]}, "classification", "found a target of several labels per row"),
        ("balanced", {"a": [0.5, 1.5, 2.5]}, "regression", "found a target of real numbers; expected one class"),
    ],
)
def test_class_weights_for_another_target_are_refused(class_weight, columns, task, message):
    with pytest.raises(InputError, match=message):
        weigh(class_weight, columns, task)

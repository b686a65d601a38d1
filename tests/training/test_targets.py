"""Read, encode and refuse targets of every kind."""

import numpy as np
import pandas as pd
import pytest

from galaxy_keras.catalog.losses_and_metrics import Measure
from galaxy_keras.errors import InputError
from training.fitting import output_checks
from training.targets import targets


@pytest.mark.parametrize(
    "values, classes",
    [
        pytest.param([1, 0, 1, 0], [0, 1], id="0 and 1"),
        pytest.param([3, 1, 2, 1], [1, 2, 3], id="integers from 1"),
        pytest.param([20, 10, 10, 20], [10, 20], id="far apart"),
        pytest.param(["pos", "neg", "neg", "pos"], ["neg", "pos"], id="text"),
        pytest.param([0.5, 1.5, 0.5, 1.5], [0.5, 1.5], id="halves"),
    ],
)
def test_labels_are_encoded_in_sorted_order(values, classes):
    target = targets.read_target(pd.DataFrame({"y": values}), "classification")
    assert target.kind == "labels"
    assert target.classes == classes
    assert [target.classes[index] for index in target.y] == values


def test_one_hot_columns_name_the_classes():
    table = pd.DataFrame({"cat": [1, 0, 0], "dog": [0, 0, 1], "emu": [0, 1, 0]})
    target = targets.read_target(table, "classification")
    assert (target.kind, target.classes, target.y.tolist()) == ("one_hot", ["cat", "dog", "emu"], [0, 2, 1])
    names, values = zip(*target.name_truth(np.array([2, 0])), strict=True)
    assert names == ("cat", "dog", "emu", "Label")
    assert values[-1].tolist() == ["dog", "cat"]
    assert np.array(values[:-1]).T.tolist() == [[0, 1, 0], [1, 0, 0]]


def test_independent_0_1_columns_are_multilabel():
    target = targets.read_target(pd.DataFrame({"a": [1, 0, 1], "b": [1, 0, 0]}), "classification")
    assert target.kind == "multilabel"
    assert target.strata is None
    assert target.encode("binary_crossentropy", 2).tolist() == [[1, 1], [0, 0], [1, 0]]


@pytest.mark.parametrize(
    "loss, output_count, expected",
    [
        pytest.param("binary_crossentropy", 1, [[0], [1], [0]], id="one output"),
        pytest.param("sparse_categorical_crossentropy", 2, [0, 1, 0], id="sparse"),
        pytest.param("categorical_crossentropy", 2, [[1, 0], [0, 1], [1, 0]], id="one-hot"),
    ],
)
def test_labels_are_encoded_as_the_loss_expects(loss, output_count, expected):
    target = targets.read_target(pd.DataFrame({"y": [5, 7, 5]}), "classification")
    assert target.encode(loss, output_count).tolist() == expected


def test_real_numbers_keep_their_values():
    target = targets.read_target(pd.DataFrame({"y": [1.5, -2.0]}), "regression")
    assert (target.kind, target.classes, target.y.tolist()) == ("values", [], [1.5, -2.0])
    assert target.encode("mean_squared_error", 1).tolist() == [[1.5], [-2.0]]


@pytest.mark.parametrize(
    "table, task, message",
    [
        pytest.param(
            {"y": ["1", "b"]},
            "regression",
            "y, sample 2: found the text 'b' for a regression",
            id="text regression",
        ),
        pytest.param(
            {"y": ["a", "NA", "b", "nan"]},
            "classification",
            r"the value is missing \(NA\) in samples 2, 4; exp",
            id="no label",
        ),
        pytest.param({"y": ["1"] + ["NaN"] * 12}, "regression", "2, 3, .*, 11 and 2 more; expected", id="no number"),
        pytest.param({"y": [1, 1]}, "classification", "found only one class, 1; expected", id="one class"),
        pytest.param({"a": [1, 1], "b": [0, 0]}, "classification", "rows of only one class", id="one one-hot class"),
        pytest.param({"y": np.linspace(0, 1, 20)}, "classification", "20 different numbers in 20 rows", id="real"),
        pytest.param({"a": [1, 2], "b": [0, 1]}, "classification", "values other than 0 and 1", id="counts"),
    ],
)
def test_targets_that_do_not_fit_the_task_are_refused(table, task, message):
    with pytest.raises(InputError, match=message):
        targets.read_target(pd.DataFrame(table), task)


@pytest.mark.parametrize(
    "labels, loss, output_count, message",
    [
        pytest.param([1, 2, 3], "binary_crossentropy", 1, "1 output for 3 classes; expected 3", id="one output"),
        pytest.param([1, 2], "categorical_crossentropy", 1, "categorical_crossentropy for a network with 1", id="loss"),
        pytest.param([1, 2, 3], "sparse_categorical_crossentropy", 4, "4 outputs for 3 classes", id="too many"),
    ],
)
def test_outputs_that_do_not_fit_the_classes_are_refused(labels, loss, output_count, message):
    target = targets.read_target(pd.DataFrame({"y": labels}), "classification")
    with pytest.raises(InputError, match=message):
        output_checks.check_outputs(target, "classification", loss, output_count)


@pytest.mark.parametrize(
    "loss, output_count, threshold",
    [
        (Measure("binary_crossentropy"), 1, 0.5),
        (Measure("binary_crossentropy", {"from_logits": True}), 1, 0.0),
        (Measure("hinge"), 1, 0.0),
        (Measure("categorical_crossentropy"), 2, None),
    ],
)
def test_the_threshold_depends_on_the_loss(loss, output_count, threshold):
    target = targets.read_target(pd.DataFrame({"y": [0, 1]}), "classification")
    assert output_checks.choose_threshold(target, loss, output_count) == threshold


@pytest.mark.parametrize("cells", [["True", "False", "False"], ["TRUE", "false", "0"], ["true", "FALSE", "FALSE"]])
def test_boolean_values_are_0_and_1_in_several_columns_and_in_a_regression(cells):
    table = pd.DataFrame({"cat": cells, "dog": [0, 1, 1]})
    target = targets.read_target(table, "classification")
    assert (target.kind, target.y.tolist()) == ("one_hot", [0, 1, 1])
    both = targets.read_target(pd.DataFrame({"cat": cells, "dog": ["True"] * 3}), "classification")
    assert (both.kind, both.y.tolist()) == ("multilabel", [[1, 1], [0, 1], [0, 1]])
    assert targets.read_target(table[["cat"]], "regression").y.tolist() == [1, 0, 0]


def test_boolean_values_in_one_column_are_classes():
    assert targets.read_target(pd.DataFrame({"y": ["TRUE", "FALSE", "TRUE"]}), "classification").classes == [
        "FALSE",
        "TRUE",
    ]


def test_t_and_f_are_not_boolean_values():
    with pytest.raises(InputError, match="2 columns with values other than 0 and 1"):
        targets.read_target(pd.DataFrame({"a": ["T", "F"], "b": [0, 1]}), "classification")


def test_a_header_read_as_a_class_gives_a_warning():
    table = pd.DataFrame({"0": ["label", "b", "a", "a", "b"]})
    target = targets.read_target(table, "classification", has_header=False)
    warning = (
        "only row 1 has the class 'label'; if it is a header, set the header option to Yes (classes: 'a', 'b', 'label')"
    )
    assert target.header_warning.endswith(warning)
    with pytest.raises(InputError, match="found 2 outputs for 3 classes .*; expected 3 outputs. .*only row 1 has the"):
        output_checks.check_outputs(target, "classification", "categorical_crossentropy", 2)
    assert targets.read_target(table, "classification", has_header=True).header_warning == ""


@pytest.mark.parametrize("labels", [["a", "b", "a", "b"], ["c", "d", "a", "a"], ["a", "b", "b", "a", "c"], ["a", "b"]])
def test_other_rare_classes_give_no_header_warning(labels):
    assert targets.read_target(pd.DataFrame({"0": labels}), "classification", has_header=False).header_warning == ""


def test_decimal_commas_in_a_regression_are_explained():
    with pytest.raises(InputError, match="sample 1: found the text '1,5' for a regression; .* a decimal comma"):
        targets.read_target(pd.DataFrame({"y": ["1,5", "2,5"]}), "regression")

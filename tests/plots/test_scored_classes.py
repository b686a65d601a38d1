"""Scores with true labels: which column belongs to which class, and what is refused."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from galaxy_keras.data import tables
from galaxy_keras.errors import InputError
from galaxy_keras.forms import column_choices
from galaxy_keras.plots import scored_classes

PROBABILITY = np.array([0.1, 0.35, 0.8, 0.7, 0.2, 0.9])
IS_SECOND = np.array([False, False, True, True, True, False])


@pytest.fixture
def read(tmp_path):
    """Read classes from two tables, each given by its columns."""
    module = scored_classes
    columns = column_choices

    def read(true: dict, scores: dict, **options):
        sources = []
        for name, content in ((module.TRUE, true), (module.SCORES, scores)):
            path = tmp_path / f"{name}.dat"
            pd.DataFrame(content).to_csv(path, sep="\t", index=False)
            sources.append(tables.TableSource(path, name, True, columns.ColumnChoice()))
        return module.read_scored_classes(*sources, **options)

    return read


@pytest.mark.parametrize(
    "first, second",
    [
        pytest.param("healthy", "tumour", id="text"),
        pytest.param(0, 1, id="0 and 1"),
        pytest.param(-1, 1, id="-1 and 1"),
        pytest.param(3, 12, id="not from 0"),
        pytest.param(False, True, id="booleans"),
        pytest.param(0.5, 1.5, id="real numbers"),
    ],
)
def test_the_second_label_is_drawn_with_its_own_column(read, first, second):
    labels = np.where(IS_SECOND, second, first)
    # As the training tool writes it: a column for each class, and the predicted labels last.
    scores = {str(first): 1 - PROBABILITY, str(second): PROBABILITY, "Predicted": labels}
    found = read({"label": labels}, scores)
    assert [scored.name for scored in found.classes] == [str(second)]
    np.testing.assert_allclose(found.classes[0].scores, PROBABILITY)
    assert found.classes[0].is_true.tolist() == IS_SECOND.tolist()
    # The published tool drew 1 minus this.
    assert roc_auc_score(found.classes[0].is_true, found.classes[0].scores) == roc_auc_score(IS_SECOND, PROBABILITY)


@pytest.mark.parametrize(
    "labels, typed, name",
    [
        pytest.param(("healthy", "tumour"), "healthy", "healthy", id="text"),
        pytest.param((0, 1), "0", "0", id="number"),
        pytest.param((0.0, 1.0), "0", "0", id="0.0"),
        pytest.param((0, 1), "0.0", "0", id="typed 0.0"),
        pytest.param((False, True), "False", "False", id="boolean"),
    ],
)
def test_positive_label_may_be_of_any_type(read, labels, typed, name):
    true = np.where(IS_SECOND, labels[1], labels[0])
    found = read({"y": true}, {str(labels[1]): PROBABILITY, str(labels[0]): 1 - PROBABILITY}, positive=typed)
    assert [scored.name for scored in found.classes] == [name]
    np.testing.assert_allclose(found.classes[0].scores, 1 - PROBABILITY)
    assert found.classes[0].is_true.tolist() == (~IS_SECOND).tolist()


@pytest.mark.parametrize("typed, names", [("", ["01", "1", "02"]), ("01", ["01"]), ("1, 02", ["1", "02"])])
def test_labels_that_are_equal_as_numbers_only_stay_two(read, typed, names):
    scores = {"1": [0.1, 0.2, 0.3, 0.4], "01": [0.5, 0.6, 0.7, 0.8], "02": [0.0, 0.1, 0.0, 0.2]}
    found = read({"y": ["01", "1", "02", "01"]}, scores, positive=typed)
    assert [(scored.name, scored.scores.tolist()) for scored in found.classes] == [
        (name, scores[name]) for name in names
    ]


def test_classes_find_their_columns_in_any_order(read):
    true = ["b", "a", "c", "a", "b", "c"]
    scores = {name: np.linspace(0, place, 6) for place, name in enumerate(("c", "a", "b"))}
    found = read({"y": true}, scores)
    assert [scored.name for scored in found.classes] == ["a", "b", "c"]
    for scored in found.classes:
        np.testing.assert_allclose(scored.scores, scores[scored.name])
        assert scored.is_true.tolist() == [label == scored.name for label in true]


def test_several_labels_find_their_columns_by_name(read):
    true = {"liver": [0, 1, 1], "brain": [1, 0, 1]}
    scores = {"brain": [0.6, 0.1, 0.7], "liver": [0.2, 0.8, 0.9], "other": [0, 0, 0]}
    found = read(true, scores)
    assert [(scored.name, scored.scores.tolist()) for scored in found.classes] == [
        ("liver", scores["liver"]),
        ("brain", scores["brain"]),
    ]


def test_several_labels_without_common_names_go_by_place(read):
    found = read({"a": [0, 1, 1], "b": [1, 0, 1]}, {"0": [0.2, 0.8, 0.9], "1": [0.6, 0.1, 0.7], "2": [9, 9, 9]})
    assert [(scored.name, scored.scores.tolist()) for scored in found.classes] == [
        ("a", [0.2, 0.8, 0.9]),
        ("b", [0.6, 0.1, 0.7]),
    ]


def test_one_hot_true_values_of_the_training_tool_are_read_unchanged(read):
    true = {"x": [1, 0, 0], "y": [0, 1, 1], "Label": ["x", "y", "y"]}
    found = read(true, {"y": [0.1, 0.8, 0.9], "x": [0.9, 0.2, 0.1], "Predicted": ["x", "y", "y"]})
    assert [(scored.name, scored.scores.tolist()) for scored in found.classes] == [("y", [0.1, 0.8, 0.9])]


@pytest.mark.parametrize(
    "true",
    [
        pytest.param({"y": ["a", "b", "c", "d, e"]}, id="labels"),
        pytest.param({name: np.eye(4, dtype=int)[k] for k, name in enumerate(["a", "b", "c", "d, e"])}, id="columns"),
    ],
)
@pytest.mark.parametrize(
    "typed, names", [("c", ["c"]), ("c, a", ["a", "c"]), ("d, e", ["d, e"]), ("", ["a", "b", "c", "d, e"])]
)
def test_some_of_many_classes_can_be_chosen(read, true, typed, names):
    scores = {name: [float(k), 0.2, 0.3, 0.4] for k, name in enumerate(["a", "b", "c", "d, e"])}
    found = read(true, scores, positive=typed)
    assert sorted(scored.name for scored in found.classes) == names
    for scored in found.classes:
        assert scored.scores.tolist() == scores[scored.name]


def test_a_positive_label_of_several_columns_is_the_label_that_counts(read):
    true = {"a": ["no", "yes", "no"], "b": ["yes", "yes", "no"]}
    found = read(true, {"a": [0.1, 0.2, 0.3], "b": [0.1, 0.2, 0.3]}, positive="no")
    assert [scored.is_true.tolist() for scored in found.classes] == [[True, False, True], [False, False, True]]


def test_one_column_of_scores_belongs_to_the_second_label(read):
    found = read({"y": ["no", "yes", "no"]}, {"Predicted": [0.2, 0.9, 0.4]})
    assert (found.classes[0].name, found.classes[0].scores.tolist()) == ("yes", [0.2, 0.9, 0.4])


def test_numbered_columns_have_the_order_of_the_classes(read):
    found = read({"y": ["no", "yes", "no"]}, {"0": [0.8, 0.1, 0.6], "1": [0.2, 0.9, 0.4]})
    assert found.classes[0].scores.tolist() == [0.2, 0.9, 0.4]


def test_labels_with_too_few_rows_are_left_out_and_named(read):
    true = {"a": [0, 1, 1], "never": [0, 0, 0], "always": [1, 1, 1], "once": [1, 0, 0]}
    scores = {name: [0.1, 0.2, 0.3] for name in true}
    found = read(true, scores, least_positives=2)
    assert [scored.name for scored in found.classes] == ["a"]
    assert found.notes == [
        "Left out: never, which has 0 of 3 rows",
        "Left out: always, which has 3 of 3 rows",
        "Left out: once, which has 1 of 3 rows",
    ]


@pytest.mark.parametrize(
    "true, scores, options, message",
    [
        pytest.param({"y": [0, 1]}, {"1": [0.5]}, {}, "predicted scores: found 1 rows; expected 2", id="rows"),
        pytest.param({"y": [1, 1]}, {"1": [0.5, 0.6]}, {}, "true labels: found the label '1' only", id="one class"),
        pytest.param(
            {"a": [0, 0], "b": [1, 1]},
            {"a": [0, 1], "b": [0, 1]},
            {},
            "every class occurs in all rows or in fewer than 1",
            id="none left",
        ),
        pytest.param({"y": [0, 1]}, {"Predicted": [1, 1]}, {}, "found predicted labels only", id="labels"),
        pytest.param({"y": [0, 1]}, {"1": [0.5, "p"]}, {}, "row 3, column 1: found 'p'; expected a number", id="text"),
        pytest.param({"y": [0, 1]}, {"1": [" ", 0.5]}, {}, "row 2, column 1.*found an empty cell", id="empty"),
        pytest.param({"y": [0, 1]}, {"1": [0.5, "nan"]}, {}, "row 3, column 1: found 'nan'", id="nan"),
        pytest.param(
            {"y": [0, 1]}, {"1": [1, 2]}, {"positive": "2"}, "positive label: found '2'; expected", id="label"
        ),
        pytest.param(
            {"a": [0, 1], "b": [1, 0]},
            {"a": [1, 2], "b": [1, 2]},
            {"positive": "a, c"},
            "positive label: found 'c'; expected a label of the true labels: 'a', 'b'",
            id="column",
        ),
        pytest.param(
            {"y": ["01", "1", "02"]},
            {"1": [1, 2, 3], "2": [1, 2, 3]},
            {},
            "a column of scores under each label",
            id="01 and 1",
        ),
        pytest.param({"y": ["a", "b", "c"]}, {"p": [1, 2, 3]}, {}, "a column of scores under each label", id="names"),
        pytest.param({"a": [0, 1], "b": [1, 0]}, {"p": [1, 2]}, {}, "found 1 columns of scores; expected 2", id="few"),
        pytest.param({"a": [0, 1, 2], "b": [1, 0, 1]}, {"a": [1, 2, 3], "b": [1, 2, 3]}, {}, "found 3 labels", id="3"),
    ],
)
def test_tables_that_do_not_belong_together_are_refused(read, true, scores, options, message):
    with pytest.raises(InputError, match=message):
        read(true, scores, **options)

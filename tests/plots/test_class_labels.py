"""Labels of two tables: what is equal, what is in which order, what is refused."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, HealthCheck, settings, strategies

from galaxy_keras.data.tables import TableSource
from galaxy_keras.errors import InputError
from galaxy_keras.plots import class_labels


@pytest.fixture
def read_pairs(tmp_path):
    """Read pairs of labels from two columns, with or without a title above each."""

    def write(name: str, values: list, title: str | None) -> TableSource:
        path: Path = tmp_path / f"{name[:4]}.dat"
        path.write_text("".join(f"{value}\n" for value in ([title] if title else []) + values))
        return TableSource(path, name, title is not None, class_labels.LastColumn())

    def read(true: list, predicted: list, titles: tuple[str | None, str | None] = ("y", "Predicted")):
        return class_labels.read_label_pairs(
            write("true labels", true, titles[0]), write("predicted labels", predicted, titles[1])
        )

    return read


@pytest.mark.parametrize(
    "true, predicted, classes, right",
    [
        pytest.param([0, 1, 1], ["0.0", "1.0", "0.00"], ["0", "1"], 2, id="whole and real numbers"),
        pytest.param([3, 10, 2], [3, 10, 10], ["2", "3", "10"], 2, id="numbers by size"),
        pytest.param([-1, 1, 1], ["+1", "-1", "1e0"], ["-1", "1"], 1, id="signs"),
        pytest.param(["0.5", "1.0", "1.5"] * 2, ["0.5", "1", "1"] * 2, ["0.5", "1", "1.5"], 4, id="halves"),
        pytest.param(["b", "a", "C"], ["b", "b", "b"], ["C", "a", "b"], 1, id="text"),
        pytest.param(["2", "10", "none"], ["2.0", "10", "2"], ["2", "10", "none"], 2, id="text among numbers"),
        pytest.param([True, False, True], [True, True, True], ["False", "True"], 2, id="booleans"),
        pytest.param(["1_0", "nan", "3"], [10, 3, 3], ["3", "10", "1_0", "nan"], 1, id="names like numbers"),
        pytest.param(["01", "1", "x"], ["1", "1", "x"], ["01", "1", "x"], 2, id="text is compared as it stands"),
        pytest.param(["ä", "日本", "ä"], ["ä", "日本", "日本"], ["ä", "日本"], 2, id="letters of all kinds"),
    ],
)
def test_equal_labels_are_equal_and_sorted(read_pairs, true, predicted, classes, right):
    pairs = read_pairs(true, predicted)
    assert pairs.classes == classes
    assert (pairs.true == pairs.predicted).sum() == right
    assert set(pairs.true) | set(pairs.predicted) == set(classes)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)
@given(strategies.lists(strategies.tuples(strategies.integers(-99, 99), strategies.integers(-99, 99)), min_size=1))
def test_whole_numbers_keep_their_rows(read_pairs, rows):
    true, predicted = (list(column) for column in zip(*rows, strict=True))
    pairs = read_pairs(true, [f"{value}.0" for value in predicted])
    assert pairs.true.astype(int).tolist() == true
    assert pairs.predicted.astype(int).tolist() == predicted
    assert [int(label) for label in pairs.classes] == sorted({*true, *predicted})


def test_the_last_chosen_column_holds_the_labels(tmp_path):
    path = tmp_path / "table.dat"
    # The empty cell is in a column that is not read.
    path.write_text("id\ta\tb\n1\tx\tu\n\ty\tv\n")
    for choice, expected in [
        (class_labels.LastColumn(), ["u", "v"]),
        (class_labels.LastColumn("by_index_number", numbers=(1, 2)), ["x", "y"]),
        (class_labels.LastColumn("by_header_name", names="b, a"), ["x", "y"]),
        (class_labels.LastColumn("all_but_by_header_name", names="b"), ["x", "y"]),
    ]:
        source = TableSource(path, "true labels", True, choice)
        assert class_labels.read_label_pairs(source, source).true.tolist() == expected


REAL = np.linspace(0.01, 0.99, 12).tolist()


@pytest.mark.parametrize(
    "true, predicted, titles, message",
    [
        pytest.param(
            ["a", "b"] * 2, ["a", "b"], ("y", "P"), "found 2 rows; expected 4 as in the true labels$", id="rows"
        ),
        pytest.param(
            ["a", "b", "a"],
            ["P", "a", "b", "a"],
            ("y", None),
            "row 1 of the predicted labels is a header",
            id="header said No",
        ),
        pytest.param(
            ["y", "a", "b", "a"],
            ["a", "b", "a"],
            (None, "P"),
            "row 1 of the true labels is a header",
            id="true header said No",
        ),
        pytest.param(
            ["b", "a"],
            ["b", "b", "a"],
            ("b", None),
            "the true labels have no header, and .* says Yes",
            id="header said Yes",
        ),
        pytest.param([0, 1, 1], [0, 1], ("y", None), "a header option that does not fit its table", id="one row fewer"),
        pytest.param(
            [0, 1, 1], ["P", 0, 1, 1], ("y", None), "predicted labels, row 1, .*is a header", id="text on numbers"
        ),
        pytest.param(
            ["y", "a", "b", "a", "b"],
            ["P", "a", "b", "b", "b"],
            (None, None),
            "row 1 is a header in both",
            id="both said No",
        ),
    ],
)
def test_a_header_option_that_does_not_fit_is_named(read_pairs, true, predicted, titles, message):
    with pytest.raises(InputError, match=message):
        read_pairs(true, predicted, titles)


@pytest.mark.parametrize(
    "true, predicted, message",
    [
        pytest.param(
            [0, 1] * 6, REAL, "predicted labels: found real numbers, such as 0.01; expected class", id="chances"
        ),
        pytest.param(
            [0, 1] * 6, [0.9, 1, 0, 0.2, 0.7, 1] * 2, "predicted labels: found real numbers", id="rounded chances"
        ),
        pytest.param(["a", "b"] * 6, REAL, "predicted labels: found real numbers", id="chances for names"),
        pytest.param(REAL, [0, 1] * 6, "true labels: found real numbers", id="real truth"),
        pytest.param(REAL, REAL, "found real numbers", id="real numbers twice"),
        pytest.param(["a", "b"], [0, 1], "found '0', '1', none of the true labels; expected .*'a', 'b'", id="kinds"),
        pytest.param([*range(201)], [*range(201)], "201 different labels, .*at most 200 classes", id="classes"),
        pytest.param(["a", "b"], ["", "b"], "predicted labels, row 2, column 1 .*: found an empty", id="empty cell"),
        pytest.param(["a"], [], "predicted labels: found a header and no rows", id="no rows"),
    ],
)
def test_values_that_are_not_labels_are_refused(read_pairs, true, predicted, message):
    with pytest.raises(InputError, match=message):
        read_pairs(true, predicted)


@pytest.mark.parametrize(
    "true, predicted",
    [
        pytest.param(["a", "a", "b"], ["b", "b", "a"], id="never right"),
        pytest.param(["a", "a"], ["b", "b"], id="nothing in common"),
        pytest.param([1, 1, 1], [1, 1, 1], id="one class"),
        pytest.param([0.5, 1.5, 2.5] * 3, [0.5] * 9, id="one of three halves"),
        pytest.param([*range(200)], [*range(200)], id="200 classes"),
        pytest.param(["a", "b", "b", "c", "c"], ["a", "b", "b", "c", "c"], id="one row of a class"),
    ],
)
def test_unusual_but_valid_labels_are_plotted(read_pairs, true, predicted):
    pairs = read_pairs(true, predicted)
    assert len(pairs.true) == len(true)
    assert pairs.doubts == []


@pytest.mark.parametrize(
    "titles, rows, doubt",
    [
        pytest.param(
            ("a", "b"), ["a", "b"] * 2, ["Row 1 of the true labels, 'a'", "Row 1 of the predicted"], id="taken"
        ),
        pytest.param(("0.0", "P"), [0, 1] * 2, ["Row 1 of the true labels, '0.0'"], id="number taken"),
        pytest.param((None, None), ["y", "a", "b", "a"], ["The label 'y' is in row 1 only"], id="not taken"),
    ],
)
def test_doubtful_header_options_are_logged(read_pairs, titles, rows, doubt):
    doubts = read_pairs(rows, rows, titles).doubts
    assert len(doubts) == len(doubt)
    assert all(found.startswith(start) for found, start in zip(doubts, doubt, strict=True))

"""Column choices of the forms."""

import time

import pytest

from galaxy_keras.errors import TableError
from galaxy_keras.forms.column_choices import ColumnChoice, JoinedColumns

HEADER = ["age", "weight, kg", "a#[b]", "größe"]


def choose(option, value=None, header=HEADER):
    choice = ColumnChoice.from_form({"option": option, "value": value}, "option", "value")
    return choice.positions(4, header, "table")


@pytest.mark.parametrize(
    "option, value, expected",
    [
        ("all_columns", None, [0, 1, 2, 3]),
        ("by_index_number", [3, 1], [2, 0]),
        ("by_index_number", 2, [1]),
        ("all_but_by_index_number", [1, 4], [1, 2]),
        ("by_header_name", " größe , age", [3, 0]),
        ("by_header_name", "weight, kg,age", [1, 0]),
        ("by_header_name", "a#[b]", [2]),
        ("all_but_by_header_name", "age,weight, kg", [2, 3]),
    ],
)
def test_a_choice_becomes_positions(option, value, expected):
    assert choose(option, value) == expected


@pytest.mark.parametrize(
    "option, value, message",
    [
        ("by_index_number", [5], "found column number 5; expected a number from 1 to 4"),
        ("by_index_number", [0], "found column number 0"),
        ("by_index_number", [], "value: no column is selected"),
        ("by_index_number", None, "value: no column is selected"),
        ("by_header_name", "", "value: no column name is given"),
        ("by_header_name", "Age", "the column 'Age' is missing; expected one of 'age', 'weight, kg'"),
        ("all_but_by_index_number", [1, 2, 3, 4], "all columns are excluded"),
    ],
)
def test_invalid_choices_are_refused(option, value, message):
    with pytest.raises(TableError, match=message):
        choose(option, value)


def test_names_require_a_header():
    with pytest.raises(TableError, match="but the header option is No"):
        choose("by_header_name", "age", header=None)


def test_two_inputs_can_read_the_same_column():
    header = ["a", "b", "a, b"]
    joined = JoinedColumns(tuple(ColumnChoice("by_header_name", names=names) for names in ("b,a", "a, b", "b")))
    assert joined.positions(3, header, "table") == [1, 0, 2, 1]
    assert joined.widths(3, header, "table") == (2, 1, 1)


def test_the_time_is_proportional_to_the_number_of_names():
    # Trying all sequences of parts took 37 s for 1,000 names, and would take hours for 50,000.
    header = [f"gene {number}" for number in range(50_000)]
    header[7] = "gene 7, long form"
    names = ColumnChoice("by_header_name", names=",".join(reversed(header)))
    started = time.process_time()
    assert names.positions(len(header), header, "table") == list(reversed(range(50_000)))
    others = ColumnChoice("all_but_by_header_name", names=",".join(header[1:]))
    assert others.positions(len(header), header, "table") == [0]
    numbers = ColumnChoice("all_but_by_index_number", numbers=tuple(range(2, 50_001)))
    assert numbers.positions(len(header), header, "table") == [0]
    twice = JoinedColumns((ColumnChoice("by_index_number", numbers=(*range(1, 50_001), 1)),))
    with pytest.raises(TableError, match=r"found column 1 \(gene 0\) twice"):
        twice.positions(len(header), header, "table")
    assert time.process_time() - started < 20


def test_the_longest_name_and_the_first_of_equal_names_are_chosen():
    header = ["a", "a, b", "b", "a, b, c", "a"]
    assert choose("by_header_name", "a, b, c,a, b,a", header) == [3, 1, 0]

"""Tables are read and written, and messages name the wrong cell."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from galaxy_keras.data import tables
from galaxy_keras.data.tables import read_columns, read_features, TableSource, write_table
from galaxy_keras.errors import OutputError, TableError
from galaxy_keras.forms.column_choices import ColumnChoice


@pytest.fixture
def source(tmp_path):
    """Return a function that writes a table and returns its source."""

    def make(content: str | bytes, has_header=False, columns=None):
        path = tmp_path / "t.tsv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return TableSource(path, "table", has_header, columns or ColumnChoice())

    return make


def test_features_are_read_in_chunks(source, monkeypatch):
    monkeypatch.setattr(tables, "CELLS_PER_CHUNK", 6)
    numbers = np.arange(33).reshape(11, 3)
    text = "".join("\t".join(map(str, row)) + "\n" for row in numbers)
    features = read_features(source(text))
    assert features.values.dtype == np.float32
    np.testing.assert_array_equal(features.values, numbers)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("a\tb\r\n1\t2\r\n", id="Windows"),
        pytest.param("\ufeffa\tb\n1\t2\n", id="byte order mark"),
        pytest.param("a\tb\n1\t2", id="last line feed missing"),
        pytest.param("a\tb\n 1\t2e0\n", id="spaces and exponent"),
    ],
)
def test_different_notations_of_the_same_table_are_read(source, content):
    features = read_features(source(content, has_header=True))
    assert features.names == ["a", "b"]
    assert features.values.tolist() == [[1, 2]]


@pytest.mark.parametrize("cell", ["", " ", "NA", "nan", "inf", "-inf", "1_000", "0x10", "1,5", "1e99", "ä"])
def test_a_cell_that_is_not_a_finite_number_is_refused(source, cell):
    likely = r" \(likely cause: a decimal comma; write 1.5 for 1,5\)" if cell == "1,5" else ""
    with pytest.raises(TableError, match=rf"table, row 3, column 2 \(b\): found .*; expected a number{likely}$"):
        read_features(source(f"a\tb\n1\t2\n3\t{cell}\n", has_header=True))


def test_a_column_has_the_type_of_all_of_its_cells(source):
    table = read_columns(source("1\t1.5\tx\t1.0\n2\t2\t1\t3.0\n"))
    assert [dtype.kind for dtype in table.dtypes][:2] == ["i", "f"]
    assert table.iloc[:, 2].tolist() == ["x", "1"]
    assert table.iloc[:, 3].tolist() == [1, 3]


@pytest.mark.parametrize(
    "cells", [["01", "2"], ["+1", "-1"], ["1E5", "2"], ["1.00", "2.00"], ["9007199254740993", "1"]]
)
def test_integers_that_would_lose_information_are_text(source, cells):
    assert read_columns(source("\n".join(cells) + "\n")).iloc[:, 0].tolist() == cells


def test_quotes_and_special_letters_are_ordinary_text(source):
    table = read_columns(source('"a\tnaïve\nb"\tNA\n'))
    assert table.to_numpy().tolist() == [['"a', "naïve"], ['b"', "NA"]]


@pytest.mark.parametrize(
    "content, has_header, message",
    [
        ("", False, "table: found an empty table"),
        ("a\tb\n", True, "table: found a header and no rows"),
        ("1\t2\n3\n", False, "table, row 2: found 1 column; expected 2 as in row 1"),
        ("1\t2\n\n3\t4\n", False, "table, row 2: found an empty row; expected 2"),
        ("1\t2\n3\t4\t5\n", False, "table, row 2: found 3 columns; expected 2"),
        ("a\tb\n1\t2\n", False, "row 1, column 1: found 'a'; expected a number .likely cause: row 1 is a header"),
    ],
)
def test_bad_tables_are_refused(source, content, has_header, message):
    with pytest.raises(TableError, match=message):
        read_features(source(content, has_header))


def test_bytes_that_are_not_text_are_refused(source):
    with pytest.raises(TableError, match="table, row 2: found bytes that are not UTF-8 text"):
        read_columns(source(b"a\n\xff\xfe\n"))


def test_a_header_of_a_target_with_numbers_is_recognized(source):
    with pytest.raises(TableError, match="found 'label' in a column of numbers; .*row 1 is a header"):
        read_columns(source("label\n0\n1\n"))


def test_a_header_of_numbers_is_used_and_logged(source, capsys):
    assert read_features(source("400.5\t402\t404\t406\n5\t6\t7\t8\n", has_header=True)).names[:2] == ["400.5", "402"]
    line = "table: row 1 ('400.5', '402', '404' and 1 more) is used as column names because the header option is Yes\n"
    assert capsys.readouterr().out == line


def test_a_header_of_numbers_from_pandas_is_not_logged(source, capsys):
    assert read_features(source("0\t1\n5\t6\n", has_header=True)).names == ["0", "1"]
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("cells", [["True", "False"], ["true", "0"], ["TRUE", " FALSE "], ["1", "tRUE"]])
def test_logical_values_are_read_as_1_and_0(source, cells):
    content = "".join(f"0.5\t{cell}\n" for cell in cells)
    expected = [int(cell.strip().lower() in ("true", "1")) for cell in cells]
    assert read_features(source(content)).values[:, 1].tolist() == expected
    assert (
        read_features(source(content, columns=ColumnChoice("by_index_number", (2,)))).values[:, 0].tolist() == expected
    )


@pytest.mark.parametrize("cell", ["T", "F", "yes", "Truee"])
def test_other_words_are_not_logical_values(source, cell):
    with pytest.raises(TableError, match=f"row 2, column 1: found '{cell}'; expected a number"):
        read_features(source(f"1\n{cell}\n"))


@pytest.mark.parametrize("end", ["\n", "\n\n\n", "\r\n\r\n", "\n \n", "\n\t\n"])
def test_empty_lines_at_the_end_are_not_rows(source, end):
    assert read_features(source(f"1\t2\n3\t4{end}")).values.tolist() == [[1, 2], [3, 4]]
    assert read_columns(source(f"a\nb{end}")).iloc[:, 0].tolist() == ["a", "b"]


@pytest.mark.parametrize(
    "content, has_header, message",
    [
        pytest.param("1,2,3\n4,5,6\n", False, "'1,2,3'; .*commas between the columns instead of tabs", id="commas"),
        pytest.param("1,5;2,5\n", False, "semicolons between the columns instead of tabs", id="semicolons"),
        pytest.param("1 2\n3 4\n", False, "spaces between the columns instead of tabs", id="spaces"),
        pytest.param("a\tb\t\n1\t2\t\n", True, r"row 2, column 3 \(\): .* a tab at the end of each line", id="tabs"),
        pytest.param("1\t2\t\n", False, "row 1, column 3: found an empty cell; .* a tab at the end of each", id="tab"),
        pytest.param(
            "a\tb\n1\t2\t\n", True, "row 2: found 3 columns; .* at the end of each line except the", id="a tab"
        ),
        pytest.param("a\tb\nr1\t1\t2\n", True, "row 2: found 3 columns; .* row names, as R writes them", id="R"),
        pytest.param("a\tb\r1\t2\r", True, "row 1: found old Mac line endings", id="Mac"),
        pytest.param("a\tb\n1\t2\r3\t4\n", True, r"row 2, column 2 \(b\): found a line break", id="Mac row"),
        pytest.param("a\tb\n1\t2\n".encode("utf-16"), True, "row 1: .* text in UTF-16; save", id="UTF-16"),
        pytest.param(b"PK\x03\x04\0\0", True, "row 1: .* a zip archive or a spreadsheet", id="spreadsheet"),
        pytest.param(b"a\n\xed\xa0\x80\n", True, r"row 2, column 1 \(a\): found bytes", id="surrogate"),
        pytest.param("\n1\t2\n", False, "row 1: found an empty row", id="first row empty"),
    ],
)
def test_the_message_states_the_likely_cause(source, content, has_header, message):
    with pytest.raises(TableError, match=f"table, {message}" if "row" in message else message):
        read_features(source(content, has_header))


@pytest.mark.parametrize(
    "content, message",
    [
        pytest.param("\t" * 1_000_000 + "x\n", "found 1,000,001 columns; expected at most 1,000,000", id="columns"),
        pytest.param("x" * 2**25 + "\n1\n", "row 1: found a row of more than 33,554,432 bytes", id="line"),
        pytest.param("x" * 10_001 + "\n1\n", "row 1: found a column name of 10,001 characters", id="name"),
        pytest.param("x\n" + "y" * 10_001 + "\n", r"row 2, column 1 \(x\): found 10,001 characters", id="label"),
        pytest.param("\t".join("x" * 50_001) + "\n" + "\t".join("1" * 50_001), "50,001 chosen", id="targets"),
    ],
)
def test_sizes_are_limited(source, content, message):
    with pytest.raises(TableError, match=f"table.*{message}"):
        read_columns(source(content, has_header=True))


def test_a_table_with_the_width_of_a_methylation_array_is_read(source):
    names = [f"cg{number:08}" for number in range(940_000)]
    content = "\t".join(names) + "\n" + "\t".join(["0.5"] * len(names)) + "\n"
    features = read_features(source(content, has_header=True))
    assert features.values.shape == (1, 940_000)
    assert features.names == names


def test_the_place_of_a_value_is_that_in_the_file(source):
    features = read_features(source("a\tb\tc\n1\t2\t3\n", True, ColumnChoice("by_index_number", numbers=(3, 1))))
    assert features.place(0, 0) == "table, row 2, column 3 (c)"


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(width=32, allow_nan=False, allow_infinity=False), min_size=1, max_size=20))
def test_numbers_are_written_with_all_digits(tmp_path_factory, values):
    path = tmp_path_factory.mktemp("table") / "t.tsv"
    numbers = np.array(values, dtype=np.float32)
    write_table(path, [("x", numbers)])
    np.testing.assert_array_equal(read_features(TableSource(path, "t", True, ColumnChoice())).values[:, 0], numbers)


def test_labels_are_written_unchanged(source, tmp_path):
    labels = ["1.0", "2.0"], ["'a'", '"b" c'], ["\\t", "x,y"]
    text = "".join("\t".join(row) + "\n" for row in zip(*labels, strict=True))
    table = read_columns(source(text))
    write_table(tmp_path / "w.tsv", [(name, table[name]) for name in table])
    assert (tmp_path / "w.tsv").read_text() == "0\t1\t2\n" + text


def test_a_failure_leaves_no_incomplete_table(tmp_path, monkeypatch):
    def fail(*_, **__):
        raise OSError("disk full")

    monkeypatch.setattr(pd.DataFrame, "to_csv", fail)
    with pytest.raises(OutputError, match="t.tsv: cannot be written .'disk full'"):
        write_table(tmp_path / "t.tsv", [("x", [1])])
    assert list(tmp_path.iterdir()) == []


def test_the_message_lists_the_rows_without_a_label(source):
    with pytest.raises(TableError, match=r"row 2, column 2 \(b\): found an empty cell \(and in rows 4, 5\); expected"):
        read_columns(source("a\tb\nx\t\ny\tz\nx\t \nx\t\n", has_header=True))
    with pytest.raises(TableError, match=r"found an empty cell \(and in rows 2, 3, 4, 5, 6, 7, 8, 9, 10 and 2 more\)"):
        read_columns(source("\tx\n" * 12))

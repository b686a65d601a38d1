"""Matrix Market files are read as scipy writes them; other files are refused."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.io import mmwrite
from scipy.sparse import coo_array

from galaxy_keras.data import checked_lines, sparse
from galaxy_keras.data.matrix_market import LINES, read_header
from galaxy_keras.data.plain_entries import count_plain_lines
from galaxy_keras.data.sparse import read_sparse_features, SparseRows
from galaxy_keras.errors import TableError
from galaxy_keras.network.inputs import NetworkInput

DENSE = np.array([[0, 1.5, 0], [0, 0, 0], [-2, 0, 3]])


def test_a_matrix_is_read_and_only_the_requested_rows_become_dense(tmp_path):
    path = tmp_path / "x.dat"
    with path.open("wb") as file:
        mmwrite(file, coo_array(DENSE))
    features = read_sparse_features(path, "samples")
    assert (features.row_count, features.column_count, features.values.nnz) == (3, 3, 3)
    taken = NetworkInput(features.values, [(3,)]).take(np.array([2, 1]))
    assert taken.dtype == np.float32
    assert taken.tolist() == DENSE[[2, 1]].tolist()


@pytest.fixture
def many_chunks(monkeypatch):
    """Set limits so small that a matrix with a few entries has several chunks and groups."""
    monkeypatch.setattr(checked_lines, "BYTES_PER_BLOCK", 20)
    monkeypatch.setattr(sparse, "ENTRIES_PER_PART", 2)
    monkeypatch.setattr(sparse, "ENTRIES_PER_GROUP", 9)


@pytest.mark.parametrize("order", ["rows", "columns", "none"])
def test_entries_in_any_order_are_read_as_ordered_rows(tmp_path, many_chunks, order):
    generator = np.random.default_rng(0)
    dense = np.where(generator.random((23, 5)) < 0.4, generator.normal(size=(23, 5)), 0).round(3)
    dense[11] = 0
    whole = coo_array(dense)
    orders = {"rows": whole.row, "columns": whole.col, "none": generator.permutation(whole.nnz)}
    places = np.argsort(orders[order], kind="stable")
    shuffled = coo_array((whole.data[places], (whole.row[places], whole.col[places])), shape=dense.shape)
    with (tmp_path / "x.dat").open("wb") as file:
        mmwrite(file, shuffled)
    blocks = list(SparseRows(tmp_path / "x.dat", "samples").read(2))
    assert [block.shape[0] for block in blocks] == [2] * 11 + [1]
    np.testing.assert_array_equal(np.vstack([block.toarray() for block in blocks]), dense.astype(np.float32))
    np.testing.assert_array_equal(
        read_sparse_features(tmp_path / "x.dat", "samples").values.toarray(), dense.astype(np.float32)
    )


HEADER = "%%MatrixMarket matrix coordinate real general\n"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(HEADER + "% a comment\n\n2 2 3\n1 1 1\n2 2 3\n2 2 1\n", id="comment, and an entry in two parts"),
        pytest.param((HEADER + "2 2 2\n1 1 1\n2 2 4\n").replace("\n", "\r\n"), id="Windows"),
        pytest.param(HEADER + "2 2 2\n\n1 1 1\n  \n\n2 2 4\n\n\n", id="empty lines"),
        pytest.param(HEADER + "2 2 2\n1 1 1\n2\t2\t4", id="tabs, no last line end"),
        pytest.param(HEADER.replace("general", "symmetric") + "2 2 2\n1 1 1\n2 2 4\n", id="symmetric"),
    ],
)
def test_different_notations_of_the_same_matrix_are_read(tmp_path, many_chunks, content):
    (tmp_path / "x.dat").write_bytes(content.encode())
    assert read_sparse_features(tmp_path / "x.dat", "samples").values.toarray().tolist() == [[1, 0], [0, 4]]


def test_the_message_has_the_line_number_of_the_file(tmp_path, many_chunks):
    entries = "".join(f"{row} 1 0.5\n" for row in range(1, 10))
    (tmp_path / "x.dat").write_text(f"{HEADER}% a comment\n10 1 10\n{entries}10 1 x\n")
    with pytest.raises(TableError, match="samples, line 13: found '10 1 x'; expected a row, a column and a number"):
        read_sparse_features(tmp_path / "x.dat", "samples")


@pytest.mark.parametrize(
    "content, message",
    [
        pytest.param("a\tb\n1\t2\n", "found 'a.*b.n.*' at its beginning; expected a Matrix Market file", id="a table"),
        pytest.param("", "found '' at its beginning", id="empty"),
        pytest.param(HEADER + "2 2 1\n3 1 5.0\n", "cannot be read .line 3: Row index out of bounds", id="outside"),
        pytest.param(HEADER + "2 2 1\n1 1 x\n", "line 3: found '1 1 x'; expected a row", id="not a number"),
        pytest.param(HEADER + "2 2 1\n1 2 inf\n", "line 3: found '1 2 inf'", id="infinite"),
        pytest.param(
            HEADER + "2 2 1\n1 2 1e39\n", "row 1, column 2: found a number beyond float32", id="beyond float32"
        ),
        pytest.param(HEADER + "2 2 2\n1 2 1.0\n", "the header declares 2 entries; found 1", id="cut off"),
        pytest.param(HEADER + "2 2 1\n1 2 1\n2 1 1\n", "the header declares 1 entries; found 2", id="too long"),
        pytest.param(HEADER + "2 0 0\n", "header declares 2 rows, 0 columns", id="no columns"),
        pytest.param("\x1f\x8b\x08", "at its beginning; expected a Matrix Market file", id="compressed"),
        pytest.param(HEADER + "2 2 9999999999\n1 1 1\n", "header declares 2 rows", id="too many entries"),
        pytest.param(
            HEADER + "99999999999 2 1\n1 1 1\n",
            "header declares 99,999,999,999 rows, .* expected at most 1,000,000",
            id="too many rows",
        ),
        pytest.param(
            "%%MatrixMarket matrix array real general\n1 1\n5.0\n",
            "of the form array real general; expected",
            id="dense",
        ),
        pytest.param(
            "%%MatrixMarket matrix coordinate complex general\n1 1 1\n1 1 5.0 1.0\n", "coordinate complex", id="complex"
        ),
    ],
)
def test_a_file_that_is_not_a_sparse_matrix_of_numbers_is_refused(tmp_path, content, message):
    path = tmp_path / "x.dat"
    path.write_text(content)
    with pytest.raises(TableError, match=f"samples.*{message}"):
        read_sparse_features(path, "samples")


@pytest.mark.parametrize("field", ["real", "integer", "pattern", "unsigned-integer"])
@settings(max_examples=200, deadline=None, derandomize=True)
@given(lines=st.lists(st.text("01 \t-+.eE\r", max_size=9), min_size=1, max_size=3).map("\n".join))
def test_the_quick_check_accepts_only_what_the_pattern_accepts(field, lines):
    text = lines.encode() + b"\n"
    count = count_plain_lines(text, field)
    if count is not None:
        assert LINES[field].fullmatch(text)
        assert count == text.count(b"\n")


@pytest.mark.parametrize("number", ["5", "-5", "0.5", "1e5", "1E-05", "-1.25e+300", "5."])
def test_the_quick_check_accepts_the_usual_notation_of_numbers(number):
    # Only the pattern accepts "5.".
    expected = None if number == "5." else 2
    assert count_plain_lines(f"1 2 {number}\n3 4 5\n".encode(), "real") == expected


@pytest.mark.parametrize("entry", ["1 1 0x5", "1 1 5abc def", "1 1 1_0", "1 1 1,5", "1 1 5 7", "1 1 5\x01", "1 1 \0"])
def test_text_that_the_native_parser_would_misread_is_refused(tmp_path, entry):
    (tmp_path / "x.mtx").write_text(f"{HEADER}2 2 2\n2 2 1\n{entry}\n")
    with pytest.raises(TableError, match="samples, line 4: found .*; expected a row, a column and a number"):
        read_sparse_features(tmp_path / "x.mtx", "samples")


@pytest.mark.parametrize("rows, columns", [(2**31 - 1, 3), (3, 2**31 - 1)])
def test_the_shape_of_an_empty_matrix_is_limited(tmp_path, rows, columns):
    (tmp_path / "x.mtx").write_text(f"{HEADER}{rows} {columns} 0\n")
    with pytest.raises(TableError, match="header declares .* and 0 entries; expected at most"):
        read_sparse_features(tmp_path / "x.mtx", "samples")


def test_empty_rows_are_read_within_the_limit(tmp_path):
    (tmp_path / "x.mtx").write_text(f"{HEADER}1000000 20000000 1\n1000000 20000000 5\n")
    values = read_sparse_features(tmp_path / "x.mtx", "samples").values
    assert values.shape == (1_000_000, 20_000_000)
    assert values[999_999, 19_999_999] == 5


def test_the_first_line_can_be_in_upper_case():
    file = io.BytesIO(b"%%MatrixMarket MATRIX Coordinate REAL General\n1 2 1\n1 2 0.5\n")
    header = read_header(file, "samples")
    assert (header.field, header.symmetry, header.entry_count) == ("real", "general", 1)
    assert file.read() == b"1 2 0.5\n"

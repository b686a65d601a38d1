"""Matrix Market files: read as scipy wrote them, and refused when they are none."""

import numpy as np
import pytest
from scipy.io import mmwrite
from scipy.sparse import coo_array

from galaxy_keras.errors import TableError
from galaxy_keras.network_input import NetworkInput
from galaxy_keras.sparse import read_sparse_features

DENSE = np.array([[0, 1.5, 0], [0, 0, 0], [-2, 0, 3]])


def test_a_matrix_is_read_and_only_the_rows_that_are_taken_are_made_dense(tmp_path):
    path = tmp_path / "x.dat"
    with path.open("wb") as file:
        mmwrite(file, coo_array(DENSE))
    features = read_sparse_features(path, "samples")
    assert (features.row_count, features.column_count, features.values.nnz) == (3, 3, 3)
    taken = NetworkInput(features.values, [(3,)]).take(np.array([2, 1]))
    assert taken.dtype == np.float32
    assert taken.tolist() == DENSE[[2, 1]].tolist()


HEADER = "%%MatrixMarket matrix coordinate real general\n"


@pytest.mark.parametrize(
    "content, message",
    [
        pytest.param("a\tb\n1\t2\n", "no readable Matrix Market file", id="a table"),
        pytest.param("", "no readable Matrix Market file", id="empty"),
        pytest.param(HEADER + "2 2 1\n3 1 5.0\n", "no readable Matrix Market file", id="outside"),
        pytest.param(HEADER + "2 2 1\n1 1 x\n", "no readable Matrix Market file", id="no number"),
        pytest.param(HEADER + "2 2 1\n1 2 inf\n", "row 1, column 2: found no finite number", id="infinite"),
        pytest.param(HEADER + "2 2 9999999999\n1 1 1\n", "header that says 2 rows", id="too many entries"),
        pytest.param(HEADER + "99999999999 2 1\n1 1 1\n", "header that says 99999999999 rows", id="too many rows"),
        pytest.param(
            "%%MatrixMarket matrix array real general\n1 1\n5.0\n", "of the form array real; expected", id="dense"
        ),
        pytest.param(
            "%%MatrixMarket matrix coordinate complex general\n1 1 1\n1 1 5.0 1.0\n", "coordinate complex", id="complex"
        ),
    ],
)
def test_what_is_no_sparse_matrix_of_numbers_is_refused(tmp_path, content, message):
    path = tmp_path / "x.dat"
    path.write_text(content)
    with pytest.raises(TableError, match=f"samples.*{message}"):
        read_sparse_features(path, "samples")

"""Sparse matrices in Matrix Market form, never made dense as a whole."""

from pathlib import Path

import numpy as np

from galaxy_keras.columns import ColumnChoice
from galaxy_keras.errors import TableError
from galaxy_keras.tables import Features, TableSource

# The shortest line of an entry, such as "1 1 1": a header that promises more entries than the file can hold lies.
SHORTEST_ENTRY = 6
LARGEST_SIDE = 2**31 - 1
# What a Matrix Market file starts with
BANNER = b"%%MatrixMarket"


def is_sparse(path: Path) -> bool:
    """Tell a Matrix Market file from a table."""
    with path.open("rb") as file:
        return file.read(len(BANNER)) == BANNER


def read_sparse_features(path: Path, name: str) -> Features:
    """Read a Matrix Market file as network input.

    Parameters
    ----------
    path
        Coordinates with real numbers, whole numbers or no values (``pattern``); one row a sample.
    name
        What messages call the file.

    Returns
    -------
    Features
        ``values`` as a compressed sparse row array, float32.

    Raises
    ------
    TableError
        No Matrix Market file, a damaged one, complex or infinite numbers, or no entries by coordinates.
    """
    from scipy.io import mminfo, mmread
    from scipy.sparse import csr_array

    try:
        rows, columns, entries, form, field, _ = mminfo(path)
        if form != "coordinate" or field not in ("real", "integer", "pattern", "double", "unsigned-integer"):
            raise TableError(
                f"{name}: found a Matrix Market file of the form {form} {field}; expected coordinate real, integer or "
                "pattern"
            )
        if entries * SHORTEST_ENTRY > path.stat().st_size or max(rows, columns) > LARGEST_SIDE or not rows * columns:
            raise TableError(
                f"{name}: found a header that says {rows} rows, {columns} columns and {entries} entries; expected as "
                "many as the file holds"
            )
        values = csr_array(mmread(path), dtype=np.float32)
    except (ValueError, OverflowError, StopIteration, UnicodeDecodeError) as error:
        reason = " ".join(str(error).split())[:160]
        raise TableError(f"{name}: found no readable Matrix Market file ({reason}); expected one") from None
    bad = np.flatnonzero(~np.isfinite(values.data))
    if len(bad):
        row = int(np.searchsorted(values.indptr, bad[0], side="right"))
        column = values.indices[bad[0]] + 1
        raise TableError(f"{name}, row {row}, column {column}: found no finite number; expected a number")
    return Features(values, None, TableSource(path, name, False, ColumnChoice()))

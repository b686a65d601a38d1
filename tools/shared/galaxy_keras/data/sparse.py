"""Sparse matrices in Matrix Market form, read some rows at a time whatever the order of their entries."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TYPE_CHECKING

import numpy as np

from galaxy_keras.data.checked_lines import CheckedLines
from galaxy_keras.data.matrix_market import BANNER, read_header
from galaxy_keras.data.table_cells import LARGEST_NUMBER
from galaxy_keras.data.table_rows import TableSource
from galaxy_keras.data.tables import Features
from galaxy_keras.errors import TableError
from galaxy_keras.forms.column_choices import ColumnChoice
from galaxy_keras.messages import show

if TYPE_CHECKING:
    from scipy.sparse import coo_array, csr_array

# The shortest line of an entry, such as "1 1": a header that promises more entries than the file can hold lies.
SHORTEST_ENTRY = 4
# A dense row of so many columns takes 80 MB; 12-letter words of DNA are 17 million.
LARGEST_WIDTH = 20_000_000
# So many rows may be empty; above, every tenth row must have an entry. A row takes memory even if it is empty.
SMALL_HEIGHT, ROWS_PER_ENTRY = 1_000_000, 10
LARGEST_HEIGHT = 2**31 - 1
# What is parsed at a time.
ENTRIES_PER_PART = 2_000_000
# What a group of rows has: so many entries on average, and never more rows.
ENTRIES_PER_GROUP = ROWS_PER_GROUP = 1_000_000
ENTRY = np.dtype([("row", np.int32), ("column", np.int32), ("value", np.float32)])


def is_sparse(path: Path) -> bool:
    """Tell a Matrix Market file from a table."""
    with path.open("rb") as file:
        return file.read(len(BANNER)) == BANNER


class SparseRows:
    """The rows of a Matrix Market file.

    Parameters
    ----------
    path
        Coordinates with real numbers, whole numbers or no values (``pattern``); one row per sample.
    name
        What messages call the file.

    Raises
    ------
    TableError
        Not a Matrix Market file of entries by coordinates, or sizes that the file cannot have. What is wrong with an
        entry is found when it is read.
    """

    def __init__(self, path: Path, name: str):
        self.path, self.name = path, name
        with path.open("rb") as file:
            self._header = read_header(file, name)
            self._start = file.tell()
        self.row_count, self.column_count = self._header.row_count, self._header.column_count
        self._check_sizes(path.stat().st_size - self._start)

    def _check_sizes(self, entry_bytes: int) -> None:
        count = self._header.entry_count
        sizes = f"{self.row_count:,} rows, {self.column_count:,} columns and {count:,} entries"
        found = f"{self.name}: found a header that says {sizes}"
        # The last line may lack its end.
        if count * SHORTEST_ENTRY > entry_bytes + 1:
            raise TableError(f"{found}; expected as many entries as the file holds")
        if not (self.row_count and self.column_count):
            raise TableError(f"{found}; expected at least one row and one column")
        if self._header.symmetry != "general" and self.row_count != self.column_count:
            raise TableError(f"{found}; expected as many rows as columns, because it is {self._header.symmetry}")
        highest = min(LARGEST_HEIGHT, max(SMALL_HEIGHT, ROWS_PER_ENTRY * count))
        if self.row_count > highest:
            raise TableError(f"{found}; expected at most {highest:,} rows for so many entries")
        if self.column_count > LARGEST_WIDTH:
            raise TableError(f"{found}; expected at most {LARGEST_WIDTH:,} columns")

    def read(self, rows: int) -> Iterator["csr_array"]:
        """Yield the rows, so many at a time; see :meth:`read_groups`."""
        for group in self.read_groups(rows):
            for start in range(0, group.shape[0], rows):
                yield group[start : start + rows]

    def read_groups(self, rows: int = 1) -> Iterator["csr_array"]:
        """Yield the rows in groups of about as many entries each.

        The entries go to a temporary file first, chunk by chunk, each chunk's in the order of the groups of rows to
        which they belong; then each group's are collected from there.

        Parameters
        ----------
        rows
            Each group but the last has a multiple of this number of rows.

        Yields
        ------
        csr_array
            float32.

        Raises
        ------
        TableError
            A damaged file, or infinite numbers.
        """
        from scipy.sparse import csr_array

        fitting_rows = ENTRIES_PER_GROUP * self.row_count // max(1, self._header.entry_count)
        group_rows = rows * max(1, min(fitting_rows, ROWS_PER_GROUP) // rows)
        firsts = range(0, self.row_count, group_rows)
        with tempfile.TemporaryFile() as file:
            chunks = [_store(entries, group_rows, len(firsts), file) for entries in self.read_entries()]
            for number, first in enumerate(firsts):
                parts = [_load(file, *starts[number : number + 2]) for starts in chunks]
                entries = np.concatenate([np.empty(0, ENTRY), *parts])
                shape = min(group_rows, self.row_count - first), self.column_count
                places = entries["row"] - first, entries["column"]
                yield csr_array((entries["value"], places), shape=shape)

    def read_entries(self) -> Iterator["coo_array"]:
        """Yield the entries in the order of the file, some at a time."""
        from scipy.io import mmread

        with self.path.open("rb") as file:
            file.seek(self._start)
            lines = CheckedLines(file, self._header, self.name)
            for first in range(0, self._header.entry_count, ENTRIES_PER_PART):
                lines.begin_part(min(ENTRIES_PER_PART, self._header.entry_count - first))
                with _explain_parser(self.name, lines.line_count):
                    entries = mmread(lines, spmatrix=False)
                self._refuse_infinite(entries)
                yield entries
            lines.require_end()

    def _refuse_infinite(self, entries: "coo_array") -> None:
        # A number too large for float32 is infinite there.
        bad = np.flatnonzero(~(np.abs(entries.data) <= LARGEST_NUMBER))
        if len(bad):
            row, column = (places[bad[0]] + 1 for places in entries.coords)
            raise TableError(f"{self.name}, row {row}, column {column}: found no finite number; expected a number")


def read_sparse_features(path: Path, name: str) -> Features:
    """Read a Matrix Market file as network input; see :class:`SparseRows`.

    Returns
    -------
    Features
        ``values`` as a compressed sparse row array, float32.
    """
    from scipy.sparse import vstack

    values = vstack(list(SparseRows(path, name).read_groups()), format="csr")
    return Features(values, None, TableSource(path, name, False, ColumnChoice()))


@contextmanager
def _explain_parser(name: str, line_count: int) -> Iterator[None]:
    """Turn the parser's errors, such as a row outside the matrix, into a sentence with the line of the whole file."""
    try:
        yield
    except (ValueError, OverflowError) as error:
        # It counts from a banner and a line of sizes.
        reason = re.sub(r"Line (\d+)", lambda line: f"line {int(line[1]) - 2 + line_count}", str(error))
        raise TableError(
            f"{name}: found an entry that cannot be read ({show(reason, 160)}); expected a matrix"
        ) from None


def _store(entries: "coo_array", group_rows: int, group_count: int, file: BinaryIO) -> np.ndarray:
    """Write a chunk's entries at a file's end, and return where those of each group begin and the last ones end."""
    rows, columns = entries.coords
    groups = rows // group_rows
    records = np.empty(len(rows), ENTRY)
    for field, values in (("row", rows), ("column", columns), ("value", entries.data)):
        records[field] = values
    if np.any(groups[1:] < groups[:-1]):
        order = np.argsort(groups, kind="stable")
        records, groups = records[order], groups[order]
    start = file.tell()
    file.write(records)
    return start + ENTRY.itemsize * np.searchsorted(groups, np.arange(group_count + 1))


def _load(file: BinaryIO, start: int, end: int) -> np.ndarray:
    """Read entries that :func:`_store` wrote."""
    file.seek(start)
    return np.frombuffer(file.read(end - start), ENTRY)

"""Read sparse matrices (Matrix Market) in blocks of rows; the entries can have any order."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TYPE_CHECKING

import numpy as np

from galaxy_keras.data.checked_lines import CheckedLines
from galaxy_keras.data.matrix_market import BANNER, read_header
from galaxy_keras.data.table_cells import MAX_FLOAT32
from galaxy_keras.data.table_rows import TableSource
from galaxy_keras.data.tables import Features
from galaxy_keras.errors import TableError
from galaxy_keras.forms.column_choices import ColumnChoice
from galaxy_keras.messages import show

if TYPE_CHECKING:
    from scipy.sparse import coo_array, csr_array

# Number of bytes of the shortest entry, "1 1" and a line feed; it limits the number of entries of a file.
MIN_ENTRY_BYTES = 4
# A dense row of this length needs 80 MB. DNA has 17 million 12-mers.
MAX_COLUMNS = 20_000_000
# Empty rows need memory, too. A matrix may have MAX_EMPTY_ROWS rows, or this number of rows per entry if that is more.
MAX_EMPTY_ROWS, MAX_ROWS_PER_ENTRY = 1_000_000, 10
MAX_ROWS = 2**31 - 1
# Number of entries to parse at a time.
ENTRIES_PER_PART = 2_000_000
# Average number of entries, and maximum number of rows, of a group of rows.
ENTRIES_PER_GROUP = ROWS_PER_GROUP = 1_000_000
ENTRY = np.dtype([("row", np.int32), ("column", np.int32), ("value", np.float32)])


def is_sparse(path: Path) -> bool:
    """Return whether a file is a Matrix Market file."""
    with path.open("rb") as file:
        return file.read(len(BANNER)) == BANNER


class SparseRows:
    """The rows of a Matrix Market file.

    Parameters
    ----------
    path
        Matrix Market file of coordinates with real numbers, integers or no values (``pattern``); one row per sample.
    name
        Name of the file in messages.

    Raises
    ------
    TableError
        The file is not a Matrix Market file of coordinates, or declares impossible sizes. Entries are checked when
        they are read.
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
        found = f"{self.name}: the header declares {sizes}"
        # The last line may lack a line feed.
        if count * MIN_ENTRY_BYTES > entry_bytes + 1:
            raise TableError(f"{found}; expected no more entries than the file contains")
        if not (self.row_count and self.column_count):
            raise TableError(f"{found}; expected at least one row and one column")
        if self._header.symmetry != "general" and self.row_count != self.column_count:
            raise TableError(
                f"{found}; expected as many rows as columns, because the matrix is {self._header.symmetry}"
            )
        highest = min(MAX_ROWS, max(MAX_EMPTY_ROWS, MAX_ROWS_PER_ENTRY * count))
        if self.row_count > highest:
            raise TableError(f"{found}; expected at most {highest:,} rows for this number of entries")
        if self.column_count > MAX_COLUMNS:
            raise TableError(f"{found}; expected at most {MAX_COLUMNS:,} columns")

    def read(self, rows: int) -> Iterator["csr_array"]:
        """Yield blocks of ``rows`` rows; see :meth:`read_groups`."""
        for group in self.read_groups(rows):
            for start in range(0, group.shape[0], rows):
                yield group[start : start + rows]

    def read_groups(self, rows: int = 1) -> Iterator["csr_array"]:
        """Yield groups of rows with similar numbers of entries.

        The entries are first written to a temporary file in chunks. Each chunk is sorted by the groups of its rows.
        Then the entries of each group are collected from all chunks.

        Parameters
        ----------
        rows
            The number of rows of each group, except the last, is a multiple of this number.

        Yields
        ------
        csr_array
            Rows of the group, float32.

        Raises
        ------
        TableError
            The file is damaged, or a number is not finite.
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
        """Yield chunks of entries in the order of the file."""
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
        # The parser returns numbers of 64 bits; networks need float32.
        bad = np.flatnonzero(~(np.abs(entries.data) <= MAX_FLOAT32))
        if len(bad):
            row, column = (places[bad[0]] + 1 for places in entries.coords)
            raise TableError(
                f"{self.name}, row {row}, column {column}: found a number beyond float32; expected a smaller one"
            )


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
    """Convert errors of the parser, such as a row outside the matrix, to a message with the line of the file."""
    try:
        yield
    except (ValueError, OverflowError) as error:
        # The parser counts the banner and the line of sizes of the part.
        reason = re.sub(r"Line (\d+)", lambda line: f"line {int(line[1]) - 2 + line_count}", str(error))
        raise TableError(
            f"{name}: found an entry that cannot be read ({show(reason, 160)}); expected a matrix"
        ) from None


def _store(entries: "coo_array", group_rows: int, group_count: int, file: BinaryIO) -> np.ndarray:
    """Append a chunk of entries to a file, sorted by group, and return the start of each group and the end."""
    rows, columns = entries.coords
    groups = rows // group_rows
    records = np.empty(len(rows), ENTRY)
    for field, values in (("row", rows), ("column", columns), ("value", entries.data)):
        records[field] = values
    if np.any(groups[1:] < groups[:-1]):
        order = np.argsort(groups, kind="stable")
        records, groups = records[order], groups[order]
    start = file.tell()
    file.write(records.data)
    return start + ENTRY.itemsize * np.searchsorted(groups, np.arange(group_count + 1))


def _load(file: BinaryIO, start: int, end: int) -> np.ndarray:
    """Read entries that :func:`_store` wrote."""
    file.seek(start)
    return np.frombuffer(file.read(end - start), ENTRY)

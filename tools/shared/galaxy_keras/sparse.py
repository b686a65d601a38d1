"""Sparse matrices in Matrix Market form, read some rows at a time whatever the order of their entries."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, TYPE_CHECKING

import numpy as np

from galaxy_keras.columns import ColumnChoice
from galaxy_keras.errors import TableError
from galaxy_keras.table_rows import LARGEST_NUMBER, TableSource
from galaxy_keras.tables import Features

if TYPE_CHECKING:
    from scipy.sparse import coo_array, csr_array

# The shortest line of an entry, such as "1 1 1": a header that promises more entries than the file can hold lies.
SHORTEST_ENTRY = 6
LARGEST_SIDE = 2**31 - 1
# What a Matrix Market file starts with
BANNER = b"%%MatrixMarket"
# What is read at a time: about half a million entries.
BYTES_PER_CHUNK = 2**23
# What a group of rows has: so many entries on average, and never more rows.
ENTRIES_PER_GROUP = ROWS_PER_GROUP = 1_000_000
ROWS_PER_BLOCK = 65_536
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
        Coordinates with real numbers, whole numbers or no values (``pattern``); one row a sample.
    name
        What messages call the file.

    Raises
    ------
    TableError
        No Matrix Market file of entries by coordinates. What is wrong with an entry is found when it is read.
    """

    def __init__(self, path: Path, name: str):
        from scipy.io import mminfo

        self.path, self.name = path, name
        with _refuse_unreadable(name):
            self.row_count, self.column_count, self._entry_count, form, field, _ = mminfo(path)
        if form != "coordinate" or field not in ("real", "integer", "pattern", "double", "unsigned-integer"):
            raise TableError(
                f"{name}: found a Matrix Market file of the form {form} {field}; expected coordinate real, integer or "
                "pattern"
            )
        sides = self.row_count, self.column_count
        if self._entry_count * SHORTEST_ENTRY > path.stat().st_size or max(sides) > LARGEST_SIDE or not min(sides):
            raise TableError(
                f"{name}: found a header that says {sides[0]} rows, {sides[1]} columns and {self._entry_count} "
                "entries; expected as many as the file holds"
            )

    def read(self, rows: int) -> Iterator["csr_array"]:
        """Give the rows, so many at a time.

        The entries go to a temporary file first, chunk by chunk, each chunk's in the order of the groups of rows to
        which they belong; then each group's are collected from there.

        Yields
        ------
        csr_array
            float32; the last may have fewer rows.

        Raises
        ------
        TableError
            A damaged file, or infinite numbers.
        """
        from scipy.sparse import csr_array

        fitting_rows = ENTRIES_PER_GROUP * self.row_count // max(1, self._entry_count)
        group_rows = rows * max(1, min(fitting_rows, ROWS_PER_GROUP) // rows)
        firsts = range(0, self.row_count, group_rows)
        with tempfile.TemporaryFile() as file:
            chunks = [_store(entries, group_rows, len(firsts), file) for entries in self._read_chunks()]
            for number, first in enumerate(firsts):
                parts = [_load(file, *starts[number : number + 2]) for starts in chunks]
                entries = np.concatenate([np.empty(0, ENTRY), *parts])
                shape = min(group_rows, self.row_count - first), self.column_count
                places = entries["row"] - first, entries["column"]
                group = csr_array((entries["value"], places), shape=shape)
                for start in range(0, shape[0], rows):
                    yield group[start : start + rows]

    def _read_chunks(self) -> Iterator["coo_array"]:
        """Give the entries in the order of the file: each chunk is a small file of its own to the reader."""
        from scipy.io import mmread

        with self.path.open("rb") as file:
            banner = file.readline()
            line_count = 2
            while (size := file.readline()).startswith(b"%") or not size.strip():
                line_count += 1
            found = 0
            while text := file.read(BYTES_PER_CHUNK) + file.readline():
                # An empty line is no entry.
                lines = re.sub(rb"\n\s+", b"\n", text).strip()
                count = lines.count(b"\n") + bool(lines)
                found += count
                small = b"%s%s %s %d\n%s\n" % (banner, *size.split()[:2], count, lines)
                with _refuse_unreadable(self.name, line_count - 2):
                    entries = mmread(BytesIO(small), spmatrix=False)
                self._refuse_infinite(entries)
                yield entries
                line_count += text.count(b"\n")
        if found != self._entry_count:
            raise TableError(
                f"{self.name}: found a header that says {self._entry_count} entries above {found}; expected as many"
            )

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

    values = vstack(list(SparseRows(path, name).read(ROWS_PER_BLOCK)), format="csr")
    return Features(values, None, TableSource(path, name, False, ColumnChoice()))


@contextmanager
def _refuse_unreadable(name: str, skipped_lines: int = 0) -> Iterator[None]:
    """Turn the reader's errors into a sentence; it counts lines without those skipped."""
    try:
        yield
    except (ValueError, OverflowError, StopIteration, UnicodeDecodeError) as error:
        reason = " ".join(str(error).split())[:160]
        reason = re.sub(r"Line (\d+)", lambda line: f"line {int(line[1]) + skipped_lines}", reason)
        raise TableError(f"{name}: found no readable Matrix Market file ({reason}); expected one") from None


def _store(entries: "coo_array", group_rows: int, group_count: int, file: BinaryIO) -> np.ndarray:
    """Write a chunk's entries at a file's end, and give where those of each group begin and the last ones end."""
    rows, columns = entries.coords
    groups = rows // group_rows
    order = np.argsort(groups, kind="stable")
    records = np.empty(len(order), ENTRY)
    for field, values in (("row", rows), ("column", columns), ("value", entries.data)):
        records[field] = values[order]
    start = file.tell()
    file.write(records.tobytes())
    return start + ENTRY.itemsize * np.searchsorted(groups[order], np.arange(group_count + 1))


def _load(file: BinaryIO, start: int, end: int) -> np.ndarray:
    """Read entries that :func:`_store` wrote."""
    file.seek(start)
    return np.frombuffer(file.read(end - start), ENTRY)

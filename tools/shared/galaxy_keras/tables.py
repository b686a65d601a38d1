"""Tab-separated tables: read as numbers or as labels, with errors that name the cell; written complete."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from pandas.io.parsers import TextFileReader

from galaxy_keras.columns import ColumnChoice
from galaxy_keras.errors import TableError
from galaxy_keras.memory import allocate
from galaxy_keras.outputs import write_complete

if TYPE_CHECKING:
    from galaxy_keras.estimator_file import TextEncoding

# Cells that are read at a time: bounds what the reader needs beside the finished array (4 million cells: 32 MB).
CELLS_PER_CHUNK = 4_000_000
# Of float32, in which networks calculate.
LARGEST_NUMBER = float(np.finfo(np.float32).max)


@dataclass(frozen=True)
class TableSource:
    """A table, what its file is called in messages, and which of its columns are meant."""

    path: Path
    name: str
    has_header: bool
    columns: ColumnChoice


@dataclass(frozen=True)
class Features:
    """Network input.

    Attributes
    ----------
    values
        Shape (n_samples, n_features), float32; an array, or a sparse one with compressed rows.
    names
        The columns' names if they have any.
    source
        Where they are from.
    text
        The vocabulary, where the values are word numbers that the suite made from text.
    """

    values: np.ndarray
    names: list[str] | None
    source: TableSource
    text: "TextEncoding | None" = None

    @property
    def row_count(self) -> int:
        """Number of samples."""
        return self.values.shape[0]

    @property
    def column_count(self) -> int:
        """Number of features."""
        return self.values.shape[1]

    def prepare(self, rows: np.ndarray) -> "Features":
        """Give the features as they are; text learns its vocabulary here, from the training rows."""
        return self

    def place(self, row: int, column: int) -> str:
        """Say where a value stands, for a message; ``row`` and ``column`` are 0-based within ``values``."""
        if self.text is not None or not isinstance(self.values, np.ndarray):
            return f"{self.source.name}, sample {row + 1}, word {column + 1}"
        shape = _measure(self.source)
        position = self.source.columns.positions(shape.column_count, shape.header, self.source.name)[column]
        return _place(self.source, shape.header, row, position)


@dataclass(frozen=True)
class _Shape:
    row_count: int
    column_count: int
    header: list[str] | None


def read_features(source: TableSource) -> Features:
    """Read the chosen columns of a table as network input.

    Parameters
    ----------
    source
        Tab-separated UTF-8; each chosen cell a finite decimal number.

    Returns
    -------
    Features
        Rows in the order of the file, columns in the order of the choice; in a file that is mapped into memory where
        the table is too large for it.

    Raises
    ------
    TableError
        The table is empty, a cell is empty or no number, a column is missing, rows differ in length, or the header
        option does not fit the first line.
    """
    shape = _measure(source)
    positions = source.columns.positions(shape.column_count, shape.header, source.name)
    _refuse_numbers_as_header(source, shape)
    values = allocate((shape.row_count, len(positions)))
    try:
        filled = 0
        chunk_rows = max(1, CELLS_PER_CHUNK // shape.column_count)
        # A number too large for float32 becomes infinite, which is refused below with its cell.
        with np.errstate(over="ignore"), _open_rows(source, positions, dtype=np.float32, chunksize=chunk_rows) as rows:
            for chunk in rows:
                block = chunk[positions].to_numpy()
                if not np.isfinite(block).all():
                    break
                values[filled : filled + len(chunk)] = block
                filled += len(chunk)
    except (ValueError, OverflowError, pd.errors.ParserError):
        filled = -1
    if filled != shape.row_count:
        raise _describe_bad_number(source, shape, positions)
    names = None if shape.header is None else [shape.header[position] for position in positions]
    return Features(values, names, source)


def read_columns(source: TableSource) -> pd.DataFrame:
    """Read the chosen columns of a table as labels or target values.

    Returns
    -------
    DataFrame of shape (n_samples, n_columns)
        Each column int64 when all of its cells are whole numbers, float64 when all are finite numbers, else text.
        Column names are the header's, or ``0``, ``1``, … where the table has none.

    Raises
    ------
    TableError
        The table is empty, a cell is empty, a column is missing, rows differ in length, or a first cell looks like a
        header in a table said to have none.
    """
    shape = _measure(source)
    positions = source.columns.positions(shape.column_count, shape.header, source.name)
    try:
        with _open_rows(source, positions, dtype=str) as rows:
            text = rows.read()
    except UnicodeDecodeError:
        raise TableError(f"{source.name}: found bytes that are no UTF-8 text; expected a tabular file") from None
    columns = [
        _type_column(text[position].str.strip().to_numpy(dtype=object), source, shape.header, position)
        for position in positions
    ]
    names = [str(i) for i in range(len(columns))] if shape.header is None else [shape.header[p] for p in positions]
    table = pd.concat([pd.Series(column) for column in columns], axis=1)
    table.columns = names
    return table


def write_table(path: Path, columns: Sequence[tuple[str, Sequence | np.ndarray]]) -> None:
    """Write named columns of equal length as a tab-separated table with a header, complete or not at all.

    Numbers are written with as many digits as it takes to read the same number again.
    """
    table = pd.concat([pd.Series(values) for _, values in columns], axis=1)
    table.columns = [name for name, _ in columns]
    with write_complete(path) as beside:
        table.to_csv(beside, sep="\t", index=False)


def _measure(source: TableSource) -> _Shape:
    """Count rows and columns, and refuse an empty table or rows of different length."""
    with source.path.open("rb") as file:
        first = file.readline()
        if not first.strip():
            raise TableError(f"{source.name}: found an empty table; expected tab-separated rows")
        column_count = first.count(b"\t") + 1
        row_count = 1
        for row_count, line in enumerate(file, start=2):  # noqa: B007 (the count is the point)
            columns = line.count(b"\t") + 1
            if columns != column_count:
                found = "an empty row" if not line.strip() else f"{columns} column{'s' if columns > 1 else ''}"
                raise TableError(f"{source.name}, row {row_count}: found {found}; expected {column_count} as in row 1")
    if not source.has_header:
        return _Shape(row_count, column_count, None)
    if row_count == 1:
        raise TableError(f"{source.name}: found a header and no rows; expected at least one row")
    return _Shape(row_count - 1, column_count, _read_header(first, source.name))


def _read_header(line: bytes, name: str) -> list[str]:
    try:
        return [title.strip() for title in line.decode("utf-8-sig").rstrip("\r\n").split("\t")]
    except UnicodeDecodeError:
        raise TableError(f"{name}, row 1: found bytes that are no UTF-8 text; expected a tabular file") from None


def _open_rows(source: TableSource, positions: list[int], **options) -> TextFileReader:
    """Open a measured table's rows below the header; pandas calls a column by its 0-based position."""
    return pd.read_csv(
        source.path,
        sep="\t",
        header=None,
        skiprows=int(source.has_header),
        usecols=sorted(set(positions)),
        na_filter=False,
        quoting=csv.QUOTE_NONE,
        skip_blank_lines=False,
        encoding="utf-8-sig",
        iterator=True,
        **options,
    )


def _refuse_numbers_as_header(source: TableSource, shape: _Shape) -> None:
    if shape.header is None or not all(_is_number(title) for title in shape.header):
        return
    # Tables written by pandas number their columns; only such a run of numbers can be meant as names.
    if shape.header in ([str(i + start) for i in range(shape.column_count)] for start in (0, 1)):
        return
    raise TableError(
        f"{source.name}, row 1: found only numbers where the header should be; expected column names "
        "(likely cause: the table has no header, and the header option says Yes)"
    )


def _describe_bad_number(source: TableSource, shape: _Shape, positions: list[int]) -> TableError:
    """Find the first cell that is no finite number; slow, and only needed for the message."""
    with source.path.open(encoding="utf-8-sig", errors="replace") as file:
        if source.has_header:
            next(file)
        for row, line in enumerate(file):
            cells = line.rstrip("\r\n").split("\t")
            for position in positions:
                if not _is_number(cells[position]):
                    found = repr(cells[position]) if cells[position].strip() else "an empty cell"
                    likely = " (likely cause: row 1 is a header, and the header option says No)"
                    at_top = row == 0 and not source.has_header and cells[position].strip()
                    place = _place(source, shape.header, row, position)
                    return TableError(f"{place}: found {found}; expected a number{likely if at_top else ''}")
    return TableError(f"{source.name}: found a cell that cannot be read as a number; expected decimal numbers")


def _is_number(text: str) -> bool:
    try:
        return abs(float(text)) <= LARGEST_NUMBER and "_" not in text
    except ValueError:
        return False


def _type_column(cells: np.ndarray, source: TableSource, header: list[str] | None, position: int) -> np.ndarray:
    """Give a column of text the type that all of its cells have."""
    empty = np.flatnonzero(cells == "")
    if len(empty):
        others = ", ".join(str(row + 1 + int(header is not None)) for row in empty[1:10])
        also = f" (and in rows {others}{', ...' if len(empty) > 10 else ''})" if others else ""
        raise TableError(f"{_place(source, header, empty[0], position)}: found an empty cell{also}; expected a value")
    numbers = pd.to_numeric(pd.Series(cells), errors="coerce").to_numpy(dtype=np.float64)
    finite = np.isfinite(numbers)
    if not finite.all():
        if not finite[0] and len(cells) > 2 and finite[1:].all() and not source.has_header:
            raise TableError(
                f"{_place(source, header, 0, position)}: found {cells[0]!r} above numbers only; expected a number "
                "(likely cause: row 1 is a header, and the header option says No)"
            )
        return cells
    whole = np.all(numbers == np.floor(numbers)) and np.all(np.abs(numbers) < 2**53)
    return numbers.astype(np.int64) if whole else numbers


def _place(source: TableSource, header: list[str] | None, row: int, position: int) -> str:
    """Name a cell by the row in the file, 1-based and with the header counted, and the column."""
    column = f"column {position + 1}" + (f" ({header[position]})" if header else "")
    return f"{source.name}, row {row + 1 + int(header is not None)}, {column}"

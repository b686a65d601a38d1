"""The rows of a tab-separated table: measured, then read block by block, with errors that name the cell."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from galaxy_keras.columns import ColumnChoice, JoinedColumns
from galaxy_keras.errors import TableError

# Of float32, in which networks calculate.
LARGEST_NUMBER = float(np.finfo(np.float32).max)


@dataclass(frozen=True)
class TableSource:
    """A table, what its file is called in messages, and which of its columns are meant."""

    path: Path
    name: str
    has_header: bool
    columns: ColumnChoice | JoinedColumns


@dataclass(frozen=True)
class MeasuredTable:
    """A table of which every row has as many columns as the first; columns go by their 0-based positions.

    Attributes
    ----------
    row_count
        Without the header.
    header
        Names of all columns, or None.
    """

    source: TableSource
    row_count: int
    column_count: int
    header: list[str] | None

    def find_columns(self) -> list[int]:
        """Give the positions of the chosen columns, in the order of the choice."""
        return self.source.columns.positions(self.column_count, self.header, self.source.name)

    def find_widths(self) -> tuple[int, ...] | None:
        """Give how many of the chosen columns go to each of the network's inputs; None where the choice is silent."""
        return self.source.columns.widths(self.column_count, self.header, self.source.name)

    def name_columns(self, positions: Sequence[int]) -> list[str] | None:
        """Give columns' names, or None where the table has none."""
        return None if self.header is None else [self.header[position] for position in positions]

    def place(self, row: int, position: int) -> str:
        """Name a cell by the row in the file, 1-based and with the header counted, and the column."""
        column = f"column {position + 1}" + (f" ({self.header[position]})" if self.header else "")
        return f"{self.source.name}, row {row + 1 + int(self.header is not None)}, {column}"

    def read_blocks(
        self, rows: int, numbers: Sequence[int] = (), texts: Sequence[int] = ()
    ) -> Iterator[tuple[np.ndarray, pd.DataFrame]]:
        """Read some columns as numbers and others as text, some rows at a time.

        Parameters
        ----------
        rows
            Of a block; the last may have fewer.

        Yields
        ------
        tuple
            Numbers as float32, shape (n_rows, n_numbers), and text as a frame whose columns are the positions.

        Raises
        ------
        TableError
            A cell that shall be a number is empty or no finite number, or the bytes are no text.
        """
        kinds = {**dict.fromkeys(numbers, np.float32), **dict.fromkeys(texts, str)}
        count = 0
        try:
            # A number too large for float32 becomes infinite, which is refused with its cell.
            with np.errstate(over="ignore"), self._open(kinds, rows) as reader:
                for chunk in reader:
                    block = chunk[list(numbers)].to_numpy()
                    if not np.isfinite(block).all():
                        raise self._describe_bad_cell(numbers)
                    count += len(chunk)
                    yield block, chunk[list(texts)]
        except UnicodeDecodeError:
            raise _refuse_bytes(self.source.name) from None
        except (ValueError, OverflowError, pd.errors.ParserError):
            raise self._describe_bad_cell(numbers) from None
        # A carriage return within a cell ends a row for the reader, but not for the count.
        if count != self.row_count:
            raise self._describe_bad_cell(numbers)

    def refuse_numbers_as_header(self) -> None:
        """Refuse a header of numbers, which is a row of the table."""
        if self.header is None or not all(_is_number(title) for title in self.header):
            return
        # Tables written by pandas number their columns; only such a run of numbers can be meant as names.
        if self.header in ([str(i + start) for i in range(self.column_count)] for start in (0, 1)):
            return
        raise TableError(
            f"{self.source.name}, row 1: found only numbers where the header should be; expected column names "
            "(likely cause: the table has no header, and the header option says Yes)"
        )

    def _open(self, kinds: dict[int, type], rows: int) -> "pd.io.parsers.TextFileReader":
        return pd.read_csv(
            self.source.path,
            sep="\t",
            header=None,
            skiprows=int(self.source.has_header),
            usecols=sorted(kinds),
            dtype=kinds,
            na_filter=False,
            quoting=csv.QUOTE_NONE,
            skip_blank_lines=False,
            encoding="utf-8-sig",
            chunksize=rows,
        )

    def _describe_bad_cell(self, positions: Sequence[int]) -> TableError:
        """Find the first cell that is no finite number; slow, and only needed for the message."""
        with self.source.path.open(encoding="utf-8-sig", errors="replace", newline="\n") as file:
            if self.source.has_header:
                next(file)
            for row, line in enumerate(file):
                cells = line.rstrip("\r\n").split("\t")
                broken = next((position for position, cell in enumerate(cells) if "\r" in cell), None)
                if broken is not None:
                    return TableError(
                        f"{self.place(row, broken)}: found a line break in a cell; expected one line a row"
                    )
                for position in positions:
                    if not _is_number(cells[position]):
                        found = repr(cells[position]) if cells[position].strip() else "an empty cell"
                        likely = " (likely cause: row 1 is a header, and the header option says No)"
                        at_top = row == 0 and not self.source.has_header and cells[position].strip()
                        place = self.place(row, position)
                        return TableError(f"{place}: found {found}; expected a number{likely if at_top else ''}")
        return TableError(f"{self.source.name}: found a cell that cannot be read; expected text or numbers")


def measure_table(source: TableSource) -> MeasuredTable:
    """Count rows and columns.

    Raises
    ------
    TableError
        The table is empty, rows differ in length, or there are zero bytes, at which a reader of numbers would stop.
    """
    with source.path.open("rb") as file:
        first = file.readline()
        if not first.strip():
            raise TableError(f"{source.name}: found an empty table; expected tab-separated rows")
        if b"\0" in first:
            # As compressed files have, spreadsheets and text of two bytes a letter.
            raise _refuse_bytes(source.name)
        column_count = first.count(b"\t") + 1
        row_count = 1
        for row_count, line in enumerate(file, start=2):  # noqa: B007 (the count is the point)
            columns = line.count(b"\t") + 1
            if columns != column_count:
                found = "an empty row" if not line.strip() else f"{columns} column{'s' if columns > 1 else ''}"
                raise TableError(f"{source.name}, row {row_count}: found {found}; expected {column_count} as in row 1")
            if b"\0" in line:
                raise _refuse_bytes(f"{source.name}, row {row_count}")
    if not source.has_header:
        return MeasuredTable(source, row_count, column_count, None)
    if row_count == 1:
        raise TableError(f"{source.name}: found a header and no rows; expected at least one row")
    return MeasuredTable(source, row_count - 1, column_count, _read_header(first, source.name))


def _read_header(line: bytes, name: str) -> list[str]:
    try:
        return [title.strip() for title in line.decode("utf-8-sig").rstrip("\r\n").split("\t")]
    except UnicodeDecodeError:
        raise _refuse_bytes(f"{name}, row 1") from None


def _refuse_bytes(place: str) -> TableError:
    return TableError(f"{place}: found bytes that are no UTF-8 text; expected a tabular file")


def _is_number(text: str) -> bool:
    try:
        return abs(float(text)) <= LARGEST_NUMBER and "_" not in text
    except ValueError:
        return False

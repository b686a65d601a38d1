"""The rows of a tab-separated table: measured, then read block by block, with errors that name the cell."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd

from galaxy_keras.data.table_cells import is_number, parse_numbers, parse_texts
from galaxy_keras.data.table_hints import explain_cell, explain_first_line
from galaxy_keras.data.table_lines import is_text, read_line, refuse_bytes, refuse_width, skip_top
from galaxy_keras.errors import TableError
from galaxy_keras.forms.column_choices import ColumnChoice, JoinedColumns
from galaxy_keras.log import say
from galaxy_keras.messages import quote, show

# Bounds of any table: a chip for methylation measures 940,000 places.
MOST_COLUMNS = 1_000_000
LONGEST_NAME = 10_000


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
        Without the header, and without empty lines at the end.
    header
        Names of all columns, or None.
    """

    source: TableSource
    row_count: int
    column_count: int
    header: list[str] | None

    def find_columns(self) -> list[int]:
        """Return the positions of the chosen columns, in the order of the choice."""
        return self.source.columns.positions(self.column_count, self.header, self.source.name)

    def find_widths(self) -> tuple[int, ...] | None:
        """Return how many of the chosen columns go to each of the network's inputs; None if the choice is silent."""
        return self.source.columns.widths(self.column_count, self.header, self.source.name)

    def name_columns(self, positions: Sequence[int]) -> list[str] | None:
        """Return columns' names, or None where the table has none."""
        return None if self.header is None else [self.header[position] for position in positions]

    def place(self, row: int, position: int) -> str:
        """Name a cell by the row in the file, 1-based and with the header counted, and the column."""
        return f"{self._place_row(row)}, {self.name_column(position)}"

    def name_column(self, position: int) -> str:
        """Name a column by its 1-based number and its name, for a message."""
        has_name = self.header is not None and position < len(self.header)
        return f"column {position + 1}" + (f" ({show(self.header[position], 40)})" if has_name else "")

    def _place_row(self, row: int) -> str:
        return f"{self.source.name}, row {row + 1 + int(self.header is not None)}"

    @property
    def has_numbers_as_header(self) -> bool:
        """Whether all names are numbers, so that they may be a row of the table."""
        return self.header is not None and all(is_number(title) for title in self.header)

    def note_numbers_as_header(self) -> None:
        """Say in the log that a row of numbers was taken as names, which the row count of another table can refute."""
        # Tables written by pandas number their columns.
        numbered = ([str(number + start) for number in range(self.column_count)] for start in (0, 1))
        if self.has_numbers_as_header and self.header not in numbered:
            listed = ", ".join(show(title, 20) for title in self.header[:3]) + ", ..." * (self.column_count > 3)
            say(f"{self.source.name}: row 1 ({listed}) was taken as the columns' names, as the header option says")

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
            Numbers as float32, shape (n_rows, n_numbers), and text as a frame whose columns are the positions. True
            and False, however written, are 1 and 0 among numbers.

        Raises
        ------
        TableError
            A cell among the numbers is empty or not a finite number, or the bytes are not text.
        """
        with self.source.path.open("rb") as file:
            skip_top(file, self.source.has_header)
            for first in range(0, self.row_count, rows):
                count = min(rows, self.row_count - first)
                lines = list(islice(file, count))
                if len(lines) != count:
                    raise TableError(f"{self.source.name}: found fewer rows than before; expected a file at rest")
                yield self._parse_numbers(lines, numbers, first), self._parse_texts(lines, texts, first)

    def _parse_numbers(self, lines: list[bytes], positions: Sequence[int], first: int) -> np.ndarray:
        if not positions:
            return np.empty((len(lines), 0), np.float32)
        try:
            block = parse_numbers(lines, positions, self.column_count)
            is_finite = np.isfinite(block).all()
        except (ValueError, OverflowError, pd.errors.ParserError):
            is_finite = False
        if not is_finite:
            raise self._describe_bad_cell(lines, positions, first)
        return block

    def _parse_texts(self, lines: list[bytes], positions: Sequence[int], first: int) -> pd.DataFrame:
        try:
            return parse_texts(lines, positions)
        except UnicodeDecodeError:
            row = next(row for row, line in enumerate(lines, start=first) if not is_text(line))
            raise refuse_bytes(self._place_row(row)) from None

    def _describe_bad_cell(self, lines: list[bytes], positions: Sequence[int], first: int) -> TableError:
        """Find the first cell that is not a finite number; slow, and only needed for the message."""
        for row, line in enumerate(lines, start=first):
            cells = line.decode(errors="replace").rstrip("\r\n").split("\t")
            for position in positions:
                if not is_number(cells[position]):
                    if "\ufffd" in cells[position]:
                        return refuse_bytes(self.place(row, position))
                    found = quote(cells[position]) if cells[position].strip() else "an empty cell"
                    is_first = row == 0 and self.header is None
                    is_unnamed = is_first if self.header is None else not self.header[position]
                    likely = explain_cell(cells, position, is_first, is_unnamed)
                    return TableError(f"{self.place(row, position)}: found {found}; expected a number{likely}")
        return TableError(f"{self.source.name}: found a cell that cannot be read; expected text or numbers")


def measure_table(source: TableSource) -> MeasuredTable:
    """Count rows and columns.

    Raises
    ------
    TableError
        The table is empty, rows differ in length, a line or the header is too long, there are carriage returns within
        lines, or zero bytes, at which a reader of numbers would stop.
    """
    with source.path.open("rb") as file:
        first = read_line(file, source.name, 1)
        top = _describe_top(source, first)
        tab_count, row, last, empty = top.column_count - 1, 1, 1, None
        while line := read_line(file, source.name, row + 1, top.name_column):
            row += 1
            # Empty lines at the end are not rows.
            if line.isspace():
                empty = empty or (row if line.count(b"\t") != tab_count else None)
                continue
            if empty is not None:
                raise refuse_width(source.name, empty, first, b"")
            if line.count(b"\t") != tab_count:
                raise refuse_width(source.name, row, first, line)
            last = row
    if source.has_header and last == 1:
        raise TableError(f"{source.name}: found a header and no rows; expected at least one row")
    return replace(top, row_count=last - int(source.has_header))


def read_top(source: TableSource) -> MeasuredTable:
    """Return what the first line says, without a look at the others: columns and their names, but no rows."""
    with source.path.open("rb") as file:
        return _describe_top(source, read_line(file, source.name, 1))


def explain_one_column(source: TableSource) -> str:
    """Return why a table gives one column only: the selection, or the file itself."""
    with source.path.open("rb") as file:
        return explain_first_line(read_line(file, source.name, 1))


def explain_row_counts(found: int, source: TableSource, expected: int, other: TableSource) -> str:
    """Return the likely cause of two tables that differ by one row, or nothing."""
    if abs(found - expected) != 1:
        return ""
    shorter = source if found < expected else other
    if shorter.has_header and read_top(shorter).has_numbers_as_header:
        return f" (likely cause: row 1 of {shorter.name} is not a header, and the header option says Yes)"
    return " (likely cause: a header option that does not fit)"


def _describe_top(source: TableSource, first: bytes) -> MeasuredTable:
    if not first:
        raise TableError(f"{source.name}: found an empty table; expected tab-separated rows")
    if first.isspace():
        raise TableError(f"{source.name}, row 1: found an empty row; expected tab-separated cells")
    column_count = first.count(b"\t") + 1
    if column_count > MOST_COLUMNS:
        raise TableError(f"{source.name}: found {column_count:,} columns; expected at most {MOST_COLUMNS:,}")
    return MeasuredTable(source, 0, column_count, _read_header(first, source.name) if source.has_header else None)


def _read_header(line: bytes, name: str) -> list[str]:
    try:
        header = [title.strip() for title in line.decode("utf-8-sig").rstrip("\r\n").split("\t")]
    except UnicodeDecodeError:
        raise refuse_bytes(f"{name}, row 1", line) from None
    longest = max(header, key=len)
    if len(longest) > LONGEST_NAME:
        raise TableError(
            f"{name}, row 1: found a column name of {len(longest):,} characters; expected at most {LONGEST_NAME:,}"
        )
    return header

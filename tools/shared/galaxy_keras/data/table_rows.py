"""Read the rows of a table in blocks; errors name the row and column."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd

from galaxy_keras.data.table_cells import is_number, parse_numbers, parse_texts
from galaxy_keras.data.table_hints import explain_cell
from galaxy_keras.data.table_lines import is_text, refuse_bytes, skip_top
from galaxy_keras.errors import TableError
from galaxy_keras.forms.column_choices import ColumnChoice, JoinedColumns
from galaxy_keras.log import say
from galaxy_keras.messages import list_some, quote, show


@dataclass(frozen=True)
class TableSource:
    """A table file, its name in messages, its header option and the chosen columns."""

    path: Path
    name: str
    has_header: bool
    columns: ColumnChoice | JoinedColumns


@dataclass(frozen=True)
class MeasuredTable:
    """A table in which all rows have the same number of columns; columns are addressed by 0-based positions.

    Attributes
    ----------
    row_count
        Number of rows, without the header and empty lines at the end.
    header
        Names of all columns, or None if the table has no header.
    """

    source: TableSource
    row_count: int
    column_count: int
    header: list[str] | None

    def find_columns(self) -> list[int]:
        """Return the positions of the chosen columns, in the order of the choice; see ``ColumnChoice.positions``."""
        return self.source.columns.positions(self.column_count, self.header, self.source.name)

    def find_widths(self) -> tuple[int, ...] | None:
        """Return the number of chosen columns per input of the network, or None if the choice does not assign them."""
        return self.source.columns.widths(self.column_count, self.header, self.source.name)

    def name_columns(self, positions: Sequence[int]) -> list[str] | None:
        """Return the names of columns, or None if the table has no header."""
        return None if self.header is None else [self.header[position] for position in positions]

    def place(self, row: int, position: int) -> str:
        """Describe the place of a cell in messages; rows are counted from 1 and include the header."""
        return f"{self._place_row(row)}, {self.name_column(position)}"

    def name_column(self, position: int) -> str:
        """Describe a column in messages by its 1-based number and its name."""
        if self.header is None or position >= len(self.header):
            return f"column {position + 1}"
        return f"column {position + 1} ({show(self.header[position], 40)})"

    def _place_row(self, row: int) -> str:
        return f"{self.source.name}, row {row + 1 + int(self.header is not None)}"

    @property
    def has_numbers_as_header(self) -> bool:
        """Whether all column names are numbers, so that the header may be a row of data."""
        return self.header is not None and all(is_number(title) for title in self.header)

    def note_numbers_as_header(self) -> None:
        """Log that a row of numbers is used as column names; another table may show later that it is data."""
        # pandas writes consecutive numbers as column names of a table without names.
        numbered = ([str(number + start) for number in range(self.column_count)] for start in (0, 1))
        if self.header is not None and self.has_numbers_as_header and self.header not in numbered:
            listed = list_some(self.header, 3)
            say(f"{self.source.name}: row 1 ({listed}) is used as column names because the header option is Yes")

    def read_blocks(
        self, rows: int, numbers: Sequence[int] = (), texts: Sequence[int] = ()
    ) -> Iterator[tuple[np.ndarray, pd.DataFrame]]:
        """Yield some columns as numbers and others as text, some rows at a time.

        Parameters
        ----------
        rows
            Number of rows per block; the last may have fewer.
        numbers, texts
            Positions of the columns to read as numbers and as text.

        Yields
        ------
        tuple
            Numbers as float32 array of shape (n_rows, n_numbers), and text as a frame whose columns are the positions.
            Among the numbers, True and False in upper or lower case are 1 and 0.

        Raises
        ------
        TableError
            A cell of a number column is empty or not a finite number, or the bytes are not UTF-8 text.
        """
        with self.source.path.open("rb") as file:
            skip_top(file, self.source.has_header)
            for first in range(0, self.row_count, rows):
                count = min(rows, self.row_count - first)
                lines = list(islice(file, count))
                if len(lines) != count:
                    raise TableError(f"{self.source.name}: the file became shorter while it was read; rerun the job")
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
        """Return the error for the first cell that is not a finite number; slow, and used only for the message."""
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

"""Read tables as numbers or labels, and write tables completely or not at all.

A column choice of a form becomes column positions in ``ColumnChoice.positions`` (``forms/column_choices.py``), which
``MeasuredTable.find_columns`` (``data/table_rows.py``) calls with the header of the table.
"""

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from galaxy_keras.data.table_rows import MeasuredTable, TableSource
from galaxy_keras.data.table_shape import measure_table
from galaxy_keras.data.text_encoding import TextEncoding
from galaxy_keras.errors import TableError
from galaxy_keras.files.writing import write_complete
from galaxy_keras.memory import allocate
from galaxy_keras.messages import list_some, quote
from galaxy_keras.sequences.encoding import SequenceEncoding

# Number of cells to read at a time; a million cells need about 40 MB in addition to the result.
CELLS_PER_CHUNK = 1_000_000
# Integers as they are usually written; 01, +1, 1E5 and very long numbers are kept as text to lose nothing.
WHOLE_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.0)?")
# Maximum number of characters of a label, and of target columns (such as all genes of a genome).
MAX_LABEL_LENGTH, MAX_TARGETS = 10_000, 50_000
Columns = Sequence[tuple[str, Sequence | np.ndarray]]


@dataclass(frozen=True)
class Features:
    """Network input.

    Attributes
    ----------
    values
        Array, sparse array with compressed rows, or encoded sequences; shape (n_samples, n_features), float32.
    names
        Names of the features, or None if the table has no header.
    source
        The table that was read.
    text
        The vocabulary if the values are word indices of encoded text; otherwise None.
    first_row
        Number of rows of the source before the first of these rows.
    widths
        Number of columns for each input of the network if the form assigns them; otherwise None.
    sequences
        The encoding if the values are encoded sequences; otherwise None.
    """

    values: np.ndarray | Any
    names: list[str] | None
    source: TableSource
    text: TextEncoding | None = None
    first_row: int = 0
    widths: tuple[int, ...] | None = None
    sequences: SequenceEncoding | None = None

    @property
    def row_count(self) -> int:
        """Number of samples."""
        return self.values.shape[0]

    @property
    def column_count(self) -> int:
        """Number of features."""
        return self.values.shape[1]

    def prepare(self, rows: np.ndarray) -> "Features":
        """Return the features unchanged; ``Texts.prepare`` learns its vocabulary from the training rows instead."""
        return self

    def place(self, row: int, column: int) -> str:
        """Describe the place of a value in messages; ``row`` and ``column`` are 0-based positions in ``values``."""
        row += self.first_row
        if self.text is not None or not isinstance(self.values, np.ndarray):
            return f"{self.source.name}, sample {row + 1}, word {column + 1}"
        table = measure_table(self.source)
        return table.place(row, table.find_columns()[column])


def read_features(source: TableSource) -> Features:
    """Read the chosen columns of a table as network input.

    Parameters
    ----------
    source
        Tab-separated UTF-8 text in which each chosen cell is a finite number.

    Returns
    -------
    Features
        Rows in the order of the file, columns in the order of the choice. The values of a large table are a
        memory-mapped array; see :func:`galaxy_keras.memory.allocate`.

    Raises
    ------
    TableError
        The table is empty, a cell is empty or not a number, a column is missing, or rows differ in length.
    """
    table = measure_table(source)
    positions = table.find_columns()
    table.note_numbers_as_header()
    values = allocate((table.row_count, len(positions)))
    filled = 0
    for block, _ in table.read_blocks(max(1, CELLS_PER_CHUNK // table.column_count), positions):
        values[filled : filled + len(block)] = block
        filled += len(block)
    return Features(values, table.name_columns(positions), source, widths=table.find_widths())


def read_columns(source: TableSource) -> pd.DataFrame:
    """Read the chosen columns of a table as labels or target values.

    Returns
    -------
    DataFrame of shape (n_samples, n_columns)
        A column is int64 if all cells are integers, float64 if all cells are finite numbers, and text otherwise.
        Integers in an unusual notation, such as 01 or 1E5, are text. Column names are those of the header, or ``0``,
        ``1``, … if the table has no header.

    Raises
    ------
    TableError
        The table is empty, a cell is empty or too long, a column is missing, rows differ in length, or the first row
        looks like a header although the header option is No.
    """
    table = measure_table(source)
    positions = table.find_columns()
    if len(positions) > MAX_TARGETS:
        raise TableError(f"{source.name}: found {len(positions):,} chosen columns; expected at most {MAX_TARGETS:,}")
    # A column can be chosen twice.
    chosen = list(dict.fromkeys(positions))
    rows = max(1, CELLS_PER_CHUNK // table.column_count)
    text = pd.concat([block for _, block in table.read_blocks(rows, texts=chosen)], ignore_index=True)
    typed = {position: _type_column(text[position], table, position) for position in chosen}
    columns = pd.DataFrame({number: typed[position] for number, position in enumerate(positions)})
    columns.columns = table.name_columns(positions) or [str(number) for number in range(len(positions))]
    return columns


def write_table(path: Path, columns: Columns) -> None:
    """Write named columns of equal length as a tab-separated table with a header, completely or not at all.

    Numbers are written with all digits that are needed to read the same number again.
    """
    with open_table(path) as write:
        write(columns)


@contextmanager
def open_table(path: Path) -> Iterator[Callable[[Columns], None]]:
    """Yield a function that writes a block of rows; see :func:`write_table`.

    The column names of the first block become the header.
    """
    with write_complete(path) as part, part.open("w", encoding="utf-8", newline="") as file:

        def write(columns: Columns) -> None:
            table = pd.concat([pd.Series(values) for _, values in columns], axis=1)
            table.columns = [name for name, _ in columns]
            # Quotation marks have no special meaning, as in the readers of this module.
            table.to_csv(file, sep="\t", index=False, header=file.tell() == 0, quoting=csv.QUOTE_NONE)

        yield write


def _type_column(column: pd.Series, table: MeasuredTable, position: int) -> np.ndarray:
    """Convert a text column to the type of all of its cells."""
    cells = np.array([cell.strip() for cell in column.tolist()], dtype=object)
    longest = max(range(len(cells)), key=lambda row: len(cells[row]))
    if len(cells[longest]) > MAX_LABEL_LENGTH:
        raise TableError(
            f"{table.place(longest, position)}: found {len(cells[longest]):,} characters, {quote(cells[longest], 40)}; "
            f"expected a label or a number of at most {MAX_LABEL_LENGTH:,} characters"
        )
    empty = np.flatnonzero(cells == "")
    if len(empty):
        others = list_some((empty[1:] + 1 + int(table.header is not None)).tolist(), 9)
        also = f" (and in rows {others})" if others else ""
        raise TableError(f"{table.place(empty[0], position)}: found an empty cell{also}; expected a value")
    numbers = np.asarray(pd.to_numeric(cells, errors="coerce"), dtype=np.float64)
    finite = np.isfinite(numbers)
    if not finite.all():
        if not finite[0] and len(cells) > 2 and finite[1:].all() and table.header is None:
            raise TableError(
                f"{table.place(0, position)}: found {quote(cells[0])} in a column of numbers; expected a number "
                "(likely cause: row 1 is a header, but the header option is No)"
            )
        return cells
    if np.any(numbers != np.floor(numbers)):
        return numbers
    written = [WHOLE_NUMBER.fullmatch(cell) for cell in pd.unique(cells)]
    if not all(written) or np.any(np.abs(numbers) >= 2**53):
        return cells
    return numbers if all(number and number[2] for number in written) else numbers.astype(np.int64)

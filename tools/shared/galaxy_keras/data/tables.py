"""Tab-separated tables: read as numbers or as labels, with errors that name the cell; written complete."""

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from galaxy_keras.data.table_rows import measure_table, MeasuredTable, TableSource
from galaxy_keras.errors import TableError
from galaxy_keras.files.writing import write_complete
from galaxy_keras.memory import allocate
from galaxy_keras.messages import quote

if TYPE_CHECKING:
    from galaxy_keras.estimator.contents import TextEncoding

# Cells that are read at a time: bounds what the reader needs beside the finished array (a million cells: about 40 MB).
CELLS_PER_CHUNK = 1_000_000
# How whole numbers are written; 01, +1, 1E5 and very long ones are names, of which nothing may be lost.
WHOLE_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.0)?")
# Bounds of labels and targets: a class is a name, and all genes of a genome may be predicted.
LONGEST_LABEL, MOST_TARGETS = 10_000, 50_000
Columns = Sequence[tuple[str, Sequence | np.ndarray]]


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
    first_row
        How many rows of the source stand before these.
    widths
        Columns of each of the network's inputs, where the form says so.
    """

    values: np.ndarray
    names: list[str] | None
    source: TableSource
    text: "TextEncoding | None" = None
    first_row: int = 0
    widths: tuple[int, ...] | None = None

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
        Tab-separated UTF-8; each chosen cell a finite decimal number.

    Returns
    -------
    Features
        Rows in the order of the file, columns in the order of the choice; in a file that is mapped into memory where
        the table is too large for it.

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
        Each column int64 when all of its cells are whole numbers, float64 when all are finite numbers or whole ones
        that end in ``.0``, else text; what looks like a whole number but is written in another way is text, too.
        Column names are the header's, or ``0``, ``1``, … where the table has none.

    Raises
    ------
    TableError
        The table is empty, a cell is empty or very long, a column is missing, rows differ in length, or a first cell
        looks like a header in a table said to have none.
    """
    table = measure_table(source)
    positions = table.find_columns()
    if len(positions) > MOST_TARGETS:
        raise TableError(f"{source.name}: found {len(positions):,} chosen columns; expected at most {MOST_TARGETS:,}")
    # A column may be chosen twice.
    chosen = list(dict.fromkeys(positions))
    rows = max(1, CELLS_PER_CHUNK // table.column_count)
    text = pd.concat([block for _, block in table.read_blocks(rows, texts=chosen)], ignore_index=True)
    typed = {position: _type_column(text[position], table, position) for position in chosen}
    columns = pd.DataFrame({number: typed[position] for number, position in enumerate(positions)})
    columns.columns = table.name_columns(positions) or [str(number) for number in range(len(positions))]
    return columns


def write_table(path: Path, columns: Columns) -> None:
    """Write named columns of equal length as a tab-separated table with a header, complete or not at all.

    Numbers are written with as many digits as it takes to read the same number again.
    """
    with open_table(path) as write:
        write(columns)


@contextmanager
def open_table(path: Path) -> Iterator[Callable[[Columns], None]]:
    """Give a function that writes rows of a table, to be called once for each block of them; see :func:`write_table`.

    The names of the first block become the header.
    """
    with write_complete(path) as beside, beside.open("w", encoding="utf-8", newline="") as file:

        def write(columns: Columns) -> None:
            table = pd.concat([pd.Series(values) for _, values in columns], axis=1)
            table.columns = [name for name, _ in columns]
            # A quotation mark is a letter like any other, as where tables are read.
            table.to_csv(file, sep="\t", index=False, header=file.tell() == 0, quoting=csv.QUOTE_NONE)

        yield write


def _type_column(column: pd.Series, table: MeasuredTable, position: int) -> np.ndarray:
    """Give a column of text the type that all of its cells have."""
    cells = np.array([cell.strip() for cell in column.tolist()], dtype=object)
    longest = max(range(len(cells)), key=lambda row: len(cells[row]))
    if len(cells[longest]) > LONGEST_LABEL:
        raise TableError(
            f"{table.place(longest, position)}: found {len(cells[longest]):,} characters, {quote(cells[longest], 40)}; "
            f"expected a label or a number of at most {LONGEST_LABEL:,}"
        )
    empty = np.flatnonzero(cells == "")
    if len(empty):
        others = ", ".join(str(row + 1 + int(table.header is not None)) for row in empty[1:10])
        also = f" (and in rows {others}{', ...' if len(empty) > 10 else ''})" if others else ""
        raise TableError(f"{table.place(empty[0], position)}: found an empty cell{also}; expected a value")
    numbers = np.asarray(pd.to_numeric(cells, errors="coerce"), dtype=np.float64)
    finite = np.isfinite(numbers)
    if not finite.all():
        if not finite[0] and len(cells) > 2 and finite[1:].all() and table.header is None:
            raise TableError(
                f"{table.place(0, position)}: found {quote(cells[0])} above numbers only; expected a number "
                "(likely cause: row 1 is a header, and the header option says No)"
            )
        return cells
    if np.any(numbers != np.floor(numbers)):
        return numbers
    written = [WHOLE_NUMBER.fullmatch(cell) for cell in pd.unique(cells)]
    if not all(written) or np.any(np.abs(numbers) >= 2**53):
        return cells
    return numbers if all(number[2] for number in written) else numbers.astype(np.int64)

"""Cells of tab-separated lines as numbers and as text: one notion of what is a number, and of what is 0 or 1."""

import csv
import re
from collections.abc import Sequence
from io import BytesIO
from operator import itemgetter

import numpy as np
import pandas as pd

# Of float32, in which networks calculate.
LARGEST_NUMBER = float(np.finfo(np.float32).max)
# Logical values, as pandas and R write them, are 1 and 0; letters such as T and F are text.
FLAGS = {"true": "1", "false": "0"}
FLAG_CELL = re.compile(rb"^ *(?:(true)|false) *\r?$", re.IGNORECASE | re.MULTILINE)


def parse_numbers(lines: list[bytes], positions: Sequence[int], column_count: int) -> np.ndarray:
    """Return some columns of lines as numbers, float32 of shape (n_lines, n_positions).

    The cells become one long column for the parser, which would need more time for each column than for its cells.

    Raises
    ------
    ValueError
        A cell is not a number.
    """
    if list(positions) == list(range(column_count)):
        cells = b"".join(lines).replace(b"\t", b"\n")
    else:
        pick = itemgetter(*positions) if len(positions) > 1 else lambda cells: [cells[positions[0]]]
        cells = b"\n".join([b"\n".join(pick(line.rstrip(b"\r\n").split(b"\t"))) for line in lines])
    try:
        numbers = _parse_column(cells)
    except (ValueError, OverflowError, pd.errors.ParserError):
        # Logical values among other numbers.
        numbers = _parse_column(FLAG_CELL.sub(lambda cell: b"1" if cell[1] else b"0", cells))
    return numbers.reshape(len(lines), len(positions))


def _parse_column(cells: bytes) -> np.ndarray:
    options = {"na_filter": False, "quoting": csv.QUOTE_NONE, "skip_blank_lines": False, "encoding": "utf-8"}
    # A number too large for float32 becomes infinite, which is refused with its cell.
    with np.errstate(over="ignore"):
        column = pd.read_csv(BytesIO(cells), sep="\t", header=None, dtype=np.float32, **options)
    return column.to_numpy()


def parse_texts(lines: list[bytes], positions: Sequence[int]) -> pd.DataFrame:
    """Return some columns of lines as text; the frame's columns are the positions.

    Raises
    ------
    UnicodeDecodeError
        The bytes are not UTF-8.
    """
    texts = np.empty((len(lines), len(positions)), dtype=object)
    for row, line in enumerate(lines if positions else []):
        cells = line.rstrip(b"\r\n").split(b"\t")
        texts[row] = [cells[place].decode() for place in positions]
    return pd.DataFrame(texts, columns=list(positions))


def is_number(text: str) -> bool:
    """Tell whether a cell is a finite number that float32 can hold, or a logical value."""
    text = text.strip()
    if text.lower() in FLAGS:
        return True
    try:
        # Python also reads 1_000 and digits of all scripts.
        return abs(float(text)) <= LARGEST_NUMBER and "_" not in text and text.isascii()
    except ValueError:
        return False


def read_flags(column: pd.Series) -> pd.Series:
    """Return a column of text as 1 and 0 where all of its cells are logical values, 1 or 0; any other as it is."""
    if column.dtype.kind in "if":
        return column
    flags = column.astype(str).str.lower().replace(FLAGS)
    return flags.astype(np.int64) if flags.isin(("0", "1")).all() else column

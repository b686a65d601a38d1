"""Parse cells of tab-separated lines as numbers, logical values and text."""

import csv
import re
from collections.abc import Sequence
from io import BytesIO
from operator import itemgetter

import numpy as np
import pandas as pd

# The data type of network inputs.
MAX_FLOAT32 = float(np.finfo(np.float32).max)
# Logical values as pandas and R write them are read as 1 and 0; abbreviations such as T and F are text.
FLAGS = {"true": "1", "false": "0"}
FLAG_CELL = re.compile(rb"^ *(?:(true)|false) *\r?$", re.IGNORECASE | re.MULTILINE)


def parse_numbers(lines: list[bytes], positions: Sequence[int], column_count: int) -> np.ndarray:
    """Parse columns of lines as numbers.

    All cells are passed to the pandas parser as one long column, because its time per column is larger than its time
    per cell.

    Parameters
    ----------
    lines
        Tab-separated lines with ``column_count`` cells each.
    positions
        0-based positions of the columns.

    Returns
    -------
    ndarray of shape (n_lines, n_positions), float32

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
        # Replace logical values by numbers.
        numbers = _parse_column(FLAG_CELL.sub(lambda cell: b"1" if cell[1] else b"0", cells))
    return numbers.reshape(len(lines), len(positions))


def _parse_column(cells: bytes) -> np.ndarray:
    options = {"na_filter": False, "quoting": csv.QUOTE_NONE, "skip_blank_lines": False, "encoding": "utf-8"}
    # A number that is too large for float32 becomes infinite, which the caller refuses.
    with np.errstate(over="ignore"):
        column = pd.read_csv(BytesIO(cells), sep="\t", header=None, dtype=np.float32, **options)
    return column.to_numpy()


def parse_texts(lines: list[bytes], positions: Sequence[int]) -> pd.DataFrame:
    """Parse columns of lines as text; the columns of the frame are the positions.

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
    """Return whether a cell is a finite number that float32 can represent, or a logical value."""
    text = text.strip()
    if text.lower() in FLAGS:
        return True
    try:
        # Python's float also accepts 1_000 and digits of all scripts.
        return abs(float(text)) <= MAX_FLOAT32 and "_" not in text and text.isascii()
    except ValueError:
        return False


def read_flags(column: pd.Series) -> pd.Series:
    """Return a text column as 1 and 0 if all cells are logical values, 1 or 0; otherwise unchanged."""
    if column.dtype.kind in "if":
        return column
    flags = column.astype(str).str.lower().replace(FLAGS)
    return flags.astype(np.int64) if flags.isin(("0", "1")).all() else column

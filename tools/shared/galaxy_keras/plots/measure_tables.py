"""Read tables of measures, such as training histories, in which some numbers may be missing."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from galaxy_keras.errors import InputError
from galaxy_keras.messages import list_some, quote, show

# Limits for a table of measures, which has one row per epoch or step.
MAX_BYTES = 16 * 2**20
MAX_ROWS = 50_000
# Larger numbers overflow when they are squared.
MAX_NUMBER = 1e150
# Texts for missing numbers, such as the loss of a training that diverged.
MISSING = ("", "nan", "na", "none", "inf", "-inf")


def read_measures(path: Path, name: str, needed: Sequence[str] = (), text_columns: Sequence[str] = ()) -> pd.DataFrame:
    """Read a table of numbers with a header.

    Parameters
    ----------
    name
        Name of the table in messages.
    needed
        Required columns.
    text_columns
        Optional columns that remain text.

    Returns
    -------
    DataFrame
        int64 for columns of whole numbers, otherwise float64. Empty cells, ``nan`` and infinite numbers become NaN.

    Raises
    ------
    InputError
        The file is not a table, has no rows, lacks a required column, or a cell is not a number.
    """
    table = _read_text(path, name)
    missing = [title for title in needed if title not in table.columns]
    if missing:
        raise InputError(
            f"{name}: the column {quote(missing[0])} is missing; expected the columns {', '.join(needed)} (found: "
            f"{list_some(table.columns)})"
        )
    numbers = [title for title in table.columns if title not in text_columns]
    return table.assign(**{title: _keep_whole(to_numbers(table[title], name, MISSING)) for title in numbers})


def _read_text(path: Path, name: str) -> pd.DataFrame:
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise InputError(
            f"{name}: found a table of {size / 2**20:,.0f} MB; expected at most {MAX_BYTES >> 20} MB of measures "
            "(likely cause: another table)"
        )
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"{name}: found bytes that are not UTF-8 text; expected a tabular file") from None
    header, *rows = ([cell.strip() for cell in line.split("\t")] for line in text.removesuffix("\n").split("\n"))
    for number, row in enumerate(rows, start=2):
        if len(row) != len(header):
            raise InputError(f"{name}, row {number}: found {len(row)} columns; expected {len(header)} as in row 1")
    if not rows:
        found = "a header and no rows" if text else "an empty table"
        raise InputError(f"{name}: found {found}; expected at least one row below a header")
    if len(set(header)) < len(header):
        twice = next(title for title, count in Counter(header).items() if count > 1)
        raise InputError(f"{name}: found the column {quote(twice)} twice; expected each column once")
    if max(len(rows), len(header)) > MAX_ROWS:
        raise InputError(
            f"{name}: found {len(rows):,} rows and {len(header):,} columns; expected at most {MAX_ROWS:,} of measures "
            "(likely cause: another table)"
        )
    return pd.DataFrame(rows, columns=header, dtype=str)


def _keep_whole(values: np.ndarray) -> np.ndarray:
    """Return whole numbers as int64, so that epochs and counts are written without a decimal point."""
    return values.astype(np.int64) if np.all(values == np.floor(values)) and np.all(abs(values) < 2**53) else values


def to_numbers(column: pd.Series, name: str, missing: Sequence[str] = (), has_header: bool = True) -> np.ndarray:
    """Return the numbers of a column as float64, with NaN for missing numbers.

    Raises
    ------
    InputError
        A cell is not a number; the message names the table and the cell.
    """
    values = pd.to_numeric(column, errors="coerce").to_numpy(dtype=np.float64, copy=True)
    values[np.isinf(values)] = np.nan
    cells = column.astype(str).str.strip()
    is_wrong = np.isnan(values) & ~cells.str.lower().isin(missing).to_numpy() | (abs(values) > MAX_NUMBER)
    if is_wrong.any():
        row = int(is_wrong.argmax())
        expected = "a number" if np.isnan(values[row]) else f"a number up to {MAX_NUMBER:g}"
        place = f"{name}, row {row + 1 + has_header}, column {show(str(column.name))}"
        raise InputError(f"{place}: found {quote(cells.iloc[row])}; expected {expected}")
    return values

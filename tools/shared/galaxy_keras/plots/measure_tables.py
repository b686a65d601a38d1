"""Tables of measures: numbers under names, some of which may be missing."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from galaxy_keras.errors import InputError
from galaxy_keras.messages import list_some, quote, show

# Of a table of measures, which holds a row for each epoch or step.
MOST_BYTES = 16 * 2**20
MOST_ROWS = 50_000
# Its square is still a number.
LARGEST_NUMBER = 1e150
# What stands for a number that there is none of, such as the loss of a training that went astray.
MISSING = ("", "nan", "na", "none", "inf", "-inf")


def read_measures(path: Path, name: str, needed: Sequence[str] = (), text_columns: Sequence[str] = ()) -> pd.DataFrame:
    """Read a table of numbers with a header.

    Parameters
    ----------
    name
        What messages call the table.
    needed
        Columns that it must have.
    text_columns
        Columns that are left as text, where the table has them.

    Returns
    -------
    DataFrame
        int64 where all of a column's numbers are whole, else float64, NaN for empty cells, ``nan`` and infinite ones.

    Raises
    ------
    InputError
        No table, no rows, a needed column is missing, or a cell is no number.
    """
    table = _read_text(path, name)
    missing = [title for title in needed if title not in table.columns]
    if missing:
        raise InputError(
            f"{name}: found no column {quote(missing[0])}; expected the columns {', '.join(needed)} (found: "
            f"{list_some(table.columns)})"
        )
    numbers = [title for title in table.columns if title not in text_columns]
    return table.assign(**{title: _keep_whole(to_numbers(table[title], name, MISSING)) for title in numbers})


def _read_text(path: Path, name: str) -> pd.DataFrame:
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise InputError(
            f"{name}: found a table of {size / 2**20:,.0f} MB; expected at most {MOST_BYTES >> 20} MB of measures "
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
    if max(len(rows), len(header)) > MOST_ROWS:
        raise InputError(
            f"{name}: found {len(rows):,} rows and {len(header):,} columns; expected at most {MOST_ROWS:,} of measures "
            "(likely cause: another table)"
        )
    return pd.DataFrame(rows, columns=header, dtype=str)


def _keep_whole(values: np.ndarray) -> np.ndarray:
    """Let epochs and numbers of rows be written as they were read."""
    return values.astype(np.int64) if np.all(values == np.floor(values)) and np.all(abs(values) < 2**53) else values


def to_numbers(column: pd.Series, name: str, missing: Sequence[str] = (), has_header: bool = True) -> np.ndarray:
    """Give a column's numbers, float64, and NaN for what stands for a missing one.

    Raises
    ------
    InputError
        A cell is no number; the message names the table, the cell and what stands in it.
    """
    values = pd.to_numeric(column, errors="coerce").to_numpy(dtype=np.float64, copy=True)
    values[np.isinf(values)] = np.nan
    cells = column.astype(str).str.strip()
    is_wrong = np.isnan(values) & ~cells.str.lower().isin(missing).to_numpy() | (abs(values) > LARGEST_NUMBER)
    if is_wrong.any():
        row = int(is_wrong.argmax())
        expected = "a number" if np.isnan(values[row]) else f"a number up to {LARGEST_NUMBER:g}"
        place = f"{name}, row {row + 1 + has_header}, column {show(str(column.name))}"
        raise InputError(f"{place}: found {quote(cells.iloc[row])}; expected {expected}")
    return values

"""Tables of measures: numbers under names, some of which may be missing."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from galaxy_keras.errors import InputError

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
            f"{name}: found no column {missing[0]!r}; expected the columns {', '.join(needed)} (found: "
            f"{', '.join(map(repr, table.columns[:10]))})"
        )
    numbers = [title for title in table.columns if title not in text_columns]
    return table.assign(**{title: _keep_whole(to_numbers(table[title], name, MISSING)) for title in numbers})


def _read_text(path: Path, name: str) -> pd.DataFrame:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise InputError(f"{name}: found bytes that are no UTF-8 text; expected a tabular file") from None
    header, *rows = ([cell.strip() for cell in line.split("\t")] for line in lines or [""])
    for number, row in enumerate(rows, start=2):
        if len(row) != len(header):
            raise InputError(f"{name}, row {number}: found {len(row)} columns; expected {len(header)} as in row 1")
    if not rows:
        found = "a header and no rows" if lines else "an empty table"
        raise InputError(f"{name}: found {found}; expected at least one row below a header")
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
    wrong = np.flatnonzero(np.isnan(values) & ~cells.str.lower().isin(missing).to_numpy())
    if len(wrong):
        place = f"{name}, row {wrong[0] + 1 + has_header}, column {column.name}"
        raise InputError(f"{place}: found {cells.iloc[wrong[0]]!r}; expected a number")
    return values

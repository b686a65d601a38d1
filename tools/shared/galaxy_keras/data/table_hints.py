"""Suggest likely causes if a table cannot be read as the form requests."""

import re
from collections.abc import Sequence

from galaxy_keras.data.table_cells import is_number

# Separators other than tabs, by their names in messages.
SEPARATORS = {"semicolons": ";", "commas": ",", "vertical bars": "|", "spaces": " "}
DECIMAL_COMMA = re.compile(r"\s*[-+]?\d+,\d+\s*")
NO_HEADER = "row 1 is a header, but the header option is No"
SIGNATURES = {
    b"\xff\xfe": "text in UTF-16; save it as UTF-8",
    b"\xfe\xff": "text in UTF-16; save it as UTF-8",
    b"PK\x03\x04": "a zip archive or a spreadsheet; save it as tab-separated text",
    b"\x1f\x8b": "a compressed file; decompress it",
    b"\xd0\xcf\x11\xe0": "an old spreadsheet; save it as tab-separated text",
}


def explain_bytes(head: bytes) -> str:
    """Return the likely cause of bytes that are not text, from the first bytes of the file."""
    return _enclose(next((cause for start, cause in SIGNATURES.items() if head.startswith(start)), ""))


def explain_cell(cells: Sequence[str], position: int, is_first: bool = False, is_unnamed: bool = False) -> str:
    """Return the likely cause of a cell that is not a number.

    Parameters
    ----------
    cells
        Cells of the row.
    position
        0-based position of the cell that is not a number.
    is_first
        Whether the row is the first row of a table that is read without a header.
    is_unnamed
        Whether the header has no name for the column, or the first row of a table without a header is read.
    """
    cell = cells[position]
    if not cell.strip():
        return _enclose("a tab at the end of each line" if is_unnamed and 0 < position == len(cells) - 1 else "")
    separator = find_separator(cell) if len(cells) == 1 else None
    if DECIMAL_COMMA.fullmatch(cell):
        return _enclose("a decimal comma; write 1.5 for 1,5")
    if separator is not None:
        return _enclose(f"{separator} between the columns instead of tabs")
    return _enclose(NO_HEADER if is_first else "")


def find_separator(line: str) -> str | None:
    """Return the name of the probable separator of a line without tabs, or None."""
    return next((name for name, mark in SEPARATORS.items() if mark in line.strip()), None)


def explain_width(first: bytes, line: bytes) -> str:
    """Return the likely cause if a row has another number of columns than row 1."""
    if line.count(b"\t") - first.count(b"\t") != 1:
        return ""
    if line.rstrip(b"\r\n").endswith(b"\t"):
        return _enclose("a tab at the end of each line except the first")
    return _enclose(
        "row names, as R writes them, for which row 1 has no column name; add one, or write the table without row names"
    )


def explain_names(names: Sequence[str], expected: Sequence[str]) -> str:
    """Return the likely cause of unexpected column names."""
    if all(map(is_number, names)) and not any(map(is_number, expected)):
        return _enclose("row 1 is not a header, but the header option is Yes")
    separator = find_separator(names[0]) if len(names) == 1 else None
    return _enclose(f"{separator} between the columns instead of tabs" if separator else "")


def explain_first_line(first: bytes) -> str:
    """Return the likely cause if only one column is read, from the first line of the table."""
    if first.startswith(b"%%MatrixMarket"):
        return ""
    count = first.count(b"\t") + 1
    if count > 1:
        return _enclose(f"only one of the {count} columns of the table is selected")
    separator = find_separator(first.decode(errors="replace"))
    return _enclose(f"{separator} between the columns instead of tabs" if separator else "no tabs between the columns")


def _enclose(cause: str) -> str:
    return f" (likely cause: {cause})" if cause else ""

"""What a table really seems to be, where it cannot be read as a form says: likely causes for messages."""

import re
from collections.abc import Sequence

from galaxy_keras.data.table_cells import is_number

# What stands between columns of tables that are not separated by tabs, by the words of a message.
SEPARATORS = {"semicolons": ";", "commas": ",", "vertical bars": "|", "blanks": " "}
DECIMAL_COMMA = re.compile(r"\s*[-+]?\d+,\d+\s*")
NO_HEADER = "row 1 is a header, and the header option says No"
SIGNATURES = {
    b"\xff\xfe": "text of two bytes per letter (UTF-16); save it as UTF-8",
    b"\xfe\xff": "text of two bytes per letter (UTF-16); save it as UTF-8",
    b"PK\x03\x04": "a zip archive or a spreadsheet; save it as tab-separated text",
    b"\x1f\x8b": "a compressed file; decompress it",
    b"\xd0\xcf\x11\xe0": "an old spreadsheet; save it as tab-separated text",
}


def explain_bytes(output: bytes) -> str:
    """Return the likely cause of bytes that are not text, from how the file begins."""
    return _enclose(next((cause for start, cause in SIGNATURES.items() if output.startswith(start)), ""))


def explain_cell(cells: Sequence[str], position: int, is_first: bool = False, is_unnamed: bool = False) -> str:
    """Return the likely cause of a cell that is not a number.

    Parameters
    ----------
    cells
        Of the row, of which one is meant.
    is_first
        Whether the row is the file's first and taken as data.
    is_unnamed
        Whether the column has no name in the header, or stands in the first row without one.
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
    """Return what seems to stand between the columns of a line without tabs; None where nothing does."""
    return next((name for name, mark in SEPARATORS.items() if mark in line.strip()), None)


def explain_width(first: bytes, line: bytes) -> str:
    """Return the likely cause of a row with another number of columns than row 1."""
    more = line.count(b"\t") - first.count(b"\t")
    if more != 1:
        return ""
    if line.rstrip(b"\r\n").endswith(b"\t"):
        return _enclose("a tab at the end of each line but the first")
    return _enclose(
        "row names, as R writes them, over which row 1 has no name; add one, or write the table without row names"
    )


def explain_names(names: Sequence[str], expected: Sequence[str]) -> str:
    """Return the likely cause of column names that are not those expected."""
    if all(map(is_number, names)) and not any(map(is_number, expected)):
        return _enclose("row 1 is not a header, and the header option says Yes")
    separator = find_separator(names[0]) if len(names) == 1 else None
    return _enclose(f"{separator} between the columns instead of tabs" if separator else "")


def explain_first_line(first: bytes) -> str:
    """Return why a table gives one column only, from its first line."""
    if first.startswith(b"%%MatrixMarket"):
        return ""
    count = first.count(b"\t") + 1
    if count > 1:
        return _enclose(f"one of the table's {count} columns is selected, where all or several are meant")
    separator = find_separator(first.decode(errors="replace"))
    return _enclose(f"{separator} between the columns instead of tabs" if separator else "no tabs between the columns")


def _enclose(cause: str) -> str:
    return f" (likely cause: {cause})" if cause else ""

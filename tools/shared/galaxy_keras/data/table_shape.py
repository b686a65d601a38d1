"""Count the rows and columns of a table, read its header, and check both against limits and other tables."""

from dataclasses import replace

from galaxy_keras.data.table_hints import explain_first_line
from galaxy_keras.data.table_lines import read_line, refuse_bytes, refuse_width
from galaxy_keras.data.table_rows import MeasuredTable, TableSource
from galaxy_keras.errors import TableError

# Limits of all tables. A methylation array measures 940,000 sites.
MAX_COLUMNS = 1_000_000
MAX_NAME_LENGTH = 10_000


def measure_table(source: TableSource) -> MeasuredTable:
    """Count rows and columns and read the header.

    Raises
    ------
    TableError
        The table is empty, rows differ in length, a line or a column name is too long, or a line contains carriage
        returns or zero bytes, at which the number parser would stop.
    """
    with source.path.open("rb") as file:
        first = read_line(file, source.name, 1)
        top = _describe_top(source, first)
        tab_count, row, last, empty = top.column_count - 1, 1, 1, None
        while line := read_line(file, source.name, row + 1, top.name_column):
            row += 1
            # Empty lines at the end are not rows.
            if line.isspace():
                empty = empty or (row if line.count(b"\t") != tab_count else None)
                continue
            if empty is not None:
                raise refuse_width(source.name, empty, first, b"")
            if line.count(b"\t") != tab_count:
                raise refuse_width(source.name, row, first, line)
            last = row
    if source.has_header and last == 1:
        raise TableError(f"{source.name}: found a header and no rows; expected at least one row")
    return replace(top, row_count=last - int(source.has_header))


def read_top(source: TableSource) -> MeasuredTable:
    """Read only the first line: the number of columns and their names; the row count is 0."""
    with source.path.open("rb") as file:
        return _describe_top(source, read_line(file, source.name, 1))


def explain_one_column(source: TableSource) -> str:
    """Return the likely cause if only one column is read: the selection or the format of the file."""
    with source.path.open("rb") as file:
        return explain_first_line(read_line(file, source.name, 1))


def explain_row_counts(found: int, source: TableSource, expected: int, other: TableSource) -> str:
    """Return the likely cause if the row counts of two tables differ by one; otherwise empty.

    Parameters
    ----------
    found, expected
        Row counts of ``source`` and ``other``.
    """
    if abs(found - expected) != 1:
        return ""
    shorter = source if found < expected else other
    if shorter.has_header and read_top(shorter).has_numbers_as_header:
        return f" (likely cause: row 1 of {shorter.name} is not a header, but the header option is Yes)"
    return " (likely cause: a wrong header option)"


def _describe_top(source: TableSource, first: bytes) -> MeasuredTable:
    if not first:
        raise TableError(f"{source.name}: found an empty table; expected tab-separated rows")
    if first.isspace():
        raise TableError(f"{source.name}, row 1: found an empty row; expected tab-separated cells")
    column_count = first.count(b"\t") + 1
    if column_count > MAX_COLUMNS:
        raise TableError(f"{source.name}: found {column_count:,} columns; expected at most {MAX_COLUMNS:,}")
    return MeasuredTable(source, 0, column_count, _read_header(first, source.name) if source.has_header else None)


def _read_header(line: bytes, name: str) -> list[str]:
    try:
        header = [title.strip() for title in line.decode("utf-8-sig").rstrip("\r\n").split("\t")]
    except UnicodeDecodeError:
        raise refuse_bytes(f"{name}, row 1", line) from None
    longest = max(header, key=len)
    if len(longest) > MAX_NAME_LENGTH:
        raise TableError(
            f"{name}, row 1: found a column name of {len(longest):,} characters; expected at most {MAX_NAME_LENGTH:,}"
        )
    return header

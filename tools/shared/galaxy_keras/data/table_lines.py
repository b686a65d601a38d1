"""Read the lines of a tab-separated file within limits, and refuse lines that cannot belong to a table."""

from collections.abc import Callable
from typing import BinaryIO

from galaxy_keras.data.table_hints import explain_bytes, explain_width
from galaxy_keras.errors import TableError
from galaxy_keras.messages import pluralize

MAX_LINE_BYTES = 2**25
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
TAB = b"\t"


def read_line(file: BinaryIO, name: str, row: int, name_column: Callable[[int], str] | None = None) -> bytes:
    """Read a line and check it.

    Parameters
    ----------
    name
        Name of the table in messages.
    row
        1-based number of the line.
    name_column
        Function that describes the column at a 0-based position; None for the first line.

    Raises
    ------
    TableError
        The line is too long or contains a zero byte or a carriage return.
    """
    line = file.readline(MAX_LINE_BYTES + 1)
    if b"\0" in line:
        # Compressed files, spreadsheets and UTF-16 text contain zero bytes.
        raise refuse_bytes(f"{name}, row {row}", line if row == 1 else b"")
    if b"\r" in line:
        content = line.removesuffix(b"\n").removesuffix(b"\r")
        if b"\r" in content:
            raise _refuse_carriage_return(f"{name}, row {row}", content, line, name_column)
    if len(line) > MAX_LINE_BYTES:
        raise TableError(f"{name}, row {row}: found a row of more than {MAX_LINE_BYTES:,} bytes; expected shorter rows")
    return line


def skip_top(file: BinaryIO, has_header: bool) -> None:
    """Skip the header or the byte order mark."""
    if has_header:
        file.readline()
    elif file.read(len(BYTE_ORDER_MARK)) != BYTE_ORDER_MARK:
        file.seek(0)


def is_text(line: bytes) -> bool:
    """Return whether a line is UTF-8 text."""
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def refuse_width(name: str, row: int, first: bytes, line: bytes) -> TableError:
    """Return the error for a row with another number of columns than row 1; ``line`` is empty for an empty row."""
    columns = line.count(b"\t") + 1
    found = pluralize(columns, "column") if line else "an empty row"
    likely = explain_width(first, line)
    return TableError(f"{name}, row {row}: found {found}; expected {first.count(TAB) + 1} as in row 1{likely}")


def _refuse_carriage_return(
    place: str, content: bytes, line: bytes, name_column: Callable[[int], str] | None
) -> TableError:
    if name_column is None and not line.endswith(b"\n"):
        return TableError(
            f"{place}: found old Mac line endings (carriage returns only); expected a line feed at the end of each line"
        )
    position = content[: content.index(b"\r")].count(b"\t")
    column = name_column(position) if name_column else f"column {position + 1}"
    return TableError(f"{place}, {column}: found a line break in a cell; expected one line per row")


def refuse_bytes(place: str, head: bytes = b"") -> TableError:
    """Return the error for bytes that are not text; ``head`` is the first line if the place is in it."""
    return TableError(f"{place}: found bytes that are not UTF-8 text; expected a tabular file{explain_bytes(head)}")

"""The lines of a tab-separated file: read one by one within bounds, and refused where no table can hold them."""

from collections.abc import Callable
from typing import BinaryIO

from galaxy_keras.data.table_hints import explain_bytes, explain_width
from galaxy_keras.errors import TableError
from galaxy_keras.messages import pluralize

LONGEST_LINE = 2**25
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
TAB = b"\t"


def read_line(file: BinaryIO, name: str, row: int, name_column: Callable[[int], str] | None = None) -> bytes:
    """Read a line, and refuse what no table holds; columns have names from the second line on."""
    line = file.readline(LONGEST_LINE + 1)
    if b"\0" in line:
        # As compressed files have, spreadsheets and text of two bytes per letter.
        raise refuse_bytes(f"{name}, row {row}", line if row == 1 else b"")
    if b"\r" in line:
        content = line.removesuffix(b"\n").removesuffix(b"\r")
        if b"\r" in content:
            raise _refuse_carriage_return(f"{name}, row {row}", content, line, name_column)
    if len(line) > LONGEST_LINE:
        raise TableError(f"{name}, row {row}: found a row of more than {LONGEST_LINE:,} bytes; expected shorter rows")
    return line


def skip_top(file: BinaryIO, has_header: bool) -> None:
    """Leave a file where its first row of data begins."""
    if has_header:
        file.readline()
    elif file.read(len(BYTE_ORDER_MARK)) != BYTE_ORDER_MARK:
        file.seek(0)


def is_text(line: bytes) -> bool:
    """Tell UTF-8 from other bytes."""
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def refuse_width(name: str, row: int, first: bytes, line: bytes) -> TableError:
    """Return the refusal of a row with another number of columns than the first; an empty line is none of bytes."""
    columns = line.count(b"\t") + 1
    found = pluralize(columns, "column") if line else "an empty row"
    likely = explain_width(first, line)
    return TableError(f"{name}, row {row}: found {found}; expected {first.count(TAB) + 1} as in row 1{likely}")


def _refuse_carriage_return(
    place: str, content: bytes, line: bytes, name_column: Callable[[int], str] | None
) -> TableError:
    if name_column is None and not line.endswith(b"\n"):
        return TableError(
            f"{place}: found line ends of old Mac programs (carriage returns only); expected a line feed at the end of "
            "each line"
        )
    position = content[: content.index(b"\r")].count(b"\t")
    column = name_column(position) if name_column else f"column {position + 1}"
    return TableError(f"{place}, {column}: found a line break in a cell; expected one line per row")


def refuse_bytes(place: str, head: bytes = b"") -> TableError:
    """Return the refusal of bytes that are not text; ``head`` is how the file begins, if the place is there."""
    return TableError(f"{place}: found bytes that are not UTF-8 text; expected a tabular file{explain_bytes(head)}")

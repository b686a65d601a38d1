"""Check the text of a Matrix Market file before it is passed to a native parser, which does not check it."""

import re
from dataclasses import dataclass
from typing import BinaryIO

from galaxy_keras.data.plain_entries import count_plain_lines
from galaxy_keras.errors import TableError
from galaxy_keras.messages import quote, show

# First bytes of a Matrix Market file.
BANNER = b"%%MatrixMarket"
# Maximum number of bytes of the header, including comments and the line of sizes.
MAX_HEADER_BYTES = 2**20
BANNER_LINE = re.compile(rb"%%MatrixMarket[ \t]++(?i:matrix)[ \t]++(\w++)[ \t]++([\w-]++)[ \t]++([\w-]++)[ \t\r]*+\n")
SIZES = re.compile(
    rb"(?:[ \t\r]*+(?:%[^\n]*+)?+\n)*+[ \t]*+([0-9]{1,19})[ \t]++([0-9]{1,19})[ \t]++([0-9]{1,19})[ \t\r]*+(?:\n|\Z)"
)
NUMBER = rb"-?+(?:[0-9]++\.?+[0-9]*+|\.[0-9]++)(?:[eE][-+]?+[0-9]++)?+"
# Pattern of the value after the numbers of row and column, by the field of the banner.
VALUES = {
    "real": rb"[ \t]++" + NUMBER,
    "double": rb"[ \t]++" + NUMBER,
    "integer": rb"[ \t]++-?+[0-9]++",
    "unsigned-integer": rb"[ \t]++[0-9]++",
    "pattern": rb"",
}
SYMMETRIES = ("general", "symmetric", "skew-symmetric")
# Expected content of a line for messages.
EXPECTED = {
    "real": "a row, a column and a number",
    "double": "a row, a column and a number",
    "integer": "a row, a column and a whole number",
    "unsigned-integer": "a row, a column and a whole number of at least 0",
    "pattern": "a row and a column",
}
ENTRY = {field: rb"[ \t]*+[0-9]++[ \t]++[0-9]++%s[ \t\r]*+\n" % value for field, value in VALUES.items()}
# Lines of entries and empty lines.
LINES = {field: re.compile(rb"(?:%s|[ \t\r]*+\n)*+" % entry) for field, entry in ENTRY.items()}


@dataclass(frozen=True)
class MatrixHeader:
    """Header of a Matrix Market file.

    Attributes
    ----------
    field
        ``real``, ``double``, ``integer``, ``unsigned-integer`` or ``pattern`` (no values).
    symmetry
        ``general``, or the symmetry of a matrix of which only one half is stored.
    line_count
        Number of lines before the entries.
    """

    field: str
    symmetry: str
    row_count: int
    column_count: int
    entry_count: int
    line_count: int

    def write(self, count: int) -> bytes:
        """Return the header of a file with ``count`` of the entries."""
        kind = f"{self.field} {self.symmetry}\n{self.row_count} {self.column_count} {count}\n"
        return b"%s matrix coordinate %s" % (BANNER, kind.encode())


def read_header(file: BinaryIO, name: str) -> MatrixHeader:
    """Read the lines before the entries; afterwards, the file is at the position of the first entry.

    Raises
    ------
    TableError
        The file is not a Matrix Market file of coordinates with real numbers, integers or no values.
    """
    head = file.read(MAX_HEADER_BYTES)
    banner = BANNER_LINE.match(head)
    if banner is None:
        raise TableError(f"{name}: {_describe_beginning(head)}")
    form, field, symmetry = (part.decode(errors="replace").lower() for part in banner.groups())
    if form != "coordinate" or field not in VALUES or symmetry not in SYMMETRIES:
        raise TableError(
            f"{name}: found a Matrix Market file of the form {show(form)} {show(field)} {show(symmetry)}; expected "
            "coordinate real, integer or pattern, general, symmetric or skew-symmetric"
        )
    sizes = SIZES.match(head, banner.end())
    if sizes is None:
        raise TableError(
            f"{name}: the line with the numbers of rows, columns and entries is missing; expected it after the comments"
        )
    file.seek(sizes.end())
    row_count, column_count, entry_count = (int(size) for size in sizes.groups())
    line_count = head.count(b"\n", 0, sizes.end())
    return MatrixHeader(field, symmetry, row_count, column_count, entry_count, line_count)


def _describe_beginning(head: bytes) -> str:
    """Return why the first line is not that of a Matrix Market file."""
    if head.startswith(BANNER) and b"\n" not in head and b"\r" in head:
        return "found old Mac line endings (carriage returns only); expected a line feed at the end of each line"
    beginning = quote(head[:60].decode(errors="replace"))
    return (
        f"found {beginning} at its beginning; expected a Matrix Market file with a first line such as "
        f"{BANNER.decode()} matrix coordinate real general"
    )


def check_lines(text: bytes, header: MatrixHeader, line_count: int, name: str) -> tuple[bytes, int]:
    """Check lines of entries.

    Parameters
    ----------
    text
        Complete lines.
    line_count
        Number of lines of the file before them.
    name
        Name of the file in messages.

    Returns
    -------
    tuple
        The lines without empty lines, and their number.

    Raises
    ------
    TableError
        A line is not an entry; the message names the first one.
    """
    if not text.endswith(b"\n"):
        text += b"\n"
    count = count_plain_lines(text, header.field)
    if count is not None:
        return text, count
    plain = LINES[header.field].match(text)
    end = plain.end() if plain else 0
    if end < len(text):
        number = line_count + text.count(b"\n", 0, end) + 1
        line = text[end : text.index(b"\n", end)]
        raise TableError(f"{name}, line {number}: found {_quote_line(line)}; expected {EXPECTED[header.field]}")
    lines = re.sub(rb"\n\s+", b"\n", text).strip()
    return lines + b"\n", lines.count(b"\n") + bool(lines)


def _quote_line(line: bytes) -> str:
    return quote(line[:200].decode("utf-8", errors="backslashreplace").strip())

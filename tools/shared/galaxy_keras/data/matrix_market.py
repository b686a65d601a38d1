"""The text of a Matrix Market file, checked line by line before a native parser, which trusts it, sees it."""

import re
from dataclasses import dataclass
from functools import cache
from typing import BinaryIO

import numpy as np

from galaxy_keras.errors import TableError
from galaxy_keras.messages import quote, show

# What a Matrix Market file starts with
BANNER = b"%%MatrixMarket"
# Where the line of sizes must end, whatever comments stand above it.
HEADER_BYTES = 2**20
BANNER_LINE = re.compile(rb"%%MatrixMarket[ \t]++(?i:matrix)[ \t]++(\w++)[ \t]++([\w-]++)[ \t]++([\w-]++)[ \t\r]*+\n")
SIZES = re.compile(
    rb"(?:[ \t\r]*+(?:%[^\n]*+)?+\n)*+[ \t]*+([0-9]{1,19})[ \t]++([0-9]{1,19})[ \t]++([0-9]{1,19})[ \t\r]*+(?:\n|\Z)"
)
NUMBER = rb"-?+(?:[0-9]++\.?+[0-9]*+|\.[0-9]++)(?:[eE][-+]?+[0-9]++)?+"
# What stands in a line behind the numbers of row and column, by the field that the banner names.
VALUES = {
    "real": rb"[ \t]++" + NUMBER,
    "double": rb"[ \t]++" + NUMBER,
    "integer": rb"[ \t]++-?+[0-9]++",
    "unsigned-integer": rb"[ \t]++[0-9]++",
    "pattern": rb"",
}
SYMMETRIES = ("general", "symmetric", "skew-symmetric")
# What a message says that a line must hold.
EXPECTED = {
    "real": "a row, a column and a number",
    "double": "a row, a column and a number",
    "integer": "a row, a column and a whole number",
    "unsigned-integer": "a row, a column and a whole number of 0 or more",
    "pattern": "a row and a column",
}
ENTRY = {field: rb"[ \t]*+[0-9]++[ \t]++[0-9]++%s[ \t\r]*+\n" % value for field, value in VALUES.items()}
# Lines of entries, with empty lines among them.
LINES = {field: re.compile(rb"(?:%s|[ \t\r]*+\n)*+" % entry) for field, entry in ENTRY.items()}

# Characters of an entry that are not digits ("e" for "E" too), by their numbers; 0 stands for every other one.
MARKS = "? \n-+.e"
MARK_OF_CODE = np.zeros(256, np.uint16)
MARK_OF_CODE[[ord(mark) for mark in MARKS[1:] + "E"]] = [*range(1, len(MARKS)), MARKS.index("e")]
# What a mark is: not to be seen in a plain line, behind the number of the row or the column, the line's end, or a part
# of the value.
KINDS = ("invalid", "row", "column", "end", "part")


@dataclass(frozen=True)
class MatrixHeader:
    """What a Matrix Market file says about itself.

    Attributes
    ----------
    field
        ``real``, ``double``, ``integer``, ``unsigned-integer`` or ``pattern`` (no values).
    symmetry
        ``general``, or which other half of the entries is left out.
    line_count
        Lines above the entries.
    """

    field: str
    symmetry: str
    row_count: int
    column_count: int
    entry_count: int
    line_count: int

    def write(self, count: int) -> bytes:
        """Write the header of a file with some of the entries."""
        kind = f"{self.field} {self.symmetry}\n{self.row_count} {self.column_count} {count}\n"
        return b"%s matrix coordinate %s" % (BANNER, kind.encode())


def read_header(file: BinaryIO, name: str) -> MatrixHeader:
    """Read the lines above the entries, and leave the file at the first entry.

    Raises
    ------
    TableError
        Not a Matrix Market file of entries by coordinates with real numbers, whole numbers or no values.
    """
    head = file.read(HEADER_BYTES)
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
            f"{name}: found no line with the numbers of rows, columns and entries below the first line; "
            "expected one behind the comments"
        )
    file.seek(sizes.end())
    counts = (int(size) for size in sizes.groups())
    return MatrixHeader(field, symmetry, *counts, line_count=head.count(b"\n", 0, sizes.end()))


def _describe_beginning(head: bytes) -> str:
    """Say why a file's first line is not that of a Matrix Market file."""
    if head.startswith(BANNER) and b"\n" not in head and b"\r" in head:
        return "found line ends of old Mac programs (carriage returns only); expected a line feed at each line's end"
    beginning = quote(head[:60].decode(errors="replace"))
    return (
        f"found {beginning} at its beginning; expected a Matrix Market file, whose first line is such as "
        f"{BANNER.decode()} matrix coordinate real general"
    )


def check_lines(text: bytes, header: MatrixHeader, line_count: int, name: str) -> tuple[bytes, int]:
    """Check lines of entries against what such a line may hold.

    Parameters
    ----------
    text
        Whole lines.
    line_count
        Lines of the file that stand before them.

    Returns
    -------
    tuple
        The lines without empty ones, and how many they are.

    Raises
    ------
    TableError
        With the first line that is wrong.
    """
    if not text.endswith(b"\n"):
        text += b"\n"
    count = _count_plain_lines(text, header.field)
    if count is not None:
        return text, count
    end = LINES[header.field].match(text).end()
    if end < len(text):
        number = line_count + text.count(b"\n", 0, end) + 1
        line = text[end : text.index(b"\n", end)]
        raise TableError(f"{name}, line {number}: found {_quote_line(line)}; expected {EXPECTED[header.field]}")
    lines = re.sub(rb"\n\s+", b"\n", text).strip()
    return lines + b"\n", lines.count(b"\n") + bool(lines)


def _quote_line(line: bytes) -> str:
    return quote(line[:200].decode("utf-8", errors="backslashreplace").strip())


def _count_plain_lines(text: bytes, field: str) -> int | None:
    """Count lines of entries as programs write them, such as ``12 345 -1.5e-3``; None where any may be another one.

    Many times as fast as the pattern, which decides about all others: it looks only at what is not a digit, at the two
    such characters before that, and whether there are digits between.
    """
    codes = np.frombuffer(text, np.uint8)
    places = np.flatnonzero(codes - np.uint8(ord("0")) > 9)
    marks = np.full(len(places) + 2, MARKS.index("\n"), np.uint16)
    np.take(MARK_OF_CODE, codes[places], out=marks[2:])
    keys = marks[2:] << 7 | marks[1:-1] << 4 | marks[:-2] << 1
    keys[1:] |= places[1:] - places[:-1] > 1
    keys[:1] |= places[:1] > 0
    kinds = _tell_kinds(field)[keys]
    # Compared one by one: counting them all at once would copy each to eight bytes.
    invalid, row, column, end = (np.count_nonzero(kinds == number) for number in range(len(KINDS) - 1))
    if invalid or row != end or column != end * (field != "pattern"):
        return None
    return end


@cache
def _tell_kinds(field: str) -> np.ndarray:
    """Return the number in ``KINDS`` of each combination of marks that :func:`_count_plain_lines` makes a key of."""
    kinds = np.zeros(2**10, np.uint8)
    for key in np.ndindex(len(MARKS), len(MARKS), len(MARKS), 2):
        mark, before, second_before = (MARKS[number] for number in key[:3])
        place = key[0] << 7 | key[1] << 4 | key[2] << 1 | key[3]
        kinds[place] = KINDS.index(_tell_kind(field, mark, before, second_before, after_digit=bool(key[3])))
    return kinds


def _tell_kind(field: str, mark: str, before: str, second_before: str, *, after_digit: bool) -> str:
    """Return what a character ends or begins, by those that stand before it without digits."""
    if mark == "\n":
        return "end" if after_digit else "invalid"
    if mark == " " and after_digit and before == "\n":
        return "row"
    if field == "pattern":
        return "invalid"
    if mark == " " and after_digit and (before, second_before) == (" ", "\n"):
        return "column"
    is_first = before == second_before == " "
    if mark == "-" and is_first and not after_digit and field != "unsigned-integer":
        return "part"
    if field in ("real", "double"):
        # The number's first mark, or the one behind its sign.
        begins = is_first or (before, second_before) == ("-", " ")
        if mark == "." and begins and after_digit or mark == "e" and (begins or before == ".") and after_digit:
            return "part"
        if mark in "-+" and before == "e" and not after_digit:
            return "part"
    return "invalid"

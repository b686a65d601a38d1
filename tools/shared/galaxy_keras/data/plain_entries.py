"""Check Matrix Market entries in the usual notation without a regular expression, many lines at once."""

from functools import cache

import numpy as np

# Codes of the characters of an entry that are not digits ("E" has the code of "e"); 0 is every other character.
MARKS = "? \n-+.e"
MARK_OF_CODE = np.zeros(256, np.uint16)
MARK_OF_CODE[[ord(mark) for mark in MARKS[1:] + "E"]] = [*range(1, len(MARKS)), MARKS.index("e")]
# Roles of a mark: invalid in a plain line, after the number of the row or the column, end of the line, or part of the
# value.
KINDS = ("invalid", "row", "column", "end", "part")


def count_plain_lines(text: bytes, field: str) -> int | None:
    """Count the lines if all are entries in the usual notation, such as ``12 345 -1.5e-3``; otherwise return None.

    This check is many times as fast as the pattern of ``matrix_market``, which checks all other notations. It
    inspects each character that is not a digit, the two such characters before it, and whether digits are between them.
    """
    codes = np.frombuffer(text, np.uint8)
    places = np.flatnonzero(codes - np.uint8(ord("0")) > 9)
    marks = np.full(len(places) + 2, MARKS.index("\n"), np.uint16)
    np.take(MARK_OF_CODE, codes[places], out=marks[2:])
    keys = marks[2:] << 7 | marks[1:-1] << 4 | marks[:-2] << 1
    keys[1:] |= places[1:] - places[:-1] > 1
    keys[:1] |= places[:1] > 0
    kinds = _list_kinds(field)[keys]
    # np.bincount would need eight times the memory.
    invalid, row, column, end = (np.count_nonzero(kinds == number) for number in range(len(KINDS) - 1))
    if invalid or row != end or column != end * (field != "pattern"):
        return None
    return end


@cache
def _list_kinds(field: str) -> np.ndarray:
    """Return the index in ``KINDS`` for each key of :func:`count_plain_lines`."""
    kinds = np.zeros(2**10, np.uint8)
    for key in np.ndindex(len(MARKS), len(MARKS), len(MARKS), 2):
        mark, before, second_before = (MARKS[number] for number in key[:3])
        place = key[0] << 7 | key[1] << 4 | key[2] << 1 | key[3]
        kinds[place] = KINDS.index(_find_kind(field, mark, before, second_before, after_digit=bool(key[3])))
    return kinds


def _find_kind(field: str, mark: str, before: str, second_before: str, *, after_digit: bool) -> str:
    """Return the role of a mark from the two marks before it and whether it follows a digit."""
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
        # The first mark of the number, or the mark after its sign.
        begins = is_first or (before, second_before) == ("-", " ")
        if mark == "." and begins and after_digit or mark == "e" and (begins or before == ".") and after_digit:
            return "part"
        if mark in "-+" and before == "e" and not after_digit:
            return "part"
    return "invalid"

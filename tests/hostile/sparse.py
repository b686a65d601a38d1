"""Matrix Market files that a reader must refuse, and mutations of valid ones that it must read or refuse."""

import random
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from hostile.mutations import CHARACTERS, splice

BANNER = b"%%MatrixMarket matrix coordinate real general\n"
ROWS, COLUMNS = 150, 4
# Number of cells; larger matrices, which a changed header may declare, are not compared.
LARGEST = 10_000
# Bytes to insert into a valid file.
PIECES = [*CHARACTERS, b"\x0c", b"1e999", b"99999999999", b"%", b"%%MatrixMarket", b"0", b"-1", b"1 1 1"]

# Line of the only entry of a matrix.
ENTRIES = {
    "a zero byte": b"\0",
    "a zero byte in a number": b"1 1 5\x005",
    "a control character": b"\x01",
    "a control character after a number": b"1 1 5\x01",
    "hexadecimal": b"1 1 0x5",
    "words after a number": b"1 1 5abc def",
    "underscore": b"1 1 1_0",
    "decimal comma": b"1 1 1,5",
    "a fourth number": b"1 1 1 1",
    "a missing value": b"1 1",
    "two signs": b"1 1 --5",
    "an incomplete exponent": b"1 1 5e",
    "a decimal point in the exponent": b"1 1 5e1.5",
    "two decimal points": b"1 1 1.2.3",
    "a decimal point only": b"1 1 .",
    "a real row": b"1.5 1 1",
    "a negative row": b"-1 1 1",
    "row 0": b"0 1 1",
    "a row number that is too large": b"151 1 1",
    "a column number that is too large": b"1 5 1",
    "a row of 10 to the power of 30": b"1" + b"0" * 30 + b" 1 1",
    "not a number": b"1 1 nan",
    "infinite": b"1 1 -inf",
    "beyond float32": b"1 1 1e39",
    "digits of another script": "1 1 ٣".encode(),
    "not UTF-8": b"1 1 \xff",
    "vertical tab": b"1\x0b1\x0b1",
    "Mac line endings": b"1 1 1\r2 2 2",
    "a comment among entries": b"% comment",
    "a line of 10 megabytes": b"1 1 " + b"x" * 10_000_000,
    "a number of 10 megabytes": b"1 1 " + b"9" * 10_000_000,
    "a forged line": b"1 1 1\x1b[2K\x85Error: forged",
}
# Content after the banner.
HEADERS = {
    "zero rows": b"0 4 0\n",
    "two billion rows without entries": b"2147483647 4 0\n",
    "two billion columns without entries": b"150 2147483647 0\n",
    "rows of 19 digits": b"9999999999999999999 4 0\n",
    "sizes of megabytes": b"1" * 2_000_000 + b" 4 0\n",
    "more entries than the file holds": b"150 4 1000000000\n1 1 1\n",
    "negative sizes": b"-1 4 1\n1 1 1\n",
    "missing sizes": b"",
    "comments of megabytes": b"%" + b"c" * 3_000_000 + b"\n150 4 0\n",
    "many comments": b"%\n" * 1_000_000 + b"150 4 0\n",
    "a zero byte in the sizes": b"150 4 1\0\n1 1 1\n",
    "fewer entries than declared": b"150 4 2\n1 1 1\n",
    "more entries than declared": b"150 4 1\n1 1 1\n2 2 2\n",
}
# Complete files.
FILES = {
    "complex": b"%%MatrixMarket matrix coordinate complex general\n150 4 1\n1 1 1 1\n",
    "dense": b"%%MatrixMarket matrix array real general\n150 4\n" + b"1\n" * 600,
    "symmetric but not square": b"%%MatrixMarket matrix coordinate real symmetric\n150 4 1\n1 1 1\n",
    "unknown symmetry": b"%%MatrixMarket matrix coordinate real \xff\xfe\n150 4 1\n1 1 1\n",
    "real numbers in an integer matrix": b"%%MatrixMarket matrix coordinate integer general\n150 4 1\n1 1 1.5\n",
    "values in a pattern": b"%%MatrixMarket matrix coordinate pattern general\n150 4 1\n1 1 1\n",
    "banner only": b"%%MatrixMarket",
    "a zero byte in the banner": b"%%MatrixMarket\0 matrix coordinate real general\n150 4 1\n1 1 1\n",
    "banner of megabytes": b"%%MatrixMarket " + b"m" * 5_000_000,
    "empty": b"",
    "compressed": b"\x1f\x8b\x08" + b"\0" * 100,
    "UTF-16": (BANNER + b"150 4 1\n1 1 1\n").decode().encode("utf-16"),
    "Mac line endings everywhere": (BANNER + b"150 4 1\n1 1 1\n").replace(b"\n", b"\r"),
    "a table": b"a\tb\n1\t2\n",
}


def samples(seed: int = 0) -> Iterator[tuple[str, bytes]]:
    """Yield names and contents of files, each of which must be refused."""
    for name, entry in ENTRIES.items():
        yield name, BANNER + b"%d %d 1\n%s\n" % (ROWS, COLUMNS, entry)
    for name, header in HEADERS.items():
        yield name, BANNER + header
    yield from FILES.items()
    rng = random.Random(seed)
    for number in range(10):
        yield f"random bytes {number}", BANNER + b"150 4 9\n" + rng.randbytes(300) + b"\n"


def fuzz(seed: int) -> None:
    """Change a valid file at random, and compare the reader of the suite with a simple reader.

    Raises
    ------
    AssertionError
        The results differ. A crash of a parser ends the process.
    """
    from galaxy_keras.data.sparse import read_sparse_features
    from galaxy_keras.errors import TableError

    rng = random.Random(seed)
    content = splice(_write(rng), PIECES, rng)
    expected = _read(content)
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        try:
            matrix = read_sparse_features(Path(file.name), "matrix").values
        except TableError:
            matrix = None
    if matrix is not None and matrix.shape[0] * matrix.shape[1] > LARGEST:
        return
    found = None if matrix is None else matrix.toarray()
    if expected is None or found is None:
        assert expected is None and found is None, content
    else:
        np.testing.assert_array_equal(found, expected)


def _write(rng: random.Random) -> bytes:
    """Return a small matrix in a random valid notation."""
    rows, columns = rng.randint(1, 9), rng.randint(1, 9)
    field = rng.choice(["real", "integer", "pattern", "double"])
    form = {"pattern": "", "integer": "{:d}"}.get(field) or rng.choice(["{:.3f}", "{:e}", "{:E}", "{:g}"])
    blank, end = rng.choice([" ", " ", "\t", "  "]), rng.choice(["\n", "\n", "\r\n", " \n"])
    places = [(row, column) for row in range(1, rows + 1) for column in range(1, columns + 1)]
    lines = []
    for row, column in rng.sample(places, rng.randint(0, len(places))):
        value = rng.randint(-99, 99)
        shown = "" if field == "pattern" else form.format(value if field == "integer" else value / 8)
        lines.append(blank.join([str(row), str(column), *([shown] if shown else [])]))
    output = [f"%%MatrixMarket matrix coordinate {field} general", "% comment", f"{rows} {columns} {len(lines)}"]
    return (end.join([*output, *lines]) + end * rng.randint(0, 2)).encode()


def _read(content: bytes) -> np.ndarray | None:
    """Read a matrix line by line; return None if it violates the format."""
    first, *lines = content.decode("latin-1").split("\n")
    banner = re.fullmatch(
        r"%%MatrixMarket[ \t]+matrix[ \t]+coordinate[ \t]+(\w+)[ \t]+general[ \t\r]*", first, re.ASCII
    )
    # The format also allows capital letters in keywords; changed files almost never contain one.
    field = banner and banner[1]
    patterns = {"integer": r"-?[0-9]+", "pattern": "", "real": r"-?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?"}
    patterns["double"] = patterns["real"]
    if field not in patterns:
        return None
    while lines and (not lines[0].strip(" \t\r") or lines[0].lstrip(" \t\r").startswith("%")):
        del lines[0]
    rest = [re.split(r"[ \t]+", line.strip(" \t\r")) for line in lines]
    rest = [cells for cells in rest if cells != [""]]
    if not rest or len(rest[0]) != 3 or not all(re.fullmatch("[0-9]{1,19}", cell) for cell in rest[0]):
        return None
    rows, columns, count = (int(cell) for cell in rest[0])
    if count != len(rest) - 1 or not 0 < rows <= 1_000_000 or not 0 < columns <= 20_000_000:
        return None
    if rows * columns > LARGEST:
        return None
    values = np.zeros((rows, columns), np.float32)
    for cells in rest[1:]:
        value = cells[2] if field != "pattern" and len(cells) == 3 else ""
        if len(cells) != 2 + bool(value) or not re.fullmatch(patterns[field], value):
            return None
        if not all(re.fullmatch("[0-9]+", cell) for cell in cells[:2]):
            return None
        row, column = int(cells[0]), int(cells[1])
        number = float(value or 1)
        if not (1 <= row <= rows and 1 <= column <= columns) or abs(number) > np.finfo(np.float32).max:
            return None
        values[row - 1, column - 1] += np.float32(number)
    return values

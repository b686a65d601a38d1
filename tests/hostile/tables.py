"""Tables that a reader must refuse, and mutations of valid ones that it must read or refuse."""

import gzip
import random
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from hostile.mutations import CHARACTERS, splice

MEASURES = b"sepal_length\tsepal_width\tpetal_length\tpetal_width"
SPECIES = [b"setosa", b"versicolor", b"virginica"]
ROWS = 150
TABLE = MEASURES + b"\n" + b"5.1\t3.5\t1.4\t0.2\n" * ROWS
LABELS = b"species\n" + b"".join(label + b"\n" for label in SPECIES for _ in range(50))
# Bytes to insert into a valid file.
PIECES = [*CHARACTERS, b"\x85", b"1e99", b"True", b"false", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"'", b"#"]
LARGEST = float(np.finfo(np.float32).max)
NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")

# Content of one cell of a table.
CELLS = {
    "a zero byte": b"\0",
    "a control character": b"\x1b[2Jx",
    "a forged line": b"x\x85Error: forged",
    "a lone carriage return": b"5\r1",
    "Latin-1": b"\xe4",
    "a lone surrogate": b"\xed\xa0\x80",
    "an overlong zero": b"\xc0\x80",
    "not a number": b"nan",
    "infinite": b"-inf",
    "beyond float32": b"1e39",
    "a number of 10 to the power of 400": b"1" + b"0" * 400,
    "hexadecimal": b"0x10",
    "underscore": b"1_000",
    "digits of another script": "٣".encode(),
    "wide digits": "５".encode(),
    "decimal comma": b"5,1",
    "a formula": b"=1+1",
    "text": b"setosa",
    "blank": b" ",
    "nothing": b"",
    "quotation marks": b'"5.1"',
    "a cell of 10 megabytes": b"x" * 10_000_000,
    "a number of 10 megabytes": b"9" * 10_000_000,
}
# Complete files.
FILES = {
    "empty": b"",
    "a byte order mark only": b"\xef\xbb\xbf",
    "header only": MEASURES + b"\n",
    "header and empty lines": MEASURES + b"\n" * 1_000,
    "line endings only": b"\n" * 1_000_000,
    "tabs only": b"\t" * 1_000_000,
    "an empty row": TABLE.replace(b"\n", b"\n\n", 1),
    "a short row": TABLE + b"1\t2\n",
    "a long row": TABLE + b"1\t2\t3\t4\t5\n",
    "a million columns": b"\t".join([b"1"] * 1_000_000) + b"\n" + b"\t".join([b"1"] * 1_000_000) + b"\n",
    "a million columns in the header": b"\t".join([b"a"] * 1_000_000) + b"\n" + b"1\t2\t3\t4\n",
    "more than a million columns": b"\t" * 3_000_000 + b"1\n",
    "a column name of 10 megabytes": b"x" * 10_000_000 + TABLE,
    "a line of 40 megabytes": TABLE + b"x" * 40_000_000,
    "a zero byte in the header": TABLE.replace(b"sepal_width", b"sepal\0width"),
    "a carriage return in the header": TABLE.replace(b"sepal_width", b"sepal\rwidth"),
    "Latin-1 in the header": TABLE.replace(b"sepal_width", b"sepal\xe4width"),
    "UTF-16": TABLE.decode().encode("utf-16"),
    "UTF-16, big-endian": TABLE.decode().encode("utf-16-be"),
    "UTF-32": TABLE.decode().encode("utf-32"),
    "Mac line endings": TABLE.replace(b"\n", b"\r"),
    "compressed": gzip.compress(TABLE),
    "a spreadsheet": b"PK\x03\x04\x14\0" + TABLE,
    "commas": TABLE.replace(b"\t", b","),
    "semicolons": TABLE.replace(b"\t", b";"),
    "spaces": TABLE.replace(b"\t", b" "),
    "row names as in files written by R": TABLE.replace(b"\n5.1", b"\nr1\t5.1"),
    "a tab at the end of each line": TABLE.replace(b"\n", b"\t\n"),
    "a tab at the end of each line except the first": TABLE.replace(b"2\n", b"2\t\n"),
    "a missing header": TABLE.split(b"\n", 1)[1],
    "a Matrix Market file": b"%%MatrixMarket matrix coordinate real general\n150 4 0\n",
}


def samples(seed: int = 0) -> Iterator[tuple[str, bytes]]:
    """Yield names and contents of files that must be refused as features: four columns of numbers with a header."""
    for name, cell in CELLS.items():
        yield name, TABLE.replace(b"5.1", cell, 1)
    yield from FILES.items()
    rng = random.Random(seed)
    for number in range(10):
        yield f"random bytes {number}", MEASURES + b"\n" + rng.randbytes(3_000)


def target_samples(seed: int = 0) -> Iterator[tuple[str, bytes]]:
    """Yield names and contents of files that must be refused as a target: 150 labels of three classes with a header."""
    labels = {
        "a label of a megabyte": b"x" * 1_000_000,
        "a lone carriage return": b"a\rb",
        "a zero byte": b"a\0b",
        "a lone surrogate": b"\xed\xa0\x80",
        "Latin-1": b"\xe4",
        "a missing label": b"",
        "a blank label": b" ",
        "a missing value": b"NA",
        "a fourth class": b"other",
        "a fourth class that forges lines": b"other\x85Error: forged\x1b[2J",
    }
    for name, label in labels.items():
        yield name, LABELS.replace(b"setosa", label, 1)
    yield from {
        "a missing row": LABELS.removesuffix(b"virginica\n"),
        "an additional row": LABELS + b"virginica\n",
        "one class": b"species\n" + b"setosa\n" * ROWS,
        "a class for each row": b"species\n" + b"".join(b"c%d\n" % row for row in range(ROWS)),
        "real numbers": b"species\n" + b"".join(b"0.%d1\n" % row for row in range(ROWS)),
        "a million columns": b"\n".join([b"\t".join([b"0"] * 1_000_000)] * 3),
        "60,000 columns": b"\n".join([b"\t".join([b"0"] * 60_000)] * 3),
        "three million rows": b"species\n" + b"setosa\n" * 3_000_000,
        "Mac line endings": LABELS.replace(b"\n", b"\r"),
        "UTF-16": LABELS.decode().encode("utf-16"),
        "two columns of text": LABELS.replace(b"\n", b"\tb\n"),
        "none of the classes": b"a\tb\tc\n" + b"0\t0\t0\n" * (ROWS - 1) + b"2\t0\t0\n",
    }.items()


def fuzz(seed: int) -> None:
    """Change a valid file at random, and compare the reader of the suite with a simple reader.

    Raises
    ------
    AssertionError
        The results differ.
    """
    from galaxy_keras.data.tables import read_columns, read_features, TableSource
    from galaxy_keras.errors import TableError
    from galaxy_keras.forms.column_choices import ColumnChoice

    rng = random.Random(seed)
    has_header, column_count = rng.random() < 0.5, rng.randint(1, 4)
    content = splice(_write(rng, has_header, column_count), PIECES, rng)
    rows = _split(content, has_header)
    last = rng.choice([None, 1])
    columns = ColumnChoice() if last is None else ColumnChoice("by_index_number", numbers=(last,))
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        source = TableSource(Path(file.name), "table", has_header, columns)
        for read, expected in ((read_features, _read_numbers(rows, last)), (read_columns, _read_texts(rows, last))):
            try:
                found = read(source)
            except TableError as error:
                # The suite, but not the simple reader, takes a first cell above numbers for a header.
                assert expected is None or "in a column of numbers" in str(error), (content, str(error))
                continue
            assert expected is not None, content
            if read is read_features:
                np.testing.assert_allclose(found.values, np.float32(expected), rtol=1e-6, err_msg=repr(content))
            else:
                _compare_texts(found, expected, content)


def _compare_texts(found, expected: list[list[bytes]], content: bytes) -> None:
    for position, column in enumerate(zip(*expected, strict=True)):
        values = found.iloc[:, position].tolist()
        cells = [cell.decode().strip() for cell in column]
        if isinstance(values[0], str):
            assert values == cells, content
        else:
            np.testing.assert_allclose(values, [float(cell) for cell in cells], rtol=1e-12, err_msg=repr(content))


def _write(rng: random.Random, has_header: bool, column_count: int) -> bytes:
    form, end = rng.choice(["{:.3f}", "{:e}", "{:g}", "{:.0f}"]), rng.choice(["\n", "\n", "\r\n"])
    lines = ["\t".join(f"name{column}" for column in range(column_count))] if has_header else []
    for _ in range(rng.randint(1, 6)):
        lines.append("\t".join(form.format(rng.randint(-999, 999) / 8) for _ in range(column_count)))
    return (end.join(lines) + end * rng.randint(0, 3)).encode()


def _split(content: bytes, has_header: bool) -> list[list[bytes]] | None:
    """Split a table into rows of cells; return None if the table must be refused."""
    lines = [line.removesuffix(b"\r") for line in content.split(b"\n")]
    if b"\0" in content or any(b"\r" in line for line in lines):
        return None
    while lines and not lines[-1].strip():
        lines.pop()
    if not lines or not lines[0].strip():
        return None
    lines[0] = lines[0].removeprefix(b"\xef\xbb\xbf")
    rows = [line.split(b"\t") for line in lines]
    if len({len(row) for row in rows}) > 1:
        return None
    if has_header:
        try:
            lines[0].decode()
        except UnicodeDecodeError:
            return None
        return rows[1:] or None
    return rows


def _read_numbers(rows: list[list[bytes]] | None, last: int | None) -> list[list[float]] | None:
    if rows is None:
        return None
    numbers = []
    for row in rows:
        cells = [cell.decode("latin-1").strip(" \x0b\x0c") for cell in row[:last]]
        flags = {"true": "1", "false": "0"}
        cells = [flags.get(cell.lower(), cell) for cell in cells]
        if not all(NUMBER.fullmatch(cell) and abs(float(cell)) <= LARGEST for cell in cells):
            return None
        numbers.append([float(cell) for cell in cells])
    return numbers


def _read_texts(rows: list[list[bytes]] | None, last: int | None) -> list[list[bytes]] | None:
    if rows is None:
        return None
    cells = [row[:last] for row in rows]
    try:
        return cells if all(cell.decode().strip() for row in cells for cell in row) else None
    except UnicodeDecodeError:
        return None

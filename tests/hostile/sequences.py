"""FASTA files that a reader must refuse, and mutations of valid ones that it must read or refuse."""

import gzip
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from galaxy_keras.errors import InputError
from galaxy_keras.sequences.alphabets import DNA
from galaxy_keras.sequences.fasta import read_fasta
from hostile.mutations import CHARACTERS, splice

RECORDS = b"".join(b">site_%d\nACGTACGTNACGTTAGC\nAC\n" % number for number in range(150))
PIECES = [*CHARACTERS, b">", b"\n>", b"> \n", b">site_1\n", b"N", b"-", b"u", b"E", b" ", b"\r\n", b"\x1f\x8b"]
SYMBOLS = np.array(["", *"ACGT", *"RYSWKMBDHV", "N"])

FILES = {
    "empty": b"",
    "line ends only": b"\n" * 1_000_000,
    "a table": b"id\tclass\nsite_1\tdonor\n",
    "a byte order mark": b"\xef\xbb\xbf" + RECORDS,
    "UTF-16": RECORDS.decode().encode("utf-16"),
    "no name": RECORDS + b">\nACGT\n",
    "a blank name": RECORDS + b"> \t \nACGT\n",
    "an empty record": RECORDS + b">last\n",
    "an empty record in the middle": b">first\n" + RECORDS,
    "no known letter": RECORDS + b">last\nNNNN\n",
    "the same identifier twice": RECORDS + b">site_3 again\nACGT\n",
    "a protein": RECORDS + b">last\nMKVLEF\n",
    "digits": RECORDS + b">last\nACGT 60\n",
    "a zero byte": RECORDS + b">last\nAC\0GT\n",
    "a control character": RECORDS + b">last\nAC\x1b[2JGT\n",
    "Latin-1": RECORDS + b">last\nAC\xe4GT\n",
    "a header of 10 megabytes": b">" + b"x" * 10_000_000 + b"\nACGT\n",
    "a header without end": RECORDS + b">" + b"x" * 40_000_000,
    "half of a gzip file": gzip.compress(RECORDS)[:-20],
    "a damaged gzip file": b"\x1f\x8b\x08" + b"\x55" * 1_000,
    "gzip with other bytes at the end": gzip.compress(RECORDS) + b"\x1f\x8b\x08garbage",
    "gzip in gzip": gzip.compress(gzip.compress(RECORDS)),
    "a zip archive": b"PK\x03\x04\x14\0" + RECORDS,
}


def samples(seed: int = 0) -> Iterator[tuple[str, bytes]]:
    """Yield names and contents of files that must be refused as sequences of DNA."""
    yield from FILES.items()
    rng = random.Random(seed)
    for number in range(10):
        yield f"random bytes {number}", b">a\n" + rng.randbytes(3_000)


def fuzz(seed: int) -> None:
    """Change a valid file at random, and assert that the reader agrees with a simple one or refuses the file."""
    rng = random.Random(seed)
    content = splice(RECORDS[: rng.randrange(20, 400)], PIECES, rng)
    if rng.random() < 0.2:
        content = gzip.compress(content)
    with tempfile.NamedTemporaryFile(suffix=".fasta") as file:
        path = Path(file.name)
        path.write_bytes(content)
        try:
            records = read_fasta(path, "Sequences", DNA)
        except InputError as error:
            assert str(error).startswith("Sequences")
            assert str(error).isprintable()
            return
    found = [
        (header, "".join(SYMBOLS[records.sequences.read_whole(row)])) for row, header in enumerate(records.headers)
    ]
    assert found == read_simply(content)


def read_simply(content: bytes) -> list[tuple[str, str]]:
    """Read a valid file line by line: header and letters of each record."""
    if content.startswith(b"\x1f\x8b"):
        content = gzip.decompress(content)
    records: list[tuple[str, str]] = []
    for line in content.split(b"\n"):
        if line.startswith(b">"):
            records.append((line[1:].decode("utf-8", "replace").strip(), ""))
        elif line.strip():
            letters = "".join(line.decode("ascii").split()).upper().translate(str.maketrans("UX-.", "TNNN"))
            records[-1] = (records[-1][0], records[-1][1] + letters)
    return records

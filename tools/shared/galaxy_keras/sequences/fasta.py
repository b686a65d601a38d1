"""Read FASTA files, plain or compressed with gzip, within limits of size, time and memory."""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

from galaxy_keras.errors import InputError
from galaxy_keras.messages import list_some, quote, show
from galaxy_keras.sequences.alphabets import Alphabet, REFUSED, SKIPPED
from galaxy_keras.sequences.letters import LetterFile, Sequences

CHUNK_BYTES = 2**23
GZIP_SIGNATURE = b"\x1f\x8b"
NEWLINE, HEADER = ord("\n"), ord(">")
# Maximum numbers: bytes of a header, records, and bytes of the uncompressed file (more than any known genome).
MAX_HEADER_BYTES, MAX_RECORDS, MAX_BYTES = 10_000, 20_000_000, 2**36
EXPECTED_LETTERS = {
    "dna": "a letter of DNA: A, C, G, T or an IUPAC code",
    "rna": "a letter of RNA: A, C, G, U or an IUPAC code",
    "protein": "an amino acid",
    "letters": "a letter or another ASCII character",
}


@dataclass(frozen=True)
class FastaRecords:
    """Records of a FASTA file.

    Attributes
    ----------
    headers
        Text of each header line after ``>``, without surrounding spaces.
    sequences
        The sequences in the same order.
    """

    headers: list[str]
    sequences: Sequences

    @property
    def ids(self) -> list[str]:
        """Identifier of each record: the first word of its header."""
        return [header.split(maxsplit=1)[0] for header in self.headers]


def read_fasta(path: Path, name: str, alphabet: Alphabet, *, refuses_unknown: bool = False) -> FastaRecords:
    """Read all records.

    Parameters
    ----------
    name
        Name of the dataset in messages.
    refuses_unknown
        Whether unknown letters are refused.

    Raises
    ------
    InputError
        The file is not FASTA, a header has no name, a name occurs twice, or a sequence is empty, has no known letter or
        contains a character that is not a letter of the alphabet.
    """
    with LetterFile() as letters, open_text(path, name) as file:
        reader = _FastaReader(name, alphabet, refuses_unknown, letters)
        reader.read(file)
        return reader.finish()


@contextmanager
def open_text(path: Path, name: str) -> Iterator[BinaryIO]:
    """Open a file that may be compressed with gzip (including bgzip) to read bytes.

    Raises
    ------
    InputError
        The compressed file is damaged or incomplete.
    """
    with path.open("rb") as raw:
        is_compressed = raw.read(2) == GZIP_SIGNATURE
        raw.seek(0)
        try:
            with gzip.GzipFile(fileobj=raw) if is_compressed else raw as file:
                yield file  # type: ignore[misc]
        except (EOFError, zlib.error, gzip.BadGzipFile):
            raise InputError(f"{name}: found a damaged or incomplete gzip file; expected the whole file") from None


class _FastaReader:
    """Parse a FASTA file in chunks."""

    def __init__(self, name: str, alphabet: Alphabet, refuses_unknown: bool, letters: LetterFile):
        self._name = name
        self._alphabet = alphabet
        self._refuses_unknown = refuses_unknown
        self._headers: list[str] = []
        # Letters, and known letters, of each record; the last record may be incomplete.
        self._lengths: list[np.ndarray] = [np.zeros(0, dtype=np.int64)]
        self._known: list[np.ndarray] = [np.zeros(0, dtype=np.int64)]
        self._open_length = self._open_known = 0
        self._letters = letters

    def read(self, file: BinaryIO) -> None:
        """Read the file to its end."""
        rest, is_line_start, count = b"", True, 0
        while True:
            chunk = file.read(CHUNK_BYTES)
            count += len(chunk)
            if count > MAX_BYTES:
                raise InputError(f"{self._name}: found more than {MAX_BYTES:,} bytes; expected a smaller file")
            data = rest + chunk
            if not self._headers and not data.lstrip():
                if not chunk:
                    raise InputError(f"{self._name}: found an empty file; expected FASTA records")
                rest = b""
                continue
            rest = self._parse(data, is_line_start or bool(rest), is_last=not chunk)
            used = len(data) - len(rest)
            if used:
                is_line_start = data[used - 1] == NEWLINE
            if not chunk:
                return

    def _parse(self, data: bytes, is_line_start: bool, is_last: bool) -> bytes:
        """Parse a part of the file and return its incomplete last header, which is parsed with the next part."""
        values = np.frombuffer(data, dtype=np.uint8)
        marks = np.flatnonzero(values == HEADER)
        is_header = (
            np.where(marks > 0, values[marks - 1] == NEWLINE, is_line_start) if len(marks) else np.zeros(0, bool)
        )
        starts = marks[is_header]
        newlines = np.flatnonzero(values == NEWLINE)
        ends = newlines[np.minimum(np.searchsorted(newlines, starts), len(newlines) - 1)] if len(newlines) else starts
        rest = b""
        if len(starts) and ends[-1] <= starts[-1]:
            # The last header has no line end.
            if is_last:
                ends = ends.copy()
                ends[-1] = len(values)
            else:
                rest = data[starts[-1] :]
                if len(rest) > MAX_HEADER_BYTES:
                    raise self._refuse_header(data[starts[-1] + 1 :])
                values, starts, ends = values[: starts[-1]], starts[:-1], ends[:-1]
        self._add_headers(data, starts, ends)
        self._add_letters(values, starts, ends)
        return rest

    def _add_headers(self, data: bytes, starts: np.ndarray, ends: np.ndarray) -> None:
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
            if end - start > MAX_HEADER_BYTES:
                raise self._refuse_header(data[start + 1 : end])
            header = data[start + 1 : end].decode("utf-8", "replace").strip()
            if not header:
                raise InputError(
                    f"{self._name}, record {len(self._headers) + 1:,}: found a header without a name; expected one, "
                    "such as >sequence_1"
                )
            self._headers.append(header)
        if len(self._headers) > MAX_RECORDS:
            raise InputError(f"{self._name}: found more than {MAX_RECORDS:,} records; expected fewer")

    def _refuse_header(self, header: bytes) -> InputError:
        text = header[:100].decode("utf-8", "replace")
        return InputError(
            f"{self._name}, record {len(self._headers) + 1:,}: found a header of more than {MAX_HEADER_BYTES:,} bytes, "
            f"{quote(text, 40)}; expected a shorter one"
        )

    def _add_letters(self, values: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> None:
        first = len(self._headers) - len(starts)
        codes = self._alphabet.code_of_byte[values]
        change = np.zeros(len(values) + 1, dtype=np.int8)
        change[starts] += 1
        change[np.minimum(ends, len(values))] -= 1
        codes[np.cumsum(change[:-1], dtype=np.int8) > 0] = SKIPPED
        is_letter = codes != SKIPPED
        # Letters before the first header of this part belong to the record that began in an earlier part.
        edges = np.concatenate(([0], starts, [len(values)]))
        if first == 0 and is_letter[: edges[1]].any():
            place = int(np.flatnonzero(is_letter[: edges[1]])[0])
            found = bytes(values[place : place + 40]).decode("utf-8", "replace")
            raise InputError(
                f"{self._name}: found {quote(found.splitlines()[0])} at the start; expected FASTA, whose first line is "
                "a header such as >sequence_1"
            )
        self._check_letters(values, codes, edges, first)
        self._count_letters(is_letter, (codes >= 1) & (codes < self._alphabet.unknown), edges)
        self._letters.append(codes[is_letter])

    def _check_letters(self, values: np.ndarray, codes: np.ndarray, edges: np.ndarray, first: int) -> None:
        is_wrong = codes == REFUSED
        if self._refuses_unknown:
            is_wrong |= codes == self._alphabet.unknown
        wrong = np.flatnonzero(is_wrong)
        if not len(wrong):
            return
        place = int(wrong[0])
        part = int(np.searchsorted(edges, place, side="right")) - 1
        record = first + part - 1
        before = int(np.count_nonzero(codes[edges[part] : place] != SKIPPED))
        letter = before + 1 + (self._open_length if part == 0 else 0)
        expected = EXPECTED_LETTERS[self._alphabet.name]
        if codes[place] != REFUSED:
            expected = "a known letter, because the form refuses unknown letters"
        raise InputError(
            f"{self._name}, record {show(self._headers[record])}, letter {letter:,}: found "
            f"{quote(chr(values[place]))}; expected {expected}"
        )

    def _count_letters(self, is_letter: np.ndarray, is_known: np.ndarray, edges: np.ndarray) -> None:
        lengths, known = (np.diff(np.concatenate(([0], np.cumsum(flags)))[edges]) for flags in (is_letter, is_known))
        lengths[0] += self._open_length
        known[0] += self._open_known
        self._open_length, self._open_known = int(lengths[-1]), int(known[-1])
        self._lengths.append(lengths[:-1])
        self._known.append(known[:-1])

    def finish(self) -> FastaRecords:
        """Check the records and return them."""
        if not self._headers:
            raise InputError(f"{self._name}: found an empty file; expected FASTA records")
        # The first entry is the part before the first record.
        lengths = np.concatenate([*self._lengths, [self._open_length]])[1:].astype(np.int64)
        known = np.concatenate([*self._known, [self._open_known]])[1:]
        self._check_records(lengths, known)
        sequences = Sequences.from_lengths(self._alphabet, self._letters.map(), lengths)
        return FastaRecords(self._headers, sequences)

    def _check_records(self, lengths: np.ndarray, known: np.ndarray) -> None:
        for counts, what in ((lengths, "an empty sequence"), (known, "a sequence without a known letter")):
            wrong = np.flatnonzero(counts == 0)
            if len(wrong):
                listed = list_some([self._headers[row] for row in wrong[1:]], 3)
                also = f" (and for {listed})" if len(wrong) > 1 else ""
                raise InputError(
                    f"{self._name}, record {show(self._headers[wrong[0]])}: found {what}{also}; expected letters"
                )


def check_ids(ids: list[str], name: str) -> None:
    """Refuse an identifier that occurs twice.

    Raises
    ------
    InputError
        Names the identifiers.
    """
    seen: set[str] = set()
    twice = list(dict.fromkeys(one for one in ids if one in seen or seen.add(one)))  # type: ignore[func-returns-value]
    if twice:
        raise InputError(f"{name}: found identifiers more than once: {list_some(twice)}; expected each once")

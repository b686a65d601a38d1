"""The entries of a Matrix Market file as a stream, which is checked while the native parser reads it."""

from io import BytesIO
from typing import BinaryIO

import numpy as np

from galaxy_keras.data.matrix_market import check_lines, MatrixHeader
from galaxy_keras.errors import TableError

# Checked at a time; the parser's own threads work on what was checked before.
BYTES_PER_BLOCK = 2**19
LONGEST_LINE = 1024
NEWLINE = b"\n"


class CheckedLines:
    """Parts of a Matrix Market file, each of them a small file of its own to a parser.

    Parameters
    ----------
    file
        At its first entry.
    name
        What messages call it.
    """

    def __init__(self, file: BinaryIO, header: MatrixHeader, name: str):
        self._file, self._header, self._name = file, header, name
        # Lines of the file above the next block, and entries in the blocks before.
        self.line_count = header.line_count
        self._found = 0
        # Checked lines that no part has yet.
        self._lines, self._count = b"", 0
        self._part, self._missing = BytesIO(), 0

    def begin_part(self, count: int) -> None:
        """Let the next reads give a header and the next ``count`` entries."""
        self._part, self._missing = BytesIO(self._header.write(count)), count

    def read(self, size: int = -1) -> bytes:
        """Return at most ``size`` bytes of the part, none at its end; see ``io.RawIOBase.read``.

        Raises
        ------
        TableError
            A line that is not an entry, or too few of them.
        """
        piece = self._part.read(size)
        if not piece and self._missing:
            self._part = BytesIO(self._take_lines())
            piece = self._part.read(size)
        return piece

    def require_end(self) -> None:
        """Refuse entries behind those of the last part."""
        while self._count or self._read_block():
            self._found += self._count
            self._count = 0
        if self._found != self._header.entry_count:
            raise self._describe_count()

    def _take_lines(self) -> bytes:
        """Return lines of the part, as many as have been checked."""
        while not self._count:
            if not self._read_block():
                raise self._describe_count()
        lines, count = self._lines, min(self._count, self._missing)
        end = len(lines)
        if count < self._count:
            end = int(np.flatnonzero(np.frombuffer(lines, np.uint8) == ord(NEWLINE))[count - 1]) + 1
        self._lines, self._count = lines[end:], self._count - count
        self._missing -= count
        self._found += count
        return lines[:end]

    def _read_block(self) -> bool:
        """Read and check the next lines of the file; return whether there are any."""
        text = self._file.read(BYTES_PER_BLOCK)
        if text and not text.endswith(NEWLINE):
            rest = self._file.readline(LONGEST_LINE)
            if len(rest) == LONGEST_LINE:
                raise TableError(
                    f"{self._name}, line {self.line_count + text.count(NEWLINE) + 1}: found more than {LONGEST_LINE:,} "
                    "characters; expected an entry"
                )
            text += rest
        self._lines, self._count = check_lines(text, self._header, self.line_count, self._name) if text else (b"", 0)
        self.line_count += self._count if self._lines is text else text.count(NEWLINE)
        return bool(text)

    def _describe_count(self) -> TableError:
        return TableError(
            f"{self._name}: found a header that says {self._header.entry_count} entries above {self._found}; expected "
            "as many"
        )

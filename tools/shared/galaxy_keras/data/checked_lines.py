"""Stream the entries of a Matrix Market file to the native parser, and check them on the way."""

from io import BytesIO
from typing import BinaryIO

import numpy as np

from galaxy_keras.data.matrix_market import check_lines, MatrixHeader
from galaxy_keras.errors import TableError

# Number of bytes to check at a time. Meanwhile, the threads of the parser read the previous blocks.
BYTES_PER_BLOCK = 2**19
MAX_LINE_BYTES = 1024
NEWLINE = b"\n"


class CheckedLines:
    """Readable object that presents parts of a Matrix Market file as complete files to a parser.

    Parameters
    ----------
    file
        File at the position of its first entry.
    header
        Header of the file.
    name
        Name of the file in messages.
    """

    def __init__(self, file: BinaryIO, header: MatrixHeader, name: str):
        self._file, self._header, self._name = file, header, name
        # Number of lines before the next block, and of entries in the previous parts.
        self.line_count = header.line_count
        self._found = 0
        # Checked lines that do not belong to a part yet, and their number of entries.
        self._lines, self._count = b"", 0
        self._part, self._missing = BytesIO(), 0

    def begin_part(self, count: int) -> None:
        """Start a part that consists of a header and the next ``count`` entries."""
        self._part, self._missing = BytesIO(self._header.write(count)), count

    def read(self, size: int = -1) -> bytes:
        """Return at most ``size`` bytes of the part, or none at its end; see ``io.RawIOBase.read``.

        Raises
        ------
        TableError
            A line is not an entry, or the file contains fewer entries than its header declares.
        """
        piece = self._part.read(size)
        if not piece and self._missing:
            self._part = BytesIO(self._take_lines())
            piece = self._part.read(size)
        return piece

    def require_end(self) -> None:
        """Check that the file contains no more entries than its header declares.

        Raises
        ------
        TableError
            The file contains more entries.
        """
        while self._count or self._read_block():
            self._found += self._count
            self._count = 0
        if self._found != self._header.entry_count:
            raise self._describe_count()

    def _take_lines(self) -> bytes:
        """Return the checked lines that belong to the part."""
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
        """Read and check the next lines of the file, and return whether there are any."""
        text = self._file.read(BYTES_PER_BLOCK)
        if text and not text.endswith(NEWLINE):
            rest = self._file.readline(MAX_LINE_BYTES)
            if len(rest) == MAX_LINE_BYTES:
                raise TableError(
                    f"{self._name}, line {self.line_count + text.count(NEWLINE) + 1}: found more than "
                    f"{MAX_LINE_BYTES:,} characters; expected an entry"
                )
            text += rest
        self._lines, self._count = check_lines(text, self._header, self.line_count, self._name) if text else (b"", 0)
        self.line_count += self._count if self._lines is text else text.count(NEWLINE)
        return bool(text)

    def _describe_count(self) -> TableError:
        return TableError(f"{self._name}: the header declares {self._header.entry_count} entries; found {self._found}")

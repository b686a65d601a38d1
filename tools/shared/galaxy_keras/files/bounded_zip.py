"""Zip archives from strangers: read in small pieces and within bounds, whatever their headers declare."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Bytes that are read at once, the list of members too, of which an estimator has four.
PIECE = 2**17


class OversizeError(Exception):
    """A member that holds more bytes than it may."""


class _BoundedFile(io.BufferedReader):
    """A file of which nothing large is read at once, as ``zipfile`` would do for a long list of members."""

    def read(self, size: int | None = -1) -> bytes:
        if size is not None and size > PIECE:
            raise zipfile.BadZipFile(f"its list of members takes {size:,} bytes")
        return super().read(size)


@contextmanager
def open_zip(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open a zip whose list of members is short.

    Raises
    ------
    zipfile.BadZipFile
        The list is long, or this is not a zip; ``zipfile`` raises other errors as well.
    """
    with _BoundedFile(io.FileIO(path)) as file, zipfile.ZipFile(file) as archive:
        yield archive


def read_pieces(archive: zipfile.ZipFile, member: str, limit: int) -> Iterator[bytes]:
    """Read a member piece by piece.

    Raises
    ------
    OversizeError
        It holds more bytes than ``limit``.
    """
    size = 0
    with archive.open(member) as file:
        while piece := file.read(PIECE):
            size += len(piece)
            if size > limit:
                raise OversizeError(member)
            yield piece

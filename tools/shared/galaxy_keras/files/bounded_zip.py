"""Read untrusted zip archives in small pieces and within limits, whatever their headers declare."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Maximum number of bytes of one read. It also limits the list of members, of which an estimator has four.
PIECE_BYTES = 2**17


class OversizeError(Exception):
    """A member of an archive is larger than its limit."""


class _BoundedFile(io.BufferedReader):
    """A file that refuses large reads, such as those of ``zipfile`` for a long list of members."""

    def read(self, size: int | None = -1) -> bytes:
        if size is not None and size > PIECE_BYTES:
            raise zipfile.BadZipFile(f"its list of members takes {size:,} bytes")
        return super().read(size)


@contextmanager
def open_zip(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open a zip archive that has a short list of members.

    Raises
    ------
    zipfile.BadZipFile
        The list of members is too long, or the file is not a zip archive. ``zipfile`` can also raise other errors.
    """
    with _BoundedFile(io.FileIO(path)) as file, zipfile.ZipFile(file) as archive:
        yield archive


def read_pieces(archive: zipfile.ZipFile, member: str, limit: int) -> Iterator[bytes]:
    """Yield the content of a member in pieces.

    Raises
    ------
    OversizeError
        The member has more than ``limit`` bytes.
    """
    size = 0
    with archive.open(member) as file:
        while piece := file.read(PIECE_BYTES):
            size += len(piece)
            if size > limit:
                raise OversizeError(member)
            yield piece

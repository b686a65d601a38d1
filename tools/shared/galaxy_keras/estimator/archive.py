"""The zip around an estimator: few members of known names, read within bounds whatever their headers declare."""

import errno
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from galaxy_keras.errors import EstimatorError, InputError
from galaxy_keras.files.bounded_zip import open_zip, OversizeError, read_pieces
from galaxy_keras.files.foreign_files import describe_foreign_estimator
from galaxy_keras.files.writing import write_complete
from galaxy_keras.messages import quote, show

DESCRIPTION, ARCHITECTURE, WEIGHTS, HISTORY = "estimator.json", "architecture.json", "model.weights.h5", "history.json"
MEMBERS = (DESCRIPTION, ARCHITECTURE, WEIGHTS, HISTORY)
MEGABYTE = 2**20
# Bytes of each JSON member.
LARGEST_JSON = 64 * MEGABYTE
# Weights hardly shrink in a zip, those that are all zero excepted. The tools store them as they are.
LARGEST_EXPANSION = 8
ALWAYS_ALLOWED = 64 * MEGABYTE
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED = 0x1


def read_json_members(path: Path, name: str) -> dict[str, bytes]:
    """Read all members of an estimator's zip but the weights, which must only be there; they are given empty.

    Raises
    ------
    EstimatorError
        Not a zip, or members that are unknown, damaged, encrypted, too large or packed in an unusual way.
    """
    with _open_archive(path, name) as archive:
        return {
            member: b"" if member == WEIGHTS else b"".join(_read_bounded(archive, member, LARGEST_JSON, name))
            for member in archive.namelist()
        }


def extract_weights(path: Path, target: Path, name: str = "estimator") -> None:
    """Copy a fitted estimator's weights to a file of their own, complete or not at all.

    Parameters
    ----------
    target
        Must end in ``.weights.h5`` for Keras.

    Raises
    ------
    EstimatorError
        As :func:`read_json_members`, or weights that are far larger than the archive.
    """
    limit = max(ALWAYS_ALLOWED, LARGEST_EXPANSION * path.stat().st_size)
    with write_complete(target) as beside, beside.open("wb") as file, _open_archive(path, name) as archive:
        for piece in _read_bounded(archive, WEIGHTS, limit, name):
            file.write(piece)


@contextmanager
def _open_archive(path: Path, name: str) -> Iterator[zipfile.ZipFile]:
    """Open a zip whose members have been checked; an error while it is open means that it is damaged."""
    if not zipfile.is_zipfile(path):
        raise EstimatorError(f"{name}: {describe_foreign_estimator(path)}")
    try:
        with open_zip(path) as archive:
            _check_members(archive, path, name)
            yield archive
    except (InputError, MemoryError):
        raise
    except Exception as error:  # zipfile raises whatever its own code and the decompressors raise.
        if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):
            raise
        reason = show(str(error) or type(error).__name__)
        raise EstimatorError(f"{name}: found a damaged zip archive ({reason}); expected an intact file") from None


def _check_members(archive: zipfile.ZipFile, path: Path, name: str) -> None:
    names = archive.namelist()
    for member in archive.infolist():
        place = f"{name}, {show(member.filename)}"
        if member.filename not in MEMBERS:
            climbs = member.filename.startswith("/") or ".." in Path(member.filename).parts
            if DESCRIPTION not in names and not climbs:
                raise EstimatorError(f"{name}: {describe_foreign_estimator(path)}")
            found = "a path that climbs out of the archive" if climbs else "an unknown member"
            raise EstimatorError(f"{name}: found {found}, {quote(member.filename)}; expected only {', '.join(MEMBERS)}")
        if names.count(member.filename) > 1:
            raise EstimatorError(f"{name}: found the member {member.filename} twice; expected it once")
        if member.flag_bits & ENCRYPTED:
            raise EstimatorError(f"{place}: found an encrypted member; expected a zip without a password")
        if member.compress_type not in METHODS:
            raise EstimatorError(
                f"{place}: found the compression method {member.compress_type}; expected a member that is stored or "
                "deflated"
            )


def _read_bounded(archive: zipfile.ZipFile, member: str, limit: int, name: str) -> Iterator[bytes]:
    if member not in archive.namelist():
        raise EstimatorError(f"{name}: found no member {member}; expected it in an estimator")
    try:
        yield from read_pieces(archive, member, limit)
    except OversizeError:
        raise EstimatorError(
            f"{name}, {member}: found more than {limit:,} bytes; expected at most {limit:,} in an archive of this size"
        ) from None

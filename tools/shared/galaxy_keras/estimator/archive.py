"""Read the members of an estimator's zip archive within fixed size limits."""

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
# Maximum size of a JSON member in bytes.
MAX_JSON = 64 * MEGABYTE
# Maximum ratio of unpacked weights to the archive. Weights hardly compress (except for zeros), and the tools store them
# uncompressed.
MAX_EXPANSION = 8
# Weights up to this size in bytes are accepted at any ratio.
ALWAYS_ALLOWED = 64 * MEGABYTE
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED = 0x1


def read_json_members(path: Path, name: str) -> dict[str, bytes]:
    """Read all members of an estimator's archive except the weights.

    Returns
    -------
    dict
        Content by member name. If the archive contains weights, their content is empty.

    Raises
    ------
    EstimatorError
        The file is not a zip archive, or a member is unknown, damaged, encrypted, too large or compressed with an
        unsupported method.
    """
    with _open_archive(path, name) as archive:
        return {
            member: b"" if member == WEIGHTS else b"".join(_read_bounded(archive, member, MAX_JSON, name))
            for member in archive.namelist()
        }


def extract_weights(path: Path, target: Path, name: str = "estimator") -> None:
    """Copy the weights of a fitted estimator to a separate file.

    If an error occurs, no file is written.

    Parameters
    ----------
    target
        File to write. Keras requires that the name ends in ``.weights.h5``.

    Raises
    ------
    EstimatorError
        See :func:`read_json_members`; also if the weights are much larger than the archive.
    """
    limit = max(ALWAYS_ALLOWED, MAX_EXPANSION * path.stat().st_size)
    with write_complete(target) as unfinished, unfinished.open("wb") as file, _open_archive(path, name) as archive:
        for piece in _read_bounded(archive, WEIGHTS, limit, name):
            file.write(piece)


@contextmanager
def _open_archive(path: Path, name: str) -> Iterator[zipfile.ZipFile]:
    """Open an archive and check its members; report errors while it is open as damage."""
    if not zipfile.is_zipfile(path):
        raise EstimatorError(f"{name}: {describe_foreign_estimator(path)}")
    try:
        with open_zip(path) as archive:
            _check_members(archive, path, name)
            yield archive
    except (InputError, MemoryError):
        raise
    except Exception as error:  # zipfile and the decompressors raise many types of errors.
        if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):
            raise
        reason = show(str(error) or type(error).__name__)
        raise EstimatorError(f"{name}: found a damaged zip archive ({reason}); expected an intact file") from None


def _check_members(archive: zipfile.ZipFile, path: Path, name: str) -> None:
    names = archive.namelist()
    for member in archive.infolist():
        place = f"{name}, {show(member.filename)}"
        if member.filename not in MEMBERS:
            is_outside = member.filename.startswith("/") or ".." in Path(member.filename).parts
            if DESCRIPTION not in names and not is_outside:
                raise EstimatorError(f"{name}: {describe_foreign_estimator(path)}")
            found = "a path outside of the archive" if is_outside else "an unknown member"
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
        raise EstimatorError(f"{name}: the member {member} is missing; expected it in an estimator")
    try:
        yield from read_pieces(archive, member, limit)
    except OversizeError:
        raise EstimatorError(
            f"{name}, {member}: found more than {limit:,} bytes; expected at most {limit:,} in an archive of this size"
        ) from None

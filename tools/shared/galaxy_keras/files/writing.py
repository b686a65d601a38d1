"""Write output files completely or not at all."""

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from galaxy_keras.errors import InputError, OutputError
from galaxy_keras.messages import quote, show

# How h5py 3 reports an error of the system, in exceptions of several classes.
HDF5_ERROR = re.compile(r"errno = \d+, error message = '([^']+)'")


@contextmanager
def write_complete(path: Path, suffix: str = ".part") -> Iterator[Path]:
    """Yield a temporary path in the same folder, and rename it to ``path`` if the block succeeds.

    Parameters
    ----------
    path
        Path of the output.
    suffix
        Suffix of the temporary file; Keras and matplotlib derive the format from the suffix.

    Raises
    ------
    OutputError
        The system refuses to write, for example because the disk is full or ``path`` is a folder.
    """
    part = path.with_name(path.name + suffix)
    try:
        yield part
        os.replace(part, path)
    except InputError:
        raise
    except Exception as error:
        reason = _find_reason(error, {str(path), str(part)})
        if reason is None:
            raise
        raise OutputError(
            f"output {show(path.name)}: cannot be written ({reason}); check that the folder exists "
            "and the disk has free space"
        ) from None
    finally:
        # If the file could not be created, it cannot be removed.
        with suppress(OSError):
            part.unlink()


def _find_reason(error: Exception, own: set[str]) -> str | None:
    """Return why the system refused to write, or None for other errors and errors of other files."""
    in_hdf5 = HDF5_ERROR.search(str(error))
    if in_hdf5:
        return in_hdf5[1]
    if isinstance(error, OSError) and (error.filename is None or str(error.filename) in own):
        return error.strerror or quote(str(error))
    return None


def write_json(path: Path, document: Any) -> None:
    """Write a JSON document with an indentation of 2 as UTF-8, completely or not at all."""
    with write_complete(path) as part:
        part.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")

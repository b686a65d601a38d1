"""Output files that are complete or absent."""

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from galaxy_keras.errors import InputError, OutputError
from galaxy_keras.messages import quote, show

# How HDF5 names an error of the system, whatever the class of the exception.
HDF5_ERROR = re.compile(r"errno = \d+, error message = '([^']+)'")


@contextmanager
def write_complete(path: Path, suffix: str = ".part") -> Iterator[Path]:
    """Give a file beside ``path`` to write to; it takes the place of ``path`` when the block ends well.

    Parameters
    ----------
    path
        Where the output shall stand.
    suffix
        Ending of the file beside it; Keras and matplotlib go by a file name's ending.

    Raises
    ------
    OutputError
        The system refuses to write, as where the disk is full or ``path`` is a folder.
    """
    beside = path.with_name(path.name + suffix)
    try:
        yield beside
        os.replace(beside, path)
    except InputError:
        raise
    except Exception as error:
        reason = _find_reason(error, {str(path), str(beside)})
        if reason is None:
            raise
        raise OutputError(
            f"output {show(path.name)}: cannot be written ({reason}); expected a folder and a disk with room for it"
        ) from None
    finally:
        # Where no such file could be made, it cannot be removed either.
        with suppress(OSError):
            beside.unlink()


def _find_reason(error: Exception, own: set[str]) -> str | None:
    """Return why the system refused to write; None for other errors, and for those of other files."""
    in_hdf5 = HDF5_ERROR.search(str(error))
    if in_hdf5:
        return in_hdf5[1]
    is_own = isinstance(error, OSError) and (error.filename is None or str(error.filename) in own)
    return (error.strerror or quote(str(error))) if is_own else None


def write_json(path: Path, document: Any) -> None:
    """Write a JSON document, indented by 2, UTF-8, complete or not at all."""
    with write_complete(path) as beside:
        beside.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")

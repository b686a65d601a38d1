"""Output files that are complete or absent."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def write_complete(path: Path, suffix: str = ".part") -> Iterator[Path]:
    """Give a file beside ``path`` to write to; it takes the place of ``path`` when the block ends well.

    Parameters
    ----------
    path
        Where the output shall stand.
    suffix
        Ending of the file beside it; Keras and matplotlib go by a file name's ending.
    """
    beside = path.with_name(path.name + suffix)
    try:
        yield beside
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def write_json(path: Path, document: Any) -> None:
    """Write a JSON document, indented by 2, UTF-8, complete or not at all."""
    with write_complete(path) as beside:
        beside.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")

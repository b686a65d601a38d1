"""Warnings of Keras, scikit-learn and matplotlib: lines of the job's log, not words on standard error.

Galaxy shows standard error of a job that succeeds as if something had failed.
"""

import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from galaxy_keras.log import say
from galaxy_keras.messages import show

# What warnings of libraries mean to a user, by how they begin; None for those that mean nothing.
MEANINGS = {
    r"Glyph \d+ |Matplotlib currently does not support": (
        "the font of the plots lacks some characters of the labels, which are drawn as boxes or apart"
    ),
    "Your input ran out of data": "the rows end before the number of steps that the estimator asks for",
    "The structure of `inputs` doesn't match": None,
}
LENGTH = 250


@contextmanager
def log_warnings() -> Iterator[None]:
    """Write each different warning to the job's log, once."""
    said = set()

    def write(message: Warning | str, *_: object, **__: object) -> None:
        line = _explain(" ".join(str(message).split()))
        if line is not None and line not in said:
            said.add(line)
            say(f"Warning: {line}")

    with warnings.catch_warnings():
        warnings.showwarning = write
        yield


def _explain(message: str) -> str | None:
    """Return what a user reads of a warning, or None."""
    known = (meaning for pattern, meaning in MEANINGS.items() if re.match(pattern, message))
    return next(known, show(message, LENGTH))

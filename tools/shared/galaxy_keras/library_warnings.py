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
    "Matplotlib currently does not support": "the plots draw some letters apart that belong together in their script",
    "Your input ran out of data": "the rows end before the number of steps that the estimator asks for",
    "The structure of `inputs` doesn't match": None,
}
MISSING_GLYPH = re.compile(r"Glyph (\d+) .* missing from")
LENGTH = 250


@contextmanager
def log_warnings() -> Iterator[None]:
    """Write each different warning to the job's log, once; at the end, the letters that the plots' font lacks."""
    said: set[str] = set()
    letters: dict[str, None] = {}

    def write(message: Warning | str, *_: object, **__: object) -> None:
        text = " ".join(str(message).split())
        glyph = MISSING_GLYPH.match(text)
        if glyph:
            letters[chr(int(glyph[1]))] = None
            return
        line = _explain(text)
        if line is not None and line not in said:
            said.add(line)
            say(f"Warning: {line}")

    with warnings.catch_warnings():
        warnings.showwarning = write
        yield
    if letters:
        say(f"Images show boxes for letters that their font lacks: {show(''.join(letters), LENGTH)}")


def _explain(message: str) -> str | None:
    """Return what a user reads of a warning, or None."""
    known = (meaning for start, meaning in MEANINGS.items() if message.startswith(start))
    return next(known, show(message, LENGTH))

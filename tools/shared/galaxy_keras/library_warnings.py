"""Redirect warnings of Keras, scikit-learn and matplotlib from standard error to the log of the job.

Users take text on standard error for a failure, even if the job succeeds.
"""

import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from galaxy_keras.log import say
from galaxy_keras.messages import show

# Beginnings of warnings and the texts to log instead. A warning with None is not logged.
# Seen in matplotlib 3.10 (the first) and Keras 3.15.
MEANINGS = {
    "Matplotlib currently does not support": "the plots may draw letters separately that are joined in their script",
    "Your input ran out of data": "there are fewer rows than the steps per epoch of the estimator require",
    "The structure of `inputs` doesn't match": None,
}
MISSING_GLYPH = re.compile(r"Glyph (\d+) .* missing from")
MAX_LENGTH = 250


@contextmanager
def log_warnings() -> Iterator[None]:
    """Write each distinct warning once to the log, and at the end the characters missing from the plots' font."""
    logged: set[str] = set()
    characters: dict[str, None] = {}

    def write(message: Warning | str, *_: object, **__: object) -> None:
        text = " ".join(str(message).split())
        glyph = MISSING_GLYPH.match(text)
        if glyph:
            characters[chr(int(glyph[1]))] = None
            return
        line = _explain(text)
        if line is not None and line not in logged:
            logged.add(line)
            say(f"Warning: {line}")

    with warnings.catch_warnings():
        warnings.showwarning = write
        yield
    if characters:
        listed = show("".join(characters), MAX_LENGTH)
        say(f"Images show boxes for characters that are missing from their font: {listed}")


def _explain(message: str) -> str | None:
    """Return the text to log for a warning, or None to omit it."""
    known = (meaning for start, meaning in MEANINGS.items() if message.startswith(start))
    return next(known, show(message, MAX_LENGTH))

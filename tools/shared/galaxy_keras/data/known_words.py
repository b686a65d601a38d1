"""The numbers of words, and how much of a text a vocabulary knows."""

import numpy as np

from galaxy_keras.log import say

PADDING = 0
OTHER_WORD = 1
# Words of the vocabulary are numbered from here.
FIRST_WORD = 2


class KnownWords:
    """How much of some rows of word numbers the vocabulary knows."""

    def __init__(self, unit: str):
        self._unit = unit
        self._row_count = self._word_count = self._known_count = self._unknown_rows = 0

    def add(self, values: np.ndarray) -> None:
        """Count rows, shape (n_rows, length)."""
        is_known = values >= FIRST_WORD
        self._row_count += len(values)
        self._word_count += np.count_nonzero(values != PADDING)
        self._known_count += np.count_nonzero(is_known)
        self._unknown_rows += len(values) - np.count_nonzero(is_known.any(axis=1))

    def report(self, name: str) -> None:
        """Write to the log what was counted; ``name`` is what it calls the rows."""
        share = self._known_count / max(1, self._word_count)
        say(f"Known {self._unit} in {self._row_count:,} {name}: {share:.0%} of {self._word_count:,} that are read")
        if self._unknown_rows:
            say(
                f"Warning: {self._unknown_rows:,} of the {self._row_count:,} {name} have no known {self._unit}; their "
                "predictions do not depend on their text"
            )

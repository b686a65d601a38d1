"""Count how many words of a text are in the vocabulary."""

import numpy as np

from galaxy_keras.data.text_encoding import FIRST_WORD, PADDING
from galaxy_keras.log import say


class KnownWords:
    """Counts of the words in encoded rows that are in the vocabulary.

    Parameters
    ----------
    unit
        ``words`` or ``characters``."""

    def __init__(self, unit: str):
        self._unit = unit
        self._row_count = self._word_count = self._known_count = self._unknown_rows = 0

    def add(self, values: np.ndarray) -> None:
        """Count the words of encoded rows, shape (n_rows, length)."""
        is_known = values >= FIRST_WORD
        self._row_count += len(values)
        self._word_count += np.count_nonzero(values != PADDING)
        self._known_count += np.count_nonzero(is_known)
        self._unknown_rows += len(values) - np.count_nonzero(is_known.any(axis=1))

    def report(self, name: str) -> None:
        """Log the fraction of known words and the number of rows without any.

        Parameters
        ----------
        name
            Name of the rows in the log, such as ``validation rows``.
        """
        share = self._known_count / max(1, self._word_count)
        say(f"Known {self._unit} in {self._row_count:,} {name}: {share:.0%} of {self._word_count:,}")
        if self._unknown_rows:
            say(
                f"Warning: {self._unknown_rows:,} of the {self._row_count:,} {name} contain no known {self._unit}; "
                "their predictions do not depend on their text"
            )

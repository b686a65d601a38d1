"""Raw text as word numbers: words ranked by how often they stand in the rows that a network learns from."""

import re
from dataclasses import dataclass

import numpy as np

from galaxy_keras.errors import InputError, TableError
from galaxy_keras.estimator_file import TextEncoding
from galaxy_keras.tables import Features, read_columns, TableSource

WORD = re.compile(r"\w+(?:['’]\w+)*")
PADDING = 0
OTHER_WORD = 1
# Words of the vocabulary are numbered from here.
FIRST_WORD = 2
# Letters of a word that count; without a bound one row without blanks could fill the estimator file.
WORD_LENGTH = 100


@dataclass(frozen=True)
class TextChoice:
    """How text shall become numbers.

    Attributes
    ----------
    skipped_count
        How many of the most frequent words are left out: they stand everywhere and tell little.
    vocabulary_size
        How many of the next words get a number of their own.
    length
        Words of each row.
    pads_front, trims_front
        Whether a short row is filled up, and a long one cut, at its front; otherwise at its end.
    """

    skipped_count: int = 50
    vocabulary_size: int = 10_000
    length: int = 500
    pads_front: bool = True
    trims_front: bool = True


class Texts:
    """A column of text, split into words once.

    Parameters
    ----------
    source
        A table with one chosen column.
    choice
        How the vocabulary is learnt; None where an estimator brings it.

    Raises
    ------
    TableError
        More than one column, or a table that cannot be read.
    """

    def __init__(self, source: TableSource, choice: TextChoice | None = None):
        table = read_columns(source)
        if table.shape[1] != 1:
            raise TableError(f"{source.name}: found {table.shape[1]} columns of text; expected one")
        self.source = source
        self.choice = choice
        numbers: dict[str, int] = {}
        self._rows = [_number_words(str(text), numbers) for text in table.iloc[:, 0]]
        self._words = np.array(list(numbers) or [""])

    @property
    def row_count(self) -> int:
        """Number of samples."""
        return len(self._rows)

    @property
    def column_count(self) -> int:
        """Words of a row, once encoded."""
        return self.choice.length

    def learn(self, rows: np.ndarray) -> TextEncoding:
        """Rank the words of some rows by how often they stand there, words of the same count by the alphabet."""
        choice = self.choice
        counts = np.bincount(np.concatenate([self._rows[row] for row in rows]), minlength=len(self._words))
        order = np.lexsort((self._words, -counts))
        order = order[counts[order] > 0][choice.skipped_count : choice.skipped_count + choice.vocabulary_size]
        if not len(order):
            raise InputError(
                f"{self.source.name}: found {np.count_nonzero(counts)} different words in the training rows; expected "
                f"more than the {choice.skipped_count} most frequent ones, which are skipped"
            )
        return TextEncoding(self._words[order].tolist(), choice.length, choice.pads_front, choice.trims_front)

    def encode(self, encoding: TextEncoding) -> Features:
        """Give each row as word numbers, float32 of shape (n_rows, length)."""
        known = {word: number for number, word in enumerate(encoding.words, start=FIRST_WORD)}
        numbers = np.array([known.get(word, OTHER_WORD) for word in self._words.tolist()], dtype=np.float32)
        values = np.full((self.row_count, encoding.length), PADDING, dtype=np.float32)
        for row, words in zip(values, self._rows, strict=True):
            kept = words[-encoding.length :] if encoding.trims_front else words[: encoding.length]
            if len(kept):
                row[slice(-len(kept), None) if encoding.pads_front else slice(len(kept))] = numbers[kept]
        return Features(values, None, self.source, encoding)

    def prepare(self, rows: np.ndarray) -> Features:
        """Learn the vocabulary from some rows and encode all of them."""
        return self.encode(self.learn(rows))


def _number_words(text: str, numbers: dict[str, int]) -> np.ndarray:
    words = (word[:WORD_LENGTH] for word in WORD.findall(text.lower()))
    return np.array([numbers.setdefault(word, len(numbers)) for word in words], dtype=np.int64)

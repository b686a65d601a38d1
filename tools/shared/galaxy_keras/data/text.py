"""Raw text as word numbers: words ranked by how often they occur in the rows that a network learns from."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from galaxy_keras.data.known_words import FIRST_WORD, KnownWords, OTHER_WORD, PADDING
from galaxy_keras.data.table_rows import measure_table, MeasuredTable, TableSource
from galaxy_keras.data.tables import Features
from galaxy_keras.data.words import has_no_blanks, SPLITTERS, WORDS
from galaxy_keras.errors import InputError, TableError
from galaxy_keras.estimator.contents import TextEncoding
from galaxy_keras.log import say

ROWS_PER_BLOCK = 10_000


@dataclass(frozen=True)
class TextChoice:
    """How text becomes numbers; what is said of words here holds for characters as well.

    Attributes
    ----------
    skipped_count
        How many of the most frequent words are left out: they occur everywhere and tell little.
    vocabulary_size
        How many of the next words get a number of their own.
    length
        Words of each row.
    pads_front, trims_front
        Whether a short row is filled up, and a long one cut, at its front; otherwise at its end.
    unit
        ``words`` or ``characters``: what is numbered.
    """

    skipped_count: int = 50
    vocabulary_size: int = 10_000
    length: int = 500
    pads_front: bool = True
    trims_front: bool = True
    unit: str = WORDS


class Texts:
    """A column of text, split into words once.

    Parameters
    ----------
    source
        A table with one chosen column.
    choice
        What the text is split into, and how the vocabulary is learned.

    Raises
    ------
    TableError
        More than one column, or a table that cannot be read.
    """

    def __init__(self, source: TableSource, choice: TextChoice):
        self.source = source
        self.choice = choice
        numbers: dict[str, int] = {}
        blocks = read_text_blocks(measure_table(source), ROWS_PER_BLOCK)
        split = SPLITTERS[choice.unit]
        self._rows = [_number_words(split(text), numbers) for texts, _ in blocks for text in texts]
        self._words = np.array(list(numbers) or [""])
        if choice.unit == WORDS:
            self._warn_without_blanks()

    @property
    def row_count(self) -> int:
        """Number of samples."""
        return len(self._rows)

    @property
    def column_count(self) -> int:
        """Words of a row, once encoded."""
        return self.choice.length

    def learn(self, rows: np.ndarray) -> TextEncoding:
        """Rank the words of some rows by how often they occur there, words of the same count by the alphabet."""
        choice = self.choice
        counts = np.bincount(np.concatenate([self._rows[row] for row in rows]), minlength=len(self._words))
        order = np.lexsort((self._words, -counts))
        found = order[counts[order] > 0]
        skipped, kept = np.split(found, [choice.skipped_count])
        kept = kept[: choice.vocabulary_size]
        if not len(kept):
            raise InputError(
                f"{self.source.name}: found {len(found)} different {choice.unit} in the training rows; expected more "
                f"than the {choice.skipped_count} most frequent ones, which are skipped (0 skips none)"
            )
        say(
            f"Vocabulary: {len(kept):,} of {len(found):,} different {choice.unit} in the training rows; the "
            f"{len(skipped):,} most frequent ones are skipped"
        )
        if 2 * counts[skipped].sum() > counts.sum():
            say(
                f"Warning: the {len(skipped):,} {choice.unit} that are skipped make up "
                f"{counts[skipped].sum() / counts.sum():.0%} of the text; skip fewer of them"
            )
        options = (choice.length, choice.pads_front, choice.trims_front, choice.unit)
        return TextEncoding(self._words[kept].tolist(), *options)

    def encode(self, encoding: TextEncoding) -> Features:
        """Give each row as word numbers, float32 of shape (n_rows, length)."""
        known = _number_vocabulary(encoding)
        numbers = np.array([known.get(word, OTHER_WORD) for word in self._words.tolist()], dtype=np.float32)
        values = _align_rows([numbers[words] for words in self._rows], encoding)
        return Features(values, None, self.source, encoding)

    def prepare(self, rows: np.ndarray) -> Features:
        """Learn the vocabulary from some rows and encode all of them."""
        return self.encode(self.learn(rows))

    def _warn_without_blanks(self) -> None:
        """Say so where a sentence, or a whole row, counts as one word."""
        lone = sum(len(words) <= 1 for words in self._rows)
        joined = sum(map(has_no_blanks, self._words.tolist()))
        if 2 * lone > len(self._rows) or 2 * joined > len(self._words):
            say(
                f"Warning: {lone:,} of {len(self._rows):,} rows have no more than one word, and {joined:,} of "
                f"{len(self._words):,} different words are long ones of a script without blanks; for text without "
                "blanks, split it into characters"
            )


class TextEncoder:
    """A stored vocabulary at work on rows that come block by block."""

    def __init__(self, encoding: TextEncoding):
        self.known_words = KnownWords(encoding.unit)
        self._encoding = encoding
        self._split = SPLITTERS[encoding.unit]
        self._known = _number_vocabulary(encoding)

    def encode(self, texts: Iterable[str]) -> np.ndarray:
        """Return each row as word numbers, float32 of shape (n_rows, length)."""
        rows = [[self._known.get(word, OTHER_WORD) for word in self._split(text)] for text in texts]
        values = _align_rows(rows, self._encoding)
        self.known_words.add(values)
        return values


def read_text_blocks(
    table: MeasuredTable, rows: int, others: Sequence[int] = ()
) -> Iterator[tuple[list[str], pd.DataFrame]]:
    """Read the one chosen column as text, and other columns by their positions beside it, some rows at a time.

    Raises
    ------
    TableError
        More than one column is chosen, or a cell is empty.
    """
    positions = table.find_columns()
    if len(positions) != 1:
        raise TableError(f"{table.source.name}: found {len(positions)} columns of text; expected one")
    first = 0
    for _, block in table.read_blocks(rows, texts=[*positions, *others]):
        texts = block.iloc[:, 0].tolist()
        empty = next((row for row, text in enumerate(texts) if not text.strip()), None)
        if empty is not None:
            raise TableError(f"{table.place(first + empty, positions[0])}: found an empty cell; expected a value")
        yield texts, block.iloc[:, 1:]
        first += len(texts)


def _number_vocabulary(encoding: TextEncoding) -> dict[str, int]:
    return {word: number for number, word in enumerate(encoding.words, start=FIRST_WORD)}


def _align_rows(rows: Sequence[Sequence[float]], encoding: TextEncoding) -> np.ndarray:
    """Bring rows of word numbers to one length."""
    values = np.full((len(rows), encoding.length), PADDING, dtype=np.float32)
    for row, words in zip(values, rows, strict=True):
        kept = words[-encoding.length :] if encoding.trims_front else words[: encoding.length]
        if len(kept):
            row[slice(-len(kept), None) if encoding.pads_front else slice(len(kept))] = kept
    return values


def _number_words(words: list[str], numbers: dict[str, int]) -> np.ndarray:
    return np.array([numbers.setdefault(word, len(numbers)) for word in words], dtype=np.int64)

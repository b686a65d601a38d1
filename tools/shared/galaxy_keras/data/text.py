"""Encode text as word indices with a vocabulary that is learned from the training rows."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from galaxy_keras.data.known_words import KnownWords
from galaxy_keras.data.table_rows import MeasuredTable, TableSource
from galaxy_keras.data.table_shape import measure_table
from galaxy_keras.data.tables import Features
from galaxy_keras.data.text_encoding import FIRST_WORD, PADDING, TextEncoding, UNKNOWN_WORD
from galaxy_keras.data.words import lacks_spaces, SPLITTERS, WORDS
from galaxy_keras.errors import InputError, TableError
from galaxy_keras.log import say

ROWS_PER_BLOCK = 10_000


@dataclass(frozen=True)
class TextChoice:
    """How text is encoded; everything about words applies to characters as well.

    Attributes
    ----------
    skipped_count
        Number of the most frequent words to exclude; they occur in most texts and carry little information.
    vocabulary_size
        Number of the next most frequent words to include in the vocabulary.
    length
        Number of word indices per row.
    pads_front, trims_front
        Whether short rows are padded, and long rows trimmed, at the front; otherwise at the end.
    unit
        ``words`` or ``characters``: the units of the vocabulary.
    """

    skipped_count: int = 50
    vocabulary_size: int = 10_000
    length: int = 500
    pads_front: bool = True
    trims_front: bool = True
    unit: str = WORDS


class Texts:
    """A column of text, split into words.

    Parameters
    ----------
    source
        A table with one chosen column.
    choice
        How the text is split, and how the vocabulary is learned.

    Raises
    ------
    TableError
        More than one column is chosen, or the table cannot be read.
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
            self._warn_about_missing_spaces()

    @property
    def row_count(self) -> int:
        """Number of samples."""
        return len(self._rows)

    @property
    def column_count(self) -> int:
        """Number of word indices per row after encoding."""
        return self.choice.length

    def learn(self, rows: np.ndarray) -> TextEncoding:
        """Learn a vocabulary: rank words by their frequency, words of equal frequency alphabetically.

        Parameters
        ----------
        rows
            Positions of the training rows, shape (n_rows,).

        Raises
        ------
        InputError
            All words of the rows are excluded as most frequent.
        """
        choice = self.choice
        counts = np.bincount(np.concatenate([self._rows[row] for row in rows]), minlength=len(self._words))
        order = np.lexsort((self._words, -counts))
        found = order[counts[order] > 0]
        skipped, kept = np.split(found, [choice.skipped_count])
        kept = kept[: choice.vocabulary_size]
        if not len(kept):
            raise InputError(
                f"{self.source.name}: found {len(found)} distinct {choice.unit} in the training rows; expected more "
                f"than the {choice.skipped_count} most frequent, which are skipped"
            )
        say(
            f"Vocabulary: {len(kept):,} of {len(found):,} distinct {choice.unit} in the training rows; most "
            f"frequent {choice.unit} skipped: {len(skipped):,}"
        )
        if 2 * counts[skipped].sum() > counts.sum():
            say(
                f"Warning: the {len(skipped):,} skipped {choice.unit} make up "
                f"{counts[skipped].sum() / counts.sum():.0%} of the text; skip fewer {choice.unit}"
            )
        options = (choice.length, choice.pads_front, choice.trims_front, choice.unit)
        return TextEncoding(self._words[kept].tolist(), *options)

    def encode(self, encoding: TextEncoding) -> Features:
        """Encode all rows as word indices, float32 of shape (n_rows, length)."""
        indices_by_word = _index_vocabulary(encoding)
        indices = np.array([indices_by_word.get(word, UNKNOWN_WORD) for word in self._words.tolist()], dtype=np.float32)
        values = _align_rows([indices[words] for words in self._rows], encoding)
        return Features(values, None, self.source, encoding)

    def prepare(self, rows: np.ndarray) -> Features:
        """Learn the vocabulary from the training rows and encode all rows."""
        return self.encode(self.learn(rows))

    def _warn_about_missing_spaces(self) -> None:
        """Log a warning if whole sentences or rows are taken as one word."""
        single = sum(len(words) <= 1 for words in self._rows)
        joined = sum(map(lacks_spaces, self._words.tolist()))
        if 2 * single > len(self._rows) or 2 * joined > len(self._words):
            say(
                f"Warning: {single:,} of {len(self._rows):,} rows have at most one word, and {joined:,} of "
                f"{len(self._words):,} distinct words are long words of a script without spaces; if words are not "
                "separated by spaces, split the text into characters"
            )


class TextEncoder:
    """Encode blocks of rows with a stored vocabulary."""

    def __init__(self, encoding: TextEncoding):
        self.known_words = KnownWords(encoding.unit)
        self._encoding = encoding
        self._split = SPLITTERS[encoding.unit]
        self._indices = _index_vocabulary(encoding)

    def encode(self, texts: Iterable[str]) -> np.ndarray:
        """Encode rows as word indices, float32 of shape (n_rows, length)."""
        rows = [[self._indices.get(word, UNKNOWN_WORD) for word in self._split(text)] for text in texts]
        values = _align_rows(rows, self._encoding)
        self.known_words.add(values)
        return values


def read_text_blocks(
    table: MeasuredTable, rows: int, others: Sequence[int] = ()
) -> Iterator[tuple[list[str], pd.DataFrame]]:
    """Yield the chosen column as text, together with other columns, some rows at a time.

    Parameters
    ----------
    rows
        Number of rows per block.
    others
        0-based positions of the other columns.


    Raises
    ------
    TableError
        More than one column is chosen, or a cell of the text column is empty.
    """
    positions = table.find_columns()
    if len(positions) != 1:
        raise TableError(f"{table.source.name}: found {len(positions)} columns for the text; expected one")
    first = 0
    for _, block in table.read_blocks(rows, texts=[*positions, *others]):
        texts = block.iloc[:, 0].tolist()
        empty = next((row for row, text in enumerate(texts) if not text.strip()), None)
        if empty is not None:
            raise TableError(f"{table.place(first + empty, positions[0])}: found an empty cell; expected a value")
        yield texts, block.iloc[:, 1:]
        first += len(texts)


def _index_vocabulary(encoding: TextEncoding) -> dict[str, int]:
    return {word: index for index, word in enumerate(encoding.words, start=FIRST_WORD)}


def _align_rows(rows: Sequence[Sequence[float]], encoding: TextEncoding) -> np.ndarray:
    """Pad and trim rows of word indices to one length."""
    values = np.full((len(rows), encoding.length), PADDING, dtype=np.float32)
    for row, words in zip(values, rows, strict=True):
        kept = words[-encoding.length :] if encoding.trims_front else words[: encoding.length]
        if len(kept):
            row[slice(-len(kept), None) if encoding.pads_front else slice(len(kept))] = kept
    return values


def _number_words(words: list[str], numbers: dict[str, int]) -> np.ndarray:
    return np.array([numbers.setdefault(word, len(numbers)) for word in words], dtype=np.int64)

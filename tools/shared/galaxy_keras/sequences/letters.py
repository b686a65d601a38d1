"""Letters of many sequences in one array, and the selection of sequences from it."""

import tempfile
from dataclasses import dataclass

import numpy as np

from galaxy_keras.sequences.alphabets import Alphabet, PADDING

# Where a sequence is padded or cut.
START, CENTER, END = "start", "center", "end"


@dataclass(frozen=True)
class Frame:
    """The common length of sequences, and how each sequence gets it.

    Attributes
    ----------
    length
        Number of letters.
    padding
        Where short sequences are padded: ``start``, ``end``, or ``center`` for both sides, which keeps the center of
        the sequence in the center.
    truncating
        Where long sequences are cut, likewise.
    """

    length: int
    padding: str = END
    truncating: str = END


@dataclass(frozen=True)
class Sequences:
    """Sequences that are parts of one array of letters.

    Attributes
    ----------
    alphabet
        The alphabet of the codes.
    letters
        Codes of all letters, uint8 of shape (n_letters,); a memory-mapped array for large files.
    starts
        Position of the first letter of each sequence, int64 of shape (n_sequences,). It is negative, or in another
        sequence, if a window begins before its chromosome.
    lengths
        Number of letters of each sequence, int64 of shape (n_sequences,).
    lows, highs
        Positions between which letters belong to the sequence; letters outside are padding.
    is_reverse
        Whether the sequence is the reverse complement of these letters, bool of shape (n_sequences,).
    """

    alphabet: Alphabet
    letters: np.ndarray
    starts: np.ndarray
    lengths: np.ndarray
    lows: np.ndarray
    highs: np.ndarray
    is_reverse: np.ndarray

    @classmethod
    def from_lengths(cls, alphabet: Alphabet, letters: np.ndarray, lengths: np.ndarray) -> "Sequences":
        """Return sequences that follow each other without gaps."""
        ends = np.cumsum(lengths)
        starts = ends - lengths
        return cls(alphabet, letters, starts, lengths, starts, ends, np.zeros(len(lengths), dtype=bool))

    def __len__(self) -> int:
        return len(self.lengths)

    def take(self, rows: slice) -> "Sequences":
        """Return some of the sequences."""
        chosen = (part[rows] for part in (self.starts, self.lengths, self.lows, self.highs, self.is_reverse))
        return Sequences(self.alphabet, self.letters, *chosen)

    def read(self, rows: np.ndarray, frame: Frame, is_reverse: np.ndarray | None = None) -> np.ndarray:
        """Return the codes of sequences that are padded and cut to the same length.

        Parameters
        ----------
        rows
            Numbers of the sequences, shape (n_rows,).
        is_reverse
            Whether to return the reverse complement of each row; None for none of them.

        Returns
        -------
        ndarray of shape (n_rows, frame.length), uint8
        """
        lengths = self.lengths[rows]
        kept = np.minimum(lengths, frame.length)
        cut = _shift(lengths - kept, frame.truncating)
        before = _shift(frame.length - kept, frame.padding)
        # Place of each letter in its sequence.
        place = np.arange(frame.length) + (cut - before)[:, None]
        is_letter = (place >= cut[:, None]) & (place < (cut + kept)[:, None])
        turned = self.is_reverse[rows] if is_reverse is None else self.is_reverse[rows] != is_reverse
        if turned.any():
            place[turned] = lengths[turned, None] - 1 - place[turned]
        place += self.starts[rows, None]
        is_letter &= (place >= self.lows[rows, None]) & (place < self.highs[rows, None])
        place[~is_letter] = 0
        codes = self.letters[place] if len(self.letters) else np.zeros(place.shape, dtype=np.uint8)
        if turned.any():
            codes[turned] = self.alphabet.complement[codes[turned]]
        codes[~is_letter] = PADDING
        return codes

    def read_whole(self, row: int) -> np.ndarray:
        """Return the codes of one sequence in its full length."""
        return self.read(np.array([row]), Frame(max(1, int(self.lengths[row]))))[0]


def _shift(counts: np.ndarray, where: str) -> np.ndarray:
    """Return how many of the added or removed letters are at the start."""
    return counts * (where == START) + counts // 2 * (where == CENTER)


class LetterFile:
    """Letters in a temporary file, so that memory does not grow with their number; used as a context manager."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()
        self._count = 0

    def __enter__(self) -> "LetterFile":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def append(self, codes: np.ndarray) -> None:
        """Add letters, uint8 of shape (n_letters,)."""
        self._file.write(np.ascontiguousarray(codes).data)
        self._count += len(codes)

    def map(self) -> np.ndarray:
        """Return all letters; the mapping stays valid after the file is closed and removed."""
        self._file.flush()
        if not self._count:
            return np.empty(0, dtype=np.uint8)
        return np.memmap(self._file, dtype=np.uint8, mode="r", shape=(self._count,))

"""Encode sequences as network input: one-hot, or numbers of k-mers for an embedding."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from galaxy_keras.errors import InputError
from galaxy_keras.sequences.alphabets import Alphabet, find_alphabet, PADDING
from galaxy_keras.sequences.letters import Frame, Sequences

ONE_HOT, K_MERS = "one_hot", "k_mers"
# What an unknown letter becomes in a one-hot encoding.
EQUAL, ZEROS, REFUSE = "equal", "zeros", "refuse"
# Numbers of k-mers without a meaning as a k-mer: 0 is padding.
UNKNOWN_K_MER, FIRST_K_MER = 1, 2
# Features are float32 numbers, which represent whole numbers exactly up to 2**24.
MAX_K_MERS = 2**24 - FIRST_K_MER
MAX_LENGTH = 2**24


@dataclass(frozen=True)
class SequenceEncoding:
    """How letters become numbers, as stored in the estimator file.

    Attributes
    ----------
    alphabet
        ``dna``, ``rna``, ``protein`` or ``letters``.
    letters
        The letters in the order of the one-hot columns.
    coding
        ``one_hot``: one row per letter and one column per letter of the alphabet. ``k_mers``: the number of each group
        of ``k`` letters in a row; k = 1 numbers the letters.
    k, stride
        Letters per k-mer, and letters from the start of a k-mer to the start of the next one.
    length
        Number of letters per sequence.
    padding, truncating
        Where short sequences are padded and long ones are cut; see :class:`Frame`.
    unknown
        What an unknown letter is in a one-hot encoding: ``equal`` shares of all letters, ``zeros``, or refused
        (``refuse``).
    """

    alphabet: str
    letters: str
    coding: str
    k: int
    stride: int
    length: int
    padding: str
    truncating: str
    unknown: str

    @cached_property
    def symbols(self) -> Alphabet:
        """The alphabet."""
        return find_alphabet(self.alphabet, self.letters)

    @property
    def sample_shape(self) -> tuple[int, ...]:
        """Shape of one encoded sequence: (length, n_letters), or (n_k_mers,)."""
        if self.coding == ONE_HOT:
            return (self.length, len(self.letters))
        return ((self.length - self.k) // self.stride + 1,)

    @property
    def column_count(self) -> int:
        """Number of values of one encoded sequence."""
        return math.prod(self.sample_shape)

    @property
    def k_mer_count(self) -> int:
        """Number of possible k-mers; the embedding's input_dim must be at least two larger."""
        return len(self.letters) ** self.k

    @cached_property
    def _shares(self) -> np.ndarray:
        shares = self.symbols.shares.copy()
        if self.unknown == ZEROS:
            shares[self.symbols.unknown] = 0
        return shares

    def encode(self, codes: np.ndarray) -> np.ndarray:
        """Encode aligned sequences.

        Parameters
        ----------
        codes
            Codes of the letters, uint8 of shape (n_sequences, length).

        Returns
        -------
        ndarray of shape (n_sequences, column_count), float32
        """
        if self.coding == ONE_HOT:
            return np.take(self._shares, codes, axis=0).reshape(len(codes), -1)
        return _number_k_mers(codes, self)


def check_encoding(encoding: SequenceEncoding) -> SequenceEncoding:
    """Check the options of an encoding against each other, and return it.

    Raises
    ------
    InputError
        The sequences are shorter than a k-mer, or there are too many k-mers.
    """
    if not 1 <= encoding.length <= MAX_LENGTH:
        raise InputError(f"length: found {encoding.length:,}; expected from 1 to {MAX_LENGTH:,} letters")
    if encoding.coding == K_MERS:
        if not 1 <= encoding.k <= encoding.length:
            raise InputError(
                f"k: found {encoding.k}; expected from 1 to {encoding.length}, the number of letters per sequence"
            )
        if encoding.stride < 1:
            raise InputError(f"stride: found {encoding.stride}; expected 1 or more letters")
        # Compare logarithms, because the power could have thousands of digits.
        if encoding.k * math.log(len(encoding.letters)) > math.log(MAX_K_MERS):
            largest = int(math.log(MAX_K_MERS) / math.log(len(encoding.letters)))
            raise InputError(
                f"k: found {encoding.k}, which gives {len(encoding.letters)}**{encoding.k} k-mers; expected at most "
                f"{largest} for an alphabet of {len(encoding.letters)} letters"
            )
    return encoding


class EncodedSequences:
    """Network input whose rows are encoded when they are read; each row also exists as its reverse complement.

    Row numbers from 0 to n - 1 are the sequences, and n to 2 n - 1 their reverse complements.

    Parameters
    ----------
    sequences
        The n sequences.
    encoding
        How they are encoded.
    rows
        Numbers of the selected rows; None selects the sequences as they are.
    """

    def __init__(self, sequences: Sequences, encoding: SequenceEncoding, rows: np.ndarray | None = None):
        self._sequences = sequences
        self._encoding = encoding
        self._rows = np.arange(len(sequences)) if rows is None else rows

    @property
    def shape(self) -> tuple[int, int]:
        """Number of selected rows, and of values per row."""
        return len(self._rows), self._encoding.column_count

    def __getitem__(self, rows: np.ndarray | slice) -> "EncodedSequences":
        """Select rows; an array of row numbers can select reverse complements of a complete input."""
        chosen = self._rows[rows] if isinstance(rows, slice) else rows
        return EncodedSequences(self._sequences, self._encoding, chosen)

    def toarray(self) -> np.ndarray:
        """Return the encoded rows, float32 of shape (n_rows, n_values)."""
        count, encoding = len(self._sequences), self._encoding
        is_reverse = self._rows >= count
        frame = Frame(encoding.length, encoding.padding, encoding.truncating)
        return encoding.encode(self._sequences.read(self._rows - is_reverse * count, frame, is_reverse))


def _number_k_mers(codes: np.ndarray, encoding: SequenceEncoding) -> np.ndarray:
    """Return the number of each k-mer: its letters as digits, after the numbers of padding and of unknown k-mers."""
    count, base = encoding.sample_shape[0], len(encoding.letters)
    starts = np.arange(count) * encoding.stride
    # At most 2**24 k-mers, so 32 bits are enough.
    numbers = np.zeros((len(codes), count), dtype=np.int32)
    is_known = np.ones((len(codes), count), dtype=bool)
    has_padding = np.zeros((len(codes), count), dtype=bool)
    for offset in range(encoding.k):
        digit = codes[:, starts + offset]
        has_padding |= digit == PADDING
        is_known &= digit <= base
        numbers = numbers * base + digit - 1
    numbers = np.where(has_padding, PADDING, np.where(is_known, numbers + FIRST_K_MER, UNKNOWN_K_MER))
    return numbers.astype(np.float32)

"""The stored form of a learned vocabulary, and the meaning of its word indices."""

from dataclasses import dataclass

from galaxy_keras.data.words import WORDS

# Index that fills short rows.
PADDING = 0
# Index of every word that is not in the vocabulary.
UNKNOWN_WORD = 1
# Index of the first word of the vocabulary.
FIRST_WORD = 2


@dataclass(frozen=True)
class TextEncoding:
    """A vocabulary and the length of the encoded rows, as stored in the estimator file.

    Attributes
    ----------
    words
        The vocabulary, words in lower case. The index of the first word is 2; index 1 is every other word, and 0 is
        padding.
    length
        Number of word indices per row.
    pads_front, trims_front
        Whether short rows are padded, and long rows trimmed, at the front; otherwise at the end.
    unit
        ``words`` or ``characters``: the units of the vocabulary.
    """

    words: list[str]
    length: int
    pads_front: bool
    trims_front: bool
    unit: str = WORDS

"""Sequences for tests, and the reverse complement of text."""

from collections.abc import Sequence

import numpy as np

from galaxy_keras.sequences.alphabets import Alphabet, DNA
from galaxy_keras.sequences.letters import Sequences

COMPLEMENT = str.maketrans("ACGTRYSWKMBDHVN", "TGCAYRSWMKVHDBN")


def make_sequences(texts: Sequence[str], alphabet: Alphabet = DNA) -> Sequences:
    """Return sequences with the letters of the texts."""
    codes = [alphabet.code_of_byte[np.frombuffer(text.encode(), dtype=np.uint8)] for text in texts]
    return Sequences.from_lengths(alphabet, np.concatenate(codes), np.array([len(code) for code in codes]))


def reverse(text: str) -> str:
    """Return the reverse complement of DNA."""
    return text.translate(COMPLEMENT)[::-1]

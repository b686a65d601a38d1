"""Find identical and similar sequences, on either strand, so that splits can keep them together."""

from collections.abc import Iterator

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from galaxy_keras.errors import InputError
from galaxy_keras.sequences.letters import Frame, Sequences

# Factor of the hash of letters: odd, with bits that are evenly spread (the golden ratio times 2**64).
FACTOR = np.uint64(0x9E3779B97F4A7C15)
# Letters that are read at a time.
LETTERS_PER_BLOCK = 2**22
# Maximum number of letters that are compared: each needs 16 bytes of memory for its hash and the row.
MAX_COMPARED = 200_000_000


def group_identical(sequences: Sequences) -> np.ndarray:
    """Return the group of each sequence: equal sequences, or reverse complements of each other, have the same group.

    Returns
    -------
    ndarray of shape (n_sequences,), int64
        Groups are numbered from 0.
    """
    seen: dict[bytes, int] = {}
    return np.array([seen.setdefault(key, len(seen)) for key in _list_keys(sequences)], dtype=np.int64)


def group_similar(sequences: Sequences, letter_count: int) -> np.ndarray:
    """Return the group of each sequence: sequences that share so many letters in a row have the same group.

    Either strand of DNA counts. If a shares letters with b, and b with c, all three are in one group. Identical
    sequences are in one group even if they are shorter. Rows of letters that contain an unknown letter are not
    compared.

    Parameters
    ----------
    letter_count
        Number of letters in a row, at least 2.

    Raises
    ------
    InputError
        There are too many letters to compare.
    """
    total = int(sequences.lengths.sum())
    if total > MAX_COMPARED:
        raise InputError(
            f"similar sequences: found {total:,} letters; expected an empty field, or at most {MAX_COMPARED:,} letters"
        )
    hashes = [*_hash_all(sequences, letter_count)]
    rows = np.repeat(np.arange(len(sequences)), [len(one) for one in hashes])
    values, numbers = np.unique(np.concatenate(hashes), return_inverse=True)
    identical = group_identical(sequences)
    # A graph of sequences, of what they share, and of the groups of identical sequences.
    shared = np.concatenate([numbers, len(values) + identical]) + len(sequences)
    members = np.concatenate([rows, np.arange(len(sequences))])
    size = len(sequences) + len(values) + int(identical.max(initial=-1)) + 1
    graph = coo_array((np.ones(len(members), dtype=np.int8), (members, shared)), shape=(size, size))
    groups = connected_components(graph, directed=False)[1][: len(sequences)]
    return np.unique(groups, return_inverse=True)[1]


def _list_keys(sequences: Sequences) -> Iterator[bytes]:
    """Yield the same bytes for a sequence and its reverse complement, and different ones for other sequences."""
    frame = Frame(int(sequences.lengths.max(initial=1)))
    count = max(1, LETTERS_PER_BLOCK // frame.length)
    for first in range(0, len(sequences), count):
        rows = np.arange(first, min(first + count, len(sequences)))
        strands = [sequences.read(rows, frame)]
        if sequences.alphabet.has_strands:
            strands.append(sequences.read(rows, frame, np.ones(len(rows), dtype=bool)))
        for codes in zip(*strands, strict=True):
            yield min(strand.tobytes() for strand in codes)


def _hash_all(sequences: Sequences, letter_count: int) -> Iterator[np.ndarray]:
    """Yield the different hashes of the rows of letters of each sequence, uint64; equal on both strands of DNA."""
    alphabet = sequences.alphabet
    for row in range(len(sequences)):
        codes = sequences.read_whole(row)
        if len(codes) < letter_count:
            yield np.empty(0, dtype=np.uint64)
            continue
        hashes = _hash(codes, letter_count)
        if alphabet.has_strands:
            # The hash of the reverse complement of each row of letters, in the same order.
            hashes = np.minimum(hashes, _hash(alphabet.reverse_complement(codes), letter_count)[::-1])
        is_unknown = np.concatenate(([0], np.cumsum((codes == 0) | (codes > len(alphabet.letters)))))
        yield np.unique(hashes[is_unknown[letter_count:] == is_unknown[:-letter_count]])


def _hash(codes: np.ndarray, letter_count: int) -> np.ndarray:
    """Return a polynomial hash modulo 2**64 of the letters from each position.

    The shape is (n_letters - letter_count + 1,).
    """
    count = len(codes) - letter_count + 1
    hashes = np.zeros(count, dtype=np.uint64)
    for offset in range(letter_count):
        hashes = (hashes + codes[offset : offset + count]) * FACTOR
    # Mix the high bits into the low ones, which the sums alone hardly change.
    return hashes ^ (hashes >> np.uint64(32))

"""Groups of identical and similar sequences against a comparison of all pairs."""

import numpy as np
from examples.dna import make_sequences, reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from galaxy_keras.sequences.alphabets import DNA, PROTEIN
from galaxy_keras.sequences.similarity import group_identical, group_similar


def share(one, other, count):
    words = {one[i : i + count] for i in range(len(one) - count + 1)}
    words = {word for word in words if "N" not in word}
    return any(word in text for word in words for text in (other, reverse(other)))


def group_by_pairs(texts, are_similar):
    groups = list(range(len(texts)))
    for i, one in enumerate(texts):
        for j, other in enumerate(texts):
            if are_similar(one, other):
                groups = [groups[i] if group == groups[j] else group for group in groups]
    return groups


def assert_same_groups(found, expected):
    assert len(set(zip(found.tolist(), expected, strict=True))) == len(set(found.tolist())) == len(set(expected))


texts = st.lists(st.text("ACGTN", min_size=1, max_size=9), min_size=1, max_size=8)


@settings(max_examples=300, deadline=None)
@given(texts)
def test_identical_sequences_are_grouped_on_either_strand(texts):
    expected = group_by_pairs(texts, lambda one, other: one in (other, reverse(other)))
    assert_same_groups(group_identical(make_sequences(texts)), expected)


@settings(max_examples=300, deadline=None)
@given(texts, st.integers(2, 4))
def test_similar_sequences_are_connected_over_others(texts, count):
    def are_similar(one, other):
        return one in (other, reverse(other)) or share(one, other, count)

    assert_same_groups(group_similar(make_sequences(texts, DNA), count), group_by_pairs(texts, are_similar))


def test_proteins_have_one_strand():
    assert group_identical(make_sequences(["MK", "KM", "MK"], PROTEIN)).tolist() == [0, 1, 0]
    assert len(np.unique(group_similar(make_sequences(["MKVLA", "AMKVL", "ALVKM"], PROTEIN), 4))) == 2

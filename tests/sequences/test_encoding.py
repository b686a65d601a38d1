"""Encodings of sequences against their definitions, letter by letter."""

from dataclasses import replace

import numpy as np
import pytest
from examples.dna import make_sequences, reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from galaxy_keras.errors import InputError
from galaxy_keras.sequences.alphabets import PROTEIN
from galaxy_keras.sequences.encoding import check_encoding, EncodedSequences, SequenceEncoding
from galaxy_keras.sequences.letters import Frame

IUPAC = {
    "R": "AG",
    "Y": "CT",
    "S": "CG",
    "W": "AT",
    "K": "GT",
    "M": "AC",
    "B": "CGT",
    "D": "AGT",
    "H": "ACT",
    "V": "ACG",
}
ONE_HOT = SequenceEncoding("dna", "ACGT", "one_hot", 1, 1, 5, "end", "end", "equal")
K_MERS = replace(ONE_HOT, coding="k_mers", k=2)
dna = st.text("ACGTNRYSWKMBDHV", min_size=1, max_size=12)


def encode(texts, encoding, rows=None):
    rows = np.arange(len(texts)) if rows is None else np.array(rows)
    values = EncodedSequences(make_sequences(texts, encoding.symbols), encoding)[rows].toarray()
    return values.reshape(len(rows), *encoding.sample_shape)


def align(text, frame):
    """Pad and cut a text with blanks, by hand."""
    extra = max(0, len(text) - frame.length)
    before = {"start": extra, "center": extra // 2, "end": 0}[frame.truncating]
    text = text[before : before + frame.length]
    missing = frame.length - len(text)
    before = {"start": missing, "center": missing // 2, "end": 0}[frame.padding]
    return " " * before + text + " " * (missing - before)


@settings(max_examples=300, deadline=None)
@given(
    texts=st.lists(dna, min_size=1, max_size=5),
    length=st.integers(1, 14),
    padding=st.sampled_from(["start", "center", "end"]),
    truncating=st.sampled_from(["start", "center", "end"]),
    is_reverse=st.booleans(),
)
def test_one_hot_equals_its_definition_on_both_strands(texts, length, padding, truncating, is_reverse):
    encoding = replace(ONE_HOT, length=length, padding=padding, truncating=truncating)
    found = encode(texts, encoding, np.arange(len(texts)) + is_reverse * len(texts))
    for text, values in zip(texts, found, strict=True):
        aligned = align(reverse(text) if is_reverse else text, Frame(length, padding, truncating))
        for letter, row in zip(aligned, values, strict=True):
            members = {" ": "", "N": "ACGT", **IUPAC}.get(letter, letter)
            expected = [(base in members) / max(1, len(members)) for base in "ACGT"]
            np.testing.assert_allclose(row, expected, rtol=1e-6)


@settings(max_examples=200, deadline=None)
@given(text=dna, k=st.integers(1, 4), stride=st.integers(1, 3), length=st.integers(4, 14))
def test_k_mers_are_numbered_in_alphabetical_order(text, k, stride, length):
    encoding = replace(K_MERS, k=k, stride=stride, length=length)
    aligned = align(text, Frame(length))
    expected = []
    for start in range(0, length - k + 1, stride):
        word = aligned[start : start + k]
        if " " in word:
            expected.append(0)
        elif set(word) <= set("ACGT"):
            expected.append(2 + sum("ACGT".index(base) * 4 ** (k - 1 - i) for i, base in enumerate(word)))
        else:
            expected.append(1)
    assert encode([text], encoding)[0].tolist() == expected


def test_padding_differs_from_an_unknown_letter():
    assert encode(["AN"], replace(ONE_HOT, length=3))[0].tolist() == [[1, 0, 0, 0], [0.25] * 4, [0] * 4]
    assert encode(["AN"], replace(ONE_HOT, length=3, unknown="zeros"))[0].tolist() == [[1, 0, 0, 0], [0] * 4, [0] * 4]
    assert encode(["AN"], replace(K_MERS, k=1, length=3))[0].tolist() == [2, 1, 0]


def test_amino_acids_have_a_column_each():
    encoding = replace(ONE_HOT, alphabet="protein", letters=PROTEIN.letters, length=2)
    found = encode(["MB"], encoding)[0]
    assert [PROTEIN.letters[i] for i in np.flatnonzero(found[0])] == ["M"]
    assert {PROTEIN.letters[i]: found[1, i] for i in np.flatnonzero(found[1])} == {"D": 0.5, "N": 0.5}


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"length": 0}, "length: found 0; expected from 1 to"),
        ({"coding": "k_mers", "k": 6}, "k: found 6; expected from 1 to 5, the number of letters per sequence"),
        ({"coding": "k_mers", "stride": 0}, "stride: found 0; expected 1 or more letters"),
        ({"coding": "k_mers", "k": 12, "length": 20}, r"k: found 12, which gives 4\*\*12 k-mers; expected at most 11"),
        ({"coding": "k_mers", "k": 9**9, "length": 2**30}, "length: found"),
    ],
)
def test_options_must_fit_each_other(changes, message):
    with pytest.raises(InputError, match=message):
        check_encoding(replace(ONE_HOT, **changes))

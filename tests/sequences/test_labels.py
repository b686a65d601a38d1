"""Labels of sequences: matched by identifier, or read from headers."""

import pytest

from galaxy_keras.errors import InputError
from galaxy_keras.sequences import labels


def test_rows_are_matched_in_any_order():
    assert labels.match_rows(["c", "a", "b"], ["a", "b", "c"], "Labels", "Sequences").tolist() == [1, 2, 0]


@pytest.mark.parametrize(
    "cells, message",
    [
        (["a", "b"], r"Labels: found identifiers without a label: 'c' \(1 sequence\); expected"),
        (["a", "b", "c", "d"], r"without a sequence: 'd' \(1 row\)"),
        (["a", "b", "b", "c"], "more than once: 'b'"),
        (["a", "a", "x"], r"more than once: 'a'; without a label: 'b', 'c' \(2 sequences\); without a sequence: 'x'"),
    ],
)
def test_missing_additional_and_repeated_identifiers_are_named(cells, message):
    with pytest.raises(InputError, match=message):
        labels.match_rows(cells, ["a", "b", "c"], "Labels", "Sequences")


def test_the_column_of_identifiers_is_found_by_its_content():
    headers = ["a 1", "b 2"]
    assert labels.find_id_column([["x", "y"], ["b", "a"]], ["a", "b"], headers) == (1, ["a", "b"])
    assert labels.find_id_column([["b 2", "a 1"], ["x", "y"]], ["a", "b"], headers) == (0, headers)
    assert labels.find_id_column([["x", "y"]], ["a", "b"], headers) is None


@pytest.mark.parametrize(
    "pattern, header, label",
    [
        ("|{label}", "sp|ACP_1|1", "1"),
        ("class={label};", "a class=donor site; x", "donor site"),
        ("{label}|", "toxic|a|b", "toxic"),
        (" {label}", "a b c", "c"),
    ],
)
def test_labels_are_between_the_texts_of_the_pattern(pattern, header, label):
    assert labels.read_header_labels([header], pattern, "Sequences") == [label]


def test_a_header_without_label_is_named():
    with pytest.raises(InputError, match=r"record b\|: found a header without a label; expected '\|{label}'"):
        labels.read_header_labels(["a|1", "b|"], "|{label}", "Sequences")
    with pytest.raises(InputError, match="header pattern: found 'class'; expected {label} once"):
        labels.read_header_labels(["a"], "class", "Sequences")

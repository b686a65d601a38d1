"""References from a layer to layers before it."""

import pytest

from galaxy_keras.errors import InputError
from model_config import references


@pytest.mark.parametrize(
    "text, expected",
    [
        ("3", ["3"]),
        (3, ["3"]),
        ("[1, 5]", ["1", "5"]),
        ("(1, 'words')", ["1", "words"]),
        ('["my layer", 2:3]', ["my layer", "2:3"]),
        ("[1, 1]", ["1", "1"]),
        ("['a, b', \"it's\":2, size (cm), time: t]", ["a, b", "it's:2", "size (cm)", "time: t"]),
        ("Größe & Höhe", ["Größe & Höhe"]),
        ("it's, 'a:2'", ["it's", "a:2"]),
        ("[ ]", []),
        ("", []),
        (None, []),
    ],
)
def test_references_are_read_as_people_type_them(text, expected):
    assert [str(reference) for reference in references.read_references(text, "field")] == expected


@pytest.mark.parametrize("text", ["1:0", "1:x", "1:2:3"])
def test_text_that_is_not_a_reference_is_refused(text):
    with pytest.raises(InputError, match="^field: found .*; expected a layer's number or name"):
        references.read_references(text, "field")


@pytest.mark.parametrize("text, number", [("1", 1), ("3", 3), ("words", 2)])
def test_a_layer_is_found_by_number_and_name(text, number):
    (reference,) = references.read_references(text, "field")
    assert reference.find({"words": 2, "late": 4}, 3, "field") == number


def test_names_that_need_quotation_marks_are_listed_in_them():
    (reference,) = references.read_references("x", "field")
    with pytest.raises(InputError, match=r"or a name \('a, b', c\)$"):
        reference.find({"a, b": 1, "c": 2}, 3, "field")


@pytest.mark.parametrize("text", ["0", "-1", "4", "late", "wordz"])
def test_a_reference_to_a_later_layer_is_refused(text):
    (reference,) = references.read_references(text, "field")
    with pytest.raises(InputError, match=rf"^field: found {text}; expected a layer from 1 to 3, or a name \(words\)$"):
        reference.find({"words": 2, "late": 4}, 3, "field")

"""Quoted text is printable, short and a single line."""

import pytest

from galaxy_keras.messages import list_some, make_one_line, quote, show

NESTED: list = []
for _ in range(100_000):
    NESTED = [NESTED]
HOSTILE = {
    "line end": "a\nError: forged",
    "escape": "\x1b[31mred",
    "carriage return": "a\rb",
    "lone surrogate": "\ud800",
    "right-to-left override": "a\u202eb",
    "ten megabytes": "x" * 10_000_000,
    "bytes": b"\x00" * 1_000,
    "4,400 digits": 10**4_400,
    "nested": NESTED,
    "list": ["\n"] * 1_000,
}


@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE)
def test_quote_is_printable_and_short(value):
    text = quote(value)
    assert text.isprintable()
    assert len(text) <= 80


def test_quote_returns_the_representation():
    assert quote("n/a") == "'n/a'"
    assert quote(3) == "3"
    assert quote("x" * 100).endswith("...")


@pytest.mark.parametrize("function", [show, make_one_line])
def test_unquoted_text_is_printable(function):
    assert function("a\nb\x1b\ud800é") == r"a\nb\x1b\ud800é"
    assert len(function("x" * 10_000_000)) <= 1_000


def test_list_some_counts_the_other_items():
    assert list_some(["a", "b"]) == "'a', 'b'"
    assert list_some(range(1_007)) == "0, 1, 2, 3, 4 and 1,002 more"

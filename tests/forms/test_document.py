"""Python literals of text fields are parsed and never executed."""

import pytest

from galaxy_keras.errors import InputError
from galaxy_keras.forms.document import parse_keyword_arguments, parse_literal


@pytest.mark.parametrize(
    "text, value",
    [("3", 3), (" (28, 28) ", (28, 28)), ("[64, 'x']", [64, "x"]), ("None", None), ("-0.5", -0.5), ("True", True)],
)
def test_literals_are_parsed(text, value):
    assert parse_literal(text, "field") == value


CODE = [
    "__import__('os').getpid()",
    "1 if True else 2",
    "[x for x in (1,)]",
    "open('x')",
    "lambda: 1",
    "(" * 500,
    "1" * 20000,
]


@pytest.mark.parametrize("text", [*CODE, "", "adam"])
def test_text_that_is_not_a_literal_is_refused(text):
    with pytest.raises(InputError, match="^field: found .*; expected a Python literal"):
        parse_literal(text, "field")


def test_keyword_arguments_are_parsed():
    text = "dropout=0.2, name='a, b', size=(1, 2), flag=None"
    assert parse_keyword_arguments(text, "f") == {"dropout": 0.2, "name": "a, b", "size": (1, 2), "flag": None}
    assert parse_keyword_arguments(None, "f") == parse_keyword_arguments("  ", "f") == {}


@pytest.mark.parametrize(
    "text", ["0.2", "a", "a=b", "a=1, a=2", "**{'a': 1}", "a=1) or dict(b=2", *(f"a={c}" for c in CODE)]
)
def test_text_that_is_not_a_list_of_pairs_is_refused(text):
    with pytest.raises(InputError, match="^field: found .*; expected name=value pairs"):
        parse_keyword_arguments(text, "field")

"""What a Galaxy form sends: its JSON document, and the Python literals that people type into text fields."""

import ast
import warnings
from pathlib import Path
from typing import Any

from galaxy_keras.errors import InputError
from galaxy_keras.files.json_documents import check_values, DocumentError, JsonFormat, read_json
from galaxy_keras.messages import quote

# A literal in a form is a shape or a few options; more is no typing any more and could exhaust the parser.
LITERAL_LENGTH_LIMIT = 10_000
# Bytes of all that a form sends; a field may hold the names of many columns.
FORM_SIZE_LIMIT = 16 * 2**20
FORM = JsonFormat(FORM_SIZE_LIMIT, "the values of the form's fields", text_limit=FORM_SIZE_LIMIT)
LITERAL_EXAMPLES = "a Python literal such as 3, 0.5, (28, 28), 'text' or None"
PAIR_EXAMPLES = "name=value pairs with literal values, such as dropout=0.2, name='first'"


def read_form(path: Path) -> dict[str, Any]:
    """Read the JSON document that Galaxy's ``<inputs>`` configuration file holds.

    Raises
    ------
    InputError
        The file is not JSON, or a field holds a number that is not finite or text that is not Unicode.
    """
    document = read_json(path, "form", FORM)
    if not isinstance(document, dict):
        raise InputError("form: the file is not a JSON object; expected the values of the form's fields")
    return document


def parse_literal(text: str, field: str) -> Any:
    """Read a Python literal: numbers, strings, True, False, None, tuples, lists, dictionaries.

    Parameters
    ----------
    text
        What was typed; never evaluated.
    field
        What the message calls the place, such as ``layer 2 (LSTM), kernel_size``.

    Raises
    ------
    InputError
        The text is no such literal, or holds a number that is not finite or has more than 63 bits.
    """
    tree = _parse(text.strip(), field, text, LITERAL_EXAMPLES)
    return _evaluate(tree, field, text, LITERAL_EXAMPLES)


def parse_keyword_arguments(text: str | None, field: str) -> dict[str, Any]:
    """Read comma-separated ``name=value`` pairs with literal values; blank text gives none.

    Raises
    ------
    InputError
        The text is not of that form, a name stands twice, or a value is no literal.
    """
    if not (text or "").strip():
        return {}
    call = _parse(f"dict({text.strip()})", field, text, PAIR_EXAMPLES)
    # The text could close the bracket and call something else; nothing is ever called, but it would be misread.
    is_plain = isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and not call.args
    names = [keyword.arg for keyword in call.keywords] if is_plain else [None]
    if None in names or len(set(names)) < len(names):
        raise InputError(f"{field}: found {quote(text)}; expected {PAIR_EXAMPLES}")
    return {keyword.arg: _evaluate(keyword.value, field, text, PAIR_EXAMPLES) for keyword in call.keywords}


def _parse(source: str, field: str, typed: str, expected: str) -> ast.expr:
    """Parse an expression without evaluating it."""
    try:
        if len(source) > LITERAL_LENGTH_LIMIT:
            raise ValueError
        with warnings.catch_warnings():
            # Python warns of a backslash in text that means nothing.
            warnings.simplefilter("ignore")
            return ast.parse(source, mode="eval").body
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
        raise InputError(f"{field}: found {quote(typed)}; expected {expected}") from None


def _evaluate(tree: ast.expr, field: str, typed: str, expected: str) -> Any:
    try:
        value = ast.literal_eval(tree)
        check_values(value)
    except DocumentError as error:
        raise InputError(f"{field}{error}") from None
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
        raise InputError(f"{field}: found {quote(typed)}; expected {expected}") from None
    return value

"""Read the JSON document of a Galaxy form and the Python literals in its text fields."""

import ast
import warnings
from pathlib import Path
from typing import Any

from galaxy_keras.errors import InputError
from galaxy_keras.files.json_documents import check_values, DocumentError, JsonFormat, read_json
from galaxy_keras.messages import quote

# Maximum number of characters of a literal, such as a shape or a few options; longer text could exhaust the parser.
LITERAL_LENGTH_LIMIT = 10_000
# Maximum number of bytes of a form document; a field may contain the names of many columns.
FORM_SIZE_LIMIT = 16 * 2**20
FORM = JsonFormat(FORM_SIZE_LIMIT, "the values of the form's fields", text_limit=FORM_SIZE_LIMIT)
LITERAL_EXAMPLES = "a Python literal such as 3, 0.5, (28, 28), 'text' or None"
PAIR_EXAMPLES = "name=value pairs with literal values, such as dropout=0.2, name='first'"


def read_form(path: Path) -> dict[str, Any]:
    """Read the JSON document of a form, which Galaxy writes as ``<inputs>`` configuration file.

    Raises
    ------
    InputError
        The file is not JSON, or a field contains a number that is not finite or text with surrogates.
    """
    document = read_json(path, "form", FORM)
    if not isinstance(document, dict):
        raise InputError("form: the file is not a JSON object; expected the values of the form's fields")
    return document


def parse_literal(text: str, field: str) -> Any:
    """Parse a Python literal: a number, string, True, False, None, tuple, list or dictionary.

    Parameters
    ----------
    text
        Text of a form field, which is parsed but never executed.
    field
        Name of the field in messages, such as ``layer 2 (LSTM), kernel_size``.

    Raises
    ------
    InputError
        The text is not a literal, or contains a number that is not finite or has more than 63 bits.
    """
    tree = _parse(text.strip(), field, text, LITERAL_EXAMPLES)
    return _evaluate(tree, field, text, LITERAL_EXAMPLES)


def parse_keyword_arguments(text: str | None, field: str) -> dict[str, Any]:
    """Parse comma-separated ``name=value`` pairs with literal values; blank text is an empty dictionary.

    Raises
    ------
    InputError
        The text has another form, a name occurs twice, or a value is not a literal.
    """
    text = text or ""
    if not text.strip():
        return {}
    call = _parse(f"dict({text.strip()})", field, text, PAIR_EXAMPLES)
    # The text could close the parenthesis and add other code, which would not be executed but misread.
    values: list[tuple[str | None, ast.expr]] = []
    if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and not call.args:
        values = [(keyword.arg, keyword.value) for keyword in call.keywords]
    pairs = {name: value for name, value in values if name is not None}
    if not pairs or len(pairs) < len(values):
        raise InputError(f"{field}: found {quote(text)}; expected {PAIR_EXAMPLES}")
    return {name: _evaluate(value, field, text, PAIR_EXAMPLES) for name, value in pairs.items()}


def _parse(source: str, field: str, text: str, expected: str) -> ast.expr:
    """Parse an expression without evaluating it."""
    try:
        if len(source) > LITERAL_LENGTH_LIMIT:
            raise ValueError
        with warnings.catch_warnings():
            # Python warns about invalid escape sequences.
            warnings.simplefilter("ignore")
            return ast.parse(source, mode="eval").body
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
        raise InputError(f"{field}: found {quote(text)}; expected {expected}") from None


def _evaluate(tree: ast.expr, field: str, text: str, expected: str) -> Any:
    try:
        value = ast.literal_eval(tree)
        check_values(value)
    except DocumentError as error:
        raise InputError(f"{field}{error}") from None
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
        raise InputError(f"{field}: found {quote(text)}; expected {expected}") from None
    return value

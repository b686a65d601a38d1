"""What a Galaxy form sends: its JSON document, and the Python literals that people type into text fields."""

import ast
import json
from pathlib import Path
from typing import Any

from galaxy_keras.errors import InputError

# A literal in a form is a shape or a few options; more is no typing any more and could exhaust the parser.
LITERAL_LENGTH_LIMIT = 10_000


def read_form(path: Path) -> dict[str, Any]:
    """Read the JSON document that Galaxy's ``<inputs>`` configuration file holds."""
    document = json.loads(path.read_text(encoding="utf-8"))
    # Half of a pair of surrogates is a character that no file can hold.
    return json.loads(json.dumps(document, ensure_ascii=False).encode(errors="replace"))


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
        The text is no literal.
    """
    try:
        if len(text) > LITERAL_LENGTH_LIMIT:
            raise ValueError
        return ast.literal_eval(text.strip())
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
        raise InputError(
            f"{field}: found {_shorten(text)!r}; expected a Python literal such as 3, 0.5, (28, 28), 'text' or None"
        ) from None


def parse_keyword_arguments(text: str | None, field: str) -> dict[str, Any]:
    """Read comma-separated ``name=value`` pairs with literal values; blank text gives none.

    Raises
    ------
    InputError
        The text is not of that form, a name stands twice, or a value is no literal.
    """
    if not (text or "").strip():
        return {}
    try:
        if len(text) > LITERAL_LENGTH_LIMIT:
            raise ValueError
        call = ast.parse(f"dict({text.strip()})", mode="eval").body
        if not isinstance(call, ast.Call) or call.args or any(keyword.arg is None for keyword in call.keywords):
            raise ValueError
        if len({keyword.arg for keyword in call.keywords}) < len(call.keywords):
            raise ValueError
        return {keyword.arg: ast.literal_eval(keyword.value) for keyword in call.keywords}
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
        raise InputError(
            f"{field}: found {_shorten(text)!r}; "
            "expected name=value pairs with literal values, such as dropout=0.2, name='first'"
        ) from None


def _shorten(text: str) -> str:
    return text if len(text) <= 80 else text[:77] + "..."

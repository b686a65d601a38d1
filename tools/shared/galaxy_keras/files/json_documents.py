"""Read untrusted JSON documents and check their values against limits."""

import json
import math
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from galaxy_keras.errors import InputError
from galaxy_keras.messages import quote, show

# Maximum number of nested lists and objects. A network in a network needs four levels, a wrapped layer two.
DEPTH_LIMIT = 100
# The largest integer that Keras' backends represent.
MAX_INTEGER = 2**63 - 1
# Maximum number of digits of an integer in a file; Python refuses to read more than 4,300.
DIGIT_LIMIT = 1_000
# Maximum number of characters of a string, such as a name or a word.
TEXT_LIMIT = 10_000


class DocumentError(ValueError):
    """An invalid value of a document; its message continues the name of the document with path and problem."""


@dataclass(frozen=True)
class JsonFormat:
    """Limits and messages of a reader.

    Attributes
    ----------
    size_limit
        Maximum number of bytes.
    expected
        Description of the expected file for messages.
    error
        Class of the errors to raise.
    text_limit
        Maximum number of characters of a string.
    may_be_nonfinite
        Whether numbers may be NaN or infinity.
    """

    size_limit: int
    expected: str = "a JSON document"
    error: type[InputError] = InputError
    text_limit: int = TEXT_LIMIT
    may_be_nonfinite: bool = False


def read_json(path: Path, place: str, format: JsonFormat) -> Any:
    """Read a JSON file; see :func:`parse_json`."""
    with path.open("rb") as file:
        return parse_json(file.read(format.size_limit + 1), place, format)


def parse_json(content: bytes, place: str, format: JsonFormat) -> Any:
    """Parse a JSON document and check its values with :func:`check_values`.

    Parameters
    ----------
    content
        UTF-8, with or without a byte order mark, or UTF-16.
    place
        Name of the document in messages.

    Raises
    ------
    InputError
        The content is too long or not JSON, an object contains a name twice, or a value is outside of the limits.
    """
    error, expected = format.error, format.expected
    if len(content) > format.size_limit:
        raise error(f"{place}: found more than {format.size_limit:,} bytes; expected at most that many")
    try:
        text = content.decode(json.detect_encoding(content))
        document = json.loads(text, object_pairs_hook=_make_object, parse_int=_read_integer)
        check_values(document, format.text_limit, may_be_nonfinite=format.may_be_nonfinite)
    except DocumentError as found:
        raise error(f"{place}{found}") from None
    except UnicodeDecodeError:
        raise error(f"{place}: the file is not text in UTF-8; expected {expected}") from None
    except RecursionError:
        raise error(f"{place}: found lists or objects nested deeper; expected at most {DEPTH_LIMIT} levels") from None
    except json.JSONDecodeError as found:
        where = f"line {found.lineno}, column {found.colno}: {found.msg}"
        raise error(f"{place}: the file is not JSON ({where}); expected {expected}") from None
    return document


def check_values(document: Any, text_limit: int = TEXT_LIMIT, *, may_be_nonfinite: bool = False) -> None:
    """Check all values of a document of lists, objects, numbers and strings, including the names in objects.

    Parameters
    ----------
    text_limit, may_be_nonfinite
        See :class:`JsonFormat`.

    Raises
    ------
    DocumentError
        The document is nested too deep, a number is not finite or too large, a string is too long or contains
        surrogates, or a value has another type.
    """

    def check(value: Any) -> None:
        if may_be_nonfinite and isinstance(value, float):
            return
        problem = _find_problem(value, len(path), text_limit)
        if problem:
            raise DocumentError(f"{_write_path(path)}: found {problem[0]}; expected {problem[1]}")
        if isinstance(value, dict):
            for key in value:
                check(key)
        if isinstance(value, (dict, list, tuple)):
            for key, item in value.items() if isinstance(value, dict) else enumerate(value):
                path.append(key)
                check(item)
                path.pop()

    path: list[Any] = []
    check(document)


def _find_problem(value: Any, depth: int, text_limit: int) -> tuple[str, str] | None:
    """Return what was found and what is expected, or None if the value is valid."""
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, str):
        if len(value) > text_limit:
            return f"text of {len(value):,} characters", f"at most {text_limit:,}"
        return None if _is_unicode(value) else (quote(value), "text without surrogates")
    if isinstance(value, int):
        return None if abs(value) <= MAX_INTEGER else (quote(value), "a whole number of at most 63 bits")
    if isinstance(value, float):
        return None if math.isfinite(value) else (str(value), "a finite number")
    if isinstance(value, (dict, list, tuple)):
        return None if depth < DEPTH_LIMIT else ("lists or objects nested deeper", f"at most {DEPTH_LIMIT} levels")
    return f"a value of the type {type(value).__name__}", "a number, text, True, False, None, a list or a dictionary"


def _is_unicode(text: str) -> bool:
    return text.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in text)


def _write_path(path: list[Any]) -> str:
    """Return the path of a value, such as ``, config.layers[0]``; empty for the document itself."""
    if not path:
        return ""
    # The end of a long path is its most useful part.
    shown = path[-6:]
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{show(str(step), 30)}" for step in shown)
    return f", {'...' if len(path) > len(shown) else ''}{text.removeprefix('.')}"


def _make_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        twice = next(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
        raise DocumentError(f": found the name {quote(twice)} twice in one object; expected it once")
    return made


def _read_integer(digits: str) -> int:
    if len(digits) > DIGIT_LIMIT:
        raise DocumentError(f": found a whole number of {len(digits):,} digits; expected at most 63 bits")
    return int(digits)

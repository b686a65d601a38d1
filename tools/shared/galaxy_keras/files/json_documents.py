"""JSON and literals from outside, read with bounds: what every reader of a document checks at its door."""

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from galaxy_keras.errors import InputError
from galaxy_keras.messages import quote, show

# Levels of lists and objects within each other. Every network in a network takes four, every wrapped layer two.
DEPTH_LIMIT = 100
# The largest whole number that Keras' backends hold.
LARGEST_NUMBER = 2**63 - 1
# Of a whole number in a file; Python refuses to read more than 4,300.
DIGIT_LIMIT = 1_000
# Characters of one text, such as a name or a word.
TEXT_LIMIT = 10_000


class DocumentError(ValueError):
    """What is wrong with a document, and where: the end of a message that begins with the name of the document."""


@dataclass(frozen=True)
class JsonFormat:
    """What a reader takes.

    Attributes
    ----------
    size_limit
        Largest number of bytes.
    expected
        What messages say that the file should be.
    error
        The class of the errors.
    text_limit
        Characters of the longest text.
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
    """Parse a JSON document and check what it holds with :func:`check_values`.

    Parameters
    ----------
    content
        UTF-8, with or without a byte order mark, or UTF-16.
    place
        What messages call the document.

    Raises
    ------
    InputError
        The content is too long, is not JSON, holds a name twice in one object, or a value that no reader can use.
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
    """Check all that a document of lists, objects, numbers and text holds, names of objects included.

    Parameters
    ----------
    text_limit, may_be_nonfinite
        See :class:`JsonFormat`.

    Raises
    ------
    DocumentError
        Nested too deep, a number that is not finite or too large, a text that is too long or not Unicode, or a value
        of another type.
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
    """Return what was found and what is expected, or None where the value is fine."""
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, str):
        if len(value) > text_limit:
            return f"text of {len(value):,} characters", f"at most {text_limit:,}"
        return None if _is_unicode(value) else (quote(value), "text without half characters (surrogates)")
    if isinstance(value, int):
        return None if abs(value) <= LARGEST_NUMBER else (quote(value), "a whole number of at most 63 bits")
    if isinstance(value, float):
        return None if math.isfinite(value) else (str(value), "a finite number")
    if isinstance(value, (dict, list, tuple)):
        return None if depth < DEPTH_LIMIT else ("lists or objects nested deeper", f"at most {DEPTH_LIMIT} levels")
    return f"a value of the type {type(value).__name__}", "a number, text, True, False, None, a list or a dictionary"


def _is_unicode(text: str) -> bool:
    return text.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in text)


def _write_path(path: list[Any]) -> str:
    """Write the way to a value, such as ``, config.layers[0]``; empty for the document itself."""
    if not path:
        return ""
    # A path of a hundred steps says less than its end.
    shown = path[-6:]
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{show(str(step), 30)}" for step in shown)
    return f", {'...' if len(path) > len(shown) else ''}{text.removeprefix('.')}"


def _make_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))
        raise DocumentError(f": found the name {quote(twice)} twice in one object; expected it once")
    return made


def _read_integer(digits: str) -> int:
    if len(digits) > DIGIT_LIMIT:
        raise DocumentError(f": found a whole number of {len(digits):,} digits; expected at most 63 bits")
    return int(digits)
